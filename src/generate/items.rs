//! Arrays by construction: how many items, then their values.

use crate::generate::build::{Builder, FUEL, Fill, SPREAD, TRIES};
use crate::generate::draw::Draw;
use crate::generate::fact::Fact;
use crate::generate::shape::{Child, Key, Rest, Shape};
use crate::generate::text;
use crate::generate::tree::{Part, Tree};
use crate::plan::Seed;
use indexmap::IndexSet;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use std::sync::Arc;

/// In how many places contained items are tried.
const MOST_STARTS: usize = 8;

impl Builder<'_> {
    /// An array within the schema's limits.
    pub(super) fn array(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        let contained: usize = shape.contains.iter().map(|contained| contained.least).sum();
        let mut most = shape.max_items.as_ref().map_or(usize::MAX, |at| at.value);
        if matches!(shape.items, Rest::Nothing(_)) {
            most = most.min(shape.prefix.len());
        }
        let least = shape.min_items.as_ref().map_or(0, |at| at.value);
        // Items can be contained for several reasons at once.
        let together = shape.contains.iter().map(|contained| contained.least).max().unwrap_or(0);
        let least = least.max(if contained > most { together } else { contained });
        if least > most {
            return None;
        }
        let count = match (self.fill, draw.is_simplest()) {
            (Fill::All, true) if depth > 0 => least.max(1).min(most),
            (_, true) => least,
            (_, false) if depth == 0 => least,
            (_, false) => draw.length(least, most.min(least.saturating_add(SPREAD))),
        };
        let first = self.array_of(shape, count, least, depth, draw);
        let beyond = shape.prefix.len().saturating_add(contained);
        if first.is_some() || contained == 0 || count >= beyond || beyond > most {
            return first;
        }
        // What must be contained may not be among the first items.
        self.array_of(shape, beyond, beyond, depth, draw)
    }

    /// An array of `count` items; fewer, down to `least`, if items run out.
    pub(super) fn array_of(
        &mut self,
        shape: &Shape,
        count: usize,
        least: usize,
        depth: u32,
        draw: &mut Draw<'_>,
    ) -> Option<Tree> {
        if count > FUEL as usize {
            return None;
        }
        if shape.contains.is_empty() {
            return self.filled(shape, count, least, &[], depth, draw);
        }
        roles(shape, count).into_iter().find_map(|roles| {
            let least = least.max(roles.len());
            self.filled(shape, count, least, &roles, depth, draw)
        })
    }

    /// An array whose items are what `roles` says, by index: which of `contains` each serves.
    fn filled(
        &mut self,
        shape: &Shape,
        count: usize,
        least: usize,
        roles: &[Vec<usize>],
        depth: u32,
        draw: &mut Draw<'_>,
    ) -> Option<Tree> {
        let mut parts: Vec<Part> = Vec::with_capacity(count.min(64));
        let mut seen: IndexSet<String> = IndexSet::new();
        for index in 0..count {
            let child = self.item(shape, index, roles.get(index).map_or(&[], Vec::as_slice));
            let item = self.distinct(shape, child.as_ref(), depth, draw, &mut seen);
            match item {
                Some(tree) => parts.push(Part { name: None, required: false, kept: true, tree }),
                None if index >= least => break,
                None => return None,
            }
        }
        if let (true, [first, second, ..]) = (shape.twins, parts.as_mut_slice()) {
            second.tree = Tree::Fixed(first.tree.current());
            first.tree = second.tree.clone();
        }
        Some(Tree::Group { object: false, parts, least, at: 0, inside: false, undo: None })
    }

    /// What the item at `index` must be, by its place and by what it is contained for.
    fn item(&self, shape: &Shape, index: usize, roles: &[usize]) -> Option<Arc<Shape>> {
        let described = match (shape.prefix.get(index), &shape.items) {
            (Some(child), _) => Some(child),
            (None, Rest::Of(child, _)) => Some(&**child),
            (None, Rest::Any | Rest::Nothing(_)) => None,
        };
        let limited = shape.contains.iter().any(|contained| contained.most.is_some());
        if roles.is_empty() && !limited {
            return described.map(|child| self.shapes.child(child));
        }
        let mut key = described.map_or_else(Key::default, |child| child.key.clone());
        for (role, contained) in shape.contains.iter().enumerate() {
            if roles.contains(&role) {
                key.schemas.extend(contained.child.key.schemas.iter().cloned());
                key.facts.extend(contained.child.key.facts.iter().cloned());
            } else if contained.most.is_some() {
                let schemas = &contained.child.key.schemas;
                key.facts.extend(schemas.iter().map(|schema| Fact::fails(schema, &contained.pointer)));
            }
        }
        Some(self.shapes.child(&Child::new(key)))
    }

    fn distinct(
        &mut self,
        shape: &Shape,
        item: Option<&Arc<Shape>>,
        depth: u32,
        draw: &mut Draw<'_>,
        seen: &mut IndexSet<String>,
    ) -> Option<Tree> {
        let depth = depth.saturating_sub(1);
        let one = |builder: &mut Self, draw: &mut Draw<'_>| match item {
            Some(item) => builder.build(item, depth, draw),
            None => Some(Tree::Fixed(Value::from(text::plain(1 + draw.length(5, 12))))),
        };
        let tree = one(self, draw);
        if shape.unique.is_none() || tree.as_ref().is_some_and(|tree| seen.insert(tree.current().to_string()))
        {
            return tree;
        }
        let seed = Seed(1).derive(shape.pointer()).derive(seen.len());
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed.bytes());
        (0..TRIES * 8).find_map(|_| {
            one(self, &mut Draw::Random(&mut rng)).filter(|tree| seen.insert(tree.current().to_string()))
        })
    }
}

/// Who serves which `contains`, by index: each its own items, or the same ones for all; as far back as can be.
fn roles(shape: &Shape, count: usize) -> Vec<Vec<Vec<usize>>> {
    let wanted = || shape.contains.iter().map(|contained| contained.least.min(FUEL as usize)).enumerate();
    let apart: Vec<Vec<usize>> =
        wanted().flat_map(|(role, least)| std::iter::repeat_n(vec![role], least)).collect();
    let most = wanted().map(|(_, least)| least).max().unwrap_or(0);
    let together: Vec<Vec<usize>> = (0..most)
        .map(|place| wanted().filter(|(_, least)| place < *least).map(|(role, _)| role).collect())
        .collect();
    let mut all = Vec::new();
    for layout in if shape.contains.len() > 1 { vec![apart, together] } else { vec![apart] } {
        let Some(room) = count.checked_sub(layout.len()) else { continue };
        for start in (0..=room.min(shape.prefix.len()).min(MOST_STARTS)).rev() {
            let mut roles = vec![Vec::new(); start];
            roles.extend(layout.iter().cloned());
            all.push(roles);
        }
    }
    all
}
