//! # default-mismatch
//!
//! ## What it says
//!
//! Reports a `default` that breaks the schema beside which it stands. Formats are overlooked, and so is
//! `default: null`, which many generators write for "none".
//!
//! ## Why it matters
//!
//! A client that fills in the default sends a value that the document itself calls invalid.
//!
//! ## Example
//!
//! `{type: integer, default: "ten"}`
//!
//! ## How to fix
//!
//! Correct the default or the schema.

use crate::lint::exemplar::{Exemplar, mismatch};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("default-mismatch", "a default does not fit its own schema", "OpenAPI 3.0.3 §4.7.24");

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(value) = node.schema.get("default").filter(|value| !value.is_null()) else { return Vec::new() };
    if !scene.counts(node.schema) {
        return Vec::new();
    }
    let exemplar = Exemplar { at: node.at.push("default"), what: "default", value };
    mismatch(&RULE, scene, &node.at, node.usage.directions(), &exemplar).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "integer", "default": "ten"})));
        silent(&request("3.0.3", json!({"type": "integer", "default": 10})));
        silent(&request("3.0.3", json!({"type": "integer", "default": null})));
        silent(&request("3.0.3", json!({"type": "string", "format": "date", "default": "today"})));
    }
}
