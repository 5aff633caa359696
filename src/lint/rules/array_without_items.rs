//! # array-without-items
//!
//! ## What it says
//!
//! Reports `type: array` without `items` in Swagger 2.0 or OpenAPI 3.0, where `items` must be there.
//!
//! ## Why it matters
//!
//! Nothing about the members is tested, and code generators stop.
//!
//! ## Example
//!
//! `{type: array}`
//!
//! ## How to fix
//!
//! Add `items`; `items: {}` says that anything may be in the list.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("array-without-items", "an array does not say what it holds", "OpenAPI 3.0.3 §4.7.24");

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let listed = node.schema.get("type").and_then(Value::as_str) == Some("array");
    if !listed || !scene.is_draft4() || !scene.counts(node.schema) || node.schema.contains_key("items") {
        return Vec::new();
    }
    // Another part of the same value may tell it.
    if node.usage.branch || ["allOf", "anyOf", "oneOf"].iter().any(|key| node.schema.contains_key(*key)) {
        return Vec::new();
    }
    vec![RULE.at(&node.at, "an array without `items` says nothing about its members", "add `items`")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "array"})));
        silent(&request("3.0.3", json!({"type": "array", "items": {}})));
        silent(&request("3.1.0", json!({"type": "array"})));
    }
}
