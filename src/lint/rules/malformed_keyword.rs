//! # malformed-keyword
//!
//! ## What it says
//!
//! Reports a keyword whose value is not what JSON Schema asks for: a bound that is not a number, a length below
//! zero, `properties` that is no object, an `enum` without members.
//!
//! ## Why it matters
//!
//! A validator refuses the schema or overlooks the keyword. This tool overlooks it, so the restriction that was
//! meant is not tested.
//!
//! ## Example
//!
//! `{type: string, maxLength: "10"}`
//!
//! ## How to fix
//!
//! Write the value in the shape that the keyword asks for; in YAML often without quotes.

use crate::lint::exemplar::brief;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "malformed-keyword",
    "the value of a keyword has the wrong shape",
    "JSON Schema Validation §6",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    if !scene.counts(node.schema) {
        return Vec::new();
    }
    let wrong = node.schema.iter().filter_map(|(key, value)| {
        let wanted = wanted(key, value, node)?;
        let message = format!("`{key}` is {}, but must be {wanted}", brief(value));
        Some(RULE.at(&node.at.push(key), message, format!("write {wanted}")))
    });
    wrong.collect()
}

/// What the keyword asks for, if `value` is something else.
fn wanted(key: &str, value: &Value, node: &Node<'_>) -> Option<&'static str> {
    let (fine, wanted) = match key {
        "minimum" | "maximum" => (value.is_number(), "a number"),
        "exclusiveMinimum" | "exclusiveMaximum" => {
            (value.is_number() || value.is_boolean(), "a number or boolean")
        }
        "multipleOf" => (value.as_f64().is_some_and(|number| number > 0.0), "a number above 0"),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => (
            value.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0),
            "a whole number from 0",
        ),
        "uniqueItems" | "nullable" | "readOnly" | "writeOnly" | "deprecated" => {
            (value.is_boolean(), "a boolean")
        }
        "pattern" | "format" => (value.is_string(), "a text"),
        "properties" | "patternProperties" => (value.is_object(), "an object"),
        "allOf" | "anyOf" | "oneOf" => {
            (value.as_array().is_some_and(|list| !list.is_empty()), "a list of schemas")
        }
        "enum" => (value.as_array().is_some_and(|list| !list.is_empty()), "a list of values"),
        // A boolean has a rule of its own, and in a parameter it is right.
        "required" if !node.usage.parameter && !value.is_boolean() => {
            (value.as_array().is_some_and(|list| list.iter().all(Value::is_string)), "a list of names")
        }
        "type" => (value.is_string() || value.is_array(), "a type name"),
        "additionalProperties" => (value.is_object() || value.is_boolean(), "a schema or a boolean"),
        _ => return None,
    };
    (!fine).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "string", "maxLength": "10"})));
        fires(&RULE, &request("3.0.3", json!({"type": "string", "enum": []})));
        silent(&request("3.0.3", json!({"type": "string", "maxLength": 10, "enum": ["a"]})));
    }
}
