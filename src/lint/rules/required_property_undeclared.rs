//! # required-property-undeclared
//!
//! ## What it says
//!
//! Reports a name in `required` that no `properties` beside it (or in its `allOf`) describes.
//!
//! ## Why it matters
//!
//! Any value will do for it, so nothing about it is tested; often it is a typing mistake or a property that was
//! renamed.
//!
//! ## Example
//!
//! `required: [idd], properties: {id: {type: integer}}`
//!
//! ## How to fix
//!
//! Describe the property, or correct the name.

use crate::lint::keyword::{kinds, property, required};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::{Map, Value};

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "required-property-undeclared",
    "a required property is not described",
    "OpenAPI 3.0.3 §4.7.24",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let described =
        node.schema.get("properties").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
    if node.usage.branch || !described || !scene.counts(node.schema) {
        return Vec::new();
    }
    if kinds(node.schema).is_some_and(|kinds| !kinds.contains(&"object")) {
        return Vec::new();
    }
    let Some(parts) = scene.parts(&node.at, node.schema) else { return Vec::new() };
    let open = |schema: &Map<String, Value>| {
        ["patternProperties", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key))
            || schema.get("additionalProperties").is_some_and(|value| !value.is_boolean())
            || schema.get("additionalProperties") == Some(&Value::Bool(false))
    };
    if parts.iter().any(|part| open(part.schema)) {
        return Vec::new();
    }
    let missing: Vec<(usize, &str)> = required(node.schema)
        .enumerate()
        .filter(|(_, name)| parts.iter().all(|part| property(part.schema, name).is_none()))
        .collect();
    let issues = missing.into_iter().map(|(index, name)| {
        let message = format!("required property `{name}` is not described; any value will do");
        RULE.at(
            &node.at.push("required").push(index),
            message,
            "describe it in `properties`, or correct the name",
        )
    });
    issues.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(
            &RULE,
            &request(
                "3.0.3",
                json!({"type": "object", "required": ["idd"], "properties": {"id": {"type": "integer"}}}),
            ),
        );
        silent(&request(
            "3.0.3",
            json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}),
        ));
        silent(&request(
            "3.0.3",
            json!({"allOf": [{"type": "object", "properties": {"id": {"type": "integer"}}}, {"type": "object", "required": ["id"], "properties": {"b": {"type": "string"}}}]}),
        ));
    }
}
