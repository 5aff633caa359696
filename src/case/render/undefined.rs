//! What the specification leaves open: combinations of style, `explode` and type without a serialisation.
//!
//! They are written as is customary, but nobody may be blamed for reading them otherwise.

use crate::exchange::MediaType;
use crate::spec::{Location, Parameter, Style};
use serde_json::Value;

/// Why OpenAPI does not say how `value` is written as `parameter`; `None` if it does.
///
/// The cells marked *n/a* in the tables of OpenAPI 3.1.1 §4.8.12.4, values of values (§4.8.12.3), null, and lists and
/// objects spread over a cookie, which the `&` of style `form` does not separate (§4.8.12.4, Appendix D).
///
/// ```
/// use serde_json::json;
/// use specwarden::case::undefined_serialisation;
/// use specwarden::schema::Pointer;
/// use specwarden::spec::{Location, Parameter, Style};
///
/// let tags = Parameter {
///     name: "tags".to_owned(), location: Location::Query, required: false, style: Style::PipeDelimited,
///     explode: true, allow_reserved: false, allow_empty: false, schema: None, content_type: None,
///     examples: vec![], pointer: Pointer::root(),
/// };
/// assert!(undefined_serialisation(&tags, &json!(["a"])).is_some());
/// let tags = Parameter { explode: false, ..tags };
/// assert_eq!(undefined_serialisation(&tags, &json!(["a"])), None);
/// ```
pub fn undefined_serialisation(parameter: &Parameter, value: &Value) -> Option<&'static str> {
    if let Some(content_type) = parameter.content_type.as_deref() {
        let media_type = MediaType::parse(content_type);
        let foreign = media_type
            .is_some_and(|m| m.is_xml() || m.is_multipart() || (m.is_form() && !is_whole(parameter)));
        return foreign.then_some("its value is written as JSON, not in its own media type");
    }
    let simple = |value: &Value| !matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
    let (structured, flat) = match value {
        Value::Null => return Some("no style says how null is written"),
        Value::Array(items) => (true, items.iter().all(simple)),
        Value::Object(members) => (true, members.values().all(simple)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => (false, true),
    };
    if !flat {
        return Some("no style says how a value inside a list or object is written that is not a plain one");
    }
    match parameter.style {
        Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited if !structured => {
            Some("a delimited style is for lists and objects")
        }
        Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited if parameter.explode => {
            Some("a delimited style does not go with `explode: true`")
        }
        Style::DeepObject if !value.is_object() => Some("style `deepObject` is for objects"),
        Style::Form if parameter.location == Location::Cookie && parameter.explode && structured => {
            Some("style `form` with `explode: true` does not spread over cookies")
        }
        _ => None,
    }
}

fn is_whole(parameter: &Parameter) -> bool {
    parameter.location == Location::Querystring
}
