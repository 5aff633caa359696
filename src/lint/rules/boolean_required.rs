//! # boolean-required
//!
//! ## What it says
//!
//! Reports `required: true` or `required: false` in a schema. Only parameters, headers and request bodies have
//! such a member.
//!
//! ## Why it matters
//!
//! It says nothing there: the property stays optional for every validator, and a missing one is not noticed.
//!
//! ## Example
//!
//! `properties: {id: {type: integer, required: true}}`
//!
//! ## How to fix
//!
//! List the names in the object: `required: [id]` beside `properties`.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("boolean-required", "`required` is a boolean inside a schema", "OpenAPI 3.0.3 §4.7.24");

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(written @ Value::Bool(_)) = node.schema.get("required") else { return Vec::new() };
    // A form field of Swagger 2.0 is its own schema.
    let parameter =
        node.usage.parameter || node.schema.contains_key("in") && node.schema.contains_key("name");
    if parameter || !scene.counts(node.schema) {
        return Vec::new();
    }
    let message = format!("`required: {written}` says nothing in a schema");
    let hint = match node.at.last() {
        Some(name) if node.at.parent().and_then(|at| at.last()).as_deref() == Some("properties") => {
            format!("list `{name}` in the `required` of the object around it")
        }
        _ => "list the names of required properties, or drop it".to_owned(),
    };
    vec![RULE.at(&node.at.push("required"), message, hint)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, operation, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(
            &RULE,
            &request(
                "3.0.3",
                json!({"type": "object", "properties": {"id": {"type": "integer", "required": true}}}),
            ),
        );
        silent(&request(
            "3.0.3",
            json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}),
        ));
        silent(&operation(
            "2.0",
            json!({"parameters": [{"name": "q", "in": "query", "type": "string", "required": true}], "responses": {"204": {"description": "d"}}}),
        ));
    }
}
