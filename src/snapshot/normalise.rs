//! One answer, asked for twice, as stable text.

use crate::exchange::Response;
use crate::schema::Pointer;
use crate::snapshot::SnapshotOptions;
use crate::snapshot::body::normalise_json;
use crate::snapshot::headers::normalise_headers;
use crate::snapshot::plain::{normalise_bytes, normalise_text};
use serde_json::Value;

/// An answer as a snapshot shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised {
    /// Status, headers, an empty line, the body; no line end at the end.
    pub contents: String,
    /// Where in a JSON body the two answers differed, without what a mask explains.
    pub volatile: Vec<Pointer>,
    /// Whether a second answer could be used: it had the same status.
    pub asked_twice: bool,
}

/// Turns the first answer into text that stays the same as long as the API does.
///
/// `second` is the answer to the same request, sent again. It only shows what changes by itself; with another
/// status (a second `DELETE` is answered with 404) it says nothing and is left aside.
///
/// ```
/// use specwarden::exchange::{Body, Response};
/// use specwarden::snapshot::{SnapshotOptions, normalise};
/// let answer = |body: &str| Response {
///     status: 200,
///     headers: vec![("content-type".into(), "application/json".into()), ("age".into(), "3".into())],
///     body: Body(body.into()),
///     truncated: false,
///     packed: None,
/// };
/// let first = answer(r#"{"name": "Rex", "hits": 7}"#);
/// let second = answer(r#"{"name": "Rex", "hits": 8}"#);
/// let normalised = normalise(&first, Some(&second), &SnapshotOptions::default());
/// assert_eq!(
///     normalised.contents,
///     "HTTP 200\ncontent-type: application/json\n\n{\n  \"hits\": \"[volatile]\",\n  \"name\": \"Rex\"\n}"
/// );
/// ```
pub fn normalise(first: &Response, second: Option<&Response>, options: &SnapshotOptions) -> Normalised {
    let second = second.filter(|second| second.status == first.status);
    let mut contents = format!("HTTP {}\n", first.status);
    for (name, value) in normalise_headers(first, second, options) {
        contents.push_str(&format!("{name}: {value}\n"));
    }
    let (body, volatile) = normalise_body(first, second, options);
    contents.push('\n');
    contents.push_str(&body);
    contents.truncate(contents.trim_end().len());
    Normalised { contents, volatile, asked_twice: second.is_some() }
}

fn normalise_body(
    first: &Response,
    second: Option<&Response>,
    options: &SnapshotOptions,
) -> (String, Vec<Pointer>) {
    if let Some(value) = json(first) {
        match second.map(json) {
            None => return normalise_json(&value, None, options),
            Some(Some(other)) => return normalise_json(&value, Some(&other), options),
            // JSON once, something else the next time: compare what both are, texts.
            Some(None) => {}
        }
    }
    let (Some(text), true) = (first.body.text(), second.is_none_or(|second| second.body.text().is_some()))
    else {
        return (normalise_bytes(first.body.bytes(), second.map(|second| second.body.bytes())), Vec::new());
    };
    let mut body = normalise_text(text, second.and_then(|second| second.body.text()), options);
    if first.truncated {
        body.push_str("\n[cut]");
    }
    (body, Vec::new())
}

/// The body as JSON if it says so, or if it says nothing and looks like it.
fn json(response: &Response) -> Option<Value> {
    match response.media_type() {
        Some(media) if media.is_json() => response.json(),
        Some(_) => None,
        None => response.json().filter(|value| value.is_object() || value.is_array()),
    }
}
