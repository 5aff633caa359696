//! The keywords that limit values, read from one Schema Object into the shape under construction.
//!
//! Where several objects speak of the same limit, the tighter one is kept with the place where it stands.

use crate::generate::fact::{Fact, tuple_keywords};
use crate::generate::merge::{Closed, Merger};
use crate::generate::pattern::Pattern;
use crate::generate::shape::{At, Bound, Child, Choice, Contained, Key, Rest, Types};
use crate::schema::{Dialect, Pointer};
use indexmap::IndexSet;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Beyond these, doubles are too coarse, or decimals too fine, to build numbers without a look.
const LARGE: f64 = 9e15;
const SMALL: f64 = 1e-6;

impl Merger<'_> {
    pub(super) fn types(&mut self, map: &Map<String, Value>, pointer: &Pointer, null: bool) {
        let named = match map.get("type") {
            Some(Value::String(name)) => {
                Types::named(name).map(|t| if null { t.with(Types::NULL) } else { t })
            }
            Some(Value::Array(names)) if !names.is_empty() => names
                .iter()
                .map(|name| name.as_str().and_then(Types::named))
                .try_fold(Types::NONE, |all, t| t.map(|t| all.with(t))),
            _ => None,
        };
        if let Some(types) = named {
            self.shape.types = self.shape.types.and(types);
            self.shape.type_at = Some(pointer.push("type"));
        }
    }

    pub(super) fn values(&mut self, map: &Map<String, Value>, pointer: &Pointer, null: bool) {
        let mut lists = Vec::new();
        if let Some(Value::Array(values)) = map.get("enum") {
            let mut values = values.clone();
            if null && !values.contains(&Value::Null) {
                values.push(Value::Null);
            }
            if !(values.is_empty() && self.draft4()) {
                lists.push(("enum", values));
            }
        }
        if let Some(value) = map.get("const").filter(|_| !self.draft4()) {
            lists.push(("const", vec![value.clone()]));
        }
        for (keyword, list) in lists {
            let kept: Vec<Value> = match &self.shape.values {
                Some(known) => known.value.iter().filter(|value| list.contains(value)).cloned().collect(),
                None => list,
            };
            self.shape.values = Some(At { value: Arc::new(kept), pointer: pointer.push(keyword) });
        }
    }

    pub(super) fn numbers(&mut self, map: &Map<String, Value>, pointer: &Pointer) {
        for (plain, strict, lower) in
            [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)]
        {
            let flag = map.get(strict) == Some(&Value::Bool(true));
            let mut bounds = Vec::new();
            if let Some(Value::Number(number)) = map.get(plain) {
                bounds.push((number, flag, if flag { strict } else { plain }));
            }
            if let Some(Value::Number(number)) = map.get(strict) {
                bounds.push((number, true, strict));
            }
            for (number, exclusive, keyword) in bounds {
                let Some(value) = number.as_f64() else { continue };
                let bound = Bound {
                    value,
                    exact: number.as_i64(),
                    large: Bound::large(number.as_u64()),
                    exclusive,
                    pointer: pointer.push(keyword),
                };
                self.bound(lower, bound);
            }
        }
        // Fractions and giants are checked: doubles do not hold them exactly.
        let steps = map.get("multipleOf").and_then(Value::as_f64);
        self.shape.doubtful |= steps.is_some_and(|step| {
            step.fract() != 0.0 || self.shape.multiple_of.as_ref().is_some_and(|at| at.value != step)
        });
        self.shape.doubtful |=
            [&self.shape.minimum, &self.shape.maximum].into_iter().flatten().any(|bound| {
                bound.value.abs() > LARGE || (bound.value.fract() != 0.0 && bound.value.abs() < SMALL)
            });
        if let Some(value) = steps
            && self.shape.multiple_of.as_ref().is_none_or(|known| known.value < value)
        {
            self.shape.multiple_of = Some(At { value, pointer: pointer.push("multipleOf") });
        }
    }

    pub(super) fn texts(&mut self, map: &Map<String, Value>, pointer: &Pointer) {
        at_least(&mut self.shape.min_length, map, "minLength", pointer);
        at_most(&mut self.shape.max_length, map, "maxLength", pointer);
        if let Some(pattern) = map.get("pattern").and_then(Value::as_str) {
            // As in the validator, a pattern that no engine reads judges nothing.
            if let Some(pattern) = Pattern::read(pattern).map(Arc::new) {
                self.shape.doubtful |= !pattern.is_exact() || !self.shape.patterns.is_empty();
                self.shape.patterns.push(At { value: pattern, pointer: pointer.push("pattern") });
            }
        }
        self.encoded(map, pointer);
        if let Some(format) = map.get("format").and_then(Value::as_str) {
            // Two formats, or one within lengths or a pattern: construction may miss one of them.
            self.shape.doubtful |= self.shape.format.as_ref().is_some_and(|at| at.value != format);
            if self.shape.format.is_some() {
                return;
            }
            self.shape.format = Some(At { value: format.to_owned(), pointer: pointer.push("format") });
        }
    }

    /// Drafts 6 and 7 let a text be judged by what it encodes (draft 7 validation §8).
    fn encoded(&mut self, map: &Map<String, Value>, pointer: &Pointer) {
        if !matches!(self.dialect, Dialect::Draft6 | Dialect::Draft7) || self.shape.format.is_some() {
            return;
        }
        let json = map.get("contentMediaType").is_some_and(|is| is == "application/json");
        let (form, keyword) = match (json, map.get("contentEncoding").is_some_and(|is| is == "base64")) {
            (true, true) => ("base64-json", "contentMediaType"),
            (true, false) => ("json", "contentMediaType"),
            (false, true) => ("base64", "contentEncoding"),
            (false, false) => return,
        };
        self.shape.format = Some(At { value: form.to_owned(), pointer: pointer.push(keyword) });
    }

    pub(super) fn arrays(&mut self, map: &Map<String, Value>, pointer: &Pointer) {
        at_least(&mut self.shape.min_items, map, "minItems", pointer);
        at_most(&mut self.shape.max_items, map, "maxItems", pointer);
        if map.get("uniqueItems") == Some(&Value::Bool(true)) {
            self.shape.unique = Some(pointer.push("uniqueItems"));
        }
        let (tuple, rest) = tuple_keywords(map, self.dialect);
        if let Some(keyword) = tuple {
            for index in 0..map.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
                let child = pointer.push(keyword).push(index);
                match self.prefix.get_mut(index) {
                    Some(known) => known.push(child),
                    None => self.prefix.push(vec![child]),
                }
            }
        }
        if matches!(map.get(rest), Some(Value::Object(_) | Value::Bool(false))) {
            self.items.push(pointer.push(rest));
        }
        let counted = self.dialect >= Dialect::Draft201909;
        if counted && matches!(map.get("unevaluatedItems"), Some(Value::Object(_) | Value::Bool(false))) {
            self.unevaluated.push(pointer.push("unevaluatedItems"));
        }
        if map.contains_key("contains") && !self.draft4() {
            let number = |keyword| count(map.get(keyword)).filter(|_| counted);
            let at = pointer.push("contains");
            self.contains.push(Contained {
                child: Child::new(Key::of(&at)),
                least: number("minContains").unwrap_or(1),
                most: number("maxContains"),
                pointer: at,
            });
        }
    }

    pub(super) fn objects(&mut self, map: &Map<String, Value>, pointer: &Pointer) {
        at_least(&mut self.shape.min_properties, map, "minProperties", pointer);
        at_most(&mut self.shape.max_properties, map, "maxProperties", pointer);
        let mut names = Vec::new();
        let mut silent = IndexSet::new();
        if let Some(Value::Object(properties)) = map.get("properties") {
            let at = pointer.push("properties");
            for (name, schema) in properties {
                let child = at.push(name);
                if self.read_only(&child, schema) {
                    silent.insert(name.clone());
                    self.hidden.insert(name.clone());
                }
                names.push(name.clone());
                self.properties.entry(name.clone()).or_default().push(child);
            }
        }
        if let Some(Value::Array(required)) = map.get("required") {
            for name in required.iter().filter_map(Value::as_str).filter(|name| !silent.contains(*name)) {
                self.shape.required.entry(name.to_owned()).or_insert_with(|| pointer.push("required"));
            }
        }
        let mut patterns = Vec::new();
        if let Some(Value::Object(by_pattern)) = map.get("patternProperties") {
            for source in by_pattern.keys() {
                let pattern = Arc::new(Pattern::read(source).unwrap_or_else(|| Pattern::new(source)));
                patterns.push(Arc::clone(&pattern));
                let child = pointer.push("patternProperties").push(source);
                self.shape.by_pattern.push((pattern, Child::new(Key::of(&child))));
            }
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            let at = pointer.push(keyword);
            match map.get(keyword) {
                Some(Value::Bool(false)) if keyword == "additionalProperties" => {
                    let names = std::mem::take(&mut names);
                    self.closed.push(Closed { names, patterns: std::mem::take(&mut patterns), pointer: at });
                }
                Some(Value::Bool(false)) if self.dialect >= Dialect::Draft201909 => {
                    self.shape.additional = Rest::Nothing(at);
                }
                Some(Value::Object(_))
                    if keyword == "additionalProperties" || self.dialect >= Dialect::Draft201909 =>
                {
                    self.additional.push(at);
                }
                _ => {}
            }
        }
        if map.contains_key("propertyNames") && !self.draft4() {
            self.names.push(pointer.push("propertyNames"));
        }
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            if keyword != "dependencies" && self.dialect < Dialect::Draft201909 {
                continue;
            }
            for (name, needs) in map.get(keyword).and_then(Value::as_object).into_iter().flatten() {
                let Value::Array(needs) = needs else {
                    self.dependent(map, &pointer.push(keyword).push(name), keyword, name);
                    continue;
                };
                self.shape.together_keyword = keyword;
                let needs = needs.iter().filter_map(Value::as_str).map(str::to_owned);
                self.shape.together.entry(name.clone()).or_default().extend(needs);
            }
        }
    }

    /// Either there is no property of this name, or the whole is of the schema at `at`, too.
    fn dependent(&mut self, map: &Map<String, Value>, at: &Pointer, keyword: &'static str, name: &str) {
        if self.key.decided.contains(at) {
            return;
        }
        let mut without = self.branch(at, Vec::new(), map);
        without.key.facts.push(Fact::Lacks { name: name.to_owned() });
        let mut with = self.branch(at, vec![at.clone()], map);
        with.key.facts.push(Fact::Has { name: name.to_owned(), origin: at.clone() });
        // Values that are no objects have no properties.
        let branches = vec![without, with];
        self.shape.choices.push(Choice { keyword, pointer: at.clone(), branches });
    }

    /// Tightens a limit of numbers.
    pub(super) fn bound(&mut self, lower: bool, bound: Bound) {
        let slot = if lower { &mut self.shape.minimum } else { &mut self.shape.maximum };
        let tighter = slot.as_ref().is_none_or(|known| {
            let (value, known_value) = (bound.value, known.value);
            let beyond = if lower { value > known_value } else { value < known_value };
            beyond || (value == known_value && bound.exclusive && !known.exclusive)
        });
        if tighter {
            *slot = Some(bound);
        }
    }
}

/// Whether each keyword's value is what the keyword wants; readers differ over all else.
pub(super) fn well_formed(map: &Map<String, Value>) -> bool {
    let schema = |value: &Value| value.is_object() || value.is_boolean();
    let schemas = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(schema));
    map.iter().all(|(keyword, value)| match keyword.as_str() {
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64()
        }
        "minimum" | "maximum" => value.is_number(),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_number() || value.is_boolean(),
        "multipleOf" => value.as_f64().is_some_and(|step| step > 0.0),
        "uniqueItems" => value.is_boolean(),
        "pattern" | "format" | "$ref" => value.is_string(),
        "enum" => value.is_array(),
        "required" => value.as_array().is_some_and(|names| {
            names.iter().filter_map(Value::as_str).collect::<IndexSet<_>>().len() == names.len()
        }),
        "properties" => value.as_object().is_some_and(|map| map.values().all(schema)),
        "items" => schema(value) || schemas(value),
        "additionalProperties" | "additionalItems" => schema(value),
        "prefixItems" | "allOf" | "anyOf" => schemas(value),
        "type" => value.as_str().map_or(value.is_array(), |name| Types::named(name).is_some()),
        _ => true,
    })
}

fn count(value: Option<&Value>) -> Option<usize> {
    let number = value?.as_f64().filter(|number| *number >= 0.0)?;
    Some(number.min(u32::MAX.into()) as usize)
}

fn at_least(slot: &mut Option<At<usize>>, map: &Map<String, Value>, keyword: &str, pointer: &Pointer) {
    if let Some(value) = count(map.get(keyword))
        && slot.as_ref().is_none_or(|known| known.value < value)
    {
        *slot = Some(At { value, pointer: pointer.push(keyword) });
    }
}

fn at_most(slot: &mut Option<At<usize>>, map: &Map<String, Value>, keyword: &str, pointer: &Pointer) {
    if let Some(value) = count(map.get(keyword))
        && slot.as_ref().is_none_or(|known| known.value > value)
    {
        *slot = Some(At { value, pointer: pointer.push(keyword) });
    }
}
