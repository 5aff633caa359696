//! Findings that have one cause, told once with all their places.
//!
//! Each finding keeps its own fingerprint and is judged on its own: a group is a way of telling, nothing may be
//! hidden in it. It must never merge what only looks alike: crashes (but for those at one header) and whole lives of
//! resources stand alone.

use crate::finding::{Classification, Family, Finding, Known, Severity};
use crate::schema::Pointer;
use std::collections::HashMap;

/// Where documents keep what several operations share.
const SHARED: [&str; 6] =
    ["/components/", "/definitions/", "/parameters/", "/responses/", "/x-specwarden/files/", "/$defs/"];

/// One cause: the finding that is told, and those that say the same of other operations.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause<'f> {
    /// The first of them, told in full.
    pub lead: &'f Finding,
    /// The others, in the order of the report.
    pub others: Vec<&'f Finding>,
}

impl<'f> Cause<'f> {
    /// All findings of this cause, the one that is told first.
    pub fn all(&self) -> impl Iterator<Item = &'f Finding> {
        std::iter::once(self.lead).chain(self.others.iter().copied())
    }
}

/// Groups findings by cause, in the order of their first.
///
/// One cause is: the same rule, equally grave and equally sure, at the same shared node of the document, or
/// in the same words about different operations. What the baseline says differently of is never one cause.
pub fn causes<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Cause<'f>> {
    let mut groups: Vec<Cause<'f>> = Vec::new();
    let mut known: HashMap<Key<'f>, usize> = HashMap::new();
    for finding in findings {
        let at = *known.entry(key(finding)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(cause) => cause.others.push(finding),
            None => groups.push(Cause { lead: finding, others: Vec::new() }),
        }
    }
    groups
}

type Key<'f> = (&'f str, Severity, std::mem::Discriminant<Classification>, &'f str, Option<&'f Known>);

fn key(finding: &Finding) -> Key<'_> {
    let shared = finding.places.first().and_then(|place| place.document.as_ref()).map(Pointer::as_str);
    let shared = shared.filter(|at| SHARED.iter().any(|prefix| at.starts_with(prefix)));
    // A header is read before any operation is: the same words about it speak of the same place.
    let header = finding.case.as_ref().is_some_and(|case| case.reason.part.starts_with("header "));
    let alone = finding.family == Family::Behaviour || finding.rule == "server-error" && !header;
    let cause = match shared {
        _ if alone => finding.fingerprint.as_str(),
        Some(pointer) => pointer,
        None => finding.title.as_str(),
    };
    let sure = std::mem::discriminant(&finding.classification);
    (&finding.rule, finding.severity, sure, cause, finding.known.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rule;
    use crate::finding::{Place, Site};
    use crate::spec::OperationKey;

    fn finding(id: &str, path: &str, at: &str, title: &str) -> Finding {
        let operation: OperationKey = serde_json::from_value(format!("GET {path}").into()).expect("a key");
        let place = Place { document: Pointer::parse(at), instance: None, label: String::new() };
        Finding::new(rule(id).expect("a rule"), Some(&operation), &Site::new(&[at]), title).place(place)
    }

    #[track_caller]
    fn check(findings: &[Finding], sizes: &[usize]) {
        let found: Vec<usize> = causes(findings).iter().map(|cause| cause.all().count()).collect();
        assert_eq!(found, sizes);
    }

    #[test]
    fn one_schema_used_by_several_operations_is_one_cause() {
        let at = "/components/schemas/Pet/properties/id/type";
        let broken = |path, title| finding("response-schema-mismatch", path, at, title);
        check(&[broken("/a", "body /1/id"), broken("/b", "body /7/id")], &[2]);
    }

    #[test]
    fn the_same_words_about_several_operations_are_one_cause_other_words_are_not() {
        let lax = |path, title| finding("negative-data-accepted", path, "/paths/x", title);
        check(&[lax("/a", "limit"), lax("/b", "limit"), lax("/b", "offset")], &[2, 1]);
    }

    #[test]
    fn crashes_and_lives_stand_alone() {
        let crash = |path| finding("server-error", path, "/components/responses/E", "answers 500");
        let lost = |path| finding("update-lost", path, "/paths/x", "loses `name`");
        check(&[crash("/a"), crash("/b"), lost("/a"), lost("/b")], &[1, 1, 1, 1]);
    }

    #[test]
    fn crashes_at_one_header_are_one_cause() {
        let crash = |path, part: &str| {
            let case = serde_json::json!({"operation": format!("GET {path}"), "mode": "robustness",
                "phase": "robustness", "index": 0, "parameters": [], "body": null, "credential": "main",
                "reason": {"pointer": "/paths/x", "keyword": "pattern", "how": "more", "part": part}});
            let case = serde_json::from_value(case).expect("a case");
            let finding =
                finding("server-error", path, "/paths/x", &format!("answers 500 to more in {part}"));
            Finding { case: Some(case), ..finding }
        };
        let (one, other) = ("header parameter If-Match", "header Content-Type");
        check(&[crash("/a", one), crash("/b", one), crash("/b", other)], &[2, 1]);
        check(&[crash("/a", "query parameter limit"), crash("/b", "query parameter limit")], &[1, 1]);
    }

    #[test]
    fn sure_and_unsure_findings_are_kept_apart() {
        let lax = |path| finding("negative-data-accepted", path, "/paths/x", "limit");
        let mut other = lax("/b");
        other.classification = Classification::Persistent;
        check(&[lax("/a"), other], &[1, 1]);
    }

    #[test]
    fn a_known_finding_is_never_told_with_an_unknown_one() {
        let lax = |path| finding("negative-data-accepted", path, "/paths/x", "limit");
        let known = |path, reason: &str| {
            let known = Known { reason: reason.to_owned(), ..Known::default() };
            Finding { known: Some(known), ..lax(path) }
        };
        check(
            &[lax("/a"), known("/b", "old"), lax("/c"), known("/d", "old"), known("/e", "new")],
            &[2, 2, 1],
        );
    }
}
