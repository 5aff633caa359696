//! # enum-member-mismatch
//!
//! ## What it says
//!
//! Reports a member of `enum` (or the `const`) that the keywords beside it refuse, most often by its type.
//!
//! ## Why it matters
//!
//! The member is listed as allowed but can never be valid; in YAML it is often a number or boolean that was
//! meant as text.
//!
//! ## Example
//!
//! `{type: string, enum: [on, off, 1]}`: the last one is a number.
//!
//! ## How to fix
//!
//! Quote the member, or correct `type`.

use crate::lint::exemplar::brief;
use crate::lint::keyword::{is_one_of, kind_of, kinds};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "enum-member-mismatch",
    "a member of an enumeration does not fit the schema beside it",
    "JSON Schema Validation §6.1.2",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(Value::Array(values)) = node.schema.get("enum") else { return Vec::new() };
    if !scene.counts(node.schema) {
        return Vec::new();
    }
    let Some(kinds) = kinds(node.schema) else { return Vec::new() };
    // Null has a rule of its own.
    let wrong: Vec<usize> = (0..values.len())
        .filter(|index| !values[*index].is_null() && !is_one_of(kind_of(&values[*index]), &kinds))
        .collect();
    let Some(first) = wrong.first().filter(|_| wrong.len() < values.len() && !kinds.is_empty()) else {
        return Vec::new();
    };
    let more = match wrong.len() {
        1 => String::new(),
        more => format!(" ({} members in all)", more),
    };
    let message = format!(
        "{} in `enum` is of type {}, not of type {}{more}",
        brief(&values[*first]),
        kind_of(&values[*first]),
        kinds.join(" or "),
    );
    let at = node.at.push("enum").push(first);
    vec![RULE.at(&at, message, "quote the member, or correct `type`")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "string", "enum": ["on", 1]})));
        silent(&request("3.0.3", json!({"type": "string", "enum": ["on", "1"]})));
        silent(&request("3.0.3", json!({"type": "number", "enum": [1, 2.5]})));
    }
}
