//! # enum-null-without-nullable
//!
//! ## What it says
//!
//! Reports `null` in an `enum` whose `type` does not allow null: without `nullable: true` in OpenAPI 3.0,
//! without `null` in the list of types in 3.1.
//!
//! ## Why it matters
//!
//! The type refuses null before the enumeration is asked, so an answer with null breaks the schema although the
//! list seems to allow it.
//!
//! ## Example
//!
//! `{type: string, enum: [a, b, null]}`
//!
//! ## How to fix
//!
//! Add `nullable: true` (3.0), `x-nullable: true` (2.0) or write `type: [string, "null"]` (3.1); or drop the
//! null.

use crate::lint::keyword::{branches, takes_null};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "enum-null-without-nullable",
    "an enumeration lists null, but the type does not allow it",
    "OpenAPI proposal 2019-10-31",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(index) = branches(node.schema, "enum").iter().position(Value::is_null) else {
        return Vec::new();
    };
    if !scene.counts(node.schema) || takes_null(node.schema, scene) {
        return Vec::new();
    }
    let hint = if scene.is_swagger() {
        "add `x-nullable: true`, or drop the null"
    } else if scene.is_draft4() {
        "add `nullable: true`, or drop the null"
    } else {
        "add `\"null\"` to `type`, or drop the null"
    };
    vec![RULE.at(&node.at.push("enum").push(index), "`enum` lists null, but `type` does not allow it", hint)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "string", "enum": ["a", null]})));
        fires(&RULE, &request("3.1.0", json!({"type": "string", "enum": ["a", null]})));
        silent(&request("3.0.3", json!({"type": "string", "nullable": true, "enum": ["a", null]})));
        silent(&request("3.1.0", json!({"type": ["string", "null"], "enum": ["a", null]})));
    }
}
