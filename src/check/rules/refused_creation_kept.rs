//! What was refused at its creation stands in the list.
//!
//! ## What it does
//! Reads a list, sends a creation that is refused with a 4xx because one property breaks the document, and reads the
//! list again. Fires if an item is there that was not there before and that shows what was sent. One property may
//! differ: the broken one may be stored in another form. Shown again twice before it is told, so that a chance
//! creation by somebody else is not blamed on it.
//!
//! ## Why it matters
//! The client believes that nothing was created and tries again. Each try leaves half a resource that nobody owns.
//!
//! ## Example
//! `POST /assets` with `{"asset_name": "web-1", "asset_criticality": "?"}` answers 422. `GET /assets` then has an
//! asset `web-1`.
//!
//! ## How to fix
//! Validate everything before anything is stored, or create in one transaction that a refusal rolls back.

use crate::check::Role;
use crate::check::compare::differs;
use crate::check::paging::{identity, listed};
use crate::check::refusal::is_refusal;
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::finding::{Family, Rule, Severity};
use serde_json::{Map, Value};

pub(crate) const RULE: Rule = Rule {
    id: "refused-creation-kept",
    title: "What was refused at its creation exists",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §15.5",
    fault_code: Some(104),
    default_on: true,
};

/// The shortest text that tells an item from others.
const TELLING: usize = 3;

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let before = transcript.first(Role::ListBeforeRefusal)?;
    let (create, after) = transcript.pair(Role::RefusedCreate, Role::ListAfterRefusal, &[Role::Create])?;
    if !create.response().is_some_and(is_refusal) {
        return None;
    }
    let sent = sent_object(&create.case)?;
    let list = transcript.operation(after)?;
    let (one, two) = (before.json()?, after.json()?);
    let (one, two) = (listed(&one)?, listed(&two)?);
    let name = identity(list, two).or_else(|| identity(list, one))?;
    let comparable = |item: &Value| sent.iter().any(|(name, sent)| differs(sent, &item[name]).is_some());
    if !one.iter().chain(two).any(comparable) {
        return None;
    }
    let known = |item: &Value| one.iter().any(|other| other[name] == item[name]);
    let new: Vec<&Value> =
        two.iter().filter(|item| !item[name].is_null() && !known(item) && shows(item, sent)).collect();
    let Some(item) = new.first() else { return Some((create.operation.clone(), Vec::new())) };
    let title = "keeps a resource whose creation it refused".to_owned();
    let mut finding = transcript.finding_of(&RULE, Some(create), "list", title, &[before, create, after]);
    finding.detail.push_str(&format!("\nnew in the list: {item}"));
    Some((create.operation.clone(), vec![finding]))
}

/// Whether an item shows what was sent.
fn shows(item: &Value, sent: &Map<String, Value>) -> bool {
    let (mut same, mut other, mut telling) = (0, 0, false);
    for (name, sent) in sent {
        match item.get(name).and_then(|found| differs(sent, found)) {
            Some(false) => {
                same += 1;
                telling |= sent.as_str().is_some_and(|text| text.trim().len() >= TELLING);
            }
            Some(true) => other += 1,
            None => {}
        }
    }
    other <= 1 && same > other && (telling || same > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, negative, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::json;

    fn run(status: u16, before: &Value, after: &Value) -> Option<usize> {
        let world = World::new(Method::Get, "/pets");
        let list = |role, body: &Value| step(role, Method::Get, "/pets", positive(), json_answer(200, body));
        let sent = json!({"name": "bello", "age": -1, "kind": "dog"});
        let case = with_body(negative("body /age", "minimum", "too small"), "application/json", sent);
        let steps = [
            list(Role::ListBeforeRefusal, before),
            step(Role::RefusedCreate, Method::Post, "/pets", case, answer(status, "", "")),
            list(Role::ListAfterRefusal, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_a_new_item_that_shows_what_was_sent() {
        let before = json!([{"id": 1, "name": "bello", "kind": "dog"}]);
        let kept =
            json!([{"id": 1, "name": "bello", "kind": "dog"}, {"id": 2, "name": "bello", "kind": "dog"}]);
        assert_eq!(run(422, &before, &kept), Some(1));
        let mended = json!([{"id": 2, "name": "Bello ", "kind": "dog", "age": 0}]);
        assert_eq!(run(422, &json!([]), &mended), Some(1));
    }

    #[test]
    fn silent_when_nothing_or_something_else_is_new() {
        let before = json!({"items": [{"id": 1, "name": "bello", "kind": "dog"}], "total": 1});
        assert_eq!(run(400, &before, &before), Some(0));
        let other = json!({"items": [{"id": 1, "name": "bello", "kind": "dog"}, {"id": 2, "name": "mia", "kind": "cat"}]});
        assert_eq!(run(400, &before, &other), Some(0));
    }

    #[test]
    fn cannot_judge_without_a_refusal_or_without_anything_to_compare() {
        let list = json!([{"id": 1, "name": "bello"}]);
        assert_eq!(run(201, &json!([]), &list), None);
        assert_eq!(run(500, &json!([]), &list), None);
        assert_eq!(run(422, &json!([]), &json!([{"id": 3}])), None);
    }
}
