//! Arrays by construction: how many items, then their values.

use crate::generate::build::{Builder, FUEL, Fill, SPREAD, TRIES};
use crate::generate::draw::Draw;
use crate::generate::shape::{Child, Key, Rest, Shape};
use crate::generate::text;
use crate::generate::tree::{Part, Tree};
use crate::plan::Seed;
use indexmap::IndexSet;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use std::sync::Arc;

impl Builder<'_> {
    /// An array within the schema's limits.
    pub(super) fn array(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        let contained = shape.contains.as_ref().map_or(0, |(_, least)| *least);
        let least = shape.min_items.as_ref().map_or(0, |at| at.value).max(contained);
        let mut most = shape.max_items.as_ref().map_or(usize::MAX, |at| at.value);
        if matches!(shape.items, Rest::Nothing(_)) {
            most = most.min(shape.prefix.len());
        }
        if least > most {
            return None;
        }
        let count = match (self.fill, draw.is_simplest()) {
            (Fill::All, true) if depth > 0 => least.max(1).min(most),
            (_, true) => least,
            (_, false) if depth == 0 => least,
            (_, false) => draw.length(least, most.min(least.saturating_add(SPREAD))),
        };
        self.array_of(shape, count, least, depth, draw)
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
        let contained = shape.contains.as_ref().map_or(0, |(_, least)| *least);
        let mut parts: Vec<Part> = Vec::with_capacity(count.min(64));
        let mut seen: IndexSet<String> = IndexSet::new();
        for index in 0..count {
            let child = self.item(shape, index, contained);
            let item = self.distinct(shape, child.as_ref(), depth, draw, &mut seen);
            match item {
                Some(tree) => parts.push(Part { name: None, required: false, kept: true, tree }),
                None if index >= least => break,
                None => return None,
            }
        }
        Some(Tree::Group { object: false, parts, least, at: 0, inside: false, undo: None })
    }

    /// What the item at `index` must be: `contains` asks for its own among the last of the described ones.
    fn item(&self, shape: &Shape, index: usize, contained: usize) -> Option<Arc<Shape>> {
        let described = match (shape.prefix.get(index), &shape.items) {
            (Some(child), _) => Some(child),
            (None, Rest::Of(child, _)) => Some(&**child),
            (None, Rest::Any | Rest::Nothing(_)) => None,
        };
        let within = index >= shape.prefix.len() && index < shape.prefix.len() + contained;
        match (&shape.contains, within || (shape.prefix.is_empty() && index < contained)) {
            (Some((wanted, _)), true) => {
                let mut schemas = described.map_or_else(Vec::new, |child| child.key.schemas.clone());
                schemas.extend(wanted.key.schemas.iter().cloned());
                Some(self.shapes.child(&Child::new(Key { schemas, ..Key::default() })))
            }
            _ => described.map(|child| self.shapes.child(child)),
        }
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
