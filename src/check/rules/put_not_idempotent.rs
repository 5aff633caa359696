//! The same replacement sent twice has another effect than sent once.
//!
//! ## What it does
//! Sends the very same PUT twice, reads after each, and reports top-level properties that differ between the readings.
//! Left out are properties that change by themselves: named like a moment, a version or an entity tag, of format
//! `date-time`, with values that look like moments or random ids, or seen to change between two readings without a PUT
//! in between; and what the request neither says nor could say, which is the server's to count and to log (RFC 9110
//! §9.2.2). The order of a list does not count.
//!
//! ## Why it matters
//! Clients and proxies repeat a PUT when an answer gets lost, because they may. Each repetition then changes the data.
//!
//! ## Example
//! `PUT /assets/7` twice with the same body. `asset_groups` is `["web"]` after the first and `["web", "web"]` after the
//! second.
//!
//! ## How to fix
//! Replace what is stored with what is sent; do not append or count. If that is meant, use POST or PATCH.

use crate::check::compare::{differs, is_volatile, looks_volatile, property};
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::{Map, Value};

pub(crate) const RULE: Rule = Rule {
    id: "put-not-idempotent",
    title: "The same PUT twice has another effect than once",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.2.2, §9.3.4",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let changing = [Role::Patch, Role::Delete];
    let once = [Role::Patch, Role::Delete, Role::ReplaceAgain];
    let (first, read) = transcript.pair(Role::Replace, Role::ReadAfterReplace, &once)?;
    let (second, read_again) = transcript.pair(Role::ReplaceAgain, Role::ReadAfterReplaceAgain, &changing)?;
    let same = first.exchange.request.url == second.exchange.request.url
        && first.exchange.request.body == second.exchange.request.body;
    if !same || !first.is_done() || !second.is_done() {
        return None;
    }
    let (before, after) = (read.json()?, read_again.json()?);
    let (before, after) = (inner(&before)?, inner(&after)?);
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let mut findings = Vec::new();
    for name in names {
        let (one, other) = (before.get(name), after.get(name));
        if equal(one, other) || is_excused(transcript, read, name, one, other) {
            continue;
        }
        let title = format!("changes `{name}` when the same PUT is sent again");
        let mut finding = transcript.finding(&RULE, name, title, &[second, read, read_again]);
        let show = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
        finding.detail.push_str(&format!(
            "\nafter the first: {}\nafter the second: {}",
            show(one),
            show(other)
        ));
        findings.push(finding);
    }
    Some((second.operation.clone(), findings))
}

/// The resource of an answer: the object itself, or the one object wrapped in it.
fn inner(answer: &Value) -> Option<&Map<String, Value>> {
    let map = answer.as_object()?;
    let wrapped = ["data", "result", "item"].iter().find_map(|name| map.get(*name)?.as_object());
    Some(wrapped.unwrap_or(map))
}

/// Equality without regard to the order of lists and to what changes by itself within.
fn equal(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            let mut rest: Vec<&Value> = other.iter().collect();
            one.len() == other.len()
                && one.iter().all(|item| {
                    let found = rest.iter().position(|known| equal(Some(item), Some(known)));
                    found.map(|at| rest.swap_remove(at)).is_some()
                })
        }
        (Some(Value::Object(one)), Some(Value::Object(other))) => one
            .keys()
            .chain(other.keys())
            .all(|name| is_volatile(name) || equal(one.get(name), other.get(name))),
        (Some(one), Some(other)) => {
            one == other
                || looks_volatile(one, other)
                || (one.is_number() && differs(one, other) == Some(false))
        }
        (None, None) => true,
        _ => false,
    }
}

fn is_excused(
    transcript: &Transcript,
    read: &Step,
    name: &str,
    one: Option<&Value>,
    other: Option<&Value>,
) -> bool {
    let moment = || {
        let schema = transcript.answer_schema(read)?;
        let format = property(&transcript.api.document, &schema, name)?.get("format")?.as_str()?;
        Some(["date-time", "date", "time"].contains(&format))
    };
    if is_book_keeping(transcript, name) {
        return true;
    }
    let alike = one.zip(other).is_some_and(|(one, other)| looks_volatile(one, other));
    is_volatile(name) || alike || changes_by_itself(transcript, name) || moment().unwrap_or(false)
}

/// Whether the replacement says nothing of this property and could not: then it is the server's to count and to log
/// (RFC 9110 §9.2.2: idempotence applies only to what has been requested).
fn is_book_keeping(transcript: &Transcript, name: &str) -> bool {
    let Some(step) = transcript.first(Role::ReplaceAgain) else { return false };
    let Some(sent) = sent_object(&step.case).filter(|sent| !sent.contains_key(name)) else { return false };
    let body = transcript.operation(step).and_then(|operation| operation.body.as_ref());
    let schema = body.and_then(|body| body.contents.iter().find_map(|content| content.schema.as_ref()));
    let Some(schema) = schema.filter(|_| !sent.is_empty()) else { return false };
    let asked = property(&transcript.api.document, schema, name);
    asked.is_none_or(|property| property.get("readOnly") == Some(&Value::Bool(true)))
}

/// Whether two readings in a row, with nothing between them, differ in this property.
fn changes_by_itself(transcript: &Transcript, name: &str) -> bool {
    transcript.steps.windows(2).any(|pair| {
        let reads = [Role::ReadAfterReplace, Role::ReadAfterReplaceAgain, Role::ReadAfterCreate];
        let (Some(one), Some(other)) = (pair[0].json(), pair[1].json()) else { return false };
        let (Some(one), Some(other)) = (inner(&one), inner(&other)) else { return false };
        pair[0].role == pair[1].role
            && reads.contains(&pair[0].role)
            && !equal(one.get(name), other.get(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::json;

    fn steps(reads: &[Value]) -> Vec<Step> {
        let put = |role| step(role, Method::Put, "/pets/{id}", positive(), answer(200, "", ""));
        let get = |role, body| step(role, Method::Get, "/pets/{id}", positive(), json_answer(200, body));
        let (last, first) = reads.split_last().expect("reads");
        let mut steps = vec![put(Role::Replace)];
        steps.extend(first.iter().map(|body| get(Role::ReadAfterReplace, body)));
        steps.push(put(Role::ReplaceAgain));
        steps.push(get(Role::ReadAfterReplaceAgain, last));
        steps
    }

    /// The names that changed, or `None` if nothing could be said.
    fn verdict(steps: &[Step]) -> Option<Vec<String>> {
        let world = World::new(Method::Put, "/pets/{id}")
            .and(Method::Get, "/pets/{id}")
            .schema("Pet", json!({"properties": {"born": {"type": "string", "format": "date-time"}}}))
            .response("200", "application/json", Some("Pet"));
        let (_, findings) = check(&Transcript { api: &world.api, steps }).into_iter().next()?;
        Some(findings.into_iter().filter_map(|f| Some(f.title.split('`').nth(1)?.to_owned())).collect())
    }

    #[test]
    fn fires_on_counters_and_grown_lists() {
        assert_eq!(verdict(&steps(&[json!({"hits": 1}), json!({"hits": 2})])).unwrap(), ["hits"]);
        assert_eq!(
            verdict(&steps(&[json!({"tags": ["a"]}), json!({"tags": ["a", "a"]})])).unwrap(),
            ["tags"]
        );
        assert_eq!(verdict(&steps(&[json!({"notes": "a"}), json!({"notes": "aa"})])).unwrap(), ["notes"]);
        assert_eq!(
            verdict(&steps(&[json!({"data": {"a": 1}}), json!({"data": {"a": 1, "b": 1}})])).unwrap(),
            ["b"]
        );
    }

    #[test]
    fn silent_on_what_changes_by_itself() {
        let check = |one: Value, other: Value| {
            assert_eq!(verdict(&steps(&[one.clone(), other.clone()])), Some(vec![]), "{one} {other}");
        };
        check(json!({"a": 1}), json!({"a": 1}));
        check(json!({"updated_at": 1}), json!({"updated_at": 2}));
        check(json!({"version": 1}), json!({"version": 2}));
        check(json!({"born": "x"}), json!({"born": "y"}));
        check(json!({"run": "2026-01-01T00:00:00Z"}), json!({"run": "2026-01-01T00:00:09Z"}));
        check(json!({"run": "0f8fad5b-d9cb"}), json!({"run": "7c9e6679-7425"}));
        check(json!({"tags": ["a", "b"]}), json!({"tags": ["b", "a"]}));
        check(json!({"meta": {"etag": "x"}}), json!({"meta": {"etag": "y"}}));
    }

    #[test]
    fn two_readings_in_a_row_show_what_is_restless() {
        let reads = [json!({"a": 1, "b": 1}), json!({"a": 2, "b": 1}), json!({"a": 3, "b": 2})];
        assert_eq!(verdict(&steps(&reads)).unwrap(), ["b"]);
    }

    #[test]
    fn cannot_judge_different_or_failed_replacements() {
        let mut other = steps(&[json!({"a": 1}), json!({"a": 2})]);
        other[2].exchange.request.url.push_str("?x=1");
        assert_eq!(verdict(&other), None);
        let mut refused = steps(&[json!({"a": 1}), json!({"a": 2})]);
        refused[2].exchange.outcome.as_mut().unwrap().status = 409;
        assert_eq!(verdict(&refused), None);
    }

    #[test]
    fn a_server_may_count_and_log_replacements_that_say_nothing_of_it() {
        let sending = |schema: Value| {
            let put = with_body(positive(), "application/json", json!({"name": "a"}));
            let steps: Vec<Step> = steps(&[json!({"edits": 1}), json!({"edits": 2})])
                .into_iter()
                .map(|s| {
                    let replaces = matches!(s.role, Role::Replace | Role::ReplaceAgain);
                    if replaces { Step { case: put.clone(), ..s } } else { s }
                })
                .collect();
            let world = World::new(Method::Put, "/pets/{id}")
                .schema("PetInput", json!({"properties": schema}))
                .body("application/json", "PetInput")
                .and(Method::Get, "/pets/{id}");
            check(&Transcript { api: &world.api, steps: &steps })[0].1.len()
        };
        assert_eq!(sending(json!({"name": {"type": "string"}})), 0);
        assert_eq!(sending(json!({"edits": {"type": "integer", "readOnly": true}})), 0);
        assert_eq!(sending(json!({"edits": {"type": "integer"}})), 1);
    }
}
