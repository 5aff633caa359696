//! Findings that have one cause, told once with all their places.
//!
//! Each finding keeps its own fingerprint and is judged on its own: a group is a way of telling, nothing may be
//! hidden in it. It must never merge what only looks alike: crashes (but for those at one header) and whole lives of
//! resources stand alone.

use crate::case::Payload;
use crate::finding::{Classification, Family, Finding, Known, Severity};
use crate::schema::Pointer;
use serde_json::Value;
use std::collections::HashMap;

/// Where documents keep what several operations share.
const SHARED: [&str; 6] =
    ["/components/", "/definitions/", "/parameters/", "/responses/", "/x-specwarden/files/", "/$defs/"];

/// A longer answer, in bytes, is no message.
const MESSAGE: usize = 2_000;

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
/// in the same words about different operations; the same lenient reading of values, wherever it shows; other
/// types taken anywhere in the body of one operation; the same undocumented status with the same answer. What the baseline says differently of is never one cause.
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

type Key<'f> = (&'f str, Severity, std::mem::Discriminant<Classification>, Said<'f>, Option<&'f Known>);

/// What findings of one cause have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Said<'f> {
    /// Nothing: this one stands alone.
    Alone(&'f str),
    /// A node that several operations share.
    Node(&'f str),
    Words(&'f str),
    /// How values are read that are not of the documented type.
    Leniency(&'f str),
    /// An operation that does not look at the types in its body.
    AnyType(&'f str),
    /// Status and text, without the values that were sent.
    Answer(u16, String),
}

fn key(finding: &Finding) -> Key<'_> {
    let shared = finding.places.first().and_then(|place| place.document.as_ref()).map(Pointer::as_str);
    let shared = shared.filter(|at| SHARED.iter().any(|prefix| at.starts_with(prefix)));
    // A header is read before any operation is: the same words about it speak of the same place.
    let header = finding.case.as_ref().is_some_and(|case| case.reason.part.starts_with("header "));
    let alone = finding.family == Family::Behaviour || finding.rule == "server-error" && !header;
    let cause = if alone {
        Said::Alone(finding.fingerprint.as_str())
    } else if let Some(leniency) = leniency(finding) {
        Said::Leniency(leniency)
    } else if takes_any_type(finding) {
        Said::AnyType(finding.operation.as_ref().map_or("", |operation| operation.as_str()))
    } else if let Some((status, body)) = refusal(finding) {
        Said::Answer(status, body)
    } else {
        shared.map_or_else(|| Said::Words(finding.title.as_str()), Said::Node)
    };
    let sure = std::mem::discriminant(&finding.classification);
    (&finding.rule, finding.severity, sure, cause, finding.known.as_ref())
}

/// The lenient reading that a warning is about: a framework reads values so everywhere.
fn leniency(finding: &Finding) -> Option<&str> {
    let how = finding.case.as_ref()?.reason.how.as_str();
    let is_null = how.starts_with("null, which is not allowed");
    let lenient = is_null || how.contains("(lenient coercion)");
    let told = finding.rule == "negative-data-accepted" && finding.severity == Severity::Warning && lenient;
    let end = [" (lenient coercion)", ", made from"].iter().filter_map(|end| how.find(end)).min();
    told.then(|| &how[..end.unwrap_or(how.len())])
}

/// The answer that shows an undocumented refusal, if it says something short enough to be a message.
fn refusal(finding: &Finding) -> Option<(u16, String)> {
    let response = finding.evidence.last()?.response()?;
    let told = finding.rule == "undocumented-status" && response.status >= 400;
    let text = response.body.text().filter(|text| told && !text.is_empty() && text.len() <= MESSAGE)?;
    let mut message = text.to_owned();
    if let Some(case) = &finding.case {
        let body = case.body.as_ref().map(|body| &body.payload);
        for payload in case.parameters.iter().map(|parameter| &parameter.payload).chain(body) {
            if let Payload::Json(value) = payload {
                blot(&mut message, value);
            }
        }
    }
    Some((response.status, message))
}

/// Takes the scalars of `value` out of a message, where they stand as words.
fn blot(message: &mut String, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| blot(message, item)),
        Value::Object(map) => map.values().for_each(|item| blot(message, item)),
        Value::Null | Value::Bool(_) => {}
        Value::Number(_) | Value::String(_) => {
            let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let places: Vec<usize> = if word.is_empty() {
                Vec::new()
            } else {
                let all = message.match_indices(word.as_str()).map(|(at, _)| at);
                let whole = |at: &usize| {
                    !inside(message[..*at].chars().next_back())
                        && !inside(message[at + word.len()..].chars().next())
                };
                all.filter(whole).collect()
            };
            for at in places.into_iter().rev() {
                message.replace_range(at..at + word.len(), "…");
            }
        }
    }
}

/// Whether a value of another type was taken in a body: who does not look at the types of one body has one fault,
/// however many properties it has.
fn takes_any_type(finding: &Finding) -> bool {
    let part = finding.case.as_ref().map(|case| &case.reason);
    finding.rule == "negative-data-accepted"
        && part.is_some_and(|reason| reason.keyword == "type" && reason.part.starts_with("body"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture;
    use crate::check::rule;
    use crate::finding::{Place, Site};
    use crate::spec::{Location, OperationKey};

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

    #[test]
    fn one_lenient_reading_is_one_cause_wherever_it_shows() {
        let lax = |path, how: &str, severity| {
            let mut finding = finding("negative-data-accepted", path, &format!("/components{path}"), how);
            finding.severity = severity;
            finding.case = Some(fixture::negative("body /limit", "type", how));
            finding
        };
        let null = "null, which is not allowed (lenient coercion)";
        let number = "a number written as text (lenient coercion), made from alternative 1";
        let warning = Severity::Warning;
        check(
            &[
                lax("/a", null, warning),
                lax("/b", "null, which is not allowed", warning),
                lax("/c", number, warning),
            ],
            &[2, 1],
        );
        // What is wrong by much is told for itself.
        check(&[lax("/a", null, Severity::Error), lax("/b", null, Severity::Error)], &[1, 1]);
        check(&[lax("/a", "one too many", warning), lax("/b", "one too many", warning)], &[1, 1]);
    }

    #[test]
    fn one_undocumented_message_is_one_cause_whatever_the_value_in_it() {
        let refused = |path, title, value: &str, text: &str| {
            let mut finding = finding("undocumented-status", path, "/paths/x", title);
            let case = fixture::positive();
            finding.case = Some(fixture::with_parameter(case, Location::Header, "x-version", value.into()));
            finding.evidence = vec![fixture::answer(400, "text/plain", text)];
            finding
        };
        check(
            &[
                refused("/a", "answers 400 to a valid request (with it)", "sample", "no version: sample"),
                refused("/b", "answers 400 to a valid request", "a", "no version: a"),
                refused("/c", "answers 400 to a valid request", "a", "no such thing"),
            ],
            &[2, 1],
        );
    }
}
