//! # ignored-reference-sibling
//!
//! ## What it says
//!
//! Reports keywords that restrict values and stand beside a `$ref` in Swagger 2.0 or OpenAPI 3.0, where
//! everything beside `$ref` is ignored.
//!
//! ## Why it matters
//!
//! The restriction, or the `nullable` that was meant to allow null, does not hold: answers with null are judged
//! as wrong.
//!
//! ## Example
//!
//! `{$ref: "#/components/schemas/Pet", nullable: true}`
//!
//! ## How to fix
//!
//! Write `allOf: [{$ref: …}]` beside the keywords, or use OpenAPI 3.1, where they count.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "ignored-reference-sibling",
    "keywords beside `$ref` are ignored",
    "OpenAPI 3.0.3 §4.7.23",
);

/// Keywords that change which values are valid.
const RESTRICTING: &[&str] = &[
    "type",
    "nullable",
    "x-nullable",
    "enum",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    if scene.counts(node.schema) {
        return Vec::new();
    }
    let target = scene.target(node.schema).map(|(_, target)| target);
    let said = |key: &str, value: &Value| target.is_some_and(|target| target.get(key) == Some(value));
    let ignored: Vec<&String> = node
        .schema
        .iter()
        .filter(|(key, value)| RESTRICTING.contains(&key.as_str()) && !said(key, value))
        .filter(|(_, value)| **value != Value::Bool(false) && !value.is_null())
        .map(|(key, _)| key)
        .collect();
    let Some(first) = ignored.first() else { return Vec::new() };
    let names = ignored.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
    let verb = if ignored.len() == 1 { "is" } else { "are" };
    let message = format!("{names} beside `$ref` {verb} ignored in {}", scene.api.spec_version);
    vec![RULE.at(&node.at.push(first), message, "put the reference into `allOf: [{$ref: …}]`")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, silent, with_schemas};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let schemas = |inner| json!({"Pet": {"type": "object"}, "Holder": {"type": "object", "properties": {"pet": inner}}});
        fires(&RULE, &with_schemas(schemas(json!({"$ref": "#/components/schemas/Pet", "nullable": true}))));
        silent(&with_schemas(schemas(
            json!({"$ref": "#/components/schemas/Pet", "description": "a pet", "type": "object"}),
        )));
        silent(&with_schemas(schemas(
            json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Pet"}]}),
        )));
    }
}
