//! Bodies by media type.

use crate::case::render::style::scalar;
use crate::case::render::{form, multipart, sequence};
use crate::case::{BodyValue, Payload, RenderError, xml};
use crate::exchange::{Body, Framing, MediaType};
use crate::spec::Content;
use indexmap::IndexMap;
use serde_json::Value;

/// A body as it is sent, with its `Content-Type`; an empty one sends none.
pub(super) struct Written {
    pub(super) content_type: String,
    pub(super) body: Body,
}

/// Writes `value` in its media type. `content` is the documented body that it follows, if there is one.
pub(super) fn write(value: &BodyValue, content: Option<&Content>) -> Result<Written, RenderError> {
    let declared = value.media_type.trim();
    let json = match &value.payload {
        Payload::Raw(raw) => {
            return Ok(Written { content_type: concrete(declared), body: raw.clone() });
        }
        Payload::Json(json) => json,
    };
    let content_type = concrete(declared);
    let Some(media_type) = MediaType::parse(&content_type) else {
        // Not a media type at all: the value goes out as JSON under whatever name the case chose.
        return Ok(Written { content_type, body: Body(json.to_string().into_bytes()) });
    };
    let framing = Framing::of(&media_type);
    if framing.is_some() && json.as_array().is_some_and(Vec::is_empty) {
        // Lines without a line are no body at all, and a multipart body has one part at least (RFC 2046 §5.1.1).
        let reason = "a row without items cannot be told from a missing body".to_owned();
        return Err(RenderError::Body { media_type: content_type, reason });
    }
    if media_type.is_multipart() {
        let (boundary, body) = match json {
            Value::Array(items) if framing.is_some() => multipart::write_items(items, content),
            _ => multipart::write(json, content),
        };
        let bare = content_type.split(';').next().unwrap_or_default().trim().to_owned();
        return Ok(Written { content_type: format!("{bare}; boundary={boundary}"), body });
    }
    let bytes = if media_type.is_json() {
        json.to_string().into_bytes()
    } else if media_type.is_form() {
        let none = IndexMap::new();
        form::write(json, content.map_or(&none, |content| &content.encoding))?.into_bytes()
    } else if media_type.is_xml() {
        xml::write(json, content)
            .map_err(|reason| RenderError::Body { media_type: content_type.clone(), reason })?
    } else if let (Some(framing), false) = (framing, is_ready(json, content)) {
        sequence::write(json, framing)
            .map_err(|reason| RenderError::Body { media_type: content_type.clone(), reason })?
    } else {
        scalar(json).into_bytes()
    };
    Ok(Written { content_type, body: Body(bytes) })
}

/// A media range made into a type that can be sent.
fn concrete(media_type: &str) -> String {
    match MediaType::parse(media_type) {
        Some(range) if range.is_range() => match range.essence().split('/').next().unwrap_or_default() {
            "*" | "application" => "application/json",
            "text" => "text/plain",
            "image" => "image/png",
            "audio" => "audio/mpeg",
            "video" => "video/mp4",
            "multipart" => "multipart/form-data",
            _ => "application/octet-stream",
        }
        .to_owned(),
        _ => media_type.to_owned(),
    }
}

/// Whether the value is the very text of the body: the document does not speak of items, and describes a text.
fn is_ready(value: &Value, content: Option<&Content>) -> bool {
    value.is_string() && content.is_none_or(|content| content.sequence.is_none())
}
