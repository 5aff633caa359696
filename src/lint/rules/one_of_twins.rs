//! # one-of-twins
//!
//! ## What it says
//!
//! Reports two branches of a `oneOf` that are equal.
//!
//! ## Why it matters
//!
//! A value that satisfies one of them satisfies both, and `oneOf` wants exactly one: the branches refuse every
//! value they describe.
//!
//! ## Example
//!
//! `oneOf: [{$ref: Cat}, {$ref: Cat}]`
//!
//! ## How to fix
//!
//! Drop one of the branches, or write `anyOf`.

use crate::lint::keyword::branches;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("one-of-twins", "two branches of `oneOf` are the same", "JSON Schema Core §10.2.1.3");

/// More branches than this are not compared.
const MOST: usize = 200;

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let all = if scene.counts(node.schema) { branches(node.schema, "oneOf") } else { &[] };
    let mut found = Vec::new();
    for (index, branch) in all.iter().enumerate().take(MOST) {
        if let Some(twin) = all[..index].iter().position(|other| other == branch) {
            let message = format!(
                "branches {twin} and {index} of `oneOf` are the same, so neither can be the only one"
            );
            found.push(RULE.at(&node.at.push("oneOf").push(index), message, "drop one, or write `anyOf`"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(
            &RULE,
            &request(
                "3.1.0",
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "string"}]}),
            ),
        );
        silent(&request("3.1.0", json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})));
        silent(&request("3.1.0", json!({"anyOf": [{"type": "string"}, {"type": "string"}]})));
    }
}
