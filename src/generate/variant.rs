//! One changed value and what was changed in it.

use crate::generate::GenerateOptions;
use crate::generate::build::{Builder, Fill, Samples};
use crate::generate::draw::Draw;
use crate::generate::shape::{Key, Rest, Shape};
use crate::generate::shapes::Shapes;
use crate::plan::{Known, ranges};
use crate::schema::{Pointer, Validators};
use indexmap::IndexMap;
use proptest::strategy::ValueTree;
use serde_json::Value;
use std::sync::Arc;

/// A value that differs from the template in one respect.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// The whole value.
    pub(super) value: Value,
    /// Where in the value the change is.
    pub(super) instance: Pointer,
    /// The keyword in the document that it is about.
    pub(super) pointer: Pointer,
    /// The keyword's name.
    pub(super) keyword: String,
    /// The change in words.
    pub(super) how: String,
}

impl Variant {
    /// A change of the value itself.
    pub(super) fn new(value: Value, pointer: Pointer, keyword: &str, how: impl Into<String>) -> Self {
        Self { value, instance: Pointer::root(), pointer, keyword: keyword.to_owned(), how: how.into() }
    }

    /// The change, seen from the object that holds the value as property `name`.
    pub(super) fn in_property(self, template: &Value, name: &str) -> Self {
        let mut value = template.clone();
        if let Value::Object(map) = &mut value {
            map.insert(name.to_owned(), self.value);
        }
        Self { value, instance: Pointer::root().push(name).join(&self.instance), ..self }
    }

    /// The change, seen from the array that holds the value as item `index`.
    pub(super) fn in_item(self, template: &[Value], index: usize) -> Self {
        let mut items = template.to_vec();
        if let Some(item) = items.get_mut(index) {
            *item = self.value;
        }
        Self {
            value: Value::Array(items),
            instance: Pointer::root().push(index).join(&self.instance),
            ..self
        }
    }
}

impl Variant {
    /// The same change made to another value of the schema, one that is likelier to be taken; `None` if the changed
    /// place is not in it, or is the whole.
    pub(super) fn onto(&self, base: &Value) -> Option<Value> {
        let name = self.instance.last()?;
        let above = self.instance.parent()?;
        let mut value = base.clone();
        let source = self.value.pointer(above.as_str())?;
        match (value.pointer_mut(above.as_str())?, source) {
            (Value::Object(map), Value::Object(own)) => {
                let names: Vec<&str> = own.keys().map(String::as_str).collect();
                // A range that is turned round has two ends.
                let ends = ranges(&names).into_iter().filter(|_| self.keyword == TURNED);
                let other = ends.filter(|range| names[range.lower] == name).map(|range| names[range.upper]);
                for name in other.chain([name.as_str()]) {
                    map.insert(name.to_owned(), own.get(name)?.clone());
                }
            }
            (Value::Array(items), Value::Array(own)) => {
                let at: usize = name.parse().ok()?;
                *items.get_mut(at)? = own.get(at)?.clone();
            }
            _ => return None,
        }
        Some(value)
    }
}

/// The keyword of ranges that are turned round.
pub(super) const TURNED: &str = "inverted-range";

/// What boundary and negative values are made with.
#[derive(Clone, Copy)]
pub(super) struct Workbench<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) validators: &'a Validators,
    pub(super) known: &'a Known,
    pub(super) options: &'a GenerateOptions,
}

/// The way from the root to a shape, so that circles end.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    pub(super) key: &'p Key,
    pub(super) up: Option<&'p Path<'p>>,
    pub(super) depth: u32,
    /// How many variants are wanted from here.
    pub(super) share: usize,
}

impl<'p> Path<'p> {
    /// The beginning, at the shape with this key.
    pub(super) fn root(key: &'p Key) -> Self {
        Self { key, up: None, depth: 0, share: 600 }
    }

    /// With so many variants wanted, and some to choose from.
    pub(super) fn wanting(self, most: usize) -> Self {
        Self { share: most.saturating_mul(10), ..self }
    }

    /// Into one of `siblings` alternatives, unless it is on the way already.
    pub(super) fn aside(&'p self, key: &'p Key, siblings: usize) -> Option<Self> {
        self.step(key, self.depth, siblings)
    }

    /// Into one of `siblings` parts, unless it is on the way already.
    pub(super) fn down(&'p self, key: &'p Key, siblings: usize) -> Option<Self> {
        self.step(key, self.depth + 1, siblings)
    }

    /// Whether part `place` of `count` is looked into: all are, unless that were more than wanted.
    pub(super) fn visits(&self, place: usize, count: usize) -> bool {
        place.is_multiple_of(count.div_ceil(self.share.max(1)).max(1))
    }

    fn step(&'p self, key: &'p Key, depth: u32, siblings: usize) -> Option<Self> {
        let mut at = Some(self);
        while let Some(path) = at {
            if path.key == key {
                return None;
            }
            at = path.up;
        }
        let share = (self.share * 4 / siblings.max(1)).clamp(4, self.share.max(4));
        Some(Path { key, up: Some(self), depth, share })
    }
}

impl<'a> Workbench<'a> {
    /// The simplest value, with known values in it.
    pub(super) fn template(&self, shape: &Shape) -> Option<Value> {
        self.builder(Fill::Required).build(shape, 0, &mut Draw::Simplest).map(|tree| tree.current())
    }

    /// The simplest value with every property, `depth` levels down.
    pub(super) fn whole(&self, shape: &Shape, depth: u32) -> Option<Value> {
        self.builder(Fill::All).build(shape, depth, &mut Draw::Simplest).map(|tree| tree.current())
    }

    /// The simplest value, or the schema's own example of it.
    pub(super) fn example(&self, shape: &Shape) -> Option<Value> {
        let mut builder = self.builder(Fill::Required).sampling(Samples::All);
        builder.build(shape, 0, &mut Draw::Simplest).map(|tree| tree.current())
    }

    /// An array of exactly `count` items.
    pub(super) fn array(&self, shape: &Shape, count: usize) -> Option<Vec<Value>> {
        let tree = self.builder(Fill::Required).array_of(shape, count, count, 0, &mut Draw::Simplest)?;
        match tree.current() {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// An object of exactly `count` properties.
    pub(super) fn object(&self, shape: &Shape, count: usize) -> Option<Value> {
        let tree = self.builder(Fill::Required).object_of(shape, count, count, 1, &mut Draw::Simplest)?;
        Some(tree.current())
    }

    fn builder(&self, fill: Fill) -> Builder<'a> {
        Builder::new(self.shapes, self.validators, fill).knowing(Some(self.known))
    }

    /// The shape of the item at `index`, if the schema says anything about it.
    pub(super) fn item(&self, shape: &Shape, index: usize) -> Option<Arc<Shape>> {
        match (shape.prefix.get(index), &shape.items) {
            (Some(child), _) => Some(self.shapes.child(child)),
            (None, Rest::Of(child, _)) => Some(self.shapes.child(child)),
            (None, Rest::Any | Rest::Nothing(_)) => None,
        }
    }
}

/// At most `max` of `items`, taken in turn from the groups that `group` makes, in order.
pub(super) fn spread<T, K: std::hash::Hash + Eq>(
    items: Vec<T>,
    max: usize,
    group: impl Fn(&T) -> K,
) -> Vec<T> {
    if items.len() <= max {
        return items;
    }
    let mut sizes: IndexMap<K, usize> = IndexMap::new();
    let mut ranked: Vec<(usize, usize, T)> = Vec::with_capacity(items.len());
    for (place, item) in items.into_iter().enumerate() {
        let size = sizes.entry(group(&item)).or_default();
        ranked.push((*size, place, item));
        *size += 1;
    }
    let groups = sizes.len();
    if groups > max {
        // Not every group has a place: those that have lie evenly over all.
        ranked.retain(|(round, ..)| *round == 0);
        let mut at = 0;
        ranked.retain(|_| {
            at += 1;
            at * max / groups > (at - 1) * max / groups
        });
    }
    ranked.sort_by_key(|(round, place, _)| (*round, *place));
    ranked.truncate(max);
    ranked.sort_by_key(|(_, place, _)| *place);
    ranked.into_iter().map(|(_, _, item)| item).collect()
}
