//! The document as `jsonschema` must see it: one rewritten copy per direction, pointer for pointer.
//!
//! OpenAPI 2.0/3.0 schemas are not plain draft 4: `nullable`, `x-nullable`, `type: file`, a boolean `required`
//! on a property, `readOnly`/`writeOnly` by direction. The copy keeps every JSON pointer, so that an error's
//! schema path is a path in the user's document.

use crate::schema::{Dialect, Direction, ENTRIES, FILES, OWN, Pointer, readable_pattern};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

/// Keywords whose value is one schema.
pub(crate) const ONE: &[&str] = &[
    "items",
    "additionalProperties",
    "additionalItems",
    "not",
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is a list of schemas.
pub(crate) const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value maps names to schemas.
pub(crate) const MAP: &[&str] =
    &["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"];
/// Keys whose value is data, not structure.
const DATA: &[&str] = &["example", "examples", "default", "enum", "const"];
const TYPES: &[&str] = &["null", "boolean", "object", "array", "number", "string", "integer"];

/// How many references in a row are followed to see whether a property is read-only.
const LONGEST_CHAIN: usize = 8;

/// The rewritten copy of `root` for `direction`.
pub(super) fn view(root: &Value, dialect: Dialect, direction: Direction) -> Value {
    let mut copy = root.clone();
    let rewriter = Rewriter { root, dialect, direction, patterns: RefCell::default() };
    let files = set_files_aside(&mut copy);
    rewriter.structure(&mut copy);
    if let Some(files) = files {
        rewriter.embedded(&mut copy, files);
    }
    copy
}

/// Takes the embedded files out: what in them is a schema cannot be told by looking at them.
fn set_files_aside(copy: &mut Value) -> Option<Value> {
    copy.get_mut(OWN)?.as_object_mut()?.get_mut(FILES).map(Value::take)
}

struct Rewriter<'r> {
    root: &'r Value,
    dialect: Dialect,
    direction: Direction,
    patterns: RefCell<HashMap<String, Option<String>>>,
}

impl Rewriter<'_> {
    /// Puts the embedded files back and rewrites the schemas in them, inner ones first: an outer one may move them.
    fn embedded(&self, copy: &mut Value, files: Value) {
        let Some(Value::Object(own)) = copy.get_mut(OWN) else { return };
        own.insert(FILES.to_owned(), files);
        let Some(Value::Array(entries)) = own.get(ENTRIES).cloned() else { return };
        for entry in entries.iter().rev().filter_map(Value::as_str) {
            if let Some(node) = copy.pointer_mut(entry) {
                self.schema(node);
            }
        }
    }

    /// Walks what is not a schema, looking for the places where schemas begin.
    fn structure(&self, node: &mut Value) {
        match node {
            Value::Array(items) => items.iter_mut().for_each(|item| self.structure(item)),
            Value::Object(map) => {
                if is_parameter_schema(map) {
                    self.schema_object(map);
                    return;
                }
                for (key, child) in map.iter_mut() {
                    match key.as_str() {
                        "schema" | "itemSchema" => self.schema(child),
                        "schemas" | "definitions" | "$defs" => self.named(child),
                        // Swagger 2.0 response headers are schemas themselves; 3.x headers hold a `schema`.
                        "headers" => self.headers(child),
                        key if DATA.contains(&key) => {}
                        _ => self.structure(child),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn headers(&self, node: &mut Value) {
        if let Value::Object(headers) = node {
            for header in headers.values_mut() {
                if header.get("type").is_some() {
                    self.schema(header);
                } else {
                    self.structure(header);
                }
            }
        }
    }

    fn named(&self, node: &mut Value) {
        match node {
            Value::Object(map) => map.values_mut().for_each(|child| self.schema(child)),
            other => self.structure(other),
        }
    }

    fn schema(&self, node: &mut Value) {
        if let Value::Object(map) = node {
            self.schema_object(map);
        }
    }

    fn schema_object(&self, map: &mut Map<String, Value>) {
        self.schema_map(map);
        for (key, child) in map.iter_mut() {
            match (key.as_str(), child) {
                (key, child) if ONE.contains(&key) => self.one(child),
                (key, Value::Array(list)) if LIST.contains(&key) => {
                    for child in list {
                        self.schema(child);
                    }
                }
                (key, Value::Object(map)) if MAP.contains(&key) => {
                    map.values_mut().for_each(|child| self.schema(child));
                }
                _ => {}
            }
        }
    }

    fn one(&self, node: &mut Value) {
        match node {
            // A tuple `items` (draft 4).
            Value::Array(list) => list.iter_mut().for_each(|child| self.schema(child)),
            other => self.schema(other),
        }
    }

    /// Rewrites the keywords of one schema object, in place.
    fn schema_map(&self, map: &mut Map<String, Value>) {
        if matches!(map.get("required"), Some(Value::Bool(_))) {
            map.shift_remove("required");
        }
        // Every reference here is a pointer into this document; a base of its own would lead it astray, and so
        // would another dialect.
        for key in ["id", "$id", "$schema"] {
            map.shift_remove(key);
        }
        reference(map);
        self.patterns(map);
        types(map);
        if self.dialect == Dialect::Draft4 {
            nullable(map);
            bounds(map);
            numeric_exclusive(map);
        } else {
            boolean_exclusive(map);
        }
        self.required_by_direction(map);
    }

    /// A pattern that no engine reads judges nothing, instead of spoiling every schema around it.
    fn patterns(&self, map: &mut Map<String, Value>) {
        if let Some(Value::String(pattern)) = map.get("pattern") {
            match self.readable(pattern) {
                Some(readable) if readable == *pattern => {}
                Some(readable) => _ = map.insert("pattern".into(), Value::String(readable)),
                None => _ = map.shift_remove("pattern"),
            }
        }
        let Some(Value::Object(named)) = map.get_mut("patternProperties") else { return };
        let mut lost = false;
        let mut kept = Map::new();
        for (pattern, schema) in std::mem::take(named) {
            match self.readable(&pattern) {
                Some(readable) => _ = kept.insert(readable, schema),
                None => lost = true,
            }
        }
        *named = kept;
        if lost {
            // What the lost pattern would have allowed must not count as additional.
            map.shift_remove("additionalProperties");
            map.shift_remove("unevaluatedProperties");
        }
    }

    /// As [`readable_pattern`], asked once per pattern: documents repeat them.
    fn readable(&self, pattern: &str) -> Option<String> {
        if let Some(known) = self.patterns.borrow().get(pattern) {
            return known.clone();
        }
        let readable = readable_pattern(pattern).map(Cow::into_owned);
        self.patterns.borrow_mut().insert(pattern.to_owned(), readable.clone());
        readable
    }

    /// A required property that may not travel in this direction is not required there.
    fn required_by_direction(&self, map: &mut Map<String, Value>) {
        let keyword = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let Some(Value::Array(required)) = map.get("required") else { return };
        let Some(Value::Object(properties)) = map.get("properties") else { return };
        let kept: Vec<Value> = required
            .iter()
            .filter(|name| {
                let property = name.as_str().and_then(|name| properties.get(name));
                !property.is_some_and(|property| self.marked(property, keyword))
            })
            .cloned()
            .collect();
        if kept.len() == required.len() {
            return;
        }
        if kept.is_empty() {
            map.shift_remove("required");
        } else {
            map.insert("required".into(), Value::Array(kept));
        }
    }

    fn marked(&self, property: &Value, keyword: &str) -> bool {
        if property.get(keyword) == Some(&Value::Bool(true)) {
            return true;
        }
        let mut node = property;
        // A schema in a file is often reached by way of its name in the root.
        for _ in 0..LONGEST_CHAIN {
            let reference = node.get("$ref").and_then(Value::as_str).and_then(Pointer::from_fragment);
            let Some(next) = reference.and_then(|to| self.root.pointer(to.as_str())) else { return false };
            if next.get(keyword) == Some(&Value::Bool(true)) {
                return true;
            }
            node = next;
        }
        false
    }
}

/// A reference that leaves the document would fail the whole registry; as a dangling one it fails only the
/// schemas that need it.
fn reference(map: &mut Map<String, Value>) {
    match map.get("$ref") {
        None => {}
        Some(Value::String(reference)) if reference.starts_with('#') => {}
        Some(Value::String(reference)) => {
            let nowhere = Pointer::root().push("outside-this-document").push(reference);
            map.insert("$ref".into(), Value::String(nowhere.to_fragment()));
        }
        Some(_) => _ = map.shift_remove("$ref"),
    }
}

/// `type: file` says nothing about JSON; an unknown type name judges nothing.
fn types(map: &mut Map<String, Value>) {
    let known = match map.get("type") {
        Some(Value::String(name)) => TYPES.contains(&name.as_str()),
        Some(Value::Array(names)) => {
            !names.is_empty() && names.iter().all(|name| name.as_str().is_some_and(|n| TYPES.contains(&n)))
        }
        Some(_) => false,
        None => true,
    };
    if !known {
        map.shift_remove("type");
    }
}

/// `nullable: true` adds `null` to the type, and to the enumeration (OpenAPI 3.0.3 clarification of proposal 2019-10-31).
fn nullable(map: &mut Map<String, Value>) {
    let nullable = ["nullable", "x-nullable"].iter().any(|key| map.get(*key) == Some(&Value::Bool(true)));
    if !nullable {
        return;
    }
    if let Some(Value::String(name)) = map.get("type").cloned() {
        map.insert("type".into(), Value::Array(vec![Value::String(name), "null".into()]));
    }
    if let Some(Value::Array(values)) = map.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    // Real documents write `nullable` beside a combinator and mean it; a branch for null keeps each pointer.
    for key in ["anyOf", "oneOf"] {
        if !map.contains_key("type")
            && let Some(Value::Array(branches)) = map.get_mut(key)
        {
            branches.push(serde_json::json!({"type": "null"}));
        }
    }
    // Without a type, `allOf` decides: the common idiom `nullable` + `allOf: [one $ref]` means "that, or null".
    if !map.contains_key("type")
        && let Some(branches) = map.shift_remove("allOf")
    {
        let all = serde_json::json!({"allOf": branches});
        map.insert("anyOf".into(), Value::Array(vec![all, serde_json::json!({"type": "null"})]));
    }
}

/// A Swagger 2.0 parameter (not in the body) is its own schema.
fn is_parameter_schema(map: &Map<String, Value>) -> bool {
    map.get("in").is_some_and(|place| place.is_string() && place != "body")
        && map.get("name").is_some_and(Value::is_string)
        && !map.contains_key("schema")
        && !map.contains_key("content")
}

/// A bound that is not a number judges nothing (`minimum: "1"` occurs in real documents).
fn bounds(map: &mut Map<String, Value>) {
    for key in ["minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"] {
        if map.get(key).is_some_and(|bound| !bound.is_number()) {
            map.shift_remove(key);
        }
    }
    if map.get("enum").is_some_and(|values| values.as_array().is_none_or(Vec::is_empty)) {
        map.shift_remove("enum");
    }
}

/// A numeric `exclusiveMinimum` in a draft 4 document means what it means in later drafts.
fn numeric_exclusive(map: &mut Map<String, Value>) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(limit @ Value::Number(_)) = map.get(exclusive).cloned() {
            map.insert(bound.into(), limit);
            map.insert(exclusive.into(), Value::Bool(true));
        }
    }
}

/// A boolean `exclusiveMinimum` in a 2020-12 document means what it meant in draft 4.
fn boolean_exclusive(map: &mut Map<String, Value>) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(Value::Bool(on)) = map.get(exclusive).cloned() {
            map.shift_remove(exclusive);
            if on && let Some(limit) = map.shift_remove(bound) {
                map.insert(exclusive.into(), limit);
            }
        }
    }
}
