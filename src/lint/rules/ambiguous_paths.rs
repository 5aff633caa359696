//! # ambiguous-paths
//!
//! ## What it says
//!
//! Reports two templates with a common method that one URL can fit, each with a parameter where the other has a
//! text. Where only one of them has parameters, the plainer one wins and nothing is said; nor where the
//! parameter's schema refuses the text.
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
use crate::lint::exemplar::wrong;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::schema::Direction;
use crate::spec::{Issue, Location, Operation};
use serde_json::Value;
use std::collections::BTreeMap;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "ambiguous-paths",
    "one URL fits two path templates, and neither is the plainer one",
    "OpenAPI 3.0.3 §4.7.8",
);

/// How many pairs are compared at most.
const MOST: usize = 4_000_000;

/// An operation with the segments of its path.
type Split<'a> = (Vec<String>, &'a Operation);

/// Judges all paths together.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let mut groups: BTreeMap<(Method, usize), Vec<Split<'_>>> = BTreeMap::new();
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
            if let Some((_, twin)) =
                group[..index].iter().find(|(other, twin)| clash(scene, (segments, operation), (other, twin)))
            {
                let message = format!("one URL fits both `{}` and `{}`", operation.path, twin.path);
                found.push(RULE.at(&operation.pointer, message, "tell the paths apart by a fixed segment"));
            }
        }
    }
    found
}

/// A path's segments, and its operation.
type Path<'a> = (&'a [String], &'a Operation);

/// Whether one URL fits both, and each has a parameter where the other has a text.
fn clash(scene: &Scene<'_>, (one, left): Path<'_>, (other, right): Path<'_>) -> bool {
    let (mut here, mut there) = (false, false);
    for (mine, yours) in one.iter().zip(other) {
        match (name(mine), name(yours)) {
            (Some(_), Some(_)) => {}
            (Some(name), None) if takes(scene, left, name, yours) => here = true,
            (None, Some(name)) if takes(scene, right, name, mine) => there = true,
            (None, None) if mine == yours => {}
            _ => return false,
        }
    }
    here && there
}

/// The parameter that a segment is, if it is nothing else.
fn name(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then_some(name)
}

/// Whether the parameter can have this text as its value.
fn takes(scene: &Scene<'_>, operation: &Operation, name: &str, text: &str) -> bool {
    if text.is_empty() || text.contains('{') {
        return false;
    }
    let Some(schema) = operation.parameter(Location::Path, name).and_then(|it| it.schema.as_ref()) else {
        return true;
    };
    let Some((_, node)) = scene.document.resolve(schema) else { return true };
    let known = |key: &str| node.get(key).and_then(Value::as_str);
    if known("format") == Some("uuid") {
        return false;
    }
    match known("type") {
        Some("integer" | "number") => text.parse::<f64>().is_ok(),
        Some("boolean") => matches!(text, "true" | "false"),
        _ => wrong(scene, schema, &[Direction::Request], &Value::from(text)).is_none(),
    }
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
        let mut counted = document_of("/books/{id}");
        counted["paths"]["/books/{id}"]["post"]["parameters"][0]["schema"] = json!({"type": "integer"});
        silent(&counted);
    }
}
