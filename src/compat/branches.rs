//! Alternatives (`anyOf`, `oneOf`): which stands for which, and which stands alone.
//!
//! An alternative whose values some alternative of the other side holds in full is fine, wherever it stands.
//! It must never search without a budget: what is not proved within it counts as not held.

use crate::compat::anchor::{Anchor, Base, Step};
use crate::compat::node::{Kinds, Node, Reader, View};
use crate::compat::options::CompatOptions;
use crate::compat::pair::Stray;
use crate::compat::step::{Ground, Key, anchor_below};
use crate::schema::Direction;
use std::collections::{HashMap, HashSet, VecDeque};

/// A proof, with the proofs it needs, may look at this many pairs.
const MOST_PAIRS: usize = 1000;
/// A proof may need proofs, this deep.
const DEEPEST: usize = 2;

/// What the alternatives of a pair come to.
#[derive(Default)]
pub(crate) struct Branching {
    /// Alternatives without a counterpart.
    pub(crate) strays: Vec<Stray>,
    /// Pairs of alternatives to walk into.
    pub(crate) below: Vec<(Key, Anchor)>,
    /// Whether the node's own keywords are judged with the alternatives, not beside them.
    pub(crate) only: bool,
}

/// Proves that one view holds another, and remembers.
#[derive(Default)]
pub(crate) struct Prover {
    known: HashMap<Key, bool>,
    depth: usize,
    /// How many pairs the proof under way has looked at.
    spent: usize,
}

impl Prover {
    /// Matches the alternatives of a pair.
    pub(crate) fn branching(
        &mut self,
        ground: &Ground<'_>,
        key: &Key,
        old: &Node,
        new: &Node,
        anchor: &Anchor,
    ) -> Branching {
        let (given, held) = match key.direction {
            Direction::Request => (old, new),
            Direction::Response => (new, old),
        };
        let (from, to) = key.roles();
        match (&given.branches, &held.branches) {
            (None, None) => Branching::default(),
            // Each alternative must be held by the one node.
            (Some(branches), None) => {
                let names = names(branches);
                let reader = giving(ground, key.direction);
                let below = branches.iter().zip(names).map(|(branch, name)| {
                    let key = key.of_roles(beside(reader, from, branch), to.clone());
                    let anchor = anchor_below(anchor, &key, Step::Branch(name));
                    (key, anchor)
                });
                Branching { below: below.collect(), only: true, ..Branching::default() }
            }
            (None, Some(branches)) => self.into_one(ground, key, given, branches, anchor),
            (Some(given), Some(held)) => self.side_by_side(ground, key, given, held, anchor),
        }
    }

    /// A node without alternatives must lie within one alternative of the other side.
    fn into_one(
        &mut self,
        ground: &Ground<'_>,
        key: &Key,
        given: &Node,
        branches: &[View],
        anchor: &Anchor,
    ) -> Branching {
        let (from, to) = key.roles();
        let reader = holding(ground, key.direction);
        let keys: Vec<Key> =
            branches.iter().map(|branch| key.of_roles(from.clone(), beside(reader, to, branch))).collect();
        let named = from.component();
        if let Some(index) = branches.iter().position(|branch| named.is_some() && branch.component() == named)
        {
            let key = keys[index].clone();
            let anchor = anchor_below(anchor, &key, Step::Branch(named.unwrap_or_default()));
            return Branching { below: vec![(key, anchor)], only: true, ..Branching::default() };
        }
        if keys.iter().any(|key| self.holds(ground, key)) {
            return Branching { only: true, ..Branching::default() };
        }
        let names = names(branches);
        let mut meeting = (0..branches.len())
            .filter(|index| reader.node(&branches[*index]).kinds.meets(given.effective_kinds()));
        if let (Some(index), None) = (meeting.next(), meeting.next()) {
            let key = keys[index].clone();
            let anchor = anchor_below(anchor, &key, Step::Branch(names[index].clone()));
            return Branching { below: vec![(key, anchor)], only: true, ..Branching::default() };
        }
        let stray = Stray {
            name: from.component().unwrap_or_else(|| given.effective_kinds().to_string()),
            pointer: given.pointer.clone(),
            certain: false,
            kinds: given.effective_kinds(),
        };
        Branching { strays: vec![stray], only: true, ..Branching::default() }
    }

    /// Alternatives on both sides: held in full anywhere, else walked into beside their counterpart.
    fn side_by_side(
        &mut self,
        ground: &Ground<'_>,
        key: &Key,
        given: &[View],
        held: &[View],
        anchor: &Anchor,
    ) -> Branching {
        let mut result = Branching::default();
        let mut free: Vec<usize> = (0..held.len()).collect();
        let mut open: Vec<usize> = Vec::new();
        let names = names(given);
        let mut pair = |index: usize, at: usize| {
            let key = key.of_roles(given[index].clone(), held[at].clone());
            let anchor = anchor_below(anchor, &key, Step::Branch(names[index].clone()));
            result.below.push((key, anchor));
        };
        for (index, branch) in given.iter().enumerate() {
            // The same name is the same alternative: what changed in it is told where it stands.
            let name = branch.component();
            if let Some(at) = held.iter().position(|other| name.is_some() && other.component() == name) {
                pair(index, at);
                free.retain(|other| *other != at);
                continue;
            }
            // The same place first: most alternatives do not move.
            let mut places = (index..held.len()).chain(0..index.min(held.len()));
            let found =
                places.find(|at| self.holds(ground, &key.of_roles(branch.clone(), held[*at].clone())));
            match found {
                Some(at) => free.retain(|other| *other != at),
                None => open.push(index),
            }
        }
        // By place where both sides are equally long, then whoever is left over alone.
        let mut left = Vec::new();
        for index in open {
            match free.iter().position(|at| given.len() == held.len() && *at == index) {
                Some(position) => pair(index, free.remove(position)),
                None => left.push(index),
            }
        }
        if let ([index], [at]) = (left.as_slice(), free.as_slice())
            && given.len() <= held.len()
        {
            pair(*index, *at);
            return result;
        }
        let reader = giving(ground, key.direction);
        result.strays.extend(left.into_iter().map(|index| {
            let node = reader.node(&given[index]);
            let name = names[index].clone();
            Stray { name, pointer: node.pointer.clone(), certain: true, kinds: node.effective_kinds() }
        }));
        result
    }

    /// Whether the pair is proved to have no change at all, within the budget.
    fn holds(&mut self, ground: &Ground<'_>, key: &Key) -> bool {
        if let Some(known) = self.known.get(key) {
            return *known;
        }
        if self.depth == 0 {
            self.spent = 0;
        }
        if self.depth >= DEEPEST || self.spent >= MOST_PAIRS {
            return false;
        }
        // On the way down a pair that needs itself is taken to hold: a cycle adds no values.
        self.known.insert(key.clone(), true);
        self.depth += 1;
        let proved = self.search(ground, key);
        self.depth -= 1;
        if proved && self.depth > 0 {
            // It may rest on an assumption made further up: not to be remembered as a fact.
            self.known.remove(key);
        } else {
            self.known.insert(key.clone(), proved);
        }
        proved
    }

    fn search(&mut self, ground: &Ground<'_>, key: &Key) -> bool {
        let anchor = Anchor::new(Base::Operation);
        // A proof rests on every rule, whatever the user wants to hear of.
        let all = CompatOptions::default();
        let ground = Ground { options: &all, ..*ground };
        let mut seen: HashSet<Key> = HashSet::from([key.clone()]);
        let mut plain = VecDeque::from([key.clone()]);
        // Alternatives cost proofs of their own: whatever refutes without them comes first.
        let mut costly = VecDeque::new();
        while let Some(key) = plain.pop_front().or_else(|| costly.pop_front()) {
            self.spent += 1;
            if self.spent > MOST_PAIRS {
                return false;
            }
            let stepped = ground.step(&key, &anchor, self);
            if !stepped.changes.is_empty() {
                return false;
            }
            for (below, _) in stepped.below {
                if !seen.insert(below.clone()) {
                    continue;
                }
                let (old, new) = (ground.old.node(&below.old), ground.new.node(&below.new));
                let queue =
                    if old.branches.is_some() || new.branches.is_some() { &mut costly } else { &mut plain };
                queue.push_back(below);
            }
        }
        true
    }
}

/// One alternative with what is said beside the choice; alone, if nothing is.
fn beside(reader: Reader<'_>, view: &View, branch: &View) -> View {
    let bare = view.bare();
    let node = reader.node(&bare);
    if node.is_plain() && node.kinds == Kinds::ALL { branch.clone() } else { bare.and(branch) }
}

fn holding<'a>(ground: &Ground<'a>, direction: Direction) -> Reader<'a> {
    match direction {
        Direction::Request => ground.new,
        Direction::Response => ground.old,
    }
}

fn giving<'a>(ground: &Ground<'a>, direction: Direction) -> Reader<'a> {
    match direction {
        Direction::Request => ground.old,
        Direction::Response => ground.new,
    }
}

/// Named alternatives by their name, others by their place, from 1.
fn names(branches: &[View]) -> Vec<String> {
    branches
        .iter()
        .enumerate()
        .map(|(index, branch)| branch.component().unwrap_or_else(|| (index + 1).to_string()))
        .collect()
}
