//! Forms and parts: what we write is read back by readers that know only the standards.
//!
//! Forms are read by the WHATWG algorithm (`application/x-www-form-urlencoded` parsing), parts by a reader of RFC 2046
//! §5.1 and RFC 7578 written here.

use super::independent::{Kind, read};
use super::tests::{content, operation, render};
use crate::case::Payload;
use crate::exchange::{Body, Request};
use crate::spec::{Content, Encoding, Location, Style};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";

fn send(content: Content, value: &Value) -> Request {
    let media_type = content.media_type.clone();
    let o = operation("/", vec![], vec![content]);
    render(&o, &[], Some((&media_type, Payload::Json(value.clone())))).expect("renders")
}

fn encoded(media_type: &str, encoding: &[(&str, Encoding)]) -> Content {
    let encoding = encoding.iter().map(|(name, encoding)| ((*name).to_owned(), encoding.clone())).collect();
    Content { encoding, ..content(media_type) }
}

fn text(request: &Request) -> &str {
    request.body.as_ref().and_then(Body::text).expect("is text")
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[&=+%;, \r\n\"-]{0,5}".prop_map(Value::from),
    ]
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The name–value pairs that an object is without any `encoding`: OpenAPI 3.1.1 §4.8.14.4 and §4.8.15.1.
fn pairs(value: &Value) -> Vec<(String, String)> {
    let members = value.as_object().expect("is an object");
    let pair = |(name, member): (&String, &Value)| match member {
        Value::Array(items) => items.iter().map(|item| (name.clone(), plain(item))).collect(),
        other => vec![(name.clone(), plain(other))],
    };
    members.iter().flat_map(pair).collect()
}

fn any_object() -> impl Strategy<Value = Value> {
    let member = prop_oneof![
        3 => scalar(),
        1 => vec(scalar(), 0..3).prop_map(Value::from),
        1 => btree_map("[a-z]{1,3}", scalar(), 0..3).prop_map(|map| json!(map)),
    ];
    btree_map(prop_oneof!["[a-z]{1,4}", any::<String>()], member, 0..4)
        .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>()))
}

/// One part: its name, file name, media type and content.
#[derive(Debug, PartialEq)]
struct Part {
    name: String,
    file: bool,
    media_type: Option<String>,
    content: String,
}

/// RFC 2046 §5.1.1: delimiters are whole lines; RFC 7578 §4.2: names are quoted.
fn parts(request: &Request) -> Result<Vec<Part>, String> {
    let sent = &request.headers.iter().find(|(name, _)| name == "content-type").ok_or("no media type")?.1;
    let boundary = sent.split_once("boundary=").ok_or("no boundary")?.1;
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&b);
    if boundary.len() > 70 || !boundary.bytes().all(valid) {
        return Err(format!("`{boundary}` is no boundary"));
    }
    let body = text(request);
    let rest = body.strip_suffix(&format!("--{boundary}--\r\n")).ok_or("no last delimiter")?;
    if rest.is_empty() {
        return Ok(Vec::new());
    }
    let rest = rest.strip_prefix(&format!("--{boundary}\r\n")).ok_or("no first delimiter")?;
    let rest = rest.strip_suffix("\r\n").ok_or("no line end before the last delimiter")?;
    let one = |part: &str| -> Result<Part, String> {
        let (head, content) = part.split_once("\r\n\r\n").ok_or("no blank line")?;
        let field = |name: &str| head.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let disposition = field("content-disposition").ok_or("no disposition")?;
        let name = disposition.strip_prefix("form-data; name=\"").ok_or("no name")?;
        let (name, rest) = name.split_once('"').ok_or("the name has no end")?;
        let name = name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
        let media_type = field("content-type").map(str::to_owned);
        Ok(Part { name, file: rest.starts_with("; filename=\""), media_type, content: content.to_owned() })
    };
    rest.split(&format!("\r\n--{boundary}\r\n")).map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_form_is_read_as_its_pairs(value in any_object()) {
        let request = send(content(FORM), &value);
        let found: Vec<(String, String)> = url::form_urlencoded::parse(text(&request).as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        // A pair without name and value leaves nothing behind but a sign of equality.
        let bare = |(name, value): &(String, String)| name.is_empty() && value.is_empty();
        let expected: Vec<(String, String)> = pairs(&value).into_iter().filter(|pair| !bare(pair)).collect();
        let found: Vec<(String, String)> = found.into_iter().filter(|pair| !bare(pair)).collect();
        prop_assert_eq!(found, expected, "{}", text(&request));
    }

    #[test]
    fn a_styled_property_of_a_form_is_read_as_the_parameter_would_be(
        at in 0..5_usize,
        list in vec("[a-z0-9 |,é&=+]{1,4}", 1..4),
    ) {
        let (style, explode) = [
            (Style::Form, false), (Style::Form, true), (Style::SpaceDelimited, false),
            (Style::PipeDelimited, false), (Style::DeepObject, true),
        ][at];
        let encoding = Encoding { style: Some(style), explode: Some(explode), ..Encoding::default() };
        let (value, kind) = if style == Style::DeepObject {
            let members: Map<String, Value> =
                list.iter().enumerate().map(|(index, text)| (format!("k{index}"), json!(text))).collect();
            (Value::Object(members), Kind::Map)
        } else {
            (json!(list), Kind::List)
        };
        let delimiter = match style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            _ => '\0',
        };
        prop_assume!(!list.iter().any(|text| text.contains(delimiter)));
        let request = send(encoded(FORM, &[("p", encoding)]), &json!({"p": value}));
        let found = read((Location::Query, style, explode), "p", text(&request), kind);
        prop_assert_eq!(found, Ok(value), "{}", text(&request));
    }

    #[test]
    fn parts_are_read_as_they_were_meant(value in any_object()) {
        let request = send(content(PARTS), &value);
        // What RFC 7578 §4.2 says of quotes and line ends in names is not reversible where they are escaped already.
        let names = value.as_object().expect("is an object");
        prop_assume!(!names.keys().any(|name| name.contains('%')));
        let expected: Vec<Part> = pairs(&value)
            .into_iter()
            .map(|(name, content)| {
                let object = names[&name].is_object();
                Part { file: false, media_type: object.then(|| "application/json".to_owned()), name, content }
            })
            .collect();
        prop_assert_eq!(parts(&request), Ok(expected), "{}", text(&request));
    }
}

#[test]
fn the_encoding_of_a_part_decides_its_type() {
    let of = |media_type: &str| Encoding { content_type: Some(media_type.to_owned()), ..Encoding::default() };
    let documented = encoded(
        PARTS,
        &[
            ("meta", of("application/json")),
            ("photo", of("image/png, image/jpeg")),
            ("note", of("text/markdown")),
        ],
    );
    let request = send(documented, &json!({"meta": "x", "photo": "bytes", "note": "# é", "id": 7}));
    let part = |name: &str, file: bool, media_type: Option<&str>, content: &str| Part {
        name: name.to_owned(),
        file,
        media_type: media_type.map(str::to_owned),
        content: content.to_owned(),
    };
    assert_eq!(
        parts(&request),
        Ok(vec![
            part("meta", false, Some("application/json"), "\"x\""),
            part("photo", true, Some("image/png"), "bytes"),
            part("note", false, Some("text/markdown"), "# é"),
            part("id", false, None, "7"),
        ])
    );
}
