//! An answer says "not modified" to somebody who has another version.
//!
//! ## What it does
//! Reads a resource that answers with an `ETag`, and asks again with `If-None-Match` and a tag that nobody gave out;
//! after a change, also with the tag from before it. Fires if either is answered 304. Tags are compared weakly, as the
//! condition asks for. The same with `If-Modified-Since` where a reading answers with `Last-Modified`: long before it,
//! and, after a change that moved it by a second at least, with the moment from before. An answer 200 to whoever has
//! the current version costs bandwidth alone and is no fault here; what a cache on the way answers is not judged.
//!
//! ## Why it matters
//! A cache that asks whether its copy is still good is told yes, and serves the old version for ever.
//!
//! ## Example
//! `GET /comments/7` answers `ETag: "b2"`. With `If-None-Match: "a1"` it answers 304.
//!
//! ## How to fix
//! Compare the tags that the condition lists with that of what would be sent, and answer 304 only if one is the same.

use crate::check::access::is_from_cache;
use crate::check::entity::{condition, names_same, tag};
use crate::check::moment::{last_modified, moment};
use crate::check::sequence::{Transcript, Verdict};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "not-modified-wrongly",
    title: "A 304 for somebody who has another version",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §13.1.2, §13.1.3, §15.4.5",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    let known = |before: Role, asked: Role| {
        let (read, asked) = transcript.pair(before, asked, &[Role::Replace, Role::Patch, Role::Delete])?;
        judge(transcript, read, asked)
    };
    let first = known(Role::ReadAfterCreate, Role::ReadUnless);
    let later = known(Role::ReadAfterReplace, Role::ReadUnlessOld);
    first.into_iter().chain(later).collect()
}

fn judge(transcript: &Transcript, read: &Step, asked: &Step) -> Option<Verdict> {
    let (name, current, held) = other_version(read, asked)?;
    if !matches!(asked.status()?, 200 | 304) || asked.response().is_some_and(is_from_cache) {
        return None;
    }
    let mut findings = Vec::new();
    if asked.status() == Some(304) {
        let title = "answers 304 to somebody who has another version".to_owned();
        // The old tag was given out before the change.
        let changed = transcript.first(Role::Replace).filter(|_| asked.role == Role::ReadUnlessOld);
        let seen = changed.and_then(|_| transcript.first(Role::ReadAfterCreate));
        let story: Vec<&Step> = seen.into_iter().chain(changed).chain([read, asked]).collect();
        let mut finding = transcript.finding_of(&RULE, Some(asked), "304", title, &story);
        finding.detail.push_str(&format!("\ncurrent: {current}\n{name}: {held}"));
        findings.push(finding);
    }
    Some((asked.operation.clone(), findings))
}

/// The condition, what is current and what is held, if what is held is another version.
fn other_version<'s>(read: &'s Step, asked: &'s Step) -> Option<(&'static str, &'s str, &'s str)> {
    if let Some(held) = condition(asked, "if-none-match") {
        let current = tag(read).filter(|current| !names_same(current, held))?;
        return Some(("If-None-Match", current, held));
    }
    let held = condition(asked, "if-modified-since")?;
    let later = last_modified(read)? > moment(held)?;
    let current = read.response()?.header("last-modified")?;
    later.then_some(("If-Modified-Since", current, held))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, json_answer, positive, step};
    use crate::exchange::{Exchange, Method};
    use serde_json::json;

    fn run(current: &str, held: &str, answered: Exchange) -> Option<usize> {
        let world = World::new(Method::Get, "/pets/{id}");
        let read = header(json_answer(200, &json!({"id": 1})), "etag", current);
        let mut asked = answered;
        asked.request.headers.push(("If-None-Match".to_owned(), held.to_owned()));
        let steps = [
            step(Role::ReadAfterCreate, Method::Get, "/pets/{id}", positive(), read),
            step(Role::ReadUnless, Method::Get, "/pets/{id}", positive(), asked),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn since(current: &str, held: &str, answered: Exchange) -> Option<usize> {
        let world = World::new(Method::Get, "/pets/{id}");
        let read = header(json_answer(200, &json!({"id": 1})), "last-modified", current);
        let mut asked = answered;
        asked.request.headers.push(("if-modified-since".to_owned(), held.to_owned()));
        let steps = [
            step(Role::ReadAfterReplace, Method::Get, "/pets/{id}", positive(), read),
            step(Role::ReadUnlessOld, Method::Get, "/pets/{id}", positive(), asked),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn a_moment_before_the_last_change_is_another_version() {
        let (old, new) = ("Thu, 15 Jan 2026 09:01:00 GMT", "Thu, 15 Jan 2026 09:01:01 GMT");
        assert_eq!(since(new, old, answer(304, "", "")), Some(1));
        assert_eq!(since(new, old, json_answer(200, &json!({}))), Some(0));
        // Two changes within one second, a clock that is set back, a cache on the way, no date.
        assert_eq!(since(old, old, answer(304, "", "")), None);
        assert_eq!(since(old, new, answer(304, "", "")), None);
        assert_eq!(since(new, old, header(answer(304, "", ""), "age", "7")), None);
        assert_eq!(since("today", old, answer(304, "", "")), None);
    }

    #[test]
    fn fires_on_another_version() {
        assert_eq!(run("\"b\"", "\"a\"", answer(304, "", "")), Some(1));
        assert_eq!(run("W/\"b\"", "W/\"a\"", answer(304, "", "")), Some(1));
    }

    #[test]
    fn silent_on_a_full_answer() {
        assert_eq!(run("\"b\"", "\"a\"", json_answer(200, &json!({}))), Some(0));
    }

    #[test]
    fn cannot_judge_the_same_version_or_without_one() {
        assert_eq!(run("\"b\"", "W/\"b\"", answer(304, "", "")), None);
        assert_eq!(run("", "\"a\"", answer(304, "", "")), None);
        assert_eq!(run("\"b\"", "\"a\"", answer(412, "", "")), None);
    }
}
