//! Facts into the shape under construction: what must fail, what must be there, what must not.
//!
//! Whatever is assumed makes a shape doubtful: some facts are built, others only made likely.

use crate::generate::fact::{Fact, breaches};
use crate::generate::merge::{DEEPEST, Merger};
use crate::generate::pattern::Pattern;
use crate::generate::shape::{At, Bound, Child, Choice, Contained, Key, Rest, Shape, Types};
use crate::schema::Pointer;
use indexmap::{IndexMap, IndexSet};
use serde_json::Value;
use std::sync::Arc;

/// What the facts of a key say of parts of the value.
#[derive(Debug, Default)]
pub(super) struct Assumed {
    /// Names that no property may have.
    pub(super) lacks: IndexSet<String>,
    /// What is assumed of properties.
    pub(super) odd: IndexMap<String, Vec<Fact>>,
    /// What is assumed of single items.
    items: Vec<(usize, Fact)>,
    /// What is assumed of every item.
    every: Vec<Fact>,
    /// Values that are not allowed.
    excluded: Vec<Value>,
    /// Schemas whose failing has been looked into.
    failing: IndexSet<Pointer>,
}

impl Merger<'_> {
    /// Takes one fact for granted.
    pub(super) fn assume(&mut self, fact: &Fact) {
        self.shape.doubtful = true;
        match fact {
            Fact::Fails { settled: true, .. } => {}
            Fact::Fails { schema, origin, .. } => self.fail(schema, origin),
            Fact::Is(types) => self.shape.types = self.shape.types.and(*types),
            Fact::Broken { keyword, origin } => self.breach(keyword, origin),
            Fact::Has { name, origin } => self.demand(name, origin),
            Fact::Lacks { name } => _ = self.assumed.lacks.insert(name.clone()),
            Fact::Odd { name, schema, origin } => {
                self.demand(name, origin);
                let facts = self.assumed.odd.entry(name.clone()).or_default();
                facts.push(Fact::fails(schema, origin));
            }
            Fact::OddItem { index, schema, origin } => {
                self.least(Size::Items, index + 1, origin);
                self.assumed.items.push((*index, Fact::fails(schema, origin)));
            }
            Fact::SomeOddItem { schema, origin } => {
                let facts = vec![Fact::fails(schema, origin)];
                let child = Child::new(Key { facts, ..Key::default() });
                self.contains.push(Contained { child, least: 1, most: None, pointer: origin.clone() });
            }
            Fact::AllOddItems { schema, origin } => self.assumed.every.push(Fact::fails(schema, origin)),
        }
    }

    /// The schema must not hold: in the only way there is, or in one of several.
    fn fail(&mut self, schema: &Pointer, origin: &Pointer) {
        let settled = Fact::Fails { schema: schema.clone(), origin: origin.clone(), settled: true };
        if self.key.facts.contains(&settled) || !self.assumed.failing.insert(schema.clone()) {
            return;
        }
        if self.level == DEEPEST {
            self.shape.never = true;
            return;
        }
        let mut ways = breaches(self.document, schema, origin);
        if ways.len() > 1 {
            let branches = ways.into_iter().map(|way| {
                let mut key = self.key.clone();
                key.schemas.extend(way.schemas);
                key.facts.push(settled.clone());
                key.facts.extend(way.facts);
                Child::new(key)
            });
            let branches = branches.collect();
            self.shape.choices.push(Choice { keyword: "not", pointer: origin.clone(), branches });
            return;
        }
        let Some(way) = ways.pop() else {
            self.shape.never = true;
            return;
        };
        self.level += 1;
        way.schemas.iter().for_each(|schema| self.absorb(schema));
        way.facts.iter().for_each(|fact| self.assume(fact));
        self.level -= 1;
    }

    fn demand(&mut self, name: &str, origin: &Pointer) {
        self.shape.required.entry(name.to_owned()).or_insert_with(|| origin.clone());
    }

    /// The limit at `keyword` is turned round.
    fn breach(&mut self, keyword: &Pointer, origin: &Pointer) {
        let Some(value) = self.document.get(keyword) else { return };
        let name = keyword.last().unwrap_or_default();
        let size = value.as_f64().filter(|size| (0.0..1e9).contains(size)).map(|size| size as usize);
        match (name.as_str(), size) {
            ("minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum", _) => {
                let Some(number) = value.as_f64() else { return };
                let lower = name.ends_with("aximum");
                let twin = if lower { "exclusiveMaximum" } else { "exclusiveMinimum" };
                let strict = name.starts_with("ex")
                    || keyword.parent().and_then(|at| self.document.get(&at.push(twin)))
                        == Some(&Value::Bool(true));
                let pointer = origin.clone();
                let bound = Bound {
                    value: number,
                    exact: value.as_i64(),
                    large: Bound::large(value.as_u64()),
                    exclusive: !strict,
                    pointer,
                };
                self.bound(lower, bound);
            }
            ("minLength", Some(size)) => self.most(Size::Length, size.checked_sub(1), origin),
            ("maxLength", Some(size)) => self.least(Size::Length, size + 1, origin),
            ("minItems", Some(size)) => self.most(Size::Items, size.checked_sub(1), origin),
            ("maxItems", Some(size)) => self.least(Size::Items, size + 1, origin),
            ("minProperties", Some(size)) => self.most(Size::Properties, size.checked_sub(1), origin),
            ("maxProperties", Some(size)) => self.least(Size::Properties, size + 1, origin),
            ("uniqueItems", _) => {
                self.least(Size::Items, 2, origin);
                self.shape.twins = true;
            }
            ("pattern", _) => {
                let pattern = value.as_str().and_then(Pattern::read).map(Arc::new);
                self.shape.avoided.extend(pattern);
            }
            ("enum", _) => {
                self.assumed.excluded.extend(value.as_array().into_iter().flatten().cloned());
            }
            ("const", _) => self.assumed.excluded.push(value.clone()),
            _ => {}
        }
    }

    fn least(&mut self, size: Size, value: usize, origin: &Pointer) {
        let slot = match size {
            Size::Length => &mut self.shape.min_length,
            Size::Items => &mut self.shape.min_items,
            Size::Properties => &mut self.shape.min_properties,
        };
        if slot.as_ref().is_none_or(|known| known.value < value) {
            *slot = Some(At { value, pointer: origin.clone() });
        }
    }

    fn most(&mut self, size: Size, value: Option<usize>, origin: &Pointer) {
        let Some(value) = value else {
            self.shape.never = true;
            return;
        };
        let slot = match size {
            Size::Length => &mut self.shape.max_length,
            Size::Items => &mut self.shape.max_items,
            Size::Properties => &mut self.shape.max_properties,
        };
        if slot.as_ref().is_none_or(|known| known.value > value) {
            *slot = Some(At { value, pointer: origin.clone() });
        }
    }

    /// What must be known before properties are put together.
    pub(super) fn conclude(&mut self) {
        let excluded = std::mem::take(&mut self.assumed.excluded);
        let few = Types::NULL.with(Types::BOOLEAN);
        let types = self.shape.types;
        if let Some(values) = &mut self.shape.values {
            let kept = values.value.iter().filter(|value| !excluded.contains(value)).cloned().collect();
            values.value = Arc::new(kept);
        } else if !excluded.is_empty() && types.and(few) == types {
            let all = [Value::Bool(true), Value::Bool(false), Value::Null];
            let left = |value: &Value| types.admits(value) && !excluded.contains(value);
            let values: Vec<Value> = all.into_iter().filter(left).collect();
            self.shape.values = Some(At { value: Arc::new(values), pointer: self.shape.pointer() });
        }
        // What is described is decided first; what fails may then fail in what was decided.
        self.shape.choices.sort_by_key(|choice| choice.keyword == "not");
        let odd: Vec<String> = self.assumed.odd.keys().cloned().collect();
        for name in odd {
            self.properties.entry(name).or_default();
        }
    }

    /// The items of arrays.
    pub(super) fn tail(mut self) -> Shape {
        let every = &self.assumed.every;
        let child = |schemas: Vec<Pointer>, mut facts: Vec<Fact>| {
            facts.extend(every.iter().cloned());
            Child::new(Key { schemas, facts, ..Key::default() })
        };
        let demanded = self.assumed.items.iter().map(|(index, _)| index + 1).max().unwrap_or(0);
        let described = self.prefix.len();
        if self.items.is_empty() && self.contains.is_empty() {
            self.items.append(&mut self.unevaluated);
        }
        if let (Some(first), Some(only)) = (self.unevaluated.first(), self.contains.first()) {
            // An item that another one contains counts as evaluated; any other must be of this schema.
            if self.document.get(first) == Some(&Value::Bool(false)) {
                self.items.extend(only.child.key.schemas.iter().cloned());
            } else {
                self.items.push(first.clone());
            }
        }
        self.prefix.resize_with(described.max(demanded), || self.items.clone());
        let prefix = std::mem::take(&mut self.prefix).into_iter().enumerate().map(|(index, schemas)| {
            let here = self.assumed.items.iter().filter(|(at, _)| *at == index);
            child(schemas, here.map(|(_, fact)| fact.clone()).collect())
        });
        self.shape.prefix = prefix.collect();
        if let Some(first) = self.items.first().cloned() {
            let nothing = self.document.get(&first) == Some(&Value::Bool(false));
            self.shape.items = if nothing {
                Rest::Nothing(first)
            } else {
                let items = std::mem::take(&mut self.items);
                Rest::Of(Box::new(child(items, Vec::new())), first)
            };
        } else if !every.is_empty() {
            let pointer = self.shape.pointer();
            self.shape.items = Rest::Of(Box::new(child(Vec::new(), Vec::new())), pointer);
        }
        self.shape.contains = self.contains;
        self.shape
    }
}

/// What has a size.
#[derive(Debug, Clone, Copy)]
enum Size {
    Length,
    Items,
    Properties,
}
