//! What a resource says has changed, and its entity tag has not.
//!
//! ## What it does
//! Creates a resource, reads it, changes it, and reads it again. Fires if both readings have the same strong `ETag`
//! though a property that was sent shows another value. Weak tags may stay the same for small changes and are not
//! judged, nor is what changes with every reading.
//!
//! ## Why it matters
//! Caches keep the old version, because its tag still matches, and `If-Match` lets every stale change through.
//!
//! ## Example
//! `GET /rules/7` answers `ETag: "7"` before and after its priority was changed.
//!
//! ## How to fix
//! Make the tag of a version number or of a digest of what is sent. A tag that need not change mark as weak (`W/`).

use crate::check::Role;
use crate::check::compare::{differs, is_volatile, resource};
use crate::check::entity::{is_strong, tag};
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::finding::{Family, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "etag-not-renewed",
    title: "An entity tag outlives what it names",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §8.8.1",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let others = [Role::Patch, Role::Delete];
    let (_, before) = transcript.pair(Role::Create, Role::ReadAfterCreate, &others)?;
    let (write, after) = transcript.pair(Role::Replace, Role::ReadAfterReplace, &others)?;
    if !write.is_done() {
        return None;
    }
    let (old, new) = (tag(before)?, tag(after)?);
    if !is_strong(old) || !is_strong(new) {
        return None;
    }
    let sent = sent_object(&write.case)?;
    let (one, two) = (before.json()?, after.json()?);
    let (one, two) = (resource(&one, sent)?, resource(&two, sent)?);
    let (name, _) = sent.iter().filter(|(name, _)| !is_volatile(name)).find(|(name, sent)| {
        let (Some(was), Some(now)) = (one.get(*name), two.get(*name)) else { return false };
        differs(was, now) == Some(true) && differs(sent, now) == Some(false)
    })?;
    let mut findings = Vec::new();
    if old == new {
        let title = "keeps its entity tag while it changes".to_owned();
        let mut finding = transcript.finding_of(&RULE, Some(after), "etag", title, &[before, write, after]);
        finding.detail.push_str(&format!("\nETag before and after: {old}\nchanged: {name}"));
        findings.push(finding);
    }
    Some((after.operation.clone(), findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::{Value, json};

    fn run(tags: [&str; 2], after: &Value) -> Option<usize> {
        let world = World::new(Method::Get, "/pets/{id}");
        let read = |role, body: &Value, tag: &str| {
            let answer = header(json_answer(200, body), "etag", tag);
            step(role, Method::Get, "/pets/{id}", positive(), answer)
        };
        let case = with_body(positive(), "application/json", json!({"name": "b", "seen": 1}));
        let steps = [
            step(Role::Create, Method::Post, "/pets", positive(), answer(201, "", "")),
            read(Role::ReadAfterCreate, &json!({"name": "a", "seen": 0, "count": 1}), tags[0]),
            step(Role::Replace, Method::Put, "/pets/{id}", case, answer(200, "", "")),
            read(Role::ReadAfterReplace, after, tags[1]),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_when_the_tag_stays() {
        assert_eq!(run(["\"1\"", "\"1\""], &json!({"name": "b"})), Some(1));
    }

    #[test]
    fn silent_when_it_changes() {
        assert_eq!(run(["\"1\"", "\"2\""], &json!({"name": "b"})), Some(0));
    }

    #[test]
    fn cannot_judge_weak_tags_and_what_did_not_change() {
        assert_eq!(run(["W/\"1\"", "W/\"1\""], &json!({"name": "b"})), None);
        assert_eq!(run(["\"1\"", "\"1\""], &json!({"name": "a", "seen": 1, "count": 2})), None);
        assert_eq!(run(["", ""], &json!({"name": "b"})), None);
    }
}
