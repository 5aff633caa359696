//! # keyword-without-effect
//!
//! ## What it says
//!
//! Reports keywords that speak of another type than the `type` beside them: `maxLength` on an integer,
//! `properties` on an array.
//!
//! ## Why it matters
//!
//! Such a keyword restricts nothing. What it was meant to say is not tested, and often the type is the mistake.
//!
//! ## Example
//!
//! `{type: array, properties: {id: {type: integer}}}`: the properties belong under `items`.
//!
//! ## How to fix
//!
//! Move the keyword to where it applies, or correct `type`.

use crate::lint::keyword::kinds;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "keyword-without-effect",
    "a keyword does not apply to the type beside it",
    "JSON Schema Validation §6",
);

/// Keywords, and the type they speak of.
const APPLIES: &[(&str, &[&str])] = &[
    ("string", &["minLength", "maxLength", "pattern"]),
    ("number", &["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"]),
    ("array", &["items", "minItems", "maxItems"]),
    ("object", &["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
];
const TYPES: &[&str] = &["string", "number", "integer", "array", "object", "boolean"];

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(kinds) = kinds(node.schema).filter(|kinds| !kinds.is_empty()) else { return Vec::new() };
    if !scene.counts(node.schema) || !kinds.iter().all(|kind| TYPES.contains(kind)) {
        return Vec::new();
    }
    for (kind, keywords) in APPLIES {
        if kinds.iter().any(|known| known == kind || *known == "integer" && *kind == "number") {
            continue;
        }
        let idle: Vec<&str> = keywords
            .iter()
            .filter(|key| node.schema.get(**key).is_some_and(|value| restricts(key, value)))
            .copied()
            .collect();
        if let Some(first) = idle.first() {
            let names = idle.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
            let verb = if idle.len() == 1 { "says" } else { "say" };
            let message = format!("{names} {verb} nothing about type {}", kinds.join(" or "));
            return vec![RULE.at(
                &node.at.push(first),
                message,
                "move it to where it applies, or correct `type`",
            )];
        }
    }
    Vec::new()
}

fn restricts(key: &str, value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag && key != "required" && key != "additionalProperties",
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Null => false,
        Value::Number(_) | Value::String(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "integer", "maxLength": 5})));
        fires(
            &RULE,
            &request(
                "3.0.3",
                json!({"type": "array", "items": {}, "properties": {"id": {"type": "integer"}}}),
            ),
        );
        silent(&request("3.0.3", json!({"type": "string", "maxLength": 5})));
        silent(&request("3.1.0", json!({"type": ["string", "integer"], "maxLength": 5, "minimum": 1})));
    }
}
