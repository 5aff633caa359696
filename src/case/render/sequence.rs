//! Bodies that are a row of items: JSON lines, JSON records, events (OpenAPI 3.2 §4.14.2).
//!
//! What [`items`](crate::exchange::items) would not read back as it is gets refused, not bent.

use crate::case::render::style::scalar;
use crate::exchange::Framing;
use serde_json::{Map, Value};

/// The body for `value`, or why the framing cannot say it. A value that is no list is a row of one.
pub(super) fn write(value: &Value, framing: Framing) -> Result<Vec<u8>, String> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    match framing {
        Framing::Lines => Ok(items.iter().flat_map(|item| format!("{item}\n").into_bytes()).collect()),
        Framing::Records => {
            Ok(items.iter().flat_map(|item| format!("\u{1e}{item}\n").into_bytes()).collect())
        }
        Framing::Events => {
            let mut out = String::new();
            for item in items {
                event(item, &mut out)?;
            }
            Ok(out.into_bytes())
        }
        Framing::Parts => Err("parts need a boundary".to_owned()),
    }
}

/// One event (WHATWG HTML §9.2.5). What is no event object travels as its data.
fn event(item: &Value, out: &mut String) -> Result<(), String> {
    let only = |value: &Value| Map::from_iter([("data".to_owned(), value.clone())]);
    let made;
    let members = match item {
        Value::Object(members) if members.contains_key("data") => members,
        Value::Object(_) => return Err("an event without data never arrives".to_owned()),
        other => {
            made = only(other);
            &made
        }
    };
    for (name, value) in members.iter().filter(|(name, _)| *name != "data") {
        let text = scalar(value);
        let fits = match name.as_str() {
            "event" => value.is_string(),
            "id" => value.is_string() && !text.contains('\0'),
            "retry" => value.is_u64(),
            _ => return Err(format!("an event has no field `{name}`")),
        };
        if !fits || text.contains(['\r', '\n']) {
            return Err(format!("the field `{name}` of an event cannot hold this"));
        }
        out.push_str(&format!("{name}: {text}\n"));
    }
    let data = scalar(&members["data"]);
    if data.is_empty() || data.contains('\r') {
        return Err("the data of an event cannot be empty or hold a carriage return".to_owned());
    }
    for line in data.split('\n') {
        out.push_str(&format!("data: {line}\n"));
    }
    out.push('\n');
    Ok(())
}
