//! # lint-incomplete
//!
//! ## What it says
//!
//! Says how many questions were not asked because the document is large: whether any value satisfies a schema,
//! and whether an example fits.
//!
//! ## Why it matters
//!
//! Silence about those places proves nothing.
//!
//! ## Example
//!
//! A document of many megabytes with thousands of examples.
//!
//! ## How to fix
//!
//! Inspect the parts of the document one by one, if they are files of their own.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::schema::Pointer;
use crate::spec::Issue;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::note("lint-incomplete", "the document is too large to judge all of it", "");

/// Tells what was passed over, once everything else is judged.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let skipped = scene.budget.skipped.get();
    if skipped == 0 {
        return Vec::new();
    }
    let message = format!("{skipped} schemas or examples were not judged: the document is too large");
    vec![RULE.at(&Pointer::root(), message, "inspect its parts one by one")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let property = json!({"not": {"type": "string"}});
        let many: serde_json::Map<_, _> =
            (0..1_501).map(|index| (format!("s{index}"), property.clone())).collect();
        fires(&RULE, &request("3.0.3", json!({"type": "object", "properties": many})));
        silent(&request("3.0.3", json!({"type": "object", "properties": {"a": property}})));
    }
}
