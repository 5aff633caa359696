//! Walks both documents in step: operations first, then every schema they reach, each pair once.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::branches::Prover;
use crate::compat::catalogue::{Judge, ROWS};
use crate::compat::change::Change;
use crate::compat::content::{matching, wire};
use crate::compat::node::{Reader, View};
use crate::compat::options::CompatOptions;
use crate::compat::pair::{OperationPair, Wire, parameter_anchor};
use crate::compat::step::{Ground, Key, shared_anchor};
use crate::schema::{Direction, Pointer};
use crate::spec::{Api, Operation};
use indexmap::IndexMap;
use std::collections::HashMap;

/// A change with the operations that notice it, by index into the operations of the old document.
pub(crate) struct Noticed {
    pub(crate) change: Change,
    pub(crate) operations: Vec<usize>,
}

/// Everything that changed, in the order of the documents.
pub(crate) fn walk(old: &Api, new: &Api, options: &CompatOptions) -> Vec<Noticed> {
    let mut noticed = Vec::new();
    let ground = Ground { old: Reader::new(&old.document), new: Reader::new(&new.document), options };
    let mut graph = Graph { ground, pairs: IndexMap::new() };
    let mut roots: Vec<(usize, Vec<usize>)> = Vec::new();
    for (index, (operation, counterpart)) in counterparts(old, new).into_iter().enumerate() {
        let Some(counterpart) = counterpart else {
            noticed.extend(changes(
                options,
                |judge| match judge {
                    Judge::Removed(judge) => judge(operation),
                    Judge::Operation(_) | Judge::Schema(_) => Vec::new(),
                },
                index,
            ));
            continue;
        };
        let pair = OperationPair { old_api: old, new_api: new, old: operation, new: counterpart };
        noticed.extend(changes(
            options,
            |judge| match judge {
                Judge::Operation(judge) => judge(&pair),
                Judge::Removed(_) | Judge::Schema(_) => Vec::new(),
            },
            index,
        ));
        roots.push((index, schemas(&pair, &mut graph)));
    }
    graph.run();
    noticed.extend(graph.noticed(&roots));
    noticed
}

fn changes(options: &CompatOptions, run: impl Fn(Judge) -> Vec<Change>, operation: usize) -> Vec<Noticed> {
    ROWS.iter()
        .filter(|row| !options.disabled.contains(row.rule.id))
        .flat_map(|row| run(row.judge))
        .map(|change| Noticed { change, operations: vec![operation] })
        .collect()
}

/// Each old operation with the new one on the same method and path: by name first, then by shape.
fn counterparts<'a>(old: &'a Api, new: &'a Api) -> Vec<(&'a Operation, Option<&'a Operation>)> {
    let mut by_key = HashMap::new();
    let mut by_shape = HashMap::new();
    for operation in &new.operations {
        by_key.entry(&operation.key).or_insert(operation);
        by_shape.entry((operation.method, operation.path.shape())).or_insert(operation);
    }
    old.operations
        .iter()
        .map(|operation| {
            let found = by_key
                .get(&operation.key)
                .or_else(|| by_shape.get(&(operation.method, operation.path.shape())))
                .copied();
            (operation, found)
        })
        .collect()
}

/// Queues every schema position of an operation; returns where they stand in the graph.
fn schemas(pair: &OperationPair<'_>, graph: &mut Graph<'_>) -> Vec<usize> {
    let mut roots = Vec::new();
    for parameter in pair.parameters() {
        let wire = parameter.new.content_type.as_deref().map_or(Wire::Text, wire);
        let anchor = parameter_anchor(parameter.new, parameter.position);
        let (old, new) = (&parameter.old.schema, &parameter.new.schema);
        roots.extend(graph.root(old.as_ref(), new.as_ref(), Direction::Request, wire, anchor));
    }
    if let (Some(old), Some(new)) = (&pair.old.body, &pair.new.body) {
        for content in &old.contents {
            let Some(other) = matching(content, &new.contents) else { continue };
            let (old, new) = (content.schema.as_ref(), other.schema.as_ref());
            let anchor = Anchor::new(Base::RequestBody);
            roots.extend(graph.root(old, new, Direction::Request, wire(&content.media_type), anchor));
        }
    }
    for (old, new) in pair.responses() {
        let Some(new) = new else { continue };
        for content in &old.contents {
            let Some(other) = matching(content, &new.contents) else { continue };
            let (from, to) = (content.schema.as_ref(), other.schema.as_ref());
            let anchor = Anchor::new(Base::Response(old.status));
            roots.extend(graph.root(from, to, Direction::Response, wire(&content.media_type), anchor));
        }
        for header in &old.headers {
            let found = new.headers.iter().find(|other| other.name.eq_ignore_ascii_case(&header.name));
            let Some(other) = found else { continue };
            let anchor = Anchor::new(Base::ResponseHeader(old.status, header.name.clone()));
            let (from, to) = (header.schema.as_ref(), other.schema.as_ref());
            roots.extend(graph.root(from, to, Direction::Response, Wire::Text, anchor));
        }
    }
    roots
}

/// Every pair of schema positions, judged once.
struct Graph<'a> {
    ground: Ground<'a>,
    pairs: IndexMap<Key, Pair>,
}

struct Pair {
    anchor: Anchor,
    changes: Vec<Change>,
    below: Vec<usize>,
}

impl Graph<'_> {
    fn root(
        &mut self,
        old: Option<&Pointer>,
        new: Option<&Pointer>,
        direction: Direction,
        wire: Wire,
        anchor: Anchor,
    ) -> Option<usize> {
        // Where neither document says anything there is nothing to compare.
        if old.is_none() && new.is_none() {
            return None;
        }
        let view =
            |reader: Reader<'_>, at: Option<&Pointer>| at.map_or_else(View::default, |at| reader.view(at));
        let key = Key { old: view(self.ground.old, old), new: view(self.ground.new, new), direction, wire };
        let anchor = shared_anchor(&key).unwrap_or(anchor);
        Some(self.pair(key, anchor))
    }

    fn pair(&mut self, key: Key, anchor: Anchor) -> usize {
        let entry = self.pairs.entry(key);
        let index = entry.index();
        entry.or_insert(Pair { anchor, changes: Vec::new(), below: Vec::new() });
        index
    }

    /// Judges every pair, those found on the way included.
    fn run(&mut self) {
        let mut prover = Prover::default();
        let mut next = 0;
        while let Some((key, pair)) = self.pairs.get_index(next) {
            let (key, anchor) = (key.clone(), pair.anchor.clone());
            let stepped = self.ground.step(&key, &anchor, &mut prover);
            let below = stepped.below.into_iter().map(|(key, anchor)| self.pair(key, anchor)).collect();
            if let Some((_, pair)) = self.pairs.get_index_mut(next) {
                pair.changes = stepped.changes;
                pair.below = below;
            }
            next += 1;
        }
    }

    /// The changes, each with the operations that reach it.
    fn noticed(self, roots: &[(usize, Vec<usize>)]) -> Vec<Noticed> {
        let mut reaching: Vec<Vec<usize>> = vec![Vec::new(); self.pairs.len()];
        for (operation, roots) in roots {
            let mut stack = roots.clone();
            while let Some(index) = stack.pop() {
                // Operations come in order: the last entry tells whether this one was here.
                if reaching[index].last() != Some(operation) {
                    reaching[index].push(*operation);
                    stack.extend(&self.pairs[index].below);
                }
            }
        }
        let pairs = self.pairs.into_values().zip(reaching);
        pairs
            .flat_map(|(pair, operations)| {
                pair.changes.into_iter().map(move |change| Noticed { change, operations: operations.clone() })
            })
            .collect()
    }
}
