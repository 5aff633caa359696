//! # request-body-became-required
//!
//! ## What it does
//!
//! Reports an operation whose request body could be left out before and must be sent now.
//!
//! ## Why it matters
//!
//! A request without a body used to be valid and is refused now.
//!
//! ## Example
//!
//! The request body of `POST /scans` changes from `required: false` to `required: true`.
//!
//! ## How to fix
//!
//! Leave the body optional and give it a default meaning.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::pair::OperationPair;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-body-became-required",
    title: "the request body became required",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.13",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    let Some(new) = pair.new.body.as_ref().filter(|body| body.required) else { return Vec::new() };
    let old = pair.old.body.as_ref();
    if old.is_some_and(|body| body.required) {
        return Vec::new();
    }
    vec![
        Change::new(&RULE, Anchor::new(Base::RequestBody), "required", "became required")
            .values(if old.is_some() { "optional" } else { "no body" }, "required")
            .witness(Some("the same request without a body".to_owned()))
            .at(old.map(|body| body.pointer.clone()), Some(new.pointer.clone()))
            .cause(pair.outside(&new.pointer)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{api, fires, silent};
    use serde_json::{Value, json};

    fn with(body: Value) -> crate::spec::Api {
        let mut operation = json!({"responses": {"204": {"description": "done"}}});
        if !body.is_null() {
            operation["requestBody"] = body;
        }
        api(json!({"/scans": {"post": operation}}))
    }

    #[test]
    fn a_body_that_must_be_sent_fires() {
        let optional = with(json!({"content": {"application/json": {"schema": {"type": "object"}}}}));
        let required =
            with(json!({"required": true, "content": {"application/json": {"schema": {"type": "object"}}}}));
        fires(&RULE, &optional, &required);
        fires(&RULE, &with(Value::Null), &required);
        silent(&required, &optional);
        silent(&with(Value::Null), &optional);
    }
}
