//! Which limits a schema sets, and which of them a value stands on, whatever the generator says of it.

use crate::lengths::{can_fail, can_have};
use serde_json::{Map, Value};
use specwarden::schema::{Dialect, Document, Pointer};
use std::collections::{BTreeSet, HashSet};

/// As deep as the generator's boundary and negative cases go.
const DEPTH: usize = 3;
/// Longer texts and arrays are not sent.
/// No more members of an enumeration are asked for.
const MEMBERS: usize = 20;
const LONGEST_TEXT: f64 = 4096.0;
const LONGEST_ARRAY: f64 = 100.0;

/// The limits below one schema.
#[derive(Default)]
pub(super) struct Limits {
    /// Keywords at which a valid value can stand on the limit.
    pub(super) inside: BTreeSet<Pointer>,
    /// Keywords that a value can break.
    pub(super) outside: BTreeSet<Pointer>,
    /// Limits of which one side does not exist: no text of the pattern or format has that length, or none fails it.
    pub(super) excluded: BTreeSet<Pointer>,
    seen: HashSet<Pointer>,
}

/// The limits of the schema at `pointer`, through references, `allOf`, properties and items.
pub(super) fn limits(document: &Document, pointer: &Pointer) -> Limits {
    let mut limits = Limits::default();
    limits.walk(document, pointer, 0);
    limits
}

impl Limits {
    fn walk(&mut self, document: &Document, pointer: &Pointer, depth: usize) {
        let Some(Value::Object(map)) = document.get(pointer) else { return };
        if depth > DEPTH || !self.seen.insert(pointer.clone()) {
            return;
        }
        if depth > 0 && is_read_only(document, pointer) {
            return;
        }
        let draft4 = document.dialect() == Dialect::Draft4;
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            if let Some(target) = Pointer::from_fragment(reference) {
                self.walk(document, &target, depth);
            }
            if draft4 {
                return;
            }
        }
        let typed = |name: &str| match map.get("type") {
            Some(Value::String(is)) => is == name || (name == "number" && is == "integer"),
            None => true,
            Some(_) => false,
        };
        // A value that is listed has no other limits worth the name.
        let listed = map.contains_key("enum") || map.contains_key("const");
        for (keyword, value) in map {
            let at = pointer.push(keyword);
            let number = value.as_f64();
            let strict = |key: &str| map.get(key) == Some(&Value::Bool(true));
            let counts = match keyword.as_str() {
                "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "multipleOf" => {
                    let hidden = (keyword == "minimum" && strict("exclusiveMinimum"))
                        || (keyword == "maximum" && strict("exclusiveMaximum"));
                    let on = number.is_some_and(|n| n.abs() < 9e18) || value == &Value::Bool(true);
                    typed("number") && on && !hidden
                }
                "minLength" => typed("string") && number.is_some_and(|n| n > 0.0 && n <= LONGEST_TEXT),
                "maxLength" => typed("string") && number.is_some_and(|n| n < LONGEST_TEXT),
                "pattern" => typed("string"),
                "minItems" => typed("array") && number.is_some_and(|n| n > 0.0 && n <= LONGEST_ARRAY),
                "maxItems" => typed("array") && number.is_some_and(|n| n < LONGEST_ARRAY),
                "minProperties" => typed("object") && number.is_some_and(|n| n > 0.0),
                "maxProperties" => typed("object") && number.is_some_and(|n| n < LONGEST_ARRAY),
                _ => false,
            };
            if counts && !listed {
                if exists(map, keyword, value) {
                    self.inside.insert(at.clone());
                } else {
                    self.excluded.insert(at.clone());
                }
                if keyword != "pattern" || value.as_str().is_none_or(can_fail) {
                    self.outside.insert(at.clone());
                } else {
                    self.excluded.insert(at.clone());
                }
            }
            match keyword.as_str() {
                "enum" | "const" => {
                    let some = keyword == "const" || value.as_array().is_some_and(|list| !list.is_empty());
                    if some {
                        let members = value.as_array().filter(|_| keyword == "enum").map_or(1, Vec::len);
                        self.inside.extend((0..members.min(MEMBERS)).map(|index| at.push(index)));
                        self.outside.insert(at);
                    }
                }
                "required" if value.as_array().is_some_and(|list| !list.is_empty()) && typed("object") => {
                    self.outside.insert(at);
                }
                "additionalProperties" if value == &Value::Bool(false) && typed("object") => {
                    self.outside.insert(at);
                }
                "uniqueItems" if value == &Value::Bool(true) && typed("array") => {
                    self.outside.insert(at);
                }
                "type" => _ = self.outside.insert(at),
                _ => {}
            }
        }
        self.children(document, pointer, depth);
    }

    fn children(&mut self, document: &Document, pointer: &Pointer, depth: usize) {
        let Some(Value::Object(map)) = document.get(pointer) else { return };
        for index in 0..map.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.walk(document, &pointer.push("allOf").push(index), depth);
        }
        if map.contains_key("enum") {
            return;
        }
        for name in map.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.keys()) {
            self.walk(document, &pointer.push("properties").push(name), depth + 1);
        }
        if map.get("items").is_some_and(Value::is_object) {
            self.walk(document, &pointer.push("items"), depth + 1);
        }
    }
}

/// Whether a value can stand on the limit, for all that is said beside it.
fn exists(map: &Map<String, Value>, keyword: &str, value: &Value) -> bool {
    let (Some(length), true) = (value.as_u64(), keyword.ends_with("Length")) else { return true };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let pattern = map.get("pattern").and_then(Value::as_str);
    let format = map.get("format").and_then(Value::as_str).unwrap_or_default();
    let possible = match format {
        "uuid" => length == 36,
        "date" => length == 10,
        "date-time" => length >= 20,
        _ => true,
    };
    possible && pattern.is_none_or(|pattern| can_have(pattern, length))
}

/// As the request view has it: the schema itself, or what it refers to.
fn is_read_only(document: &Document, pointer: &Pointer) -> bool {
    let marked = |schema: &Value| schema.get("readOnly") == Some(&Value::Bool(true));
    document.get(pointer).is_some_and(marked)
        || document.resolve(pointer).is_some_and(|(_, target)| marked(target))
}

/// The limits on which `value` stands, with the same walk as [`limits`].
pub(super) fn touched(document: &Document, pointer: &Pointer, value: &Value, out: &mut HashSet<Pointer>) {
    touch(document, pointer, value, 0, out);
}

fn touch(document: &Document, pointer: &Pointer, value: &Value, depth: usize, out: &mut HashSet<Pointer>) {
    let Some(Value::Object(map)) = document.get(pointer) else { return };
    if depth > 12 {
        return;
    }
    if let Some(target) = map.get("$ref").and_then(Value::as_str).and_then(Pointer::from_fragment) {
        touch(document, &target, value, depth + 1, out);
        if document.dialect() == Dialect::Draft4 {
            return;
        }
    }
    let size = match value {
        Value::String(text) => Some(("Length", text.chars().count())),
        Value::Array(items) => Some(("Items", items.len())),
        Value::Object(map) => Some(("Properties", map.len())),
        _ => None,
    };
    for (keyword, limit) in map {
        let at = pointer.push(keyword);
        let number = limit.as_f64();
        let reached = match (keyword.as_str(), value) {
            ("enum", _) => {
                let members = limit.as_array().into_iter().flatten().enumerate();
                out.extend(members.filter(|(_, member)| *member == value).map(|(index, _)| at.push(index)));
                false
            }
            ("const", _) => {
                out.insert(at.push(0));
                false
            }
            ("minimum" | "maximum", Value::Number(n)) => {
                let step = map.get("multipleOf").and_then(Value::as_f64).unwrap_or(1.0);
                let whole =
                    map.get("type").is_some_and(|is| is == "integer") || map.contains_key("multipleOf");
                let near = if whole { step } else { 1e-9 };
                number.zip(n.as_f64()).is_some_and(|(a, b)| a == b || (a - b).abs() < near)
            }
            ("exclusiveMinimum" | "exclusiveMaximum", Value::Number(n)) => {
                let plain = if keyword == "exclusiveMinimum" { "minimum" } else { "maximum" };
                let limit = number.or_else(|| map.get(plain).and_then(Value::as_f64));
                let near = map.get("multipleOf").and_then(Value::as_f64).unwrap_or(1.0).max(1.0);
                limit.zip(n.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= near)
            }
            ("multipleOf", Value::Number(_)) | ("pattern", Value::String(_)) => true,
            (keyword, _) => size.is_some_and(|(what, size)| {
                let bounded = keyword.strip_prefix("min").or_else(|| keyword.strip_prefix("max"));
                bounded == Some(what) && number == Some(size as f64)
            }),
        };
        if reached {
            out.insert(at);
        }
    }
    for index in 0..map.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        touch(document, &pointer.push("allOf").push(index), value, depth + 1, out);
    }
    match value {
        Value::Object(values) => {
            let described = map.get("properties").and_then(Value::as_object);
            for (name, value) in values {
                if described.is_some_and(|described| described.contains_key(name)) {
                    touch(document, &pointer.push("properties").push(name), value, depth + 1, out);
                }
            }
        }
        Value::Array(items) if map.get("items").is_some_and(Value::is_object) => {
            for item in items {
                touch(document, &pointer.push("items"), item, depth + 1, out);
            }
        }
        _ => {}
    }
}
