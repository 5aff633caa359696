//! Keywords as OpenAPI documents write them, brought into the form that the dialect defines.
//!
//! A keyword that cannot be read judges nothing, instead of spoiling every schema around it.

use crate::schema::Dialect;
use serde_json::{Map, Value, json};

const TYPES: &[&str] = &["null", "boolean", "object", "array", "number", "string", "integer"];
const LENGTHS: &[&str] =
    &["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

/// Mends the copied keywords `map` of the schema `source`.
pub(super) fn mend(map: &mut Map<String, Value>, source: &Map<String, Value>, dialect: Dialect) {
    if matches!(map.get("required"), Some(Value::Bool(_))) {
        map.shift_remove("required");
    }
    types(map);
    bounds(map, dialect);
    if dialect == Dialect::Draft4 {
        nullable(map, source);
        numeric_exclusive(map);
    } else {
        boolean_exclusive(map);
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
fn nullable(map: &mut Map<String, Value>, source: &Map<String, Value>) {
    let nullable = ["nullable", "x-nullable"].iter().any(|key| source.get(*key) == Some(&Value::Bool(true)));
    if !nullable {
        return;
    }
    if let Some(Value::String(name)) = map.get("type").cloned() {
        map.insert("type".into(), json!([name, "null"]));
    }
    if let Some(Value::Array(values)) = map.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if map.contains_key("type") {
        return;
    }
    // Real documents write `nullable` beside a combinator and mean it; a branch for null keeps each pointer.
    let mut chosen = false;
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = map.get_mut(key) {
            branches.push(json!({"type": "null"}));
            chosen = true;
        }
    }
    // Without a type, `allOf` decides: the common idiom `nullable` + `allOf: [one $ref]` means "that, or null".
    if let Some(branches) = map.shift_remove("allOf") {
        let either = json!([{"allOf": branches}, {"type": "null"}]);
        if chosen {
            map.insert("allOf".into(), json!([{"anyOf": either}]));
        } else {
            map.insert("anyOf".into(), either);
        }
    }
}

/// A bound that is no number judges nothing (`minimum: "1"` occurs in real documents), nor does a negative length.
fn bounds(map: &mut Map<String, Value>, dialect: Dialect) {
    for key in ["minimum", "maximum"] {
        if map.get(key).is_some_and(|bound| !bound.is_number()) {
            map.shift_remove(key);
        }
    }
    if map.get("multipleOf").is_some_and(|bound| bound.as_f64().is_none_or(|bound| bound <= 0.0)) {
        map.shift_remove("multipleOf");
    }
    for key in LENGTHS {
        let whole = |bound: f64| bound >= 0.0 && bound.fract() == 0.0;
        if map.get(*key).is_some_and(|bound| !bound.as_f64().is_some_and(whole)) {
            map.shift_remove(*key);
        }
    }
    let no_list = |values: &[Value]| dialect == Dialect::Draft4 && values.is_empty();
    if map.get("enum").is_some_and(|values| values.as_array().is_none_or(|list| no_list(list))) {
        map.shift_remove("enum");
    }
}

/// A numeric `exclusiveMinimum` in a draft 4 document means what it means in later drafts.
fn numeric_exclusive(map: &mut Map<String, Value>) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match map.get(exclusive) {
            Some(limit @ Value::Number(_)) => {
                let limit = limit.clone();
                map.insert(bound.into(), limit);
                map.insert(exclusive.into(), Value::Bool(true));
            }
            Some(Value::Bool(_)) | None => {}
            Some(_) => _ = map.shift_remove(exclusive),
        }
    }
}

/// A boolean `exclusiveMinimum` in a later document means what it meant in draft 4.
fn boolean_exclusive(map: &mut Map<String, Value>) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match map.get(exclusive) {
            Some(Value::Bool(on)) => {
                let on = *on;
                map.shift_remove(exclusive);
                if on && let Some(limit) = map.shift_remove(bound) {
                    map.insert(exclusive.into(), limit);
                }
            }
            Some(Value::Number(_)) | None => {}
            Some(_) => _ = map.shift_remove(exclusive),
        }
    }
}
