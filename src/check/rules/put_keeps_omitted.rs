//! A replacement keeps what it leaves out.
//!
//! ## What it does
//! Creates a resource with an optional property, reads it, replaces it with a valid body that leaves the property out,
//! and reads it again. Fires if the property still shows what the creation wrote. Left out are properties with a
//! default, properties that every reading must show, and what the server keeps by itself. A 202 is not judged, nor an
//! operation whose summary speaks of a part.
//!
//! ## Why it matters
//! PUT replaces the whole: a client that leaves a property out means to remove it, and cannot. Many servers merge
//! instead, which is why this is a warning; then the operation is a PATCH.
//!
//! ## Example
//! `PUT /tags/7` with `{"tag_name": "legacy"}` answers 200. `GET /tags/7` still shows the `color` of before.
//!
//! ## How to fix
//! Remove or reset what the body leaves out, or offer the operation as PATCH and require every property in PUT.

use crate::check::compare::{property, resource, words};
use crate::check::described::{is_left_out, is_servers, names_the_thing};
use crate::check::kept::{is_restless, is_shown, listing};
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use crate::schema::{Document, Pointer};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "put-keeps-omitted",
    title: "A PUT keeps what it leaves out",
    severity: Severity::Warning,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.4",
    fault_code: None,
    default_on: true,
};

/// How deep `allOf` is followed.
const DEEPEST: usize = 8;

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let changing = [Role::Patch, Role::ReplaceAgain, Role::Delete];
    let (create, before) = transcript.pair(Role::Create, Role::ReadAfterCreate, &changing)?;
    let (put, after) = transcript.pair(Role::ReplacePart, Role::ReadAfterReplacePart, &changing)?;
    if !create.is_done() || !put.is_done() || is_partial(transcript, put) {
        return None;
    }
    let (written, sent) = (sent_object(&create.case)?, sent_object(&put.case)?);
    let (one, two) = (before.json()?, after.json()?);
    let (one, two) = (resource(&one, written)?, two.as_object()?);
    let two = resource(&Value::Object(two.clone()), sent)?.clone();
    let mut compared = false;
    let mut kept = Vec::new();
    for (name, written) in written.iter().filter(|(name, _)| !sent.contains_key(*name)) {
        let removable = !is_restless(name)
            && may_be_removed(transcript, put, after, name)
            && !names_the_thing(&put.exchange, written)
            && !is_servers(transcript, put, name, false)
            && !is_left_out(transcript, put, name);
        if !removable || !is_shown(written, one.get(name)) {
            continue;
        }
        compared = true;
        if is_shown(written, two.get(name)) {
            kept.push((name.as_str(), written));
        }
    }
    let mut findings = Vec::new();
    // A server that merges keeps everything: that is one fault, not one for each property.
    if !kept.is_empty() {
        let title =
            format!("keeps {}, which the PUT leaves out", listing(kept.iter().map(|(name, _)| *name)));
        let mut finding = transcript.finding_of(&RULE, Some(put), "omitted", title, &[before, put, after]);
        for (name, written) in kept {
            finding.detail.push_str(&format!("\n{name}, written by the creation: {written}"));
        }
        findings.push(finding);
    }
    compared.then(|| (put.operation.clone(), findings))
}

/// Whether the body may leave the property out, no default stands in for it, and a reading need not show it.
fn may_be_removed(transcript: &Transcript, put: &Step, after: &Step, name: &str) -> bool {
    let document = &transcript.api.document;
    let body = transcript.operation(put).and_then(|operation| operation.body.as_ref());
    let asked = body.and_then(|body| body.contents.iter().find_map(|content| content.schema.as_ref()));
    let known = asked.and_then(|schema| property(document, schema, name));
    let read_only = |property: &Value| property.get("readOnly") == Some(&Value::Bool(true));
    let optional = known.is_some_and(|property| property.get("default").is_none() && !read_only(property));
    let shown = transcript.answer_schema(after);
    let always = shown.is_some_and(|schema| requires(document, &schema, name, DEEPEST));
    optional && !always
}

fn requires(document: &Document, schema: &Pointer, name: &str, depth: usize) -> bool {
    let Some((at, node)) = document.resolve(schema) else { return false };
    let listed = node.get("required").and_then(Value::as_array).into_iter().flatten();
    if listed.into_iter().any(|required| required == name) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let branches = node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    (0..branches).any(|index| requires(document, &at.push("allOf").push(index), name, depth))
}

fn is_partial(transcript: &Transcript, put: &Step) -> bool {
    let summary = transcript.operation(put).and_then(|operation| operation.summary.as_deref());
    words(summary.unwrap_or_default()).iter().any(|word| {
        ["partial", "partially", "part", "patch", "merge", "modify", "modifies"].contains(&word.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::json;

    fn run(status: u16, after: &Value, partial: bool) -> Option<Vec<String>> {
        let fields =
            json!({"name": {}, "notes": {}, "size": {"default": 3}, "kind": {}, "rank": {"readOnly": true}});
        let mut world = World::new(Method::Put, "/pets/{id}")
            .schema("PetInput", json!({"required": ["name"], "properties": fields}))
            .body("application/json", "PetInput")
            .and(Method::Get, "/pets/{id}")
            .schema("Pet", json!({"allOf": [{"required": ["kind"]}, {"properties": fields}]}))
            .response("200", "application/json", Some("Pet"));
        world.api.operations[0].summary = partial.then(|| "Partially update a pet".to_owned());
        let case = |body: Value| with_body(positive(), "application/json", body);
        let written = json!({"name": "a", "notes": "x", "size": 3, "kind": "cat", "rank": 1});
        let read =
            |role, body: &Value| step(role, Method::Get, "/pets/{id}", positive(), json_answer(200, body));
        let steps = [
            step(Role::Create, Method::Post, "/pets", case(written.clone()), answer(201, "", "")),
            read(Role::ReadAfterCreate, &written),
            step(
                Role::ReplacePart,
                Method::Put,
                "/pets/{id}",
                case(json!({"name": "b"})),
                answer(status, "", ""),
            ),
            read(Role::ReadAfterReplacePart, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        let (_, findings) = verdicts.into_iter().next()?;
        Some(findings.into_iter().filter_map(|f| Some(f.title.split('`').nth(1)?.to_owned())).collect())
    }

    #[test]
    fn fires_on_what_is_still_there() {
        let kept = json!({"name": "b", "notes": "x", "size": 3, "kind": "cat", "rank": 1});
        assert_eq!(run(200, &kept, false).unwrap(), ["notes"]);
    }

    #[test]
    fn silent_on_defaults_and_on_what_must_be_shown() {
        for notes in [json!(null), json!(""), json!("none")] {
            let reset = json!({"name": "b", "notes": notes, "size": 3, "kind": "cat", "rank": 1});
            assert_eq!(run(200, &reset, false), Some(vec![]), "{notes}");
        }
        assert_eq!(run(204, &json!({"name": "b", "kind": "cat"}), false), Some(vec![]));
    }

    #[test]
    fn cannot_judge_a_part_and_what_was_not_done() {
        let kept = json!({"name": "b", "notes": "x"});
        assert_eq!(run(200, &kept, true), None);
        assert_eq!(run(202, &kept, false), None);
        assert_eq!(run(422, &kept, false), None);
    }
}
