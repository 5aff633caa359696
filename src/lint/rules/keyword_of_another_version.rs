//! # keyword-of-another-version
//!
//! ## What it says
//!
//! Reports a keyword that the document's version does not know, or knows in another shape: `nullable` in 3.1,
//! `const` in 3.0, `oneOf` in Swagger 2.0, a boolean `exclusiveMinimum` in 3.1, a list of types in 3.0.
//!
//! ## Why it matters
//!
//! Tools overlook what their version does not know, so the restriction holds for some readers of the document
//! and not for others.
//!
//! ## Example
//!
//! `{type: string, nullable: true}` in OpenAPI 3.1 does not allow null.
//!
//! ## How to fix
//!
//! Write it as the document's version does, or raise the version.

use crate::lint::keyword::shown;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::{Issue, SpecVersion};
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "keyword-of-another-version",
    "a keyword belongs to another version of OpenAPI",
    "OpenAPI 3.1.0 §4.8.24",
);

/// Keywords of JSON Schema after draft 4.
const LATER: &[&str] = &[
    "const",
    "if",
    "then",
    "else",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$defs",
];
/// Keywords that OpenAPI 3.0 added to Swagger 2.0.
const ADDED: &[&str] = &["oneOf", "anyOf", "not", "nullable", "writeOnly"];

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    if !scene.counts(node.schema) {
        return Vec::new();
    }
    let version = scene.api.spec_version;
    let wrong = node.schema.iter().filter_map(|(key, value)| {
        let hint = match version {
            SpecVersion::OpenApi31 | SpecVersion::OpenApi32 => modern(key, value),
            SpecVersion::Swagger2 if ADDED.contains(&key.as_str()) && !node.usage.parameter => {
                Some(if key == "nullable" { "write `x-nullable`" } else { "write the document in OpenAPI 3" })
            }
            SpecVersion::Swagger2 if key == "discriminator" && value.is_object() => {
                Some("write the name of the property alone")
            }
            SpecVersion::Swagger2 => draft4(key, value),
            SpecVersion::OpenApi30 => draft4(key, value).or_else(|| of_swagger(key, value)),
        }?;
        let how = if LATER.contains(&key.as_str()) || ADDED.contains(&key.as_str()) {
            format!("{version} does not know `{key}`")
        } else {
            format!("{version} does not know `{key}: {}`", shown(value))
        };
        Some(RULE.at(&node.at.push(key), how, hint))
    });
    wrong.collect()
}

fn draft4(key: &str, value: &Value) -> Option<&'static str> {
    match key {
        "const" => Some("write an `enum` of one member"),
        _ if LATER.contains(&key) => Some("write the document in OpenAPI 3.1"),
        "exclusiveMinimum" if value.is_number() => Some("write `minimum` and `exclusiveMinimum: true`"),
        "exclusiveMaximum" if value.is_number() => Some("write `maximum` and `exclusiveMaximum: true`"),
        "type" if value.is_array() => Some("write one type, with `nullable: true` for null"),
        "type" if value == "null" => Some("write `nullable: true` beside the other type"),
        "examples" if value.is_array() => Some("write `example`"),
        _ => None,
    }
}

fn of_swagger(key: &str, value: &Value) -> Option<&'static str> {
    match key {
        "type" if value == "file" => Some("write `type: string` with `format: binary`"),
        "discriminator" if value.is_string() => Some("write `discriminator: {propertyName: …}`"),
        _ => None,
    }
}

fn modern(key: &str, value: &Value) -> Option<&'static str> {
    match key {
        "nullable" if *value == Value::Bool(true) => Some("add `\"null\"` to `type`"),
        "exclusiveMinimum" if value.is_boolean() => Some("write the limit itself as `exclusiveMinimum`"),
        "exclusiveMaximum" if value.is_boolean() => Some("write the limit itself as `exclusiveMaximum`"),
        "items" if value.is_array() => Some("write `prefixItems`"),
        _ => of_swagger(key, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.1.0", json!({"type": "string", "nullable": true})));
        fires(&RULE, &request("3.1.0", json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true})));
        fires(&RULE, &request("3.0.3", json!({"const": 1})));
        fires(&RULE, &request("3.0.3", json!({"type": ["string", "null"]})));
        fires(&RULE, &request("2.0", json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})));
        silent(&request("3.0.3", json!({"type": "string", "nullable": true})));
        silent(&request("3.1.0", json!({"const": 1, "exclusiveMinimum": 0})));
        silent(&request("2.0", json!({"type": "string", "x-nullable": true})));
    }
}
