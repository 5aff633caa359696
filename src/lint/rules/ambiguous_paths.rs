//! # ambiguous-paths
//!
//! ## What it says
//!
//! Reports two templates with a common method that one URL can fit, each with a parameter where the other has a
//! text. Where only one of them has parameters, the plainer one wins and nothing is said.
//!
//! ## Why it matters
//!
//! Which operation answers is up to the server's router; the document does not say whose responses count.
//!
//! ## Example
//!
//! `/{entity}/me` and `/books/{id}` both fit `/books/me`.
//!
//! ## How to fix
//!
//! Tell the paths apart by a fixed segment.

use crate::exchange::Method;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::spec::{Issue, Operation};
use std::collections::BTreeMap;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "ambiguous-paths",
    "one URL fits two path templates, and neither is the plainer one",
    "OpenAPI 3.0.3 §4.7.8",
);

/// How many pairs are compared at most.
const MOST: usize = 4_000_000;

/// Judges all paths together.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let mut groups: BTreeMap<(Method, usize), Vec<(Vec<String>, &Operation)>> = BTreeMap::new();
    for operation in &scene.api.operations {
        let text = operation.path.to_string();
        let segments: Vec<String> = text.split('/').map(str::to_owned).collect();
        groups.entry((operation.method, segments.len())).or_default().push((segments, operation));
    }
    let mut found = Vec::new();
    let mut left = MOST;
    for group in groups.values() {
        for (index, (segments, operation)) in group.iter().enumerate() {
            left = left.saturating_sub(index);
            if left == 0 {
                return found;
            }
            if let Some((_, twin)) = group[..index].iter().find(|(other, _)| clash(segments, other)) {
                let message = format!("one URL fits both `{}` and `{}`", operation.path, twin.path);
                found.push(RULE.at(&operation.pointer, message, "tell the paths apart by a fixed segment"));
            }
        }
    }
    found
}

/// Whether one URL fits both, and each has a parameter where the other has a text.
fn clash(one: &[String], other: &[String]) -> bool {
    let open = |segment: &String| segment.starts_with('{') && segment.ends_with('}');
    let (mut here, mut there) = (false, false);
    for (left, right) in one.iter().zip(other) {
        match (open(left), open(right)) {
            (true, true) => {}
            (true, false) if !right.contains('{') && !right.is_empty() => here = true,
            (false, true) if !left.contains('{') && !left.is_empty() => there = true,
            _ if left == right => {}
            _ => return false,
        }
    }
    here && there
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{document, fires, node, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let document_of = |second: &str| {
            document("3.0.3", json!({"/{a}/me": {"post": node("a")}, second: {"post": node("id")}}))
        };
        fires(&RULE, &document_of("/books/{id}"));
        silent(&document_of("/books/{id}/all"));
        silent(&document_of("/{id}/you"));
    }
}
