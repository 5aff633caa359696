//! `multipart/form-data` (RFC 7578) with a boundary derived from the content, so that equal cases are equal bytes.

use crate::case::render::style::scalar;
use crate::exchange::{Body, MediaType};
use crate::spec::{Content, Encoding, Style};
use serde_json::Value;

/// The boundary and the body of named parts.
pub(super) fn write(value: &Value, content: Option<&Content>) -> (String, Body) {
    let mut parts: Vec<Part> = Vec::new();
    if let Value::Object(members) = value {
        for (name, member) in members {
            let encoding = content.and_then(|content| content.encoding.get(name));
            let media_type = encoding.and_then(|encoding| encoding.content_type.as_deref());
            let first = parts.len();
            match member {
                Value::Array(items) if encoding.and_then(|e| e.explode) == Some(false) => {
                    let style = encoding.and_then(|encoding| encoding.style);
                    parts.push(Part::of(name, &joined(items, style), None));
                }
                Value::Array(items) => {
                    parts.extend(items.iter().map(|item| Part::of(name, item, media_type)));
                }
                Value::Object(inner) if encoding.and_then(|e| e.style) == Some(Style::DeepObject) => {
                    let part = |(key, value)| Part::of(&format!("{name}[{key}]"), value, None);
                    parts.extend(inner.iter().map(part));
                }
                other => parts.push(Part::of(name, other, media_type)),
            }
            for part in &mut parts[first..] {
                part.add_headers(encoding);
            }
        }
    } else {
        parts.push(Part::of("value", value, None));
    }
    assemble(&parts)
}

/// The boundary and the body of parts without names, in order (OpenAPI 3.2 §4.15.1.2).
pub(super) fn write_items(items: &[Value], content: Option<&Content>) -> (String, Body) {
    let sequence = content.and_then(|content| content.sequence.as_ref());
    let part = |(index, item): (usize, &Value)| {
        let encoding = sequence.and_then(|sequence| sequence.encoding(index));
        let mut part = Part::unnamed(item, encoding.and_then(|encoding| encoding.content_type.as_deref()));
        part.add_headers(encoding);
        part
    };
    assemble(&items.iter().enumerate().map(part).collect::<Vec<_>>())
}

/// A list in one part, as `collectionFormat` and `style` have it. No escaping is defined for what holds the delimiter.
fn joined(items: &[Value], style: Option<Style>) -> Value {
    let between = match style {
        Some(Style::SpaceDelimited) => " ",
        Some(Style::PipeDelimited) => "|",
        Some(Style::TabDelimited) => "\t",
        _ => ",",
    };
    items.iter().map(scalar).collect::<Vec<_>>().join(between).into()
}

fn assemble(parts: &[Part]) -> (String, Body) {
    let boundary = boundary(parts);
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n{}\r\n", part.head).as_bytes());
        bytes.extend_from_slice(part.text.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (boundary, Body(bytes))
}

struct Part {
    head: String,
    text: String,
}

impl Part {
    fn of(name: &str, value: &Value, media_type: Option<&str>) -> Self {
        let kind = PartType::of(value, media_type);
        let name = escape(name);
        let mut head = format!("content-disposition: form-data; name=\"{name}\"");
        if kind.is_file {
            head.push_str(&format!("; filename=\"{name}.bin\""));
        }
        if let Some(content_type) = kind.header() {
            head.push_str("\r\n");
            head.push_str(&content_type);
        }
        head.push_str("\r\n");
        Self { head, text: kind.text(value) }
    }

    fn unnamed(value: &Value, media_type: Option<&str>) -> Self {
        let kind = PartType::of(value, media_type);
        let head = kind.header().map(|header| header + "\r\n").unwrap_or_default();
        Self { head, text: kind.text(value) }
    }

    /// The headers that the document asks for beside those that say what the part is (OpenAPI 3.0.3 §4.7.15).
    fn add_headers(&mut self, encoding: Option<&Encoding>) {
        for (name, text) in encoding.into_iter().flat_map(|encoding| &encoding.sent) {
            self.head.push_str(&format!("{name}: {text}\r\n"));
        }
    }
}

/// What a part is.
struct PartType {
    content_type: Option<String>,
    is_file: bool,
    is_json: bool,
}

impl PartType {
    fn of(value: &Value, media_type: Option<&str>) -> Self {
        // `contentType` may list alternatives and ranges: the first concrete one serves.
        let declared = media_type
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .find(|text| MediaType::parse(text).is_some());
        let parsed = declared.and_then(MediaType::parse);
        let is_file =
            parsed.as_ref().is_some_and(|m| !m.is_json() && !m.is_text() && !m.is_xml() && !m.is_form());
        let content_type = match (declared, &parsed) {
            (Some(_), Some(range)) if range.is_range() && is_file => Some("application/octet-stream"),
            (Some(text), Some(media_type)) if !media_type.is_range() => Some(text),
            _ if value.is_object() || value.is_array() => Some("application/json"),
            _ => None,
        };
        let is_json = match &parsed {
            Some(media_type) => media_type.is_json(),
            None => value.is_object() || value.is_array(),
        };
        Self { content_type: content_type.map(str::to_owned), is_file, is_json }
    }

    fn header(&self) -> Option<String> {
        let visible = |text: &&String| text.bytes().all(|b| (b' '..=b'~').contains(&b));
        self.content_type.as_ref().filter(visible).map(|text| format!("content-type: {text}"))
    }

    fn text(&self, value: &Value) -> String {
        if self.is_json { value.to_string() } else { scalar(value) }
    }
}

/// Quotes and line ends in a name as browsers write them (WHATWG HTML, multipart/form-data encoding).
fn escape(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A boundary that no part contains.
fn boundary(parts: &[Part]) -> String {
    let all: Vec<&[u8]> =
        parts.iter().flat_map(|part| [part.head.as_bytes(), part.text.as_bytes()]).collect();
    let mut salt = 0_u64;
    loop {
        let boundary = format!("specwarden-{:016x}", fnv(&all, salt));
        if !parts.iter().any(|part| part.text.contains(&boundary) || part.head.contains(&boundary)) {
            return boundary;
        }
        salt += 1;
    }
}

/// FNV-1a, 64 bits: stable over versions and machines, which the standard hasher does not promise.
fn fnv(texts: &[&[u8]], salt: u64) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ salt;
    for text in texts {
        for byte in text.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
    hash
}
