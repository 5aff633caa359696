//! # request-parameter-became-required
//!
//! ## What it does
//!
//! Reports a parameter that could be left out before and must be sent now. Header names are compared without
//! regard to letter case.
//!
//! ## Why it matters
//!
//! Requests without it used to be valid and are refused now.
//!
//! ## Example
//!
//! Query parameter `limit` of `GET /pets` changes from `required: false` to `required: true`.
//!
//! ## How to fix
//!
//! Leave the parameter optional and give its absence a meaning.

use crate::compat::change::Change;
use crate::compat::pair::{OperationPair, parameter_anchor};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-parameter-became-required",
    title: "a parameter became required",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.12.1",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    pair.parameters()
        .into_iter()
        .filter(|parameter| !parameter.old.required && parameter.new.required)
        .map(|parameter| {
            let (old, new) = (parameter.old, parameter.new);
            let witness = format!("the same request without {} parameter `{}`", old.location, old.name);
            Change::new(&RULE, parameter_anchor(new, parameter.position), "required", "became required")
                .values("optional", "required")
                .witness(Some(witness))
                .at(Some(old.pointer.clone()), Some(new.pointer.clone()))
                .cause(pair.outside(&new.pointer))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{findings, fires, parameter, shared, silent};
    use serde_json::json;

    #[test]
    fn required_fires_and_optional_does_not() {
        let limit = |required: bool| {
            parameter(
                json!({"name": "limit", "in": "query", "required": required, "schema": {"type": "integer"}}),
            )
        };
        let found = fires(&RULE, &limit(false), &limit(true));
        assert_eq!(found[0].title, "query parameter `limit` of POST /things became required");
        silent(&limit(true), &limit(false));
    }

    #[test]
    fn a_shared_parameter_is_one_finding() {
        let document = |required: bool| {
            let operation = json!({"parameters": [{"$ref": "#/components/parameters/L"}], "responses": {"204": {"description": "done"}}});
            shared(
                json!({"/a": {"get": operation}, "/b": {"get": operation}}),
                json!({"parameters": {"L": {"name": "limit", "in": "query", "required": required, "schema": {"type": "integer"}}}}),
            )
        };
        let found = findings(&document(false), &document(true));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].operation, None);
        assert_eq!(found[0].places.len(), 3);
    }
}
