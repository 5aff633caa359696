//! Sequential media types (OpenAPI 3.2 §4.14.2): bodies that are a row of items, each read on its own.
//!
//! Reads what came; it judges nothing and waits for nothing: a body is read after it ended or was cut.

use crate::exchange::MediaType;
use serde_json::{Map, Value};

/// How the items of a sequential body are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// One JSON text per line: `application/jsonl`, `application/x-ndjson`.
    Lines,
    /// JSON texts, a record separator before each (RFC 7464): `application/json-seq`.
    Records,
    /// Events as objects with `data`, `event`, `id` and `retry` (WHATWG HTML): `text/event-stream`.
    Events,
    /// The parts of a multipart body without names (RFC 2046): `multipart/mixed`.
    Parts,
}

impl Framing {
    /// The framing of a media type; `None` if its body is one value.
    ///
    /// ```
    /// use specwarden::exchange::{Framing, MediaType};
    /// let of = |text| Framing::of(&MediaType::parse(text).unwrap());
    /// assert_eq!(of("application/x-ndjson"), Some(Framing::Lines));
    /// assert_eq!(of("application/geo+json-seq"), Some(Framing::Records));
    /// assert_eq!(of("application/json"), None);
    /// ```
    pub fn of(media_type: &MediaType) -> Option<Self> {
        let essence = media_type.essence();
        match essence.as_str() {
            "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "application/ndjson"
            | "application/x-ndjson"
            | "application/x-json-stream" => Some(Self::Lines),
            "application/json-seq" => Some(Self::Records),
            "text/event-stream" => Some(Self::Events),
            "multipart/form-data" => None,
            _ if essence.ends_with("+json-seq") => Some(Self::Records),
            _ if essence.ends_with("+jsonl") || essence.ends_with("+ndjson") => Some(Self::Lines),
            _ if media_type.is_multipart() => Some(Self::Parts),
            _ => None,
        }
    }
}

/// The items of a body in this sequential media type; the error says which one cannot be read and why.
///
/// With `cut`, the body may end in the middle of an item, which is then left out.
///
/// ```
/// use serde_json::json;
/// use specwarden::exchange::{MediaType, items};
/// let lines = MediaType::parse("application/jsonl").unwrap();
/// assert_eq!(items(&lines, b"{\"a\":1}\n\n2\n", false), Ok(vec![json!({"a": 1}), json!(2)]));
/// assert!(items(&lines, b"1\n{\n", false).unwrap_err().starts_with("item 1"));
/// let events = MediaType::parse("text/event-stream").unwrap();
/// let stream = b": hello\nevent: add\ndata: 1\ndata: 2\nretry: 5\n\ndata: cut";
/// assert_eq!(items(&events, stream, false), Ok(vec![json!({"event": "add", "data": "1\n2", "retry": 5})]));
/// ```
pub fn items(media_type: &MediaType, body: &[u8], cut: bool) -> Result<Vec<Value>, String> {
    match Framing::of(media_type) {
        Some(Framing::Lines) => texts(body, b'\n', cut),
        Some(Framing::Records) => texts(body, 0x1e, cut),
        Some(Framing::Events) => events(body),
        Some(Framing::Parts) => parts(media_type, body, cut),
        None => Err(format!("{media_type} is not a sequential media type")),
    }
}

fn texts(body: &[u8], separator: u8, cut: bool) -> Result<Vec<Value>, String> {
    let mut texts: Vec<&[u8]> = body.split(|byte| *byte == separator).map(<[u8]>::trim_ascii).collect();
    // After the last line feed stands nothing, or what was cut; after a record separator stands a record.
    if cut {
        texts.pop();
    }
    let texts = texts.into_iter().filter(|text| !text.is_empty()).enumerate();
    texts.map(|(index, text)| json(index, text)).collect()
}

fn json(index: usize, text: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(text).map_err(|error| format!("item {index} is not JSON: {error}"))
}

/// WHATWG HTML §9.2.6. An event that no blank line ends is incomplete and does not count.
fn events(body: &[u8]) -> Result<Vec<Value>, String> {
    let text = std::str::from_utf8(body).or_else(|error| {
        // A cut may fall into a character; anything else is not the UTF-8 that events are written in.
        let whole = std::str::from_utf8(&body[..error.valid_up_to()]);
        whole
            .map_err(|_| error)
            .and_then(|whole| if error.error_len().is_none() { Ok(whole) } else { Err(error) })
    });
    let text = text.map_err(|error| format!("the events are not UTF-8: {error}"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let mut event = Map::new();
    let mut data: Vec<&str> = Vec::new();
    let mut lines: Vec<&str> = text.split('\n').collect();
    // What follows the last line end is no line yet.
    lines.pop();
    for line in lines {
        if line.is_empty() {
            // Without data nothing is dispatched.
            if !data.iter().all(|line| line.is_empty()) || data.len() > 1 {
                event.insert("data".into(), data.join("\n").into());
                events.push(Value::Object(std::mem::take(&mut event)));
            }
            event.clear();
            data.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => data.push(value),
            "event" => _ = event.insert("event".into(), value.into()),
            "id" if !value.contains('\0') => _ = event.insert("id".into(), value.into()),
            "retry" => {
                if let Ok(milliseconds) = value.parse::<u64>() {
                    event.insert("retry".into(), milliseconds.into());
                }
            }
            _ => {}
        }
    }
    Ok(events)
}

/// RFC 2046 §5.1. JSON parts are values, all others texts.
fn parts(media_type: &MediaType, body: &[u8], cut: bool) -> Result<Vec<Value>, String> {
    let boundary = media_type.parameter("boundary").ok_or("the media type names no boundary")?;
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may begin the body.
    let whole = [b"\r\n", body].concat();
    let mut pieces = split(&whole, delimiter.as_bytes());
    let mut values = Vec::new();
    let mut closed = false;
    // What stands before the first delimiter is a preamble.
    pieces.remove(0);
    let last = pieces.len();
    for (index, piece) in pieces.into_iter().enumerate() {
        if piece.starts_with(b"--") {
            closed = true;
            break;
        }
        if cut && index + 1 == last {
            break;
        }
        let at = piece.windows(4).position(|four| four == b"\r\n\r\n");
        let at = at.ok_or_else(|| format!("item {index} has no blank line after its headers"))?;
        values.push(part(index, &piece[..at], &piece[at + 4..])?);
    }
    if !closed && !cut {
        return Err("the last part is not closed by its boundary".to_owned());
    }
    Ok(values)
}

fn part(index: usize, head: &[u8], body: &[u8]) -> Result<Value, String> {
    let head = String::from_utf8_lossy(head);
    let content_type = head.lines().filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.trim().eq_ignore_ascii_case("content-type").then(|| MediaType::parse(value.trim()))?
    });
    if content_type.is_some_and(|media_type| media_type.is_json()) {
        return json(index, body);
    }
    Ok(Value::String(String::from_utf8_lossy(body).into_owned()))
}

fn split<'b>(mut bytes: &'b [u8], delimiter: &[u8]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = bytes.windows(delimiter.len()).position(|window| window == delimiter) {
        pieces.push(&bytes[..at]);
        bytes = &bytes[at + delimiter.len()..];
    }
    pieces.push(bytes);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(media_type: &str, body: &str, cut: bool, expected: Result<Value, &str>) {
        let media_type = MediaType::parse(media_type).expect("a media type");
        match (items(&media_type, body.as_bytes(), cut), expected) {
            (Ok(items), Ok(expected)) => assert_eq!(Value::Array(items), expected),
            (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn json_texts_are_read_line_by_line_or_record_by_record() {
        check("application/x-ndjson", "1\r\n\n{\"a\": []}", false, Ok(json!([1, {"a": []}])));
        check("application/jsonl", "", false, Ok(json!([])));
        check("application/jsonl", "1\n{\"a\": ", true, Ok(json!([1])));
        check("application/jsonl", "1\n{\"a\": ", false, Err("item 1 is not JSON"));
        check("application/json-seq", "\u{1e}{\n\"a\": 1}\n\u{1e}2\n", false, Ok(json!([{"a": 1}, 2])));
        check("application/json-seq", "\u{1e}1\n\u{1e}{\"a\"", true, Ok(json!([1])));
        check("application/json-seq", "1\n2\n", false, Err("item 0 is not JSON"));
    }

    #[test]
    fn events_are_read_as_browsers_read_them() {
        let stream = "\u{feff}event: addString\rdata: two\rdata:lines\rretry: 5\r\r\nid: 7\nretry: soon\ndata:  x\nunknown: 1\n\n: comment\nid: 8\n\ndata\n\ndata\ndata\n\ndata: never ended\n";
        check(
            "text/event-stream; charset=utf-8",
            stream,
            false,
            Ok(json!([
                {"event": "addString", "data": "two\nlines", "retry": 5},
                {"id": "7", "data": " x"},
                {"data": "\n"}])),
        );
        let media_type = MediaType::parse("text/event-stream").expect("a media type");
        assert_eq!(items(&media_type, b"data: a\n\ndata: \xc3", true), Ok(vec![json!({"data": "a"})]));
        assert!(items(&media_type, b"data: \xff\n\n", false).is_err());
    }

    #[test]
    fn parts_are_values_where_they_are_json() {
        let body = "preamble\r\n--B\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--B\r\n\r\ntext\r\n--B--\r\n";
        check("multipart/mixed; boundary=B", body, false, Ok(json!([{"a": 1}, "text"])));
        check("multipart/mixed; boundary=B", &body[..body.len() - 10], true, Ok(json!([{"a": 1}])));
        check("multipart/mixed; boundary=B", &body[..body.len() - 10], false, Err("not closed"));
        check("multipart/mixed; boundary=B", "--B\r\nx\r\n--B--", false, Err("item 0 has no blank line"));
        check("multipart/mixed", body, false, Err("no boundary"));
    }
}
