//! Raw keywords of a schema as facts: types, null, names, bounds. A keyword of the wrong shape says nothing here.

use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::schema::Decimal;
use serde_json::{Map, Value};

/// The types that a schema allows besides null; `None` if it names none.
pub(crate) fn kinds<'v>(schema: &'v Map<String, Value>) -> Option<Vec<&'v str>> {
    let mut kinds: Vec<&'v str> = match schema.get("type")? {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    kinds.retain(|kind| *kind != "null");
    Some(kinds)
}

/// Whether the schema itself lets null pass, as far as its `type` goes.
pub(crate) fn takes_null(schema: &Map<String, Value>, scene: &Scene<'_>) -> bool {
    let named = match schema.get("type") {
        None => true,
        Some(Value::String(name)) => name == "null",
        Some(Value::Array(names)) => names.iter().any(|name| name == "null"),
        Some(_) => false,
    };
    named || scene.is_draft4() && is_nullable(schema)
}

/// Whether `nullable: true` or `x-nullable: true` stands there.
pub(crate) fn is_nullable(schema: &Map<String, Value>) -> bool {
    ["nullable", "x-nullable"].iter().any(|key| schema.get(*key) == Some(&Value::Bool(true)))
}

/// The names in `required`.
pub(crate) fn required(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The member of `properties` with this name.
pub(crate) fn property<'v>(schema: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    schema.get("properties")?.as_object()?.get(name)
}

/// The schemas in `allOf`, `anyOf` or `oneOf`.
pub(crate) fn branches<'v>(schema: &'v Map<String, Value>, key: &str) -> &'v [Value] {
    schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The type of a value, in JSON Schema's words.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a value of type `kind` is one of `kinds`.
pub(crate) fn is_one_of(kind: &str, kinds: &[&str]) -> bool {
    kinds.iter().any(|known| *known == kind || *known == "number" && kind == "integer")
}

/// A value in a message: as JSON, shortened.
pub(crate) fn shown(value: &Value) -> String {
    cut(value.to_string())
}

/// A text in a message, shortened.
pub(crate) fn cut(text: String) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// An inclusive lower and upper bound; whether the lower and upper are exclusive.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound {
    /// The limit, as it is written.
    pub(crate) limit: Decimal,
    /// Whether the limit itself is out.
    pub(crate) exclusive: bool,
    /// The keyword that says so.
    pub(crate) key: &'static str,
}

/// The lower or upper bound of numbers that the schema sets, in either dialect's way of writing.
pub(crate) fn number_bound(node: &Node<'_>, scene: &Scene<'_>, lower: bool) -> Option<Bound> {
    let schema = node.schema;
    let (plain, strict) =
        if lower { ("minimum", "exclusiveMinimum") } else { ("maximum", "exclusiveMaximum") };
    let limit = |key: &str| {
        schema.get(key).filter(|value| value.is_number())?;
        scene.document.number(&node.at.push(key))
    };
    let by_flag = schema.get(strict) == Some(&Value::Bool(true));
    let plain = limit(plain).map(|limit| Bound { limit, exclusive: by_flag, key: plain });
    let strict = limit(strict).map(|limit| Bound { limit, exclusive: true, key: strict });
    match (plain, strict) {
        (Some(plain), Some(strict)) => {
            let strict_wins = if lower { strict.limit >= plain.limit } else { strict.limit <= plain.limit };
            Some(if strict_wins { strict } else { plain })
        }
        (one, other) => one.or(other),
    }
}
