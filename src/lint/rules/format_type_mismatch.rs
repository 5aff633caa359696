//! # format-type-mismatch
//!
//! ## What it says
//!
//! Reports a `format` that speaks of another type: a date format on an integer, `int32` on a boolean. Numbers
//! written as texts (`type: string, format: int64`) are a common convention and pass.
//!
//! ## Why it matters
//!
//! The format judges nothing. A number with `format: date-time` is perhaps a count of seconds, which the
//! document does not say.
//!
//! ## Example
//!
//! `{type: integer, format: date-time}`
//!
//! ## How to fix
//!
//! Correct the type, or drop the format.

use crate::lint::keyword::kinds;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "format-type-mismatch",
    "a format cannot apply to the type beside it",
    "OpenAPI 3.0.3 §4.4",
);

/// Formats of texts.
const TEXTS: &[&str] = &[
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "uuid",
    "byte",
    "binary",
    "json-pointer",
    "regex",
];
/// Formats of numbers.
const NUMBERS: &[&str] = &["int32", "int64", "float", "double"];

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let (Some(format), Some(kinds)) = (node.schema.get("format").and_then(Value::as_str), kinds(node.schema))
    else {
        return Vec::new();
    };
    if kinds.is_empty() || !scene.counts(node.schema) {
        return Vec::new();
    }
    let fits = |kind: &&str| match *kind {
        "string" | "file" => true,
        "integer" | "number" => !TEXTS.contains(&format),
        "boolean" | "object" | "array" => !TEXTS.contains(&format) && !NUMBERS.contains(&format),
        _ => true,
    };
    if kinds.iter().any(fits) {
        return Vec::new();
    }
    let message = format!("format `{format}` says nothing about type {}", kinds.join(" or "));
    vec![RULE.at(&node.at.push("format"), message, "correct the type, or drop the format")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "integer", "format": "date-time"})));
        silent(&request("3.0.3", json!({"type": "string", "format": "date-time"})));
        silent(&request("3.0.3", json!({"type": "string", "format": "int64"})));
        silent(&request("3.1.0", json!({"type": ["string", "integer"], "format": "date-time"})));
    }
}
