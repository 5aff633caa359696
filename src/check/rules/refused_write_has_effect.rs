//! A refused write is done all the same.
//!
//! ## What it does
//! Creates a resource, reads it, sends a PUT or PATCH that is refused with a 4xx because one property breaks the
//! document, and reads it again. Fires if another property that was sent has changed to what was sent. Only properties
//! of the refused body are compared, so what others or the server change meanwhile is not blamed on it.
//!
//! The same for a DELETE: on a condition that does not hold, with a parameter that breaks the document, without a key.
//! Fires if it is refused and the resource, read a moment before, is answered 404 or 410 from then on. Left out are
//! refusals that say that it is gone (404, 410) or on its way (409, 423, 425), requests that were sent more than once
//! on the way, and resources that vanish by themselves: another one that nobody deletes is read as often.
//!
//! ## Why it matters
//! The client believes that nothing happened, tries again or gives up, and half of the change is there.
//!
//! ## Example
//! `PATCH /rules/7` with `{"rule_name": "new", "priority": 1000}` answers 422. `GET /rules/7` shows `rule_name: "new"`.
//! `DELETE /comments/7` with an old `If-Match` answers 412. `GET /comments/7` answers 404.
//!
//! ## How to fix
//! Validate everything before anything is written, or write in one transaction that a refusal rolls back.

use crate::check::compare::{differs, is_hidden, is_volatile};
use crate::check::envelope::opened;
use crate::check::kept::listing;
use crate::check::refusal::is_refusal;
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "refused-write-has-effect",
    title: "A refused write has changed the resource",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §15.5, RFC 5789 §2",
    fault_code: Some(104),
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().chain(judge_deletions(transcript)).collect()
}

/// One verdict for all refused deletions of one resource; the first that was done all the same is told.
fn judge_deletions(transcript: &Transcript) -> Option<Verdict> {
    let mut subject = None;
    let at = |step: &&Step| step.role == Role::RefusedDelete;
    for (place, delete) in transcript.steps.iter().enumerate().filter(|(_, step)| at(step)) {
        let (earlier, later) = transcript.steps.split_at(place);
        let after = later[1..].iter().take_while(|step| step.role == Role::ReadAfterRefusedDelete).last();
        let before = earlier.iter().rfind(|step| step.role == Role::ReadAfterCreate && step.json().is_some());
        let (Some(after), Some(before)) = (after, before) else { continue };
        if !is_plain_refusal(delete) {
            continue;
        }
        match after.status() {
            Some(200..=299) => subject = Some(delete),
            Some(404 | 410) if vanishes(transcript) => return None,
            Some(404 | 410) => {
                let title = "deletes, though the request is refused".to_owned();
                let evidence = [before, delete, after];
                let finding = transcript.finding_of(&RULE, Some(delete), "refused", title, &evidence);
                return Some((delete.operation.clone(), vec![finding]));
            }
            _ => {}
        }
    }
    subject.map(|delete| (delete.operation.clone(), Vec::new()))
}

/// Whether a deletion was refused, once and for all, for a reason that lies in the request.
fn is_plain_refusal(delete: &Step) -> bool {
    let on_its_way = matches!(delete.status(), Some(404 | 409 | 410 | 423 | 425));
    // Whatever stands on the way may have sent it again: the first time it may have been done.
    delete.response().is_some_and(is_refusal) && !on_its_way && delete.exchange.attempts <= 1
}

/// Whether another resource of the kind cannot be read for long either.
fn vanishes(transcript: &Transcript) -> bool {
    let last = transcript.steps.iter().rfind(|step| step.role == Role::ReadTwin);
    last.is_some_and(|step| !matches!(step.status(), Some(200..=299)))
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let changing = [Role::Replace, Role::Patch, Role::Delete];
    let (_, before) = transcript.pair(Role::Create, Role::ReadAfterCreate, &changing)?;
    let (write, after) = transcript.pair(Role::Refused, Role::ReadAfterRefused, &changing)?;
    if !write.response().is_some_and(is_refusal) {
        return None;
    }
    let sent = sent_object(&write.case)?;
    let (one, two) = (before.json()?, after.json()?);
    let ((_, one), (sent, two)) = (opened(sent, &one)?, opened(sent, &two)?);
    let mut compared = false;
    let mut made = Vec::new();
    for (name, sent) in sent.iter().filter(|(name, _)| !is_hidden(name) && !is_volatile(name)) {
        let (was, now) = (one.get(name).unwrap_or(&Value::Null), two.get(name).unwrap_or(&Value::Null));
        let new = was.is_null() && !sent.is_null() || differs(was, sent) == Some(true);
        compared |= new;
        if new && differs(sent, now) == Some(false) {
            made.push((name.as_str(), was, now));
        }
    }
    let mut findings = Vec::new();
    if !made.is_empty() {
        let named = listing(made.iter().map(|(name, ..)| *name));
        let title = format!("writes {named}, though the request is refused");
        let mut finding =
            transcript.finding_of(&RULE, Some(write), "refused", title, &[before, write, after]);
        for (name, was, now) in made {
            finding.detail.push_str(&format!("\n{name} before: {was}, after: {now}"));
        }
        findings.push(finding);
    }
    compared.then(|| (write.operation.clone(), findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, negative, positive, step, with_body};
    use crate::exchange::{Exchange, Method};
    use serde_json::json;

    fn run(refusal: Exchange, after: &Value) -> Option<usize> {
        let world = World::new(Method::Patch, "/pets/{id}");
        let read =
            |role, body: &Value| step(role, Method::Get, "/pets/{id}", positive(), json_answer(200, body));
        let sent = json!({"name": "b", "age": -1, "updated_at": "x", "notes": "n"});
        let case = with_body(negative("body /age", "minimum", "too small"), "application/json", sent);
        let steps = [
            step(Role::Create, Method::Post, "/pets", positive(), answer(201, "", "")),
            read(Role::ReadAfterCreate, &json!({"name": "a", "age": 3, "updated_at": "y"})),
            step(Role::Refused, Method::Patch, "/pets/{id}", case, refusal),
            read(Role::ReadAfterRefused, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_what_was_written() {
        let refusal = || answer(422, "", "");
        assert_eq!(run(refusal(), &json!({"name": "b", "age": 3})), Some(1));
        assert_eq!(run(refusal(), &json!({"name": "b", "age": 3, "notes": "n"})), Some(1));
        let packed = json_answer(200, &json!({"ok": false, "error": "age"}));
        assert_eq!(run(packed, &json!({"name": "b", "age": 3})), Some(1));
    }

    fn deleted(refusal: Exchange, readings: &[u16], twin: &[u16]) -> Option<usize> {
        let world = World::new(Method::Delete, "/pets/{id}");
        let read = |role, status| {
            step(role, Method::Get, "/pets/{id}", positive(), json_answer(status, &json!({"id": 1})))
        };
        let mut steps = vec![
            step(Role::Create, Method::Post, "/pets", positive(), answer(201, "", "")),
            read(Role::ReadAfterCreate, 200),
            step(Role::RefusedDelete, Method::Delete, "/pets/{id}", positive(), refusal),
        ];
        steps.extend(readings.iter().map(|status| read(Role::ReadAfterRefusedDelete, *status)));
        steps.extend(twin.iter().map(|status| read(Role::ReadTwin, *status)));
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_a_deletion_that_was_refused_and_done() {
        for refused in [400, 401, 403, 412, 422, 428] {
            assert_eq!(deleted(answer(refused, "", ""), &[404, 404], &[200]), Some(1), "{refused}");
        }
        assert_eq!(deleted(answer(412, "", ""), &[410], &[]), Some(1));
        assert_eq!(deleted(json_answer(200, &json!({"ok": false, "error": "no"})), &[404], &[]), Some(1));
    }

    #[test]
    fn silent_on_a_deletion_that_was_not_done() {
        assert_eq!(deleted(answer(412, "", ""), &[200], &[]), Some(0));
        // A copy that follows behind denies it for a while.
        assert_eq!(deleted(answer(412, "", ""), &[404, 404, 200], &[]), Some(0));
    }

    #[test]
    fn cannot_judge_what_is_gone_anyway_or_on_its_way() {
        for refused in [204, 202, 404, 409, 410, 423, 429, 500] {
            assert_eq!(deleted(answer(refused, "", ""), &[404], &[]), None, "{refused}");
        }
        let mut twice = answer(412, "", "");
        twice.attempts = 2;
        assert_eq!(deleted(twice, &[404], &[]), None);
        // What can be read but once, or for a moment.
        assert_eq!(deleted(answer(412, "", ""), &[404], &[404]), None);
        assert_eq!(deleted(answer(412, "", ""), &[404], &[200, 404]), None);
        assert_eq!(deleted(answer(412, "", ""), &[503], &[]), None);
    }

    #[test]
    fn silent_when_nothing_or_something_else_changed() {
        for after in [
            json!({"name": "a", "age": 3}),
            json!({"name": "somebody else's", "age": 4}),
            json!({"name": "a", "age": 3, "updated_at": "x"}),
        ] {
            assert_eq!(run(answer(400, "", ""), &after), Some(0), "{after}");
        }
    }

    #[test]
    fn cannot_judge_what_was_not_refused() {
        for status in [200, 204, 429, 500, 503] {
            assert_eq!(run(answer(status, "", ""), &json!({"name": "b"})), None, "{status}");
        }
    }
}
