//! # request-parameter-removed
//!
//! ## What it does
//!
//! Reports a parameter outside the path that the new document no longer has. A moved parameter (another `in`)
//! counts as removed.
//!
//! ## Why it matters
//!
//! Most servers ignore what they do not know: the request still works and means something else, such as a
//! filter that no longer filters. Strict servers refuse it. Hence a warning.
//!
//! ## Example
//!
//! Query parameter `status` of `GET /findings` is gone.
//!
//! ## How to fix
//!
//! Keep the parameter, marked `deprecated`, for as long as clients send it.

use crate::compat::change::Change;
use crate::compat::pair::{OperationPair, parameter_anchor};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-parameter-removed",
    title: "a parameter was removed",
    severity: Severity::Warning,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.12",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    pair.removed_parameters()
        .map(|old| {
            Change::new(&RULE, parameter_anchor(old, None), "removed", "was removed")
                .values("there", "gone")
                .witness(Some(format!("a request with {} parameter `{}`", old.location, old.name)))
                .at(Some(old.pointer.clone()), None)
                .cause(pair.outside_old(&old.pointer))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{bare, fires, parameter, silent};
    use serde_json::json;

    #[test]
    fn a_parameter_gone_fires_and_letter_case_of_a_header_does_not() {
        let header =
            |name: &str| parameter(json!({"name": name, "in": "header", "schema": {"type": "string"}}));
        let found = fires(&RULE, &header("X-Trace"), &bare());
        assert_eq!(found[0].severity, Severity::Warning);
        silent(&header("X-Trace"), &header("x-trace"));
    }
}
