//! # response-status-removed
//!
//! ## What it does
//!
//! Reports a documented status that the new document no longer covers, exactly, by range (`2XX`) or by
//! `default`: an error for success statuses, a note for all others.
//!
//! ## Why it matters
//!
//! Clients choose by status what to read. One that waits for 201 takes a 200 for a failure.
//!
//! ## Example
//!
//! `POST /scans` answered 201 and answers 202 now.
//!
//! ## How to fix
//!
//! Keep answering with the old status.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::pair::OperationPair;
use crate::finding::{Family, Rule, Severity};
use crate::spec::StatusPattern;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-status-removed",
    title: "a response status was removed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.16",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    // A document that names no statuses at all takes none back.
    if pair.new.responses.is_empty() {
        return Vec::new();
    }
    let listed = |operation: &crate::spec::Operation| {
        operation.responses.iter().map(|response| response.status.to_string()).collect::<Vec<_>>().join(", ")
    };
    pair.responses()
        .into_iter()
        .filter(|(_, new)| new.is_none())
        .map(|(old, _)| {
            let success = match old.status {
                StatusPattern::Code(code) => code / 100 == 2,
                StatusPattern::Range(digit) => digit == 2,
                StatusPattern::Default => false,
            };
            let status = old.status;
            Change::new(
                &RULE,
                Anchor::new(Base::Operation),
                format!("status {status}"),
                format!("no longer answers {status}"),
            )
            .severity(if success { Severity::Error } else { Severity::Note })
            .values(listed(pair.old), listed(pair.new))
            .witness(Some(format!("a status other than {status}")))
            .at(Some(old.pointer.clone()), Some(pair.new.pointer.push("responses")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{api, fires, silent};
    use serde_json::json;

    fn with(statuses: &[&str]) -> crate::spec::Api {
        let responses: serde_json::Map<_, _> =
            statuses.iter().map(|status| ((*status).to_owned(), json!({"description": "x"}))).collect();
        api(json!({"/s": {"post": {"responses": responses}}}))
    }

    #[test]
    fn success_is_an_error_and_failure_a_note() {
        assert_eq!(fires(&RULE, &with(&["201"]), &with(&["202"]))[0].severity, Severity::Error);
        assert_eq!(fires(&RULE, &with(&["201", "409"]), &with(&["201"]))[0].severity, Severity::Note);
        silent(&with(&["202"]), &with(&["202", "201"]));
    }

    #[test]
    fn ranges_and_default_cover() {
        silent(&with(&["201"]), &with(&["2XX"]));
        silent(&with(&["404"]), &with(&["default"]));
        silent(&with(&["2XX"]), &with(&["200", "201"]));
    }
}
