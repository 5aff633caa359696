//! A value sent at creation comes back as another.
//!
//! ## What it does
//! Creates a resource, reads it by its id, and compares the top-level values that were sent with those of the same name
//! that come back. Fires only if a value comes back with the same JSON type and yet is another one. Trimmed,
//! case-folded, rounded, masked values, dates written another way and names with a number behind them (`Blue (2)`, as
//! taken ones get) are the same. Left out are values that are missing or null in the answer, `readOnly` ones, states
//! (which the server may set itself) and moments of change.
//!
//! ## Why it matters
//! The server answered that it stored what it was given. It stored something else: cut, mixed up, or overwritten by a
//! default.
//!
//! ## Example
//! `POST /teams` with `{"team_name": "Blue team", "size": 7}`. `GET /teams/9` answers `{"team_name": "Blue team",
//! "size": 0}`.
//!
//! ## How to fix
//! Store what is sent, refuse what cannot be stored, or mark the property `readOnly`.

use crate::check::compare::{differs, is_hidden, is_kept_by_server, is_numbered, property, words};
use crate::check::described::{is_servers, names_the_thing};
use crate::check::envelope::opened;
use crate::check::sequence::{Transcript, Verdict, sent_object};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "created-value-lost",
    title: "A value sent at creation comes back as another",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.3",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    let changing = [Role::Replace, Role::ReplaceAgain, Role::Patch, Role::Delete];
    let pair = transcript.pair(Role::Create, Role::ReadAfterCreate, &changing);
    let Some((create, read)) = pair.filter(|(create, _)| create.is_done()) else { return Vec::new() };
    let (Some(sent), Some(answer)) = (sent_object(&create.case), read.json()) else { return Vec::new() };
    let Some((sent, found)) = opened(sent, &answer) else { return Vec::new() };
    let mut compared = false;
    let mut findings = Vec::new();
    for (name, sent) in sent.iter().filter(|(name, _)| !is_excused(transcript, create, name)) {
        let Some(found) = found.get(name).filter(|found| !names_the_thing(&create.exchange, found)) else {
            // Where the client names it by its path, the path counts.
            continue;
        };
        let Some(lost) = differs(sent, found).map(|other| other && !is_numbered(sent, found)) else {
            continue;
        };
        compared = true;
        if lost {
            let title = format!("creates `{name}` with another value than was sent");
            let mut finding = transcript.finding(&RULE, name, title, &[create, read]);
            finding.detail.push_str(&format!("\nsent: {sent}\nfound: {found}"));
            findings.push(finding);
        }
    }
    if compared { vec![(create.operation.clone(), findings)] } else { Vec::new() }
}

fn is_excused(transcript: &Transcript, create: &Step, name: &str) -> bool {
    let state = words(name).iter().any(|word| ["status", "state", "phase"].contains(&word.as_str()));
    let read_only = || {
        let contents = &transcript.operation(create)?.body.as_ref()?.contents;
        let schema = contents.iter().find_map(|content| content.schema.as_ref())?;
        property(&transcript.api.document, schema, name)?.get("readOnly").and_then(Value::as_bool)
    };
    state
        || is_hidden(name)
        || is_kept_by_server(name)
        || read_only().unwrap_or(false)
        || is_servers(transcript, create, name, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step, with_body};
    use crate::exchange::Method;
    use serde_json::json;

    /// The names that are lost, or `None` if nothing could be said.
    fn verdict(sent: Value, found: &Value) -> Option<Vec<String>> {
        let world = World::new(Method::Post, "/pets")
            .schema("Pet", json!({"properties": {"rank": {"type": "integer", "readOnly": true}}}))
            .body("application/json", "Pet");
        let case = with_body(positive(), "application/json", sent);
        let steps = [
            step(Role::Create, Method::Post, "/pets", case, answer(201, "", "")),
            step(Role::ReadAfterCreate, Method::Get, "/pets/{id}", positive(), json_answer(200, found)),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        let (_, findings) = verdicts.into_iter().next()?;
        Some(findings.into_iter().filter_map(|f| Some(f.title.split('`').nth(1)?.to_owned())).collect())
    }

    #[test]
    fn fires_on_another_value_of_the_same_type() {
        assert_eq!(verdict(json!({"name": "Blue"}), &json!({"name": "Red"})).unwrap(), ["name"]);
        assert_eq!(
            verdict(json!({"name": "Blue", "size": 7}), &json!({"name": "Blue", "size": 0})).unwrap(),
            ["size"]
        );
        assert_eq!(verdict(json!({"open": true}), &json!({"data": {"open": false}})).unwrap(), ["open"]);
    }

    #[test]
    fn silent_on_normalised_values() {
        assert_eq!(verdict(json!({"name": " Blue "}), &json!({"name": "blue"})), Some(vec![]));
        assert_eq!(
            verdict(json!({"born": "2026-01-02"}), &json!({"born": "2026-01-02T00:00:00Z"})),
            Some(vec![])
        );
    }

    #[test]
    fn missing_null_and_retyped_values_say_nothing() {
        assert_eq!(verdict(json!({"name": "Blue"}), &json!({})), None);
        assert_eq!(verdict(json!({"name": "Blue"}), &json!({"name": null})), None);
        assert_eq!(verdict(json!({"size": 7}), &json!({"size": "7"})), None);
        assert_eq!(verdict(json!({"tags": ["a"]}), &json!({"tags": ["b"]})), None);
    }

    #[test]
    fn what_the_path_names_is_called_as_the_path_says() {
        let world = World::new(Method::Put, "/files/{path}");
        let told = |found: &str| {
            let case = with_body(positive(), "application/json", json!({"name": "python3", "kind": "file"}));
            let mut made = answer(201, "", "");
            made.request.url = "http://127.0.0.1/files/sw1".to_owned();
            let read = json_answer(200, &json!({"name": found, "kind": "file"}));
            let steps = [
                step(Role::Create, Method::Put, "/files/{path}", case, made),
                step(Role::ReadAfterCreate, Method::Get, "/files/{path}", positive(), read),
            ];
            let verdicts = check(&Transcript { api: &world.api, steps: &steps });
            verdicts.into_iter().map(|(_, findings)| findings.len()).sum::<usize>()
        };
        assert_eq!(told("sw1"), 0);
        assert_eq!(told("other"), 1);
    }

    #[test]
    fn some_names_are_not_the_clients_to_set() {
        for name in ["rank", "status", "updated_at", "password", "version", "id"] {
            let body = |value: i32| Value::Object([(name.to_owned(), json!(value))].into_iter().collect());
            assert_eq!(verdict(body(1), &body(2)), None, "{name}");
        }
    }
}
