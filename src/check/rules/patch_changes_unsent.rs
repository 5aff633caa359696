//! A change of one property changes another.
//!
//! ## What it does
//! Creates a resource, reads it, changes one property with PATCH (plain JSON or a merge patch; a JSON Patch where the
//! document asks for one), and reads it again. Fires if a property that the creation wrote, that the first reading
//! showed as written and that the change does not speak of is gone or another afterwards. Left out are properties that
//! change by themselves (moments, versions, states), and values made of what was sent, such as a slug. A 202 is not
//! judged.
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
use crate::check::compare::resource;
use crate::check::kept::{is_derived, is_lost, is_restless, is_shown, touched};
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
    let (written, names) = (sent_object(&create.case)?, touched(&patch.case)?);
    let (one, two) = (before.json()?, after.json()?);
    let (one, two) = (resource(&one, written)?, resource(&two, written).or(two.as_object())?);
    let nothing = Map::new();
    let sent = sent_object(&patch.case).unwrap_or(&nothing);
    let mut compared = false;
    let mut findings = Vec::new();
    for (name, written) in written.iter().filter(|(name, _)| !names.contains(*name) && !is_restless(name)) {
        let Some(was) = one.get(name).filter(|was| is_shown(written, Some(was))) else { continue };
        let now = two.get(name);
        let lost = is_lost(was, now, true);
        compared |= lost.is_some();
        if lost == Some(true) && !is_derived(now, sent) {
            let title = format!("changes `{name}`, of which the PATCH does not speak");
            let mut finding = transcript.finding_of(&RULE, Some(patch), name, title, &[before, patch, after]);
            let now = now.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            finding.detail.push_str(&format!("\nbefore: {was}\nafter: {now}"));
            findings.push(finding);
        }
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
