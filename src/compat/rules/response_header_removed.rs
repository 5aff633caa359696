//! # response-header-removed
//!
//! ## What it does
//!
//! Reports a documented response header that the new document no longer has. Names are compared without regard
//! to letter case.
//!
//! ## Why it matters
//!
//! Clients that read it (`Location`, `X-Total-Count`, `ETag`) find nothing. The header may still be sent, only
//! undocumented; hence a warning.
//!
//! ## Example
//!
//! The response 200 of `GET /pets` no longer lists `X-Total-Count`.
//!
//! ## How to fix
//!
//! Keep sending and documenting the header.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::pair::OperationPair;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-header-removed",
    title: "a response header was removed",
    severity: Severity::Warning,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.17",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (old, new) in pair.responses() {
        let Some(new) = new else { continue };
        for header in &old.headers {
            let kept = new.headers.iter().any(|other| other.name.eq_ignore_ascii_case(&header.name));
            // `Content-Type` is described by the media types (OpenAPI 3.0.3 §4.7.17).
            if kept || header.name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let anchor = Anchor::new(Base::ResponseHeader(old.status, header.name.clone()));
            changes.push(
                Change::new(&RULE, anchor, "removed", "was removed")
                    .values(if header.required { "required" } else { "optional" }, "not documented")
                    .witness(Some(format!("a {} answer without `{}`", old.status, header.name)))
                    .at(Some(header.pointer.clone()), Some(new.pointer.clone()))
                    .cause(pair.outside(&new.pointer)),
            );
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{api, fires, silent};
    use serde_json::{Value, json};

    fn with(headers: Value) -> crate::spec::Api {
        api(json!({"/pets": {"get": {"responses": {"200": {"description": "ok", "headers": headers}}}}}))
    }

    #[test]
    fn a_header_gone_fires_and_another_letter_case_does_not() {
        let total = with(json!({"X-Total": {"schema": {"type": "integer"}}}));
        fires(&RULE, &total, &with(json!({})));
        silent(&total, &with(json!({"x-total": {"schema": {"type": "integer"}}})));
        silent(&with(json!({})), &total);
    }
}
