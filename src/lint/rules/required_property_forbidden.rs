//! # required-property-forbidden
//!
//! ## What it says
//!
//! Reports a property that is required while `additionalProperties: false` forbids it, because no `properties`
//! beside it declares it. `allOf` and references are followed: each part sees only its own `properties`.
//!
//! ## Why it matters
//!
//! No object can hold the property and lack it. The usual cause is composition: `additionalProperties: false`
//! in one part of an `allOf` forbids everything that the other parts add.
//!
//! ## Example
//!
//! `allOf: [{$ref: Base}, {required: [name], properties: {name: {type: string}}}]`, where `Base` has
//! `additionalProperties: false`.
//!
//! ## How to fix
//!
//! Drop `additionalProperties: false` from the part, or in OpenAPI 3.1 write `unevaluatedProperties: false`
//! beside the `allOf`.

use crate::lint::keyword::{property, required};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::{Map, Value};

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "required-property-forbidden",
    "a required property is forbidden by `additionalProperties: false`",
    "JSON Schema Validation §6.5.3",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let own = node.schema.contains_key("allOf") || node.schema.contains_key("required");
    if !own || !scene.counts(node.schema) {
        return Vec::new();
    }
    let Some(parts) = scene.parts(&node.at, node.schema) else { return Vec::new() };
    let closed: Vec<_> = parts.iter().filter(|part| is_closed(part.schema)).collect();
    for part in &parts {
        for name in required(part.schema) {
            let wall = closed.iter().find(|wall| property(wall.schema, name).is_none());
            // A contradiction inside one part is told there.
            let inherited = part.at != node.at && wall.is_some_and(|wall| wall.at == part.at);
            if let Some(wall) = wall.filter(|_| !inherited) {
                let message = format!(
                    "property `{name}` is required, but `additionalProperties: false` at `#{}` forbids it",
                    wall.at.as_str()
                );
                let at = if part.at == node.at { node.at.push("required") } else { node.at.push("allOf") };
                return vec![RULE.at(
                    &at,
                    message,
                    "declare it there, or drop `additionalProperties: false`",
                )];
            }
        }
    }
    Vec::new()
}

fn is_closed(schema: &Map<String, Value>) -> bool {
    schema.get("additionalProperties") == Some(&Value::Bool(false))
        && !schema.contains_key("patternProperties")
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
                json!({"type": "object", "required": ["a"], "properties": {"b": {"type": "string"}}, "additionalProperties": false}),
            ),
        );
        fires(
            &RULE,
            &request(
                "3.0.3",
                json!({"allOf": [{"type": "object", "additionalProperties": false}, {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}]}),
            ),
        );
        silent(&request(
            "3.0.3",
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}, "additionalProperties": false}),
        ));
    }
}
