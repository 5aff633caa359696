//! # duplicate-enum-member
//!
//! ## What it says
//!
//! Reports a value that stands more than once in an `enum`.
//!
//! ## Why it matters
//!
//! It is harmless to a validator but often a typing mistake: the member that was meant is missing. Draft 4
//! forbids it.
//!
//! ## Example
//!
//! `enum: [asc, asc]`
//!
//! ## How to fix
//!
//! Drop the repetition, or write what was meant.

use crate::lint::exemplar::brief;
use crate::lint::keyword::branches;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use std::collections::HashSet;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "duplicate-enum-member",
    "an enumeration lists a value twice",
    "JSON Schema Validation §6.1.2",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let values = if scene.counts(node.schema) { branches(node.schema, "enum") } else { &[] };
    let mut seen = HashSet::new();
    let list = node.at.push("enum");
    // What doubles do not hold tells apart what they make equal.
    let text = |index: usize| scene.document.digits().json(&values[index], &list.push(index));
    let twin = (0..values.len()).find(|index| !seen.insert(text(*index)));
    twin.map(|index| {
        let message = format!("`enum` lists {} twice", brief(&values[index]));
        RULE.at(&list.push(index), message, "drop one, or write what was meant")
    })
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "string", "enum": ["asc", "asc"]})));
        silent(&request("3.0.3", json!({"type": "string", "enum": ["asc", "desc"]})));
        silent(&request("3.1.0", json!({"enum": ["1", 1]})));
    }
}
