//! Values by construction: a shape and a source of choices make a [`Tree`].
//!
//! Recursion is bounded: below the depth budget only what is required is built, no shape is entered twice on the
//! same path there, and a value has so many levels and a fuel of so many nodes. What cannot be finite is `None`, never a loop.

use crate::generate::draw::Draw;
use crate::generate::fact::Fact;
use crate::generate::shape::{Child, Key, Rest, Shape, Types};
use crate::generate::shapes::Shapes;
use crate::generate::text;
use crate::generate::tree::{Step, Tree};
use crate::plan::{Known, Seed};
use crate::schema::{Direction, Validators};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use std::sync::Arc;

/// The most nodes of one value.
pub(super) const FUEL: u32 = 10_000;
/// The most schemas that a value leads through on the way to its innermost node: what is nested more deeply no server
/// reads, and it would fill the stack.
pub(super) const DEEPEST: u32 = 128;
/// How often a node that fails its own schema is built again.
pub(super) const TRIES: u64 = 8;
/// The most nodes that are spent on excluding other alternatives, and the most that is assumed for it.
const EXCLUDING: u32 = 400;
const MOST_EXCLUDED: usize = 12;
/// How many items or properties beyond the least a random value has.
pub(super) const SPREAD: usize = 4;

/// The types by readiness; null is another matter.
const KINDS: [Types; 5] = [Types::STRING, Types::NUMBER, Types::BOOLEAN, Types::OBJECT, Types::ARRAY];

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
    /// How many shapes are being built inside one another.
    level: u32,
    /// The shapes on the way here, by address: the collection owns them and never moves them.
    spine: Vec<usize>,
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
            level: 0,
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
        if shape.never || self.level == DEEPEST {
            return None;
        }
        if let Some(sample) = self.sample(shape, draw) {
            return Some(Tree::Fixed(sample));
        }
        let bare = depth == 0 || draw.is_simplest();
        if bare {
            let place = std::ptr::from_ref(shape).addr();
            if self.spine.contains(&place) {
                return None;
            }
            self.spine.push(place);
        }
        self.level += 1;
        let tree = self.settle(shape, depth, draw);
        self.level -= 1;
        if bare {
            self.spine.pop();
        }
        tree
    }

    /// Builds, and where construction alone is not enough, checks and builds again.
    fn settle(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        let first = self.construct(shape, depth, draw);
        // A taken alternative holds all that the whole does, and was checked itself.
        let delegated = shape.values.is_none() && !shape.choices.is_empty() && !shape.key.null;
        if delegated || !shape.doubtful {
            return first.or_else(|| if shape.type_at.is_some() { None } else { self.plain(shape, draw) });
        }
        let fits = |builder: &Self, tree: &Tree| builder.valid(&shape.key, &tree.current());
        if first.as_ref().is_some_and(|tree| fits(self, tree)) {
            return first;
        }
        let split = |builder: &mut Self, tree: Option<Tree>| {
            let split = builder.apart(shape, tree?)?;
            fits(builder, &split).then_some(split)
        };
        // What was needed once to tell alternatives apart is needed again.
        if shape.derived.apart.get().is_some_and(|known| !known.is_empty()) {
            let found = split(self, first);
            if found.is_some() {
                return found;
            }
        }
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(0).derive(shape.pointer()).bytes());
        let mut last = None;
        for _ in 0..TRIES {
            let tree = match draw {
                Draw::Simplest => self.construct(shape, depth, &mut Draw::Random(&mut rng)),
                Draw::Random(_) => self.construct(shape, depth, draw),
            };
            if tree.as_ref().is_some_and(|tree| fits(self, tree)) {
                return tree;
            }
            last = tree.or(last);
        }
        let value = last.as_ref().map(Tree::current);
        let found = split(self, last).or_else(|| self.exclude(shape, value?, depth, draw));
        found.or_else(|| self.plain(shape, draw))
    }

    /// A value of the taken alternative of a `oneOf`, those others assumed to fail that `value` is of, too.
    fn exclude(&mut self, shape: &Shape, value: Value, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        let mut key = shape.key.clone();
        let known = key.facts.len();
        for other in self.shapes.alternatives(&shape.key) {
            let about = |known: &Fact| matches!(known, Fact::Fails { schema, .. } if *schema == other);
            if !key.facts.iter().any(about) && self.valid(&Key::of(&other), &value) {
                key.facts.push(Fact::fails(&other, &other.parent().unwrap_or_default()));
            }
        }
        if key.facts.len() == known || known > MOST_EXCLUDED {
            return None;
        }
        let excluding = self.shapes.child(&Child::new(key));
        // How alternatives can fail together is more than can be tried: a few hundred nodes, and no more.
        let spared = self.fuel.saturating_sub(EXCLUDING);
        self.fuel -= spared;
        let found = self.build(&excluding, depth, draw);
        self.fuel += spared;
        found
    }

    pub(super) fn valid(&self, key: &Key, value: &Value) -> bool {
        let judged = |pointer| self.validators.is_valid(pointer, Direction::Request, value);
        key.schemas.iter().all(|pointer| judged(pointer).unwrap_or(true))
            && key.facts.iter().all(|fact| match fact {
                Fact::Fails { schema, .. } => !judged(schema).unwrap_or(false),
                _ => true,
            })
    }

    fn sample(&self, shape: &Shape, draw: &mut Draw<'_>) -> Option<Value> {
        let wanted = !shape.samples.is_empty()
            && !shape.key.null
            && shape.key.literal.is_none()
            && (draw.is_simplest() || draw.one_in(8));
        if !wanted {
            return None;
        }
        let cell = &shape.derived.samples[usize::from(self.samples == Samples::All)];
        let first = cell.get_or_init(|| {
            let usable =
                |sample: &&Value| self.samples == Samples::All || !(sample.is_object() || sample.is_array());
            let samples = shape.samples.iter().filter(usable);
            let mut pruned = samples.map(|sample| prune(self.shapes, shape, sample, 8));
            pruned.find(|sample| shape.types.admits(sample) && self.valid(&shape.key, sample))
        });
        first.clone()
    }

    /// The listed values that the rest of the schema allows, too.
    fn members(&self, shape: &Shape, listed: &Arc<Vec<Value>>) -> Arc<Vec<Value>> {
        let valid = |value: &&Value| self.valid(&shape.key, value);
        let members = shape.derived.members.get_or_init(|| {
            let kept: Vec<Value> = listed.iter().filter(valid).cloned().collect();
            if kept.len() == listed.len() { Arc::clone(listed) } else { Arc::new(kept) }
        });
        Arc::clone(members)
    }

    fn construct(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        if shape.key.null {
            return shape.types.has(Types::NULL).then_some(Tree::Fixed(Value::Null));
        }
        if let Some(values) = &shape.values {
            let values = self.members(shape, &values.value);
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
        let mut kinds = [Types::NONE; KINDS.len()];
        let most = if types == Types::ALL { 3 } else { KINDS.len() };
        let mut count = 0;
        for kind in KINDS.into_iter().take(most).filter(|kind| types.has(*kind)) {
            kinds[count] = kind;
            count += 1;
        }
        let kinds = &kinds[..count];
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
                Some(Tree::Flag { value, was: value, tried: false })
            }
            Types::OBJECT => self.object(shape, depth, draw),
            Types::ARRAY => self.array(shape, depth, draw),
            _ => {
                let integers = !shape.types.has(Types::FRACTION);
                let grid = shape.grid(integers)?;
                Some(Tree::number(grid, grid.draw(draw)))
            }
        }
    }
}

/// Texts that few patterns match.
const STRANGE: [&str; 6] = ["!", "0", "a", "A", " ~ ", ""];

fn string(shape: &Shape, draw: &mut Draw<'_>) -> Option<Tree> {
    let tree = text_tree(shape, draw);
    if shape.avoided.is_empty() {
        return tree;
    }
    let avoids = |text: &str| shape.avoided.iter().all(|pattern| !pattern.matches(text));
    let (low, high) = text::lengths(shape);
    if tree.as_ref().is_some_and(|tree| tree.current().as_str().is_some_and(avoids)) {
        return tree;
    }
    let start = draw.below(STRANGE.len());
    let strange = STRANGE.iter().cycle().skip(start).take(STRANGE.len()).map(|text| {
        let count = text.chars().count().max(1);
        let text = text.repeat(low.min(FUEL as usize).div_ceil(count).max(1));
        text.chars().take(high.unwrap_or(usize::MAX)).collect::<String>()
    });
    strange.into_iter().find(|text| avoids(text)).map(|text| Tree::Fixed(text.into()))
}

fn text_tree(shape: &Shape, draw: &mut Draw<'_>) -> Option<Tree> {
    if text::has_form(shape) {
        let first = || text::formed(shape, None, &mut Draw::Simplest).map(|text| Arc::new(text.into()));
        let simple = shape.derived.text.get_or_init(first);
        let full = if draw.is_simplest() { None } else { text::formed(shape, None, draw).map(Value::from) };
        if let Some(full) = full.or_else(|| Some(Value::clone(simple.as_ref()?))) {
            let simple = simple.clone().unwrap_or_else(|| Arc::new(full.clone()));
            return Some(Tree::Swap { full, simple, swapped: false, tried: false });
        }
        if draw.is_simplest() && !shape.patterns.is_empty() {
            let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(3).derive(shape.pointer()).bytes());
            return text::formed(shape, None, &mut Draw::Random(&mut rng))
                .map(|text| Tree::Fixed(text.into()));
        }
        // Where nothing could be built, a free text may still match; a doubtful shape is checked on the spot.
        if !shape.patterns.is_empty() && !shape.doubtful {
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
