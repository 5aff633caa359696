//! # read-only-and-write-only
//!
//! ## What it says
//!
//! Reports a schema that is both `readOnly: true` and `writeOnly: true`.
//!
//! ## Why it matters
//!
//! It may be sent neither in requests nor in responses. OpenAPI forbids both marks together.
//!
//! ## Example
//!
//! `{type: string, readOnly: true, writeOnly: true}`
//!
//! ## How to fix
//!
//! Drop one of the marks.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "read-only-and-write-only",
    "a property may travel in no direction",
    "OpenAPI 3.0.3 §4.7.24",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, _: &Scene<'_>) -> Vec<Issue> {
    let both = ["readOnly", "writeOnly"].iter().all(|key| node.schema.get(*key) == Some(&Value::Bool(true)));
    let message = "both `readOnly` and `writeOnly`: it may travel in no direction";
    both.then(|| RULE.at(&node.at.push("writeOnly"), message, "drop one of the marks")).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let schema = |both: bool| json!({"type": "object", "properties": {"a": {"type": "string", "readOnly": true, "writeOnly": both}}});
        fires(&RULE, &request("3.0.3", schema(true)));
        silent(&request("3.0.3", schema(false)));
    }
}
