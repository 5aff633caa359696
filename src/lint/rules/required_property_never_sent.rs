//! # required-property-never-sent
//!
//! ## What it says
//!
//! Reports a schema that only requests use and that requires a `readOnly` property, or that only responses use
//! and that requires a `writeOnly` one.
//!
//! ## Why it matters
//!
//! `readOnly` properties are not sent in requests, so the requirement never holds: either the mark or the
//! requirement is a mistake, or the schema is used in the wrong place.
//!
//! ## Example
//!
//! A request body with `required: [id], properties: {id: {type: integer, readOnly: true}}` that no response
//! uses.
//!
//! ## How to fix
//!
//! Drop the mark or the name in `required`.

use crate::lint::keyword::{property, required};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "required-property-never-sent",
    "a required property may not travel where its schema is used",
    "OpenAPI 3.0.3 §4.7.24",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let (mark, place) = match (node.usage.request, node.usage.response) {
        (true, false) => ("readOnly", "requests"),
        (false, true) => ("writeOnly", "responses"),
        _ => return Vec::new(),
    };
    if !scene.counts(node.schema) {
        return Vec::new();
    }
    let marked = |name: &&str| {
        property(node.schema, name).and_then(|property| property.get(mark)) == Some(&Value::Bool(true))
    };
    let issues = required(node.schema).filter(marked).map(|name| {
        let message = format!("`{name}` is required and {mark}, but only {place} use this schema");
        RULE.at(
            &node.at.push("properties").push(name),
            message,
            format!("drop `{mark}`, or do not require it"),
        )
    });
    issues.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, response, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let schema = |mark: &str| json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", mark: true}}});
        fires(&RULE, &request("3.0.3", schema("readOnly")));
        fires(&RULE, &response("3.0.3", schema("writeOnly")));
        silent(&request("3.0.3", schema("writeOnly")));
        silent(&response("3.0.3", schema("readOnly")));
    }
}
