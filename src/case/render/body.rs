//! Bodies by media type.

use crate::case::render::style::scalar;
use crate::case::render::{form, multipart, xml};
use crate::case::{BodyValue, Payload, RenderError};
use crate::exchange::{Body, MediaType};
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
    if media_type.is_multipart() {
        let (boundary, body) = multipart::write(json, content);
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
    } else {
        match media_type.essence().as_str() {
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => lines(json, ""),
            // RFC 7464: every text is preceded by a record separator.
            "application/json-seq" => lines(json, "\u{1e}"),
            _ => scalar(json).into_bytes(),
        }
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

fn lines(value: &Value, before: &str) -> Vec<u8> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    items.iter().flat_map(|item| format!("{before}{item}\n").into_bytes()).collect()
}
