//! What was deleted can still be read.
//!
//! ## What it does
//! Deletes a resource that the run created, reads it by its id, and reports when both are answered 2xx. Silent on 202,
//! which promises the deletion for later, if it was created again in between, on an answer without content, and if the
//! answer marks the resource as deleted, as a soft delete does: a flag, or a word that has become another.
//!
//! ## Why it matters
//! Data that a person deleted is still there, and still served.
//!
//! ## Example
//! `DELETE /assets/7` answers 204. `GET /assets/7` answers 200 with the asset.
//!
//! ## How to fix
//! Delete the resource, and what caches it. If it takes a while, answer 202. If it is only hidden, mark it in the
//! answer.

use crate::check::kept::marks;
use crate::check::refusal::refuses_in_body;
use crate::check::sequence::{Transcript, Verdict};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "deleted-resource-available",
    title: "What was deleted can still be read",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.5",
    fault_code: Some(103),
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    let again = [Role::Create, Role::Replace, Role::ReplaceAgain];
    let Some((delete, read)) = transcript.pair(Role::Delete, Role::ReadAfterDelete, &again) else {
        return Vec::new();
    };
    let findings = match read.status() {
        _ if !delete.is_done() => return Vec::new(),
        Some(204 | 404 | 410) => Vec::new(),
        Some(200..=299) if read.response().is_some_and(refuses_in_body) => Vec::new(),
        Some(200..=299) if is_marked(transcript, read) => Vec::new(),
        Some(status @ 200..=299) => {
            let title = format!("deletes a resource that `{}` still answers with {status}", read.operation);
            vec![transcript.finding(&RULE, read.operation.as_str(), title, &[delete, read])]
        }
        _ => return Vec::new(),
    };
    vec![(delete.operation.clone(), findings)]
}

/// Whether the answer marks the resource as deleted, and no earlier answer did.
fn is_marked(transcript: &Transcript, read: &Step) -> bool {
    let reads =
        [Role::ReadAfterCreate, Role::ReadAfterReplace, Role::ReadAfterReplaceAgain, Role::ReadAfterPatch];
    let earlier = reads.iter().rev().find_map(|role| transcript.first(*role)?.json());
    let Some(Value::Object(now)) = read.json() else { return false };
    let marked = now.iter().any(|(name, value)| {
        marks(name, value) && earlier.as_ref().and_then(|before| before.get(name)) != Some(value)
    });
    marked || earlier.is_some_and(|before| turned(&before, &Value::Object(now), 0))
}

/// Whether one word has become another: `active` was `expired` after the deletion, in whatever language.
fn turned(before: &Value, after: &Value, depth: usize) -> bool {
    let is_word = |text: &str| {
        (2..=32).contains(&text.len()) && text.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-'))
    };
    match (before, after) {
        (Value::String(before), Value::String(after)) => before != after && is_word(before) && is_word(after),
        (Value::Object(before), Value::Object(after)) if depth < 3 => before
            .iter()
            .any(|(name, value)| after.get(name).is_some_and(|after| turned(value, after, depth + 1))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step};
    use crate::exchange::{Exchange, Method};
    use serde_json::json;

    fn verdict(steps: Vec<(Role, Exchange)>) -> Option<usize> {
        let world = World::new(Method::Delete, "/pets/{id}");
        let steps: Vec<Step> = steps
            .into_iter()
            .map(|(role, exchange)| step(role, Method::Delete, "/pets/{id}", positive(), exchange))
            .collect();
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn statuses(deleted: u16, read: u16) -> Option<usize> {
        verdict(vec![
            (Role::Delete, answer(deleted, "", "")),
            (Role::ReadAfterDelete, json_answer(read, &json!({"id": 1}))),
        ])
    }

    #[test]
    fn fires_when_still_served() {
        assert_eq!(statuses(204, 200), Some(1));
        assert_eq!(statuses(200, 200), Some(1));
    }

    #[test]
    fn silent_when_gone() {
        for status in [204, 404, 410] {
            assert_eq!(statuses(204, status), Some(0), "{status}");
        }
    }

    #[test]
    fn cannot_judge_later_deletions_failed_ones_and_odd_answers() {
        assert_eq!(statuses(202, 200), None);
        assert_eq!(statuses(409, 200), None);
        for status in [302, 403, 429, 500] {
            assert_eq!(statuses(204, status), None, "{status}");
        }
    }

    #[test]
    fn cannot_judge_what_was_created_again() {
        let steps = vec![
            (Role::Delete, answer(204, "", "")),
            (Role::Create, answer(201, "", "")),
            (Role::ReadAfterDelete, answer(200, "", "{}")),
        ];
        assert_eq!(verdict(steps), None);
    }

    #[test]
    fn a_mark_of_deletion_excuses_only_if_it_is_new() {
        let with = |before: Value, after: Value| {
            verdict(vec![
                (Role::ReadAfterCreate, json_answer(200, &before)),
                (Role::Delete, answer(204, "", "")),
                (Role::ReadAfterDelete, json_answer(200, &after)),
            ])
        };
        assert_eq!(with(json!({"deleted": false}), json!({"deleted": true})), Some(0));
        assert_eq!(with(json!({}), json!({"deletedAt": "2026-01-01"})), Some(0));
        assert_eq!(with(json!({"status": "active"}), json!({"status": "archived"})), Some(0));
        assert_eq!(with(json!({"active": true}), json!({"active": false})), Some(0));
        let silence = |state: &str, at: &str| json!({"status": {"state": state}, "endsAt": at});
        assert_eq!(with(silence("active", "2026-01-01"), silence("expired", "2025-01-01")), Some(0));
        assert_eq!(with(silence("active", "2026-01-01"), silence("active", "2025-01-01")), Some(1));
        assert_eq!(with(json!({"zustand": "aktiv"}), json!({"zustand": "beendet"})), Some(0));
        assert_eq!(with(json!({"active": false}), json!({"active": false})), Some(1));
        assert_eq!(with(json!({"deleted": false}), json!({"deleted": false})), Some(1));
        assert_eq!(with(json!({"status": "active"}), json!({"status": "active"})), Some(1));
    }
}
