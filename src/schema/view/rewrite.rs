//! One schema object, rewritten: its judging keywords, its subschemas, its references.

use crate::schema::Direction;
use crate::schema::view::closure::Closure;
use crate::schema::view::keywords::{Holds, keyword};
use crate::schema::view::mend::mend;
use serde_json::{Map, Value, json};

/// Real documents nest schemas a dozen levels deep.
const DEEPEST: usize = 256;
/// How many references a property may lead through before its target says `readOnly`.
const LONGEST_CHAIN: usize = 64;

/// Where in its root a subschema stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// How many levels below its root.
    pub(super) depth: usize,
    /// Whether it judges the very value that its root judges.
    pub(super) same_value: bool,
}

impl Place {
    /// The root itself.
    pub(super) const ROOT: Self = Self { depth: 0, same_value: true };

    fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    fn part(self) -> Self {
        Self { depth: self.depth + 1, same_value: false }
    }
}

impl Closure<'_> {
    /// The copy of the schema `node`. What is no schema is copied as it is; it will not compile.
    pub(super) fn schema(&mut self, node: &Value, place: Place) -> Value {
        self.count(1, place.depth);
        let Value::Object(source) = node else { return node.clone() };
        if self.is_refused() {
            return Value::Bool(true);
        }
        if place.depth > DEEPEST {
            self.refuse(format!("it nests more than {DEEPEST} levels"));
            return Value::Bool(true);
        }
        if place.depth > 0 && self.speaks && self.scope.is_left_by(source) {
            return json!({"$ref": self.outline(place)});
        }
        let dialect = self.scope.dialect;
        if dialect.reference_hides_siblings()
            && let Some(Value::String(reference)) = source.get("$ref")
        {
            return json!({"$ref": self.reference(reference, place)});
        }
        let mut map = Map::new();
        for (key, value) in source {
            if let Some(holds) = keyword(key, dialect) {
                let length = self.down(key);
                self.keyword(&mut map, key, holds, value, place);
                self.up(length);
            }
        }
        mend(&mut map, source, dialect);
        self.required_by_direction(&mut map, source);
        Value::Object(map)
    }

    fn keyword(
        &mut self,
        map: &mut Map<String, Value>,
        key: &str,
        holds: Holds,
        value: &Value,
        place: Place,
    ) {
        let value = match (holds, value) {
            (Holds::Data, Value::String(pattern)) if key == "pattern" => {
                let Some(readable) = self.patterns.readable(pattern) else { return };
                Value::String(readable)
            }
            (Holds::Data, Value::String(name)) if key == "$dynamicAnchor" && !is_name(name) => return,
            (Holds::Data, value) => {
                self.count(weight(value), 0);
                if self.is_refused() {
                    return;
                }
                value.clone()
            }
            (Holds::SameValue, value) => self.schema(value, place.inner()),
            (Holds::SameValues, value) => self.schemas(value, place.inner()),
            (Holds::SameValueByName, Value::Object(named)) => self.named(named, place.inner()),
            (Holds::Part, value) => self.schemas(value, place.part()),
            (Holds::PartByName, Value::Object(named)) if key == "patternProperties" => {
                self.by_pattern(named, place)
            }
            (Holds::PartByName, Value::Object(named)) => self.named(named, place.part()),
            (Holds::SameValueByName | Holds::PartByName, value) => value.clone(),
            (Holds::Reference, Value::String(reference)) => Value::String(self.reference(reference, place)),
            (Holds::DynamicReference, Value::String(reference)) => {
                Value::String(self.dynamic_reference(reference, place))
            }
            (Holds::RecursiveReference, Value::String(_)) => {
                let (key, reference) = self.recursive_reference(place);
                map.entry(key).or_insert(Value::String(reference));
                return;
            }
            (Holds::Reference | Holds::DynamicReference | Holds::RecursiveReference, _) => return,
        };
        map.insert(key.to_owned(), value);
    }

    /// A schema or a list of them.
    fn schemas(&mut self, value: &Value, place: Place) -> Value {
        let Value::Array(list) = value else { return self.schema(value, place) };
        let mut copies = Vec::with_capacity(list.len());
        for (index, child) in list.iter().enumerate() {
            let length = self.down(&index.to_string());
            copies.push(self.schema(child, place));
            self.up(length);
        }
        Value::Array(copies)
    }

    fn named(&mut self, named: &Map<String, Value>, place: Place) -> Value {
        let mut copies = Map::new();
        for (name, child) in named {
            let length = self.down(name);
            let copy = self.schema(child, place);
            self.up(length);
            copies.insert(name.clone(), copy);
        }
        Value::Object(copies)
    }

    /// As [`Self::named`], for names that are patterns: one that no engine reads matches everything, so that what
    /// it would have allowed does not count as additional.
    fn by_pattern(&mut self, named: &Map<String, Value>, place: Place) -> Value {
        let mut copies = Map::new();
        for (pattern, child) in named {
            let Some(readable) = self.patterns.readable(pattern) else {
                copies.entry("").or_insert(Value::Bool(true));
                continue;
            };
            let length = self.down(pattern);
            let copy = self.schema(child, place.part());
            self.up(length);
            copies.insert(readable, copy);
        }
        Value::Object(copies)
    }

    /// A required property that may not travel in this direction is not required there.
    fn required_by_direction(&mut self, map: &mut Map<String, Value>, source: &Map<String, Value>) {
        let Some(Value::Array(required)) = map.get_mut("required") else { return };
        let Some(Value::Object(properties)) = source.get("properties") else { return };
        let (kept_away, other) = match self.direction {
            Direction::Request => ("readOnly", "writeOnly"),
            Direction::Response => ("writeOnly", "readOnly"),
        };
        let before = required.len();
        let mut one_sided = false;
        required.retain(|name| {
            let property = name.as_str().and_then(|name| properties.get(name));
            let Some(property) = property else { return true };
            one_sided |= self.is_marked(property, other);
            !self.is_marked(property, kept_away)
        });
        self.one_sided |= one_sided || required.len() < before;
        if required.is_empty() && before > 0 {
            map.shift_remove("required");
        }
    }

    fn is_marked(&self, property: &Value, keyword: &str) -> bool {
        let mut scope = None;
        let mut node = property;
        for _ in 0..LONGEST_CHAIN {
            if node.get(keyword) == Some(&Value::Bool(true)) {
                return true;
            }
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return false };
            let target = self.document.target_in(scope.as_ref().unwrap_or(&self.scope), reference);
            let Some(target) = target else { return false };
            let Some(next) = self.document.get(&target) else { return false };
            node = next;
            scope = Some(self.document.scope(&target));
        }
        false
    }
}

/// Core §8.2.2: a letter or an underscore, then letters, digits, `-`, `_`, `.`.
fn is_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(inner)
}

/// How many values `value` holds, itself included.
fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(weight).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}
