//! `application/x-www-form-urlencoded`, as a body or as a whole query string.

use crate::case::RenderError;
use crate::case::render::style::{parameter_text, scalar};
use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::{Encoding, Location, Parameter, Style};
use indexmap::IndexMap;
use serde_json::Value;

/// Writes `value`. Lists repeat their name and objects travel as JSON unless `encoding` says otherwise (OpenAPI
/// 3.1.1 §4.8.15.1).
pub(super) fn write(value: &Value, encoding: &IndexMap<String, Encoding>) -> Result<String, RenderError> {
    let Value::Object(members) = value else { return Ok(scalar(value)) };
    let mut pairs = Vec::new();
    for (name, member) in members {
        let encoding = encoding.get(name);
        let styled = encoding.is_some_and(|encoding| encoding.style.is_some() || encoding.explode.is_some());
        let style = encoding.and_then(|encoding| encoding.style).unwrap_or(Style::Form);
        let is_json = encoding
            .and_then(|encoding| encoding.content_type.as_deref())
            .and_then(MediaType::parse)
            .is_some_and(|media_type| media_type.is_json());
        let parameter = Parameter {
            name: name.clone(),
            location: Location::Query,
            required: false,
            style,
            explode: encoding.and_then(|encoding| encoding.explode).unwrap_or(style == Style::Form),
            allow_reserved: encoding.is_some_and(|encoding| encoding.allow_reserved),
            allow_empty: true,
            schema: None,
            content_type: (!styled && (is_json || member.is_object())).then(|| "application/json".to_owned()),
            examples: Vec::new(),
            pointer: Pointer::root(),
        };
        pairs.extend(parameter_text(&parameter, member)?);
    }
    Ok(pairs.join("&"))
}
