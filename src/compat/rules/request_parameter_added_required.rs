//! # request-parameter-added-required
//!
//! ## What it does
//!
//! Reports a required parameter that the old document did not have.
//!
//! ## Why it matters
//!
//! No existing client sends it, so every existing request is refused. A `default` does not help: by the
//! contract a request without a required parameter is invalid.
//!
//! ## Example
//!
//! `GET /findings` gains the required query parameter `project`.
//!
//! ## How to fix
//!
//! Make the parameter optional and document what its absence means.

use crate::compat::change::Change;
use crate::compat::pair::{OperationPair, parameter_anchor};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-parameter-added-required",
    title: "a required parameter was added",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.12.1",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    pair.added_parameters()
        .filter(|parameter| parameter.required)
        .map(|new| {
            let witness = format!("the same request without {} parameter `{}`", new.location, new.name);
            Change::new(&RULE, parameter_anchor(new, None), "added", "was added and is required")
                .values("no such parameter", "required")
                .witness(Some(witness))
                .at(None, Some(new.pointer.clone()))
                .cause(pair.outside(&new.pointer))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{bare, fires, parameter, silent};
    use serde_json::json;

    #[test]
    fn a_new_required_parameter_fires_and_an_optional_one_does_not() {
        let project = |required: bool| {
            parameter(
                json!({"name": "project", "in": "query", "required": required, "schema": {"type": "string"}}),
            )
        };
        fires(&RULE, &bare(), &project(true));
        silent(&bare(), &project(false));
    }

    #[test]
    fn headers_that_openapi_ignores_are_ignored() {
        silent(
            &bare(),
            &parameter(
                json!({"name": "Accept", "in": "header", "required": true, "schema": {"type": "string"}}),
            ),
        );
    }
}
