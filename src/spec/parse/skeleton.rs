//! Skeletons: a node cut down to its structure, read with the typed model of OpenAPI 3.0.

use crate::schema::Pointer;
use crate::spec::IssueKind;
use crate::spec::parse::walk::Walk;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Copies the members named in `keys`, and nothing else: no examples, no descriptions, no extensions.
pub(super) fn cut(node: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    keys.iter()
        .filter_map(|key| {
            node.get(*key).filter(|value| !value.is_null()).map(|v| ((*key).to_owned(), v.clone()))
        })
        .collect()
}

/// Mends members that must be booleans: `"true"` and `"yes"` are read as `true`, anything else is left out and noted.
pub(super) fn mend_flags(walk: &mut Walk, skeleton: &mut Map<String, Value>, at: &Pointer, keys: &[&str]) {
    for key in keys {
        let meant = match skeleton.get(*key) {
            None | Some(Value::Bool(_)) => continue,
            Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" => Some(true),
                "false" | "no" => Some(false),
                _ => None,
            },
            Some(Value::Number(number)) => number.as_u64().filter(|n| *n < 2).map(|n| n == 1),
            Some(_) => None,
        };
        let message = match meant {
            Some(flag) => format!("`{key}` is not a boolean; it is read as `{flag}`"),
            None => format!("`{key}` is not a boolean; it is left out"),
        };
        walk.issue(
            "flag-not-boolean",
            IssueKind::Doubtful,
            &at.push(key),
            message,
            "write `true` or `false`",
        );
        match meant {
            Some(flag) => _ = skeleton.insert((*key).to_owned(), Value::Bool(flag)),
            None => _ = skeleton.shift_remove(*key),
        }
    }
}

/// What stands for the schema at `at`: a reference to its own place.
pub(super) fn stand_in(at: &Pointer) -> Value {
    json!({"$ref": at.to_fragment()})
}

/// Reads a skeleton; the error says which member is wrong.
pub(super) fn read<T: DeserializeOwned>(skeleton: Map<String, Value>) -> Result<T, String> {
    let skeleton = Value::Object(skeleton);
    // To follow where the reader is costs more than to read; only a refusal is worth it.
    if let Ok(typed) = T::deserialize(&skeleton) {
        return Ok(typed);
    }
    serde_path_to_error::deserialize(skeleton).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner().to_string();
        if path == "." { inner } else { format!("`{path}`: {inner}") }
    })
}
