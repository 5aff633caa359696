//! A change of one property changes another.
//!
//! ## What it does
//! Creates a resource, reads it, changes one property with PATCH (plain JSON or a merge patch; a JSON Patch where the
//! document asks for one), and reads it again. Fires if a property that the creation wrote, that the first reading
//! showed as written and that the change does not speak of is gone or another afterwards. Left out are properties that
//! change by themselves (moments, versions, states), and values made of what was sent, such as a slug. A 202 is not
//! judged. A body in an envelope (`{"data": {…}}`, JSON:API's `attributes`) is opened, if the server shows it in one.
//!
//! ## Why it matters
//! A client changes a colour, and the description is gone. Nobody asked for that, and nobody is told.
//!
//! ## Example
//! `PATCH /tags/7` with `{"color": "#00aa55"}` answers 200. `weight`, which the creation wrote, is not there any more.
//!
//! ## How to fix
//! Change what the body speaks of, and nothing else. What replaces the whole is a PUT.

use crate::check::Role;
use crate::check::envelope::Envelope;
use crate::check::kept::{is_derived, is_lost, is_restless, is_shown, listing, touched};
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::finding::{Family, Rule, Severity};
use serde_json::Map;

pub(crate) const RULE: Rule = Rule {
    id: "patch-changes-unsent",
    title: "A PATCH changes what it does not speak of",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 5789 §2, RFC 7396 §2",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let changing = [Role::Replace, Role::ReplaceAgain, Role::Delete];
    let (create, before) = transcript.pair(Role::Create, Role::ReadAfterCreate, &changing)?;
    let (patch, after) = transcript.pair(Role::Patch, Role::ReadAfterPatch, &changing)?;
    if !create.is_done() || !patch.is_done() {
        return None;
    }
    let written = sent_object(&create.case)?;
    let (one, two) = (before.json()?, after.json()?);
    let envelope = Envelope::of(written, &one);
    let (written, names) = (envelope.open(written)?, touched(&patch.case, &envelope)?);
    let (one, two) = (envelope.shown(&one, written)?, envelope.shown(&two, written).or(two.as_object())?);
    let nothing = Map::new();
    let sent = sent_object(&patch.case).and_then(|sent| envelope.open(sent)).unwrap_or(&nothing);
    let mut compared = false;
    let mut changed = Vec::new();
    for (name, written) in written.iter().filter(|(name, _)| !names.contains(*name) && !is_restless(name)) {
        let Some(was) = one.get(name).filter(|was| is_shown(written, Some(was))) else { continue };
        let now = two.get(name);
        let lost = is_lost(was, now, true);
        compared |= lost.is_some();
        if lost == Some(true) && !is_derived(now, sent) {
            changed.push((name.as_str(), was, now));
        }
    }
    let mut findings = Vec::new();
    // A server that replaces wipes everything: that is one fault, not one for each property.
    if !changed.is_empty() {
        let named = listing(changed.iter().map(|(name, ..)| *name));
        let title = format!("changes {named}, of which the PATCH does not speak");
        let mut finding = transcript.finding_of(&RULE, Some(patch), "unsent", title, &[before, patch, after]);
        for (name, was, now) in changed {
            let now = now.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            finding.detail.push_str(&format!("\n{name} before: {was}, after: {now}"));
        }
        findings.push(finding);
    }
    compared.then(|| (patch.operation.clone(), findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::{Value, json};

    fn run(status: u16, sent: Value, before: &Value, after: &Value) -> Option<Vec<String>> {
        let world =
            World::new(Method::Post, "/pets").and(Method::Get, "/pets/{id}").and(Method::Patch, "/pets/{id}");
        let written =
            json!({"name": "a", "notes": "x", "tags": ["t"], "rank": 1, "slug": "s", "state": "new"});
        let case = |body: Value| with_body(positive(), "application/json", body);
        let read =
            |role, body: &Value| step(role, Method::Get, "/pets/{id}", positive(), json_answer(200, body));
        let steps = [
            step(Role::Create, Method::Post, "/pets", case(written), answer(201, "", "")),
            read(Role::ReadAfterCreate, before),
            step(Role::Patch, Method::Patch, "/pets/{id}", case(sent), answer(status, "", "")),
            read(Role::ReadAfterPatch, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        let (_, findings) = verdicts.into_iter().next()?;
        Some(findings.into_iter().filter_map(|f| Some(f.title.split('`').nth(1)?.to_owned())).collect())
    }

    fn before() -> Value {
        json!({"id": 1, "name": "a", "notes": "x", "tags": ["t"], "rank": 1, "slug": "s", "state": "new"})
    }

    #[test]
    fn fires_on_what_was_wiped_or_changed() {
        let check = |bend: fn(&mut Value), expected: &[&str]| {
            let mut after = before();
            after["name"] = json!("b");
            bend(&mut after);
            assert_eq!(run(200, json!({"name": "b"}), &before(), &after).unwrap(), expected);
        };
        check(|after| after["notes"] = Value::Null, &["notes"]);
        check(|after| after["tags"] = json!([]), &["tags"]);
        check(|after| after["rank"] = json!(0), &["rank"]);
        check(|_| (), &[]);
    }

    #[test]
    fn a_json_patch_speaks_of_its_places() {
        let patch = json!([{"op": "replace", "path": "/name", "value": "b"}]);
        let mut after = before();
        after["name"] = json!("b");
        assert_eq!(run(200, patch.clone(), &before(), &after).unwrap(), Vec::<String>::new());
        after["notes"] = json!("y");
        assert_eq!(run(200, patch, &before(), &after).unwrap(), ["notes"]);
    }

    fn enveloped(made: Value, sent: Value, before: &Value, after: &Value) -> Option<usize> {
        let world = World::new(Method::Patch, "/pets/{id}");
        let case = |body: Value| with_body(positive(), "application/json", body);
        let read =
            |role, body: &Value| step(role, Method::Get, "/pets/{id}", positive(), json_answer(200, body));
        let steps = [
            step(Role::Create, Method::Post, "/pets", case(made), answer(201, "", "")),
            read(Role::ReadAfterCreate, before),
            step(Role::Patch, Method::Patch, "/pets/{id}", case(sent), answer(200, "", "")),
            read(Role::ReadAfterPatch, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn an_envelope_is_opened() {
        let data = |inner: Value| json!({"data": inner});
        let shown = |inner: Value| json!({"data": inner, "permissions": {"write": ["me"]}});
        let (made, first) = (json!({"name": "a", "notes": "x"}), json!({"id": 1, "name": "a", "notes": "x"}));
        let run = |after: Value| {
            enveloped(data(made.clone()), data(json!({"name": "b"})), &shown(first.clone()), &shown(after))
        };
        assert_eq!(run(json!({"id": 1, "name": "b"})), Some(1));
        assert_eq!(run(json!({"id": 1, "name": "b", "notes": "x"})), Some(0));
        // JSON:API, and an answer without the envelope.
        let api = |name: &str, notes: Value| json!({"data": {"type": "pets", "id": "1", "attributes": {"name": name, "notes": notes}}});
        let sent = json!({"data": {"type": "pets", "id": "1", "attributes": {"name": "b"}}});
        let run = |after| enveloped(api("a", json!("x")), sent.clone(), &api("a", json!("x")), &after);
        assert_eq!(run(api("b", Value::Null)), Some(1));
        assert_eq!(run(api("b", json!("x"))), Some(0));
        let bare = enveloped(data(made), data(json!({"name": "b"})), &first, &json!({"id": 1, "name": "b"}));
        assert_eq!(bare, Some(1));
        // The operations of a JSON Patch point into it.
        let patch = json!([{"op": "replace", "path": "/data/attributes/name", "value": "b"}]);
        let run = |after| enveloped(api("a", json!("x")), patch.clone(), &api("a", json!("x")), &after);
        assert_eq!([run(api("b", json!("x"))), run(api("b", json!("y")))], [Some(0), Some(1)]);
    }

    /// A document that is stored under `data` and replaced as one.
    #[test]
    fn a_property_called_data_is_no_envelope() {
        let made = json!({"data": {"a": 1, "b": 2}});
        let before = json!({"id": 1, "created": "2026-01-01", "data": {"a": 1, "b": 2}});
        let after = json!({"id": 1, "created": "2026-01-01", "data": {"a": 9}});
        let found = enveloped(made, json!({"data": {"a": 9}}), &before, &after);
        assert!(found.is_none_or(|count| count == 0), "{found:?}");
    }

    #[test]
    fn silent_on_what_servers_do_by_themselves() {
        let mut after = before();
        after["name"] = json!("Blue Bird");
        after["slug"] = json!("blue bird");
        after["state"] = json!("edited");
        after["tags"] = json!(["t", "auto"]);
        assert_eq!(run(200, json!({"name": "Blue Bird"}), &before(), &after), Some(vec![]));
        // A value that the first reading shows otherwise is the server's.
        let mut first = before();
        first["rank"] = json!(9);
        let mut after = before();
        after["rank"] = json!(5);
        assert_eq!(run(200, json!({"name": "a"}), &first, &after), Some(vec![]));
    }

    #[test]
    fn cannot_judge_what_was_not_done() {
        for status in [202, 409, 422, 500] {
            assert_eq!(run(status, json!({"name": "b"}), &before(), &json!({})), None, "{status}");
        }
    }
}
