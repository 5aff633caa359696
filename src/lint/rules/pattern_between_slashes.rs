//! # pattern-between-slashes
//!
//! ## What it says
//!
//! Reports a `pattern` that is written between slashes, as regular expressions stand in a program: `/^[a-z]+$/`
//! or `/^[a-z]+$/i`.
//!
//! ## Why it matters
//!
//! The slashes count as characters of the text. `/^` asks for a slash before the beginning of the text, which no
//! text has, so nothing fits the pattern.
//!
//! ## Example
//!
//! `pattern: "/^[a-z]+$/"`
//!
//! ## How to fix
//!
//! Write the pattern without slashes and flags: `^[a-z]+$`. Instead of `i`, spell both letter cases out: `[A-Za-z]`.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::schema::readable_pattern;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "pattern-between-slashes",
    "a pattern stands between slashes",
    "JSON Schema Validation §6.3.3",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(pattern) = node.schema.get("pattern").and_then(Value::as_str) else { return Vec::new() };
    // What nobody can read is told where it is parsed.
    if !scene.counts(node.schema) || !is_delimited(pattern) || readable_pattern(pattern).is_none() {
        return Vec::new();
    }
    let message = format!("pattern `{pattern}` stands between slashes, which count as characters");
    vec![RULE.at(&node.at.push("pattern"), message, "drop the slashes and flags")]
}

/// `/^…/` or `/^…/i`; a pattern for paths, `^/a/b`, is something else.
fn is_delimited(pattern: &str) -> bool {
    let Some(rest) = pattern.strip_prefix("/^") else { return false };
    rest.rsplit_once('/').is_some_and(|(body, flags)| {
        (body.ends_with('$') || !body.contains('/')) && flags.chars().all(|flag| "gimsuy".contains(flag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "string", "pattern": "/^[a-z]+$/"})));
        fires(&RULE, &request("3.1.0", json!({"type": "string", "pattern": "/^[a-z]+/gi"})));
        silent(&request("3.0.3", json!({"type": "string", "pattern": "^[a-z]+$"})));
        silent(&request("3.0.3", json!({"type": "string", "pattern": "^/a/b$"})));
    }
}
