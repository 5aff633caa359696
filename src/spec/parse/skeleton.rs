//! Skeletons: a node cut down to its structure, read with the typed model of OpenAPI 3.0.

use crate::schema::Pointer;
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
