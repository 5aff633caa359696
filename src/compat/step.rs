//! One step of the walk: judges a pair of schema positions and names the pairs below it.

use crate::compat::anchor::{Anchor, Base, Step};
use crate::compat::branches::{Branching, Prover};
use crate::compat::catalogue::{Judge, ROWS};
use crate::compat::change::Change;
use crate::compat::node::{Additional, Kinds, Node, Reader, View};
use crate::compat::options::CompatOptions;
use crate::compat::pair::{SchemaPair, Wire};
use crate::compat::relation::travels;
use crate::schema::Direction;

/// What makes two visits the same: no pair is judged twice, so that cycles end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) old: View,
    pub(crate) new: View,
    pub(crate) direction: Direction,
    pub(crate) wire: Wire,
}

/// The result of one step.
pub(crate) struct Stepped {
    pub(crate) changes: Vec<Change>,
    pub(crate) below: Vec<(Key, Anchor)>,
}

/// Both documents and what is asked of them.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) old: Reader<'a>,
    pub(crate) new: Reader<'a>,
    pub(crate) options: &'a CompatOptions,
}

impl Key {
    /// The key of a pair given by role: `from` holds the values, `to` must hold them too.
    pub(crate) fn of_roles(&self, from: View, to: View) -> Self {
        let (old, new) = match self.direction {
            Direction::Request => (from, to),
            Direction::Response => (to, from),
        };
        Self { old, new, direction: self.direction, wire: self.wire }
    }

    /// The two views by role.
    pub(crate) fn roles(&self) -> (&View, &View) {
        match self.direction {
            Direction::Request => (&self.old, &self.new),
            Direction::Response => (&self.new, &self.old),
        }
    }
}

impl<'a> Ground<'a> {
    /// The nodes of a pair, with properties left out that do not travel in its direction.
    pub(crate) fn nodes(&self, key: &Key) -> (Node, Node) {
        let read = |reader: Reader<'a>, view: &View| {
            let mut node = reader.node(view);
            let hidden: Vec<String> = node
                .properties
                .iter()
                .filter(|(_, property)| !travels(reader, property, key.direction))
                .map(|(name, _)| name.clone())
                .collect();
            for name in hidden {
                node.properties.remove(&name);
                node.required.remove(&name);
            }
            node
        };
        (read(self.old, &key.old), read(self.new, &key.new))
    }

    /// Judges one pair and names the pairs below it.
    pub(crate) fn step(&self, key: &Key, anchor: &Anchor, prover: &mut Prover) -> Stepped {
        let (old, new) = self.nodes(key);
        let branching = prover.branching(self, key, &old, &new, anchor);
        let Branching { strays, mut below, only } = branching;
        let pair = SchemaPair {
            direction: key.direction,
            wire: key.wire,
            old: &old,
            new: &new,
            anchor,
            strays: &strays,
            only_strays: only,
        };
        let mut changes = Vec::new();
        for row in ROWS {
            if let Judge::Schema(judge) = row.judge
                && !self.options.disabled.contains(row.rule.id)
            {
                // Where alternatives decide, the node's own keywords are judged with each of them.
                changes.extend(judge(&pair).into_iter().filter(|_| !only || !strays.is_empty()));
            }
        }
        if !only {
            children(key, &pair, &mut below);
        }
        Stepped { changes, below }
    }
}

/// The pairs below, in kinds of values that both sides have.
fn children(key: &Key, pair: &SchemaPair<'_>, below: &mut Vec<(Key, Anchor)>) {
    let (from, to) = (pair.from(), pair.to());
    let common = from.effective_kinds().and(to.effective_kinds());
    let mut push = |from: &View, to: &View, step: Step| {
        let key = key.of_roles(from.clone(), to.clone());
        let anchor = anchor_below(pair.anchor, &key, step);
        below.push((key, anchor));
    };
    if common.meets(Kinds::OBJECT) {
        for (name, view) in &from.properties {
            let step = || Step::Property(name.clone());
            match (to.properties.get(name), &to.additional) {
                (Some(other), _) => push(view, other, step()),
                (None, Additional::Schema(other)) => push(view, other, step()),
                (None, Additional::Unsaid | Additional::Open | Additional::Closed) => {}
            }
        }
        for (pattern, view) in &from.pattern_properties {
            if let Some(other) = to.pattern_properties.get(pattern) {
                push(view, other, Step::Pattern(pattern.clone()));
            }
        }
        match (&from.additional, &to.additional) {
            (Additional::Schema(view), Additional::Schema(other)) => push(view, other, Step::Additional),
            // What was open on purpose promised anything.
            (Additional::Open, Additional::Schema(other)) => {
                push(&View::default(), other, Step::Additional);
            }
            _ => {}
        }
    }
    if common.meets(Kinds::ARRAY) {
        for index in 0..from.prefix.len().max(to.prefix.len()) {
            let (given, held) = (from.prefix.get(index), to.prefix.get(index));
            push(given.unwrap_or(&from.items), held.unwrap_or(&to.items), Step::Position(index));
        }
        if !to.items.parts().is_empty() {
            push(&from.items, &to.items, Step::Items);
        }
    }
}

/// The anchor of a pair: a named schema starts anew, so that its changes are told once for all who use it.
pub(crate) fn anchor_below(above: &Anchor, key: &Key, step: Step) -> Anchor {
    shared_anchor(key).unwrap_or_else(|| above.push(step))
}

/// The anchor of a pair of named schemas.
pub(crate) fn shared_anchor(key: &Key) -> Option<Anchor> {
    let (old, new) = (key.old.component()?, key.new.component()?);
    let name = if old == new { new } else { format!("{old} → {new}") };
    Some(Anchor::new(Base::Schema(name, key.direction)))
}
