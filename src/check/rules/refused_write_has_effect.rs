//! A refused write is done all the same.
//!
//! ## What it does
//! Creates a resource, reads it, sends a PUT or PATCH that is refused with a 4xx because one property breaks the
//! document, and reads it again. Fires if another property that was sent has changed to what was sent. Only properties
//! of the refused body are compared, so what others or the server change meanwhile is not blamed on it.
//!
//! ## Why it matters
//! The client believes that nothing happened, tries again or gives up, and half of the change is there.
//!
//! ## Example
//! `PATCH /rules/7` with `{"rule_name": "new", "priority": 1000}` answers 422. `GET /rules/7` shows `rule_name: "new"`.
//!
//! ## How to fix
//! Validate everything before anything is written, or write in one transaction that a refusal rolls back.

use crate::check::Role;
use crate::check::compare::{differs, is_hidden, is_volatile, resource};
use crate::check::refusal::is_refusal;
use crate::check::sequence::{Transcript, Verdict, sent_object};
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
    judge(transcript).into_iter().collect()
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
    let (one, two) = (resource(&one, sent)?, resource(&two, sent)?);
    let mut compared = false;
    let mut findings = Vec::new();
    for (name, sent) in sent.iter().filter(|(name, _)| !is_hidden(name) && !is_volatile(name)) {
        let (was, now) = (one.get(name).unwrap_or(&Value::Null), two.get(name).unwrap_or(&Value::Null));
        let new = was.is_null() && !sent.is_null() || differs(was, sent) == Some(true);
        if !new {
            continue;
        }
        compared = true;
        if differs(sent, now) == Some(false) {
            let title = format!("writes `{name}`, though the request is refused");
            let mut finding = transcript.finding_of(&RULE, Some(write), name, title, &[before, write, after]);
            finding.detail.push_str(&format!("\nbefore: {was}\nafter: {now}"));
            findings.push(finding);
        }
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
        assert_eq!(run(refusal(), &json!({"name": "b", "age": 3, "notes": "n"})), Some(2));
        let packed = json_answer(200, &json!({"ok": false, "error": "age"}));
        assert_eq!(run(packed, &json!({"name": "b", "age": 3})), Some(1));
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
