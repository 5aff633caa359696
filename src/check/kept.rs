//! Whether what a client once wrote is still there, and which of its names a change speaks of.
//!
//! This only compares; what a difference means is for the rules to say.

use crate::case::{Case, Payload};
use crate::check::compare::{differs, is_hidden, is_kept_by_server, is_numbered, is_volatile, words};
use crate::check::envelope::Envelope;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Words that mark a resource as deleted, as a property's name or as a state.
const GONE: &[&str] = &[
    "deleted",
    "removed",
    "archived",
    "inactive",
    "disabled",
    "trashed",
    "decommissioned",
    "deactivated",
    "deleting",
];

/// Whether a value that was written is not there any more; `None` if that cannot be told.
///
/// `shown` says whether the reading's document knows the property: what it never shows is not lost.
pub(crate) fn is_lost(sent: &Value, found: Option<&Value>, shown: bool) -> Option<bool> {
    match found {
        None if !shown => None,
        None | Some(Value::Null) => Some(!is_empty(sent)),
        Some(Value::Array(found)) if sent.is_array() => Some(found.is_empty() && !is_empty(sent)),
        Some(Value::Object(found)) if sent.is_object() => Some(found.is_empty() && !is_empty(sent)),
        Some(found) => differs(sent, found).map(|other| other && !is_numbered(sent, found)),
    }
}

/// Whether a reading shows a value as it was written, and the value says something.
pub(crate) fn is_shown(sent: &Value, found: Option<&Value>) -> bool {
    !is_empty(sent) && found.is_some_and(|found| is_lost(sent, Some(found), true) == Some(false))
}

/// Whether a property may change without anybody writing it, by the words of its name.
pub(crate) fn is_restless(name: &str) -> bool {
    let state = words(name).iter().any(|word| ["status", "state", "phase"].contains(&word.as_str()));
    state || is_hidden(name) || is_kept_by_server(name) || is_volatile(name)
}

/// The top-level names that a change speaks of: members of a merge patch (RFC 7396), or the places of the
/// operations of a JSON Patch (RFC 6902), within the resource's envelope. `None` if the body is neither, or speaks of the
/// whole.
pub(crate) fn touched(case: &Case, envelope: &Envelope) -> Option<BTreeSet<String>> {
    match &case.body.as_ref()?.payload {
        Payload::Json(Value::Object(map)) => Some(envelope.open(map)?.keys().cloned().collect()),
        Payload::Json(Value::Array(operations)) => {
            let mut names = BTreeSet::new();
            for operation in operations {
                for place in [operation.get("path"), operation.get("from")].into_iter().flatten() {
                    let around = envelope.place("");
                    let first = place.as_str()?.strip_prefix(&around)?.split('/').next()?;
                    names.insert(first.replace("~1", "/").replace("~0", "~"));
                }
            }
            Some(names)
        }
        Payload::Json(_) | Payload::Raw(_) => None,
    }
}

/// Names as a title lists them: `` `a`, `b` ``.
pub(crate) fn listing<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Whether `found` looks made of something that was sent: a slug of a name, a sum of words.
pub(crate) fn is_derived(found: Option<&Value>, sent: &Map<String, Value>) -> bool {
    let Some(found) = found.and_then(Value::as_str).map(str::to_lowercase) else { return false };
    sent.values().filter_map(Value::as_str).map(str::to_lowercase).any(|sent| {
        let (sent, found) = (sent.trim(), found.trim());
        !sent.is_empty() && !found.is_empty() && (found.contains(sent) || sent.contains(found))
    })
}

/// Whether a property marks its resource as deleted.
pub(crate) fn marks(name: &str, value: &Value) -> bool {
    let gone = |text: &str| words(text).iter().any(|word| GONE.contains(&word.as_str()));
    let active = words(name).iter().any(|word| ["active", "enabled", "available"].contains(&word.as_str()));
    match value {
        Value::Null => false,
        Value::Bool(truth) => {
            if gone(name) {
                *truth
            } else {
                active && !truth
            }
        }
        Value::Number(number) => gone(name) && number.as_f64() != Some(0.0),
        Value::String(text) => gone(text) || (gone(name) && !text.is_empty()),
        Value::Array(_) | Value::Object(_) => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{positive, with_body};
    use serde_json::json;

    #[test]
    fn a_change_tells_what_it_touches() {
        let names =
            |body: Value| touched(&with_body(positive(), "application/json", body), &Envelope::default());
        let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(names(json!({"a": 1, "b": null})), set(&["a", "b"]));
        assert_eq!(
            names(json!([{"op": "move", "from": "/a/0", "path": "/c~1d"}, {"op": "test", "path": "/b"}])),
            set(&["a", "b", "c/d"])
        );
        assert_eq!(names(json!([{"op": "replace", "path": "", "value": {}}])), None);
        assert_eq!(names(json!("a")), None);
    }

    #[test]
    fn a_slug_is_derived_from_what_was_sent() {
        let sent = json!({"name": "Blue", "n": 1});
        let derived = |found: Value| is_derived(Some(&found), sent.as_object().expect("an object"));
        assert!(derived(json!("blue-2")) && !derived(json!("red")) && !derived(json!("")));
    }
}
