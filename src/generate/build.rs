//! Values by construction: a shape and a source of choices make a [`Tree`].
//!
//! Recursion is bounded: below the depth budget only what is required is built, no shape is entered twice on the
//! same path there, and a value has a fuel of so many nodes. What cannot be finite is `None`, never a loop.

use crate::generate::draw::Draw;
use crate::generate::grid::Grid;
use crate::generate::shape::{Child, Key, Rest, Shape, Types};
use crate::generate::shapes::Shapes;
use crate::generate::text;
use crate::generate::tree::{Part, Step, Tree};
use crate::plan::{Known, Seed};
use crate::schema::{Direction, Validators};
use indexmap::IndexSet;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use std::sync::Arc;

/// The most nodes of one value.
pub(super) const FUEL: u32 = 10_000;
/// How often a node that fails its own schema is built again.
const TRIES: u64 = 8;
/// How many items or properties beyond the least a random value has.
const SPREAD: usize = 4;

/// Which optional properties are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// None.
    Required,
    /// All.
    All,
    /// Some, by chance.
    Some,
}

/// Which of the schema's own examples are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    /// Those of scalars.
    Scalars,
    /// All.
    All,
}

/// What a value is built from.
pub(super) struct Builder<'a> {
    pub(super) shapes: &'a Shapes,
    validators: &'a Validators,
    pub(super) known: Option<&'a Known>,
    pub(super) fill: Fill,
    samples: Samples,
    fuel: u32,
    spine: Vec<Key>,
}

impl<'a> Builder<'a> {
    /// A builder for one value.
    pub(super) fn new(shapes: &'a Shapes, validators: &'a Validators, fill: Fill) -> Self {
        Self {
            shapes,
            validators,
            known: None,
            fill,
            samples: Samples::Scalars,
            fuel: FUEL,
            spine: Vec::new(),
        }
    }

    /// Prefers values that earlier answers showed, by name.
    pub(super) fn knowing(mut self, known: Option<&'a Known>) -> Self {
        self.known = known;
        self
    }

    /// Takes whole objects from the schema's examples, too.
    pub(super) fn sampling(mut self, samples: Samples) -> Self {
        self.samples = samples;
        self
    }

    /// Whether the last value was given up for its size.
    pub(super) fn exhausted(&self) -> bool {
        self.fuel == 0
    }

    /// A value of `shape`, with `depth` levels of optional parts.
    pub(super) fn build(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        self.fuel = self.fuel.checked_sub(1)?;
        if shape.never {
            return None;
        }
        if let Some(sample) = self.sample(shape, draw) {
            return Some(Tree::Fixed(sample));
        }
        let bare = depth == 0 || draw.is_simplest();
        if bare {
            if self.spine.contains(&shape.key) {
                return None;
            }
            self.spine.push(shape.key.clone());
        }
        let tree = self.settle(shape, depth, draw);
        if bare {
            self.spine.pop();
        }
        tree
    }

    /// Builds, and where construction alone is not enough, checks and builds again.
    fn settle(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        let first = self.construct(shape, depth, draw);
        if !shape.doubtful || first.as_ref().is_some_and(|tree| self.valid(&shape.key, &tree.current())) {
            return first;
        }
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(0).derive(shape.pointer()).bytes());
        (0..TRIES).find_map(|_| {
            let tree = match draw {
                Draw::Simplest => self.construct(shape, depth, &mut Draw::Random(&mut rng)),
                Draw::Random(_) => self.construct(shape, depth, draw),
            };
            tree.filter(|tree| self.valid(&shape.key, &tree.current()))
        })
    }

    pub(super) fn valid(&self, key: &Key, value: &Value) -> bool {
        key.schemas
            .iter()
            .all(|pointer| self.validators.is_valid(pointer, Direction::Request, value).unwrap_or(true))
    }

    fn sample(&self, shape: &Shape, draw: &mut Draw<'_>) -> Option<Value> {
        let wanted = !shape.samples.is_empty()
            && !shape.key.null
            && shape.key.literal.is_none()
            && (draw.is_simplest() || draw.one_in(8));
        if !wanted {
            return None;
        }
        let usable =
            |sample: &&Value| self.samples == Samples::All || !(sample.is_object() || sample.is_array());
        let samples = shape.samples.iter().filter(usable).map(|sample| prune(self.shapes, shape, sample, 8));
        samples.filter(|sample| shape.types.admits(sample)).find(|sample| self.valid(&shape.key, sample))
    }

    fn construct(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        if shape.key.null {
            return shape.types.has(Types::NULL).then_some(Tree::Fixed(Value::Null));
        }
        if let Some(values) = &shape.values {
            let values = Arc::clone(&values.value);
            let index = draw.below(values.len());
            return (!values.is_empty()).then_some(Tree::Member {
                values,
                index,
                previous: None,
                tried: false,
            });
        }
        if let Some(choice) = shape.choices.first() {
            let start = draw.below(choice.branches.len());
            return (0..choice.branches.len()).find_map(|offset| {
                let branch = &choice.branches[(start + offset) % choice.branches.len()];
                self.build(&self.shapes.child(branch), depth, draw)
            });
        }
        let types = shape.likely();
        let mut kinds: Vec<Types> = [
            Types::STRING,
            Types::INTEGER.with(Types::FRACTION),
            Types::BOOLEAN,
            Types::OBJECT,
            Types::ARRAY,
        ]
        .into_iter()
        .filter(|kind| types.has(*kind))
        .collect();
        if types == Types::ALL {
            kinds.truncate(3);
        }
        if types.has(Types::NULL) && (kinds.is_empty() || draw.one_in(10)) {
            return Some(Tree::Fixed(Value::Null));
        }
        let start = draw.below(kinds.len());
        let built = (0..kinds.len()).find_map(|offset| {
            let kind = kinds[(start + offset) % kinds.len()];
            self.of_type(shape, kind, depth, draw)
        });
        built.or_else(|| types.has(Types::NULL).then_some(Tree::Fixed(Value::Null)))
    }

    fn of_type(&mut self, shape: &Shape, kind: Types, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        match kind {
            Types::STRING => string(shape, draw),
            Types::BOOLEAN => {
                let value = draw.is_simplest() || draw.one_in(2);
                Some(Tree::Swap { full: value.into(), simple: true.into(), swapped: false, tried: false })
            }
            Types::OBJECT => self.object(shape, depth, draw),
            Types::ARRAY => self.array(shape, depth, draw),
            _ => {
                let integers = !shape.types.has(Types::FRACTION);
                let grid = Grid::of(shape, integers)?;
                Some(Tree::number(grid, grid.draw(draw)))
            }
        }
    }

    fn array(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
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
                Some(tree) => parts.push(Part { name: String::new(), required: false, kept: true, tree }),
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

fn string(shape: &Shape, draw: &mut Draw<'_>) -> Option<Tree> {
    if text::has_form(shape) {
        let simple = text::formed(shape, None, &mut Draw::Simplest);
        let full = if draw.is_simplest() { simple.clone() } else { text::formed(shape, None, draw) };
        if let Some(full) = full.or_else(|| simple.clone()) {
            let simple = simple.unwrap_or_else(|| full.clone());
            return Some(Tree::Swap {
                full: full.into(),
                simple: simple.into(),
                swapped: false,
                tried: false,
            });
        }
        if draw.is_simplest() && !shape.patterns.is_empty() {
            let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(3).derive(shape.pointer()).bytes());
            return text::formed(shape, None, &mut Draw::Random(&mut rng))
                .map(|text| Tree::Fixed(text.into()));
        }
        if !shape.patterns.is_empty() {
            return None;
        }
    }
    let (least, most) = text::lengths(shape);
    if most.is_some_and(|most| most < least) || least > FUEL as usize {
        return None;
    }
    let chars: Vec<char> = text::free(shape, draw).chars().collect();
    let step = Step::Cut(chars.len());
    Some(Tree::Text { chars, least, undo: None, step })
}

/// An example without what may not travel to the server.
pub(super) fn prune(shapes: &Shapes, shape: &Shape, value: &Value, depth: u32) -> Value {
    match value {
        Value::Object(map) if depth > 0 => {
            let kept = map.iter().filter(|(name, _)| !shape.hidden.contains(*name));
            let pruned = kept.map(|(name, value)| {
                let inner = shape.properties.get(name).map(|property| shapes.child(&property.child));
                (
                    name.clone(),
                    inner.map_or_else(|| value.clone(), |inner| prune(shapes, &inner, value, depth - 1)),
                )
            });
            Value::Object(pruned.collect())
        }
        Value::Array(items) if depth > 0 => match &shape.items {
            Rest::Of(child, _) => {
                let inner = shapes.child(child);
                Value::Array(items.iter().map(|item| prune(shapes, &inner, item, depth - 1)).collect())
            }
            Rest::Any | Rest::Nothing(_) => value.clone(),
        },
        _ => value.clone(),
    }
}
