//! Swagger 2.0 nodes in the shape of OpenAPI 3.0.

use crate::schema::Pointer;
use crate::spec::Style;
use crate::spec::parse::parameter::Place;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{media, skeleton};
use serde_json::{Map, Value, json};

/// How many media types of a list are read: each is told with every response.
const MOST_TYPES: usize = 100;

/// A query, path or header parameter. Its object is its own schema, so the schema's pointer is the parameter's.
pub(super) fn parameter(node: &Map<String, Value>, at: &Pointer) -> (Map<String, Value>, Place) {
    let mut skeleton = skeleton::cut(node, &["name", "in", "required", "allowEmptyValue"]);
    // Some documents write a 3.x `schema` here.
    let schema = if node.contains_key("schema") && !node.contains_key("type") {
        at.push("schema")
    } else {
        at.clone()
    };
    skeleton.insert("schema".into(), skeleton::stand_in(&schema));
    let mut place = Place::of_schema(Some(schema));
    let query = node.get("in").and_then(Value::as_str).is_some_and(|at| at.eq_ignore_ascii_case("query"));
    let (style, explode) = collection(node);
    if query {
        skeleton.insert("style".into(), json!(style));
    }
    skeleton.insert("explode".into(), json!(explode));
    place.delimited = delimited(node);
    (skeleton, place)
}

/// `collectionFormat` as a style and whether values spread (Swagger 2.0, Parameter Object). `tsv` has no style.
pub(super) fn collection(node: &Map<String, Value>) -> (&'static str, bool) {
    let is = |key: &str, value: &str| node.get(key).and_then(Value::as_str) == Some(value);
    match node.get("collectionFormat").and_then(Value::as_str) {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        // A parameter with `schema` is one of OpenAPI 3 that went astray: it spreads as it says there.
        None if node.contains_key("schema") && is("in", "query") && is("style", "form") => {
            ("form", node.get("explode").and_then(Value::as_bool).unwrap_or(true))
        }
        _ => ("form", false),
    }
}

/// The style of a `collectionFormat` that separates by something else than commas, in whatever place.
pub(super) fn delimited(node: &Map<String, Value>) -> Option<Style> {
    match node.get("collectionFormat").and_then(Value::as_str)? {
        "ssv" => Some(Style::SpaceDelimited),
        "tsv" => Some(Style::TabDelimited),
        "pipes" => Some(Style::PipeDelimited),
        _ => None,
    }
}

/// The character between the items of an array in one value.
pub(super) fn delimiter(node: &Map<String, Value>) -> char {
    match node.get("collectionFormat").and_then(Value::as_str) {
        Some("ssv") => ' ',
        Some("tsv") => '\t',
        Some("pipes") => '|',
        _ => ',',
    }
}

/// `consumes` or `produces`, the operation's own before the document's; invalid entries are noted and left out.
pub(super) fn media_types(
    walk: &mut Walk,
    operation: &Map<String, Value>,
    at: &Pointer,
    key: &str,
) -> Vec<String> {
    let (list, at) = match operation.get(key) {
        Some(list) => (Some(list), at.push(key)),
        None => (walk.root.get(key), Pointer::root().push(key)),
    };
    let mut types: Vec<String> = Vec::new();
    let entries = match list {
        Some(Value::Array(entries)) => entries.as_slice(),
        // One media type without the list around it.
        Some(one @ Value::String(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    for (index, entry) in entries.iter().take(MOST_TYPES).enumerate() {
        for media_type in media::read(walk, entry.as_str().unwrap_or_default(), &at.push(index)) {
            if !types.contains(&media_type) {
                types.push(media_type);
            }
        }
    }
    types
}
