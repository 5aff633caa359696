//! A replaced or patched value is not there afterwards.
//!
//! ## What it does
//! Replaces (PUT) or patches (PATCH) a resource, reads it, and compares the top-level properties that were sent. Fires
//! if the call was answered 2xx and a value comes back as another, or if one that the reading's schema documents is
//! missing, null or an emptied list. Trimmed, case-folded, rounded, masked values, dates written another way and names
//! with a number behind them (`Blue (2)`) are the same. Left out are `readOnly` and `writeOnly` properties, those of which a
//! description says as much, what names the resource in its path, and moments of change. A 202 is not judged.
//!
//! ## Why it matters
//! The client was told that its change is stored. It is not, and nobody notices until the value is needed.
//!
//! ## Example
//! `PUT /assets/7` with `{"asset_name": "web-1", "asset_notes": "moved"}` answers 200. `GET /assets/7` has no
//! `asset_notes`.
//!
//! ## How to fix
//! Store every documented property of the request, refuse what cannot be stored, or mark the property `readOnly`.

use crate::check::compare::{is_hidden, is_kept_by_server, property};
use crate::check::described::{is_left_out, is_servers, names_the_thing};
use crate::check::envelope::Envelope;
use crate::check::kept::is_lost;
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use crate::schema::Pointer;
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "update-lost",
    title: "A changed value is not there afterwards",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.4, RFC 5789 §2",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    let changing = [Role::ReplaceAgain, Role::Patch, Role::Delete];
    let replaced = judge(transcript, Role::Replace, Role::ReadAfterReplace, &changing);
    let changing = [Role::Replace, Role::ReplaceAgain, Role::Delete];
    let patched = judge(transcript, Role::Patch, Role::ReadAfterPatch, &changing);
    replaced.into_iter().chain(patched).collect()
}

fn judge(transcript: &Transcript, act: Role, read: Role, between: &[Role]) -> Option<Verdict> {
    let (act, read) = transcript.pair(act, read, between).filter(|(act, _)| act.is_done())?;
    let (sent, answer) = (sent_object(&act.case)?, read.json()?);
    let envelope = Envelope::of(sent, &answer);
    let sent = envelope.open(sent)?;
    // An answer that speaks of nothing that was sent may have lost all of it.
    let found = envelope.shown(&answer, sent).or_else(|| answer.as_object())?;
    let schema = transcript.answer_schema(read);
    let mut compared = false;
    let mut findings = Vec::new();
    for (name, sent) in sent {
        let shown = schema.as_ref().and_then(|schema| property(&transcript.api.document, schema, name));
        if sent.is_null()
            || is_hidden(name)
            || is_kept_by_server(name)
            || is_one_way(transcript, act, name, shown)
        {
            continue;
        }
        let now = found.get(name);
        if now.is_some_and(|now| names_the_thing(&act.exchange, now))
            || is_servers(transcript, act, name, false)
            || is_left_out(transcript, act, name)
        {
            continue;
        }
        let lost = is_lost(sent, now, shown.is_some());
        compared |= lost.is_some();
        if lost == Some(true) {
            let title = format!("loses `{name}` when it is changed");
            let mut finding = transcript.finding(&RULE, name, title, &[act, read]);
            let found = now.map_or_else(|| "nothing".to_owned(), Value::to_string);
            finding.detail.push_str(&format!("\nsent: {sent}\nfound: {found}"));
            findings.push(finding);
        }
    }
    compared.then(|| (act.operation.clone(), findings))
}

/// Whether the property travels in one direction only.
fn is_one_way(transcript: &Transcript, act: &Step, name: &str, shown: Option<&Value>) -> bool {
    let document = &transcript.api.document;
    let body = transcript.operation(act).and_then(|operation| operation.body.as_ref());
    let schema: Option<&Pointer> =
        body.and_then(|body| body.contents.iter().find_map(|content| content.schema.as_ref()));
    let asked = schema.and_then(|schema| property(document, schema, name));
    let marked = |property: &Value| {
        ["readOnly", "writeOnly"].iter().any(|keyword| property.get(*keyword) == Some(&Value::Bool(true)))
    };
    asked.is_some_and(marked) || shown.is_some_and(marked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::json;

    fn world() -> World {
        World::new(Method::Put, "/pets/{id}")
            .schema(
                "Pet",
                json!({"properties": {"name": {}, "notes": {}, "tags": {}, "home": {},
                    "rank": {"readOnly": true}, "pinned": {"writeOnly": true}}}),
            )
            .body("application/json", "Pet")
            .and(Method::Get, "/pets/{id}")
            .response("200", "application/json", Some("Pet"))
    }

    fn run(roles: (Role, Role), status: u16, sent: Value, found: &Value) -> Option<Vec<String>> {
        let world = world();
        let case = with_body(positive(), "application/json", sent);
        let steps = [
            step(roles.0, Method::Put, "/pets/{id}", case, answer(status, "", "")),
            step(roles.1, Method::Get, "/pets/{id}", positive(), json_answer(200, found)),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        let (_, findings) = verdicts.into_iter().next()?;
        Some(findings.into_iter().filter_map(|f| Some(f.title.split('`').nth(1)?.to_owned())).collect())
    }

    fn put(sent: Value, found: &Value) -> Option<Vec<String>> {
        run((Role::Replace, Role::ReadAfterReplace), 200, sent, found)
    }

    #[test]
    fn fires_on_dropped_and_changed_values() {
        let check = |sent: Value, found: Value, lost: &str| {
            assert_eq!(put(sent.clone(), &found).unwrap(), [lost], "{sent} {found}");
        };
        check(json!({"name": "a", "notes": "x"}), json!({"name": "a"}), "notes");
        check(json!({"name": "a", "notes": "x"}), json!({"name": "a", "notes": null}), "notes");
        check(json!({"name": "a"}), json!({"name": "b"}), "name");
        check(json!({"name": "a"}), json!({"id": 1}), "name");
        check(json!({"name": "a", "tags": ["x"]}), json!({"name": "a", "tags": []}), "tags");
        check(json!({"name": "a", "home": {"x": 1}}), json!({"name": "a"}), "home");
    }

    #[test]
    fn silent_when_everything_is_there() {
        let body = json!({"name": "a", "notes": "x", "tags": ["b", "a"], "home": {"x": 1}});
        assert_eq!(put(body.clone(), &body), Some(vec![]));
        assert_eq!(put(json!({"name": " A "}), &json!({"name": "a"})), Some(vec![]));
        assert_eq!(
            put(json!({"name": "a", "tags": ["b", "a"]}), &json!({"name": "a", "tags": ["a"]})),
            Some(vec![])
        );
        assert_eq!(put(json!({"name": "a", "notes": ""}), &json!({"name": "a"})), Some(vec![]));
    }

    #[test]
    fn properties_that_the_reading_does_not_show_are_left_out() {
        for name in ["rank", "pinned", "unknown", "updated_at", "password"] {
            let sent = json!({"name": "a", name: "x"});
            assert_eq!(put(sent, &json!({"name": "a"})), Some(vec![]), "{name}");
        }
        assert_eq!(put(json!({"name": "a", "notes": null}), &json!({"name": "a"})), Some(vec![]));
    }

    #[test]
    fn patches_are_judged_alike() {
        let roles = (Role::Patch, Role::ReadAfterPatch);
        assert_eq!(run(roles, 200, json!({"name": "a"}), &json!({"name": "b"})).unwrap(), ["name"]);
        assert_eq!(run(roles, 204, json!({"name": "a"}), &json!({"name": "a"})), Some(vec![]));
        assert_eq!(run(roles, 200, json!([{"op": "add"}]), &json!({"name": "a"})), None);
    }

    #[test]
    fn cannot_judge_what_was_not_done() {
        let roles = (Role::Replace, Role::ReadAfterReplace);
        for status in [202, 409, 422, 500] {
            assert_eq!(run(roles, status, json!({"name": "a"}), &json!({"name": "b"})), None, "{status}");
        }
    }
}
