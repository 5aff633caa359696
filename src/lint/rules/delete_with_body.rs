//! # delete-with-body
//!
//! ## What it says
//!
//! Reports a DELETE operation with a request body.
//!
//! ## Why it matters
//!
//! RFC 9110 gives it no meaning; proxies and clients may drop it or refuse the request.
//!
//! ## Example
//!
//! `delete: {requestBody: …}`
//!
//! ## How to fix
//!
//! Send what it says in the query, or use POST.

use crate::exchange::Method;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::spec::{Issue, Operation};

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::note("delete-with-body", "a DELETE has a body", "RFC 9110 §9.3.5");

/// Judges one operation.
pub(crate) fn judge(operation: &Operation, _: &Scene<'_>) -> Vec<Issue> {
    let Some(body) = operation.body.as_ref().filter(|_| operation.method == Method::Delete) else {
        return Vec::new();
    };
    let message = "a DELETE with a body has no defined meaning (RFC 9110 §9.3.5)";
    vec![RULE.at(&body.pointer, message, "use query parameters, or POST")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{document, fires, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let document_of = |method: &str| {
            document(
                "3.0.3",
                json!({"/a": {method: {"requestBody": {"content": {"application/json": {"schema": {}}}}, "responses": {"204": {"description": "d"}}}}}),
            )
        };
        fires(&RULE, &document_of("delete"));
        silent(&document_of("post"));
    }
}
