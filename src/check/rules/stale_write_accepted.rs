//! A change meant for an older version is made.
//!
//! ## What it does
//! Reads a resource that answers with an `ETag`, changes it, sees the tag change, and sends a second change with
//! `If-Match` and the old tag. Fires if that is answered 2xx and the next reading shows it. Judged only where the
//! document says that the operation heeds the condition: a parameter `If-Match`, or a documented 412 or 428. The same
//! with `If-Unmodified-Since` and a moment before the `Last-Modified` that a reading shows, where the document declares
//! that header, or names 412 for something without an `ETag`.
//!
//! ## Why it matters
//! Two people edit the same thing. The second one to save wipes out what the first one wrote, and neither is told:
//! the lost update that `If-Match` exists to prevent.
//!
//! ## Example
//! `GET /comments/7` answers `ETag: "a1"`. After somebody's change it is `"b2"`. `PUT /comments/7` with
//! `If-Match: "a1"` answers 200.
//!
//! ## How to fix
//! Compare `If-Match` with the current tag before anything is written, and answer 412 if they differ.

use crate::check::compare::{differs, is_volatile};
use crate::check::entity::{condition, is_conditional, names_same, tag};
use crate::check::envelope::opened;
use crate::check::moment::{heeds_moments, last_modified, moment};
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "stale-write-accepted",
    title: "A change meant for an older version is made",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §13.1.1, §13.1.4",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let others = [Role::Patch, Role::Delete];
    let (_, before) = transcript.pair(Role::Replace, Role::ReadAfterReplace, &others)?;
    let (write, after) = transcript.pair(Role::StaleWrite, Role::ReadAfterStaleWrite, &others)?;
    let (condition, current, held) = outdated(transcript, before, write)?;
    if !write.is_done() && !matches!(write.status()?, 409 | 412 | 428) {
        return None;
    }
    let mut findings = Vec::new();
    if write.is_done() {
        let sent = sent_object(&write.case)?;
        let (one, two) = (before.json()?, after.json()?);
        let ((_, one), (sent, two)) = (opened(sent, &one)?, opened(sent, &two)?);
        // What was sent shows, and did not before: the change was made, not merely waved through.
        let made = sent.iter().filter(|(name, _)| !is_volatile(name)).find(|(name, sent)| {
            let was = one.get(*name).unwrap_or(&Value::Null);
            let now = two.get(*name).unwrap_or(&Value::Null);
            (was.is_null() || differs(was, sent) == Some(true)) && differs(sent, now) == Some(false)
        });
        let (name, _) = made?;
        let title = "makes a change that was meant for an older version".to_owned();
        let seen = transcript.first(Role::ReadAfterCreate);
        let changed = transcript.first(Role::Replace);
        let story: Vec<&Step> = seen.into_iter().chain(changed).chain([before, write, after]).collect();
        let mut finding = transcript.finding_of(&RULE, Some(write), "if-match", title, &story);
        let line = format!("\ncurrent: {current}\n{condition}: {held}\nchanged: {name}");
        finding.detail.push_str(&line);
        findings.push(finding);
    }
    Some((write.operation.clone(), findings))
}

/// The condition, what is current and what is held, if the document promises to refuse what is held.
fn outdated<'s>(
    transcript: &Transcript,
    before: &'s Step,
    write: &'s Step,
) -> Option<(&'static str, &'s str, &'s str)> {
    let operation = transcript.operation(write)?;
    if let Some(held) = condition(write, "if-match") {
        // `*` is any version there is (RFC 9110 §13.1.1), never an older one.
        let current = tag(before).filter(|current| held.trim() != "*" && !names_same(held, current))?;
        return is_conditional(operation).then_some(("If-Match", current, held));
    }
    let held = condition(write, "if-unmodified-since")?;
    let late = last_modified(before)? > moment(held)? && heeds_moments(operation, before);
    let current = before.response()?.header("last-modified")?;
    late.then_some(("If-Unmodified-Since", current, held))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::json;

    fn run(held: &str, status: u16, after: &str, documented: &str) -> Option<usize> {
        let world = World::new(Method::Put, "/pets/{id}").response(documented, "", None);
        let read = |role, name: &str, tag: &str| {
            let answer = header(json_answer(200, &json!({"name": name})), "etag", tag);
            step(role, Method::Get, "/pets/{id}", positive(), answer)
        };
        let case = |name: &str| with_body(positive(), "application/json", json!({"name": name}));
        let mut stale = answer(status, "", "");
        stale.request.headers.push(("if-match".to_owned(), held.to_owned()));
        let steps = [
            step(Role::Replace, Method::Put, "/pets/{id}", case("b"), answer(200, "", "")),
            read(Role::ReadAfterReplace, "b", "\"2\""),
            step(Role::StaleWrite, Method::Put, "/pets/{id}", case("c"), stale),
            read(Role::ReadAfterStaleWrite, after, "\"3\""),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn since(current: &str, held: &str, status: u16, after: &str, documented: &str) -> Option<usize> {
        let world = World::new(Method::Put, "/pets/{id}").response(documented, "", None);
        let read = |role, name: &str| {
            let answer = header(json_answer(200, &json!({"name": name})), "last-modified", current);
            step(role, Method::Get, "/pets/{id}", positive(), answer)
        };
        let case = |name: &str| with_body(positive(), "application/json", json!({"name": name}));
        let mut stale = answer(status, "", "");
        stale.request.headers.push(("if-unmodified-since".to_owned(), held.to_owned()));
        let steps = [
            step(Role::Replace, Method::Put, "/pets/{id}", case("b"), answer(200, "", "")),
            read(Role::ReadAfterReplace, "b"),
            step(Role::StaleWrite, Method::Put, "/pets/{id}", case("c"), stale),
            read(Role::ReadAfterStaleWrite, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn a_moment_before_the_last_change_is_an_older_version() {
        let (old, new) = ("Thu, 15 Jan 2026 09:01:00 GMT", "Thu, 15 Jan 2026 09:01:01 GMT");
        assert_eq!(since(new, old, 200, "c", "412"), Some(1));
        assert_eq!(since(new, old, 412, "b", "412"), Some(0));
        // Nothing promised, within one second, waved through without an effect.
        assert_eq!(since(new, old, 200, "c", "4XX"), None);
        assert_eq!(since(new, old, 200, "c", "428"), None);
        assert_eq!(since(old, old, 200, "c", "412"), None);
        assert_eq!(since(new, old, 200, "b", "412"), None);
    }

    #[test]
    fn any_version_is_no_older_one() {
        assert_eq!(run("*", 200, "c", "412"), None);
    }

    #[test]
    fn fires_when_the_change_is_made() {
        assert_eq!(run("\"1\"", 200, "c", "412"), Some(1));
        assert_eq!(run("\"1\"", 204, "c", "428"), Some(1));
    }

    #[test]
    fn silent_when_it_is_refused() {
        assert_eq!(run("\"1\"", 412, "b", "412"), Some(0));
        assert_eq!(run("\"1\"", 409, "b", "412"), Some(0));
    }

    #[test]
    fn cannot_judge_what_the_document_does_not_promise() {
        assert_eq!(run("\"1\"", 200, "c", "4XX"), None);
        assert_eq!(run("\"2\"", 200, "c", "412"), None);
        assert_eq!(run("W/\"2\"", 200, "c", "412"), None);
        assert_eq!(run("\"1\"", 200, "b", "412"), None);
        assert_eq!(run("\"1\"", 202, "c", "412"), None);
    }
}
