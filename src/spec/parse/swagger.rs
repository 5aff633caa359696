//! Swagger 2.0 nodes in the shape of OpenAPI 3.0.

use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::IssueKind;
use crate::spec::parse::parameter::Place;
use crate::spec::parse::skeleton;
use crate::spec::parse::walk::Walk;
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
    let query = node.get("in").and_then(Value::as_str) == Some("query");
    let (style, explode) = collection(node);
    if query {
        skeleton.insert("style".into(), json!(style));
    }
    skeleton.insert("explode".into(), json!(explode));
    place.tabs = is_tabbed(node);
    (skeleton, place)
}

/// `collectionFormat` as a style and whether values spread (Swagger 2.0, Parameter Object). `tsv` has no style.
pub(super) fn collection(node: &Map<String, Value>) -> (&'static str, bool) {
    match node.get("collectionFormat").and_then(Value::as_str) {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        _ => ("form", false),
    }
}

/// Whether `collectionFormat` is `tsv`.
pub(super) fn is_tabbed(node: &Map<String, Value>) -> bool {
    node.get("collectionFormat").and_then(Value::as_str) == Some("tsv")
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
    for (index, entry) in list.and_then(Value::as_array).into_iter().flatten().take(MOST_TYPES).enumerate() {
        let Some(text) = entry.as_str().map(str::trim).filter(|text| MediaType::parse(text).is_some()) else {
            let message = format!("{entry} in `{key}` is not a media type");
            walk.issue(IssueKind::PartSkipped, &at.push(index), message, "write it as `application/json`");
            continue;
        };
        if !types.iter().any(|known| known == text) {
            types.push(text.to_owned());
        }
    }
    types
}
