//! The text of a header that the document wants beside a part: what the document gives, else the plainest that its
//! schema allows. The same for every request, since it says nothing of its own.

use crate::schema::Pointer;
use crate::spec::HeaderSpec;
use crate::spec::parse::walk::Walk;
use serde_json::{Map, Value};

/// How many references and parts are followed.
const DEPTH: usize = 8;
/// Texts that fit a format (RFC 3339, RFC 4122, RFC 5322, RFC 3986).
const FORMATS: &[(&str, &str)] = &[
    ("date", "2024-01-01"),
    ("date-time", "2024-01-01T00:00:00Z"),
    ("time", "00:00:00Z"),
    ("uuid", "00000000-0000-4000-8000-000000000000"),
    ("email", "a@example.com"),
    ("uri", "https://example.com/"),
    ("ipv4", "192.0.2.1"),
    ("hostname", "example.com"),
    ("byte", "YQ=="),
];

/// Name and text of a part's header; `None` if it cannot be sent, or is not ours to say.
pub(super) fn header(walk: &Walk, header: &HeaderSpec) -> Option<(String, String)> {
    // OpenAPI 3.1.1 §4.8.15.1: `Content-Type` is described separately; RFC 7578 §4.2 asks for the disposition.
    let is_ours = ["content-type", "content-disposition"];
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let name = header.name.to_ascii_lowercase();
    if is_ours.contains(&name.as_str()) || name.is_empty() || !name.bytes().all(is_token) {
        return None;
    }
    let own = walk.resolve(&header.pointer).ok().and_then(|(_, node)| given(node.as_object()?));
    let value = own.or_else(|| value(walk, header.schema.as_ref()?, DEPTH))?;
    let text = match &value {
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>()?.join(","),
        other => plain(other)?,
    };
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == text;
    (is_plain && !text.is_empty()).then_some((name, text))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value that the document writes down itself.
fn given(node: &Map<String, Value>) -> Option<Value> {
    let first = |key: &str| match node.get(key)? {
        Value::Array(values) => values.first().cloned(),
        Value::Object(named) => named.values().next()?.get("value").cloned(),
        _ => None,
    };
    let one = |key: &str| node.get(key).cloned();
    one("const")
        .or_else(|| one("example"))
        .or_else(|| first("examples"))
        .or_else(|| one("default"))
        .or_else(|| first("enum"))
}

/// The plainest value that a schema allows, if that is easily told.
fn value(walk: &Walk, schema: &Pointer, depth: usize) -> Option<Value> {
    let (at, node) = walk.resolve(schema).ok()?;
    let node = node.as_object().filter(|_| depth > 0)?;
    if let Some(value) = given(node) {
        return Some(value);
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if node.get(key).and_then(Value::as_array).is_some_and(|parts| !parts.is_empty()) {
            return value(walk, &at.push(key).push(0), depth - 1);
        }
    }
    let kind = match node.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null")?,
        _ => "string",
    };
    match kind {
        "boolean" => Some(Value::Bool(true)),
        "integer" | "number" => number(node),
        "string" => text(node).map(Value::String),
        "array" => {
            let count = node.get("minItems").and_then(Value::as_u64).unwrap_or(0).max(1);
            let item = value(walk, &at.push("items"), depth - 1)?;
            let unique = node.get("uniqueItems") == Some(&Value::Bool(true));
            (count == 1 || count <= 16 && !unique).then(|| (0..count).map(|_| item.clone()).collect())
        }
        _ => None,
    }
}

fn number(node: &Map<String, Value>) -> Option<Value> {
    let limit = |key: &str| node.get(key).and_then(Value::as_f64);
    let step = limit("multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let strict = |key: &str| node.get(key) == Some(&Value::Bool(true));
    let low = limit("minimum").into_iter().chain(limit("exclusiveMinimum")).reduce(f64::max);
    let high = limit("maximum").into_iter().chain(limit("exclusiveMaximum")).reduce(f64::min);
    let is_above = |number: f64| {
        limit("minimum").is_none_or(|low| number > low || number >= low && !strict("exclusiveMinimum"))
            && limit("exclusiveMinimum").is_none_or(|low| number > low)
    };
    let is_below = |number: f64| {
        limit("maximum").is_none_or(|high| number < high || number <= high && !strict("exclusiveMaximum"))
            && limit("exclusiveMaximum").is_none_or(|high| number < high)
    };
    let on_step = |number: f64| (number / step).round() * step;
    let start = low.unwrap_or_else(|| high.map_or(step, |high| high.min(step)));
    let found = [on_step(step), on_step(start), on_step(start) + step, on_step(start) - step]
        .into_iter()
        .find(|number| is_above(*number) && is_below(*number))?;
    // Whole numbers are written without a fraction.
    Some(if found.fract() == 0.0 && found.abs() < 9e15 {
        Value::from(found as i64)
    } else {
        Value::from(found)
    })
}

fn text(node: &Map<String, Value>) -> Option<String> {
    let length = |key: &str| node.get(key).and_then(Value::as_u64);
    let format = node.get("format").and_then(Value::as_str).unwrap_or_default();
    let known = FORMATS.iter().find(|(name, _)| *name == format).map(|(_, text)| (*text).to_owned());
    let least = length("minLength").unwrap_or(0).clamp(1, 256);
    let text = known.unwrap_or_else(|| "a".repeat(usize::try_from(least).unwrap_or(1)));
    let size = text.len() as u64;
    let fits =
        size >= length("minLength").unwrap_or(0) && length("maxLength").is_none_or(|most| size <= most);
    // A pattern is beyond what is plain.
    (fits && !node.contains_key("pattern")).then_some(text)
}
