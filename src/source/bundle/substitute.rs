//! References where none may stand (`paths: {$ref: …}`): what they lead to is put in their place, as the usual
//! bundlers do.

use crate::schema::Pointer;
use crate::source::bundle::sites::{Kind, Site};
use crate::source::bundle::tree::{Cause, Target, Tree};
use serde_json::Value;

/// How many references there may be to substitute.
const MOST_SITES: usize = 10_000;
/// How deep substituted parts may nest, in substitutions and in nodes: deeper ones would endanger the stack.
const DEEPEST: usize = 64;
const DEEPEST_NODE: usize = 128;

/// A part that was copied from a file.
#[derive(Debug, Clone)]
pub(in crate::source) struct Moved {
    /// Where it stands in the whole document.
    pub(in crate::source) to: Pointer,
    /// The file that it was copied from, the root being 0.
    pub(in crate::source) file: usize,
    /// Where it stands there.
    pub(in crate::source) from: Pointer,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Underway,
    Done,
}

/// Substitutes all such references, adding at most `budget` nodes; those that cannot be are taken out and told.
pub(super) fn substitute(tree: &mut Tree, sites: &[Site], budget: usize) -> Vec<Moved> {
    let all: Vec<usize> = (0..sites.len())
        .filter(|index| matches!(sites[*index].kind, Kind::Substituted))
        .filter(|index| tree.targets[*index] != Target::Untouched)
        .collect();
    let state = vec![State::Waiting; all.len()];
    let mut work = Work { tree, sites, state, moved: Vec::new(), budget, all };
    for index in 0..work.all.len() {
        if index < MOST_SITES {
            work.expand(index, 0);
        } else {
            work.refuse(index, "there are too many references where none may stand");
        }
    }
    work.moved
}

struct Work<'t> {
    tree: &'t mut Tree,
    sites: &'t [Site],
    all: Vec<usize>,
    state: Vec<State>,
    moved: Vec<Moved>,
    /// How many nodes may still be added.
    budget: usize,
}

impl Work<'_> {
    fn expand(&mut self, index: usize, depth: usize) {
        if self.state[index] != State::Waiting {
            return;
        }
        let site = &self.sites[self.all[index]];
        let (file, from) = match &self.tree.targets[self.all[index]] {
            Target::Node(file, from) => (*file, from.clone()),
            // Why the file is not there was told.
            Target::Unread(..) | Target::Open | Target::Untouched => return self.take_out(index),
            Target::Nothing(..) => return self.refuse(index, "it points to nothing"),
        };
        if file == site.file && is_within(&site.at, &from) {
            return self.refuse(index, "it leads to what it is part of");
        }
        if depth > DEEPEST {
            return self.refuse(index, "it nests too deeply");
        }
        self.state[index] = State::Underway;
        // What is copied must be complete.
        for inner in 0..self.all.len().min(MOST_SITES) {
            let other = &self.sites[self.all[inner]];
            if other.file == file && is_within(&other.at, &from) {
                if self.state[inner] == State::Underway {
                    return self.refuse(index, "it leads to itself through other files");
                }
                self.expand(inner, depth + 1);
            }
        }
        let Some(part) = self.tree.files[file].value.pointer(from.as_str()) else {
            return self.refuse(index, "it points to nothing");
        };
        let (size, height) = measure(part);
        if site.at.tokens().len() + height > DEEPEST_NODE {
            return self.refuse(index, "it nests too deeply");
        }
        if size > self.budget {
            return self.refuse(index, "references where none may stand add too many nodes");
        }
        self.budget -= size;
        let part = part.clone();
        self.take_out(index);
        self.put(index, part);
        self.moved.push(Moved { to: self.tree.in_whole(site.file, &site.at), file, from: from.clone() });
    }

    fn put(&mut self, index: usize, part: Value) {
        let site = &self.sites[self.all[index]];
        let Some(place) = self.tree.files[site.file].value.pointer_mut(site.at.as_str()) else { return };
        match (place, part) {
            // What stands beside the reference is nearer.
            (Value::Object(near), Value::Object(part)) => {
                for (key, value) in part {
                    near.entry(key).or_insert(value);
                }
            }
            (place, part) => {
                if place.as_object().is_none_or(serde_json::Map::is_empty) {
                    *place = part;
                }
            }
        }
    }

    fn refuse(&mut self, index: usize, reason: &str) {
        self.take_out(index);
        let hint = Some("put the definition itself there".to_owned());
        self.tree.fail(self.all[index], Cause { reason: reason.to_owned(), hint });
    }

    fn take_out(&mut self, index: usize) {
        self.state[index] = State::Done;
        let site = &self.sites[self.all[index]];
        let holder = self.tree.files[site.file].value.pointer_mut(site.at.as_str());
        if let Some(Value::Object(holder)) = holder {
            holder.shift_remove("$ref");
        }
    }
}

/// Whether `at` is `outer` or something in it.
pub(in crate::source) fn is_within(at: &Pointer, outer: &Pointer) -> bool {
    let rest = at.as_str().strip_prefix(outer.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What of `at` stands below `outer`.
pub(in crate::source) fn inside(at: &Pointer, outer: &Pointer) -> Pointer {
    let rest = at.as_str().strip_prefix(outer.as_str());
    rest.and_then(Pointer::parse).unwrap_or_default()
}

/// How many nodes, and how many levels.
fn measure(node: &Value) -> (usize, usize) {
    let sum = |(size, height): (usize, usize), child: &Value| {
        let (more, below) = measure(child);
        (size + more, height.max(below + 1))
    };
    match node {
        Value::Array(items) => items.iter().fold((1, 0), sum),
        Value::Object(members) => members.values().fold((1, 0), sum),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (1, 0),
    }
}
