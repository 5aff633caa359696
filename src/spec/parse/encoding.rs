//! How the properties and items of form and multipart bodies are written: `encoding` and its defaults.

use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::parse::parameter::query_style;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{response, sample, skeleton};
use crate::spec::{Encoding, IssueKind};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// How deep `allOf` is followed in search of properties.
const DEPTH: usize = 8;

/// The encoding of each property of the media type at `at`, defaults filled in for multipart.
pub(super) fn encodings(
    walk: &mut Walk,
    media: &Map<String, Value>,
    at: &Pointer,
    media_type: &MediaType,
    schema: Option<&Pointer>,
) -> IndexMap<String, Encoding> {
    let mut encodings = IndexMap::new();
    let here = at.push("encoding");
    match media.get("encoding") {
        None | Some(Value::Null) => {}
        Some(Value::Object(properties)) => {
            for (property, node) in properties {
                if let Some(encoding) = one(walk, node, &here.push(property), &format!("`{property}`")) {
                    encodings.insert(property.clone(), encoding);
                }
            }
        }
        Some(_) => {
            let message = "`encoding` is not an object";
            walk.issue(
                "malformed-encoding",
                IssueKind::PartSkipped,
                &here,
                message,
                "map property names to encodings",
            );
        }
    }
    if media_type.essence() == "multipart/form-data"
        && let Some(schema) = schema
    {
        defaults(walk, schema, &mut encodings, DEPTH);
    }
    encodings
}

/// `prefixEncoding`: one per position (OpenAPI 3.2).
pub(super) fn listed(walk: &mut Walk, media: &Map<String, Value>, at: &Pointer) -> Vec<Encoding> {
    let at = at.push("prefixEncoding");
    let Some(Value::Array(nodes)) = media.get("prefixEncoding") else { return Vec::new() };
    let mut encodings = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        // A bad one keeps its place, so that the others keep theirs.
        let encoding = one(walk, node, &at.push(index), &format!("part {index}"));
        encodings.push(encoding.unwrap_or_default());
    }
    encodings
}

/// The Encoding Object at `at`; `None`, with an issue, if it cannot be used.
pub(super) fn one(walk: &mut Walk, node: &Value, at: &Pointer, of: &str) -> Option<Encoding> {
    let node = node.as_object().ok_or_else(|| "it is not an object".to_owned());
    let typed = node.and_then(|node| {
        let skeleton = skeleton::cut(node, &["contentType", "style", "explode"]);
        Ok((node, skeleton::read::<openapiv3::Encoding>(skeleton)?))
    });
    match typed {
        Ok((node, typed)) => {
            let headers = response::headers(walk, node, at);
            let sent = headers.iter().filter_map(|header| sample::header(walk, header)).collect();
            Some(Encoding {
                content_type: typed.content_type,
                headers,
                sent,
                style: typed.style.map(query_style),
                explode: node.get("explode").is_some().then_some(typed.explode),
                allow_reserved: node.get("allowReserved") == Some(&Value::Bool(true)),
            })
        }
        Err(reason) => {
            let message = format!("encoding of {of} is set aside: {reason}");
            walk.issue(
                "malformed-encoding",
                IssueKind::PartSkipped,
                at,
                message,
                "compare it with the Encoding Object",
            );
            None
        }
    }
}

/// OpenAPI 3.0.3 §4.7.15.1, 3.1.1 §4.8.15.1.1: what a part is by default follows from its property's schema.
fn defaults(walk: &Walk, schema: &Pointer, encodings: &mut IndexMap<String, Encoding>, depth: usize) {
    let Ok((at, node)) = walk.resolve(schema) else { return };
    if depth == 0 {
        return;
    }
    if let Some(Value::Object(properties)) = node.get("properties") {
        let at = at.push("properties");
        for property in properties.keys() {
            // A style takes the place of the media type (OpenAPI 3.1.1 §4.8.15.1.2).
            let open = encodings.get(property).is_none_or(|known| {
                known.content_type.is_none() && known.style.is_none() && known.explode.is_none()
            });
            if open && let Some(default) = default(walk, &at.push(property), DEPTH) {
                encodings.entry(property.clone()).or_default().content_type = Some(default);
            }
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let branches = node.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..branches {
            defaults(walk, &at.push(key).push(index), encodings, depth - 1);
        }
    }
}

/// The media type of a part of this schema; `None` for text.
fn default(walk: &Walk, schema: &Pointer, depth: usize) -> Option<String> {
    let (at, node) = walk.resolve(schema).ok().filter(|_| depth > 0)?;
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let named: Vec<&str> = match node.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect()
        }
        _ => Vec::new(),
    };
    match named.first().copied() {
        Some("file") => Some("application/octet-stream".to_owned()),
        Some("string") => {
            let declared = text("contentMediaType").filter(|text| MediaType::parse(text).is_some());
            let binary = matches!(text("format"), Some("binary")) || text("contentEncoding").is_some();
            match declared {
                // Frameworks describe an upload so, with the encoding left out.
                Some(media_type) if !media_type.starts_with("text/") => Some(media_type.to_owned()),
                _ => binary.then(|| "application/octet-stream".to_owned()),
            }
        }
        Some("array") => default(walk, &at.push("items"), depth - 1),
        Some("object") => Some("application/json".to_owned()),
        Some(_) => None,
        None if node.get("properties").is_some() => Some("application/json".to_owned()),
        None => ["allOf", "anyOf", "oneOf"].iter().find_map(|key| {
            let branches = node.get(*key).and_then(Value::as_array)?.len();
            (0..branches).find_map(|index| default(walk, &at.push(*key).push(index), depth - 1))
        }),
    }
}
