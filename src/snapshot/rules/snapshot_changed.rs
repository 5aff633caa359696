//! An operation answers otherwise than it did when its answer was accepted.
//!
//! ## What it does
//!
//! Sends one representative request per operation twice, masks what changes by itself (ids, moments, tokens,
//! whatever differs between the two answers) and compares the rest with the accepted snapshot, line by line.
//!
//! ## Why it matters
//!
//! A document says what may be answered; clients depend on what is answered. A field that disappears, a status
//! that moves from 200 to 204 or a list that loses its order can all be valid by the document and still break
//! every client on the night they are deployed.
//!
//! ## Example
//!
//! `GET /pets/{petId}` answered `{"id": "[uuid]", "name": "Rex", "tags": []}` when it was accepted, and answers
//! `{"id": "[uuid]", "name": "Rex", "tags": null}` tonight: both match a schema in which `tags` is nullable.
//!
//! ## How to fix
//!
//! If the change is not wanted, undo it in the API. If it is, accept it with `specwarden snapshot accept` (or
//! `cargo insta review`) and commit the snapshot. If the value changes by itself, name its field under
//! `volatile_fields` in the configuration.

use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::snapshot::Difference;
use crate::spec::OperationKey;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "snapshot-changed",
    title: "The answer is not the accepted one",
    severity: Severity::Error,
    family: Family::Snapshot,
    since: "0.1.0",
    reference: "",
    fault_code: None,
    default_on: true,
};

/// Diffs longer than this many lines are cut in the finding; the pending snapshot holds all of it.
const LONGEST_DIFF: usize = 60;

/// The finding that the snapshot `name` of `operation` differs from the accepted one.
pub fn judge(operation: &OperationKey, name: &str, difference: &Difference) -> Finding {
    let Difference { added, removed, .. } = difference;
    let title = format!("the answer changed: {added} line(s) new, {removed} line(s) gone");
    let mut detail: Vec<&str> = difference.diff.lines().take(LONGEST_DIFF).collect();
    if difference.diff.lines().count() > LONGEST_DIFF {
        detail.push("…");
    }
    Finding::new(&RULE, Some(operation), &Site::new(&[name]), title)
        .detail(detail.join("\n"))
        .place(Place { label: format!("snapshot {name}"), ..Place::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Method;
    use crate::snapshot::{Metadata, Snapshot, compare};

    fn snapshot(contents: &str) -> Snapshot {
        Snapshot::new("get-pets-200", Metadata::default(), contents)
    }

    fn finding(accepted: &str, tonight: &str) -> Option<Finding> {
        let operation = OperationKey::new(Method::Get, "/pets");
        let difference = compare(&snapshot(accepted), &snapshot(tonight))?;
        Some(judge(&operation, "get-pets-200", &difference))
    }

    #[test]
    fn fires_on_a_changed_answer_and_shows_it() {
        let found =
            finding("HTTP 200\n\n{\n  \"tags\": []\n}", "HTTP 200\n\n{\n  \"tags\": null\n}").unwrap();
        assert_eq!((found.rule.as_str(), found.severity), ("snapshot-changed", Severity::Error));
        assert_eq!(found.title, "the answer changed: 1 line(s) new, 1 line(s) gone");
        assert!(found.detail.contains("-  \"tags\": []\n+  \"tags\": null"), "{}", found.detail);
    }

    #[test]
    fn is_silent_on_equal_answers_and_on_line_endings() {
        assert_eq!(finding("HTTP 200\n\nRex\nFido", "HTTP 200\r\n\r\nRex\r\nFido\r\n"), None);
    }

    #[test]
    fn is_the_same_finding_whatever_changed() {
        let (one, other) = (finding("a", "b").unwrap(), finding("a", "c\nd").unwrap());
        assert_eq!(one.fingerprint, other.fingerprint);
    }

    #[test]
    fn long_diffs_are_cut() {
        let long = (0..500).map(|i| format!("line {i}")).collect::<Vec<_>>().join("\n");
        let found = finding("", &long).unwrap();
        assert_eq!(found.detail.lines().count(), LONGEST_DIFF + 1);
        assert!(found.detail.ends_with('…'));
    }
}
