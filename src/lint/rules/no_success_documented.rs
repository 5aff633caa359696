//! # no-success-documented
//!
//! ## What it says
//!
//! Reports an operation that documents answers, but neither a success (2xx), a redirection (3xx) nor `default`.
//!
//! ## Why it matters
//!
//! Every successful answer is undocumented, and none can be tested.
//!
//! ## Example
//!
//! `responses: {"404": {description: not found}}`
//!
//! ## How to fix
//!
//! Document what a successful call answers.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::spec::{Issue, Operation, StatusPattern};

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("no-success-documented", "no successful answer is documented", "OpenAPI 3.0.3 §4.7.16");

/// Judges one operation.
pub(crate) fn judge(operation: &Operation, _: &Scene<'_>) -> Vec<Issue> {
    let success = |status: StatusPattern| match status {
        StatusPattern::Default => true,
        StatusPattern::Range(digit) => digit < 4,
        StatusPattern::Code(code) => code < 400,
    };
    if operation.responses.is_empty() || operation.responses.iter().any(|response| success(response.status)) {
        return Vec::new();
    }
    let at = operation.pointer.push("responses");
    vec![RULE.at(&at, "no successful answer is documented", "document what a successful call answers")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, operation, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &operation("3.0.3", json!({"responses": {"404": {"description": "d"}}})));
        silent(&operation(
            "3.0.3",
            json!({"responses": {"404": {"description": "d"}, "204": {"description": "d"}}}),
        ));
        silent(&operation("3.0.3", json!({"responses": {"default": {"description": "d"}}})));
    }
}
