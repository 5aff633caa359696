//! Tests of what OpenAPI 3.2 put on the wire, and of parts by default: written, and read back.

use super::tests::{check, content, operation, parameter, render};
use crate::case::{Payload, RenderError, Shape, parameter_text, reread_parameter};
use crate::exchange::{Body, MediaType, Request, items};
use crate::spec::{Content, Encoding, Location, Parameter, Sequence, Style};
use proptest::prelude::*;
use serde_json::{Value, json};

fn querystring(media_type: &str) -> Parameter {
    Parameter {
        content_type: Some(media_type.to_owned()),
        ..parameter(Location::Querystring, Style::Form, true)
    }
}

#[track_caller]
fn check_query(media_type: &str, value: Value, expected: &str) {
    let parameter = querystring(media_type);
    let text = parameter_text(&parameter, &value).expect("renders");
    assert_eq!(text.as_deref(), Some(expected));
    let o = operation("/a", vec![parameter], vec![]);
    let sent = render(&o, &[(Location::Querystring, "id", Payload::Json(value))], None).expect("renders");
    assert_eq!(sent.url, format!("http://127.0.0.1:1/api/a?{expected}"));
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn a_querystring_is_the_whole_query_without_a_name() {
    check_query(
        FORM,
        json!({"a b": "x&y", "n": 1, "tags": ["p", "q=r"]}),
        "a%20b=x%26y&n=1&tags=p&tags=q%3Dr",
    );
    check_query("application/json", json!({"a": [1, "b&"]}), "%7B%22a%22:%5B1%2C%22b%26%22%5D%7D");
    check_query("text/plain", json!("plain words"), "plain%20words");
    // A form without any pair leaves no trace.
    let o = operation("/a", vec![querystring(FORM)], vec![]);
    let result = render(&o, &[(Location::Querystring, "id", Payload::Json(json!({})))], None);
    assert!(matches!(result, Err(RenderError::Vanishes { .. })), "{result:?}");
}

#[test]
fn plain_cookies_escape_nothing_or_are_refused() {
    use Location::Cookie;
    check(Cookie, Style::Cookie, true, json!("a%b=c"), "id=a%b=c");
    check(Cookie, Style::Cookie, true, json!(["x", "y"]), "id=x; id=y");
    check(Cookie, Style::Cookie, false, json!(["x", "y"]), "id=x,y");
    check(Cookie, Style::Cookie, true, json!({"a": 1, "b": 2}), "a=1; b=2");
    let plain = parameter(Cookie, Style::Cookie, true);
    for value in [json!("a b"), json!("é"), json!("a;b"), json!("\"q\""), json!(["a,b"]), json!({"a=b": 1})]
    {
        let result = parameter_text(&plain, &value);
        assert!(matches!(result, Err(RenderError::Unsendable { .. })), "{value}: {result:?}");
    }
}

#[test]
fn reserved_characters_stay_in_a_path_but_for_those_that_leave_the_segment() {
    let reserved = Parameter { allow_reserved: true, ..parameter(Location::Path, Style::Simple, false) };
    let text = |value: Value| parameter_text(&reserved, &value).expect("renders");
    assert_eq!(text(json!("a:b@c!$&'()*+,;=d")).as_deref(), Some("a:b@c!$&'()*+,;=d"));
    assert_eq!(text(json!("a/b?c#d[e]%f")).as_deref(), Some("a%2Fb%3Fc%23d%5Be%5D%25f"));
    // In a list a comma separates.
    assert_eq!(text(json!(["a,b", "c"])).as_deref(), Some("a%2Cb,c"));
}

/// Sends `value` in a sequential media type.
fn send(media_type: &str, value: &Value) -> Result<Request, RenderError> {
    let documented = Content { sequence: Some(Sequence::default()), ..content(media_type) };
    let o = operation("/", vec![], vec![documented]);
    render(&o, &[], Some((media_type, Payload::Json(value.clone()))))
}

fn reread(request: &Request) -> Result<Vec<Value>, String> {
    let sent = request.headers.iter().find(|(name, _)| name == "content-type").expect("is sent");
    let media_type = MediaType::parse(&sent.1).expect("is one");
    items(&media_type, request.body.as_ref().map(Body::bytes).unwrap_or_default(), false)
}

#[test]
fn rows_of_items_are_written_as_their_media_type_frames_them() {
    let text = |media_type: &str, value: Value| {
        let request = send(media_type, &value).expect("renders");
        request.body.and_then(|body| body.text().map(str::to_owned)).expect("is text")
    };
    assert_eq!(text("application/jsonl", json!([{"a": 1}, "x\ny"])), "{\"a\":1}\n\"x\\ny\"\n");
    assert_eq!(text("application/geo+json-seq", json!([1, 2])), "\u{1e}1\n\u{1e}2\n");
    let events =
        json!([{"event": "add", "data": "two\nlines", "id": "7", "retry": 10}, {"data": "{\"a\":1}"}]);
    assert_eq!(
        text("text/event-stream", events),
        "event: add\nid: 7\nretry: 10\ndata: two\ndata: lines\n\ndata: {\"a\":1}\n\n"
    );
    for bad in [
        json!([]),
        json!([{"event": "add"}]),
        json!([{"data": ""}]),
        json!([{"data": "x", "more": 1}]),
        json!([{"data": "x", "id": "a\nb"}]),
    ] {
        let result = send("text/event-stream", &bad);
        assert!(matches!(result, Err(RenderError::Body { .. })), "{bad}: {result:?}");
    }
}

#[test]
fn parts_without_names_follow_their_position() {
    let encoding = |text: &str| Encoding { content_type: Some(text.to_owned()), ..Encoding::default() };
    let sequence = Sequence {
        item_schema: None,
        prefix_encoding: vec![encoding("application/json")],
        item_encoding: Some(encoding("text/csv")),
    };
    let documented = Content { sequence: Some(sequence), ..content("multipart/mixed") };
    let o = operation("/", vec![], vec![documented]);
    let value = json!([{"a": 1}, "b,c", "d,e"]);
    let request = render(&o, &[], Some(("multipart/mixed", Payload::Json(value.clone())))).expect("renders");
    let sent = request.headers.iter().find(|(name, _)| name == "content-type").expect("is sent").1.clone();
    let boundary = sent.strip_prefix("multipart/mixed; boundary=").expect("names its boundary");
    let body = request.body.as_ref().and_then(Body::text).expect("is text").replace(boundary, "B");
    assert_eq!(
        body,
        "--B\r\ncontent-type: application/json\r\n\r\n{\"a\":1}\r\n--B\r\ncontent-type: text/csv\r\n\r\nb,c\r\n--B\r\ncontent-type: text/csv\r\n\r\nd,e\r\n--B--\r\n"
    );
    assert_eq!(reread(&request).map(Value::Array), Ok(value));
}

#[test]
fn parts_of_a_form_are_files_lists_and_objects_as_encoded() {
    let file = Encoding { content_type: Some("application/octet-stream".into()), ..Encoding::default() };
    let list = Encoding { style: Some(Style::PipeDelimited), explode: Some(false), ..Encoding::default() };
    let deep = Encoding { style: Some(Style::DeepObject), ..Encoding::default() };
    let mut documented = content("multipart/form-data");
    documented.encoding = [("file", file), ("list", list), ("deep", deep)]
        .map(|(n, e)| (n.to_owned(), e))
        .into_iter()
        .collect();
    let o = operation("/", vec![], vec![documented]);
    let value = json!({"file": ["x", "y"], "list": [1, 2], "deep": {"k": "v"}});
    let request = render(&o, &[], Some(("multipart/form-data", Payload::Json(value)))).expect("renders");
    let body = request.body.as_ref().and_then(Body::text).expect("is text").to_owned();
    for part in [
        "name=\"file\"; filename=\"file.bin\"\r\ncontent-type: application/octet-stream\r\n\r\nx\r\n",
        "name=\"file\"; filename=\"file.bin\"\r\ncontent-type: application/octet-stream\r\n\r\ny\r\n",
        "name=\"list\"\r\n\r\n1|2\r\n",
        "name=\"deep[k]\"\r\n\r\nv\r\n",
    ] {
        assert!(body.contains(part), "{part}\n{body}");
    }
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_read_back(
        list in proptest::collection::vec(proptest::collection::btree_map("[a-z]{1,3}", leaf(), 0..3), 1..4),
        texts in proptest::collection::vec(".{1,8}", 1..4),
    ) {
        let rows: Value = list.into_iter().map(|map| Value::Object(map.into_iter().collect())).collect::<Vec<_>>().into();
        for media_type in ["application/jsonl", "application/x-ndjson", "application/json-seq", "multipart/mixed"] {
            let request = send(media_type, &rows).expect("renders");
            prop_assert_eq!(reread(&request).map(Value::Array), Ok(rows.clone()), "{}", media_type);
        }
        let events: Value = texts.iter().map(|text| json!({"data": text})).collect::<Vec<_>>().into();
        if let Ok(request) = send("text/event-stream", &events) {
            prop_assert_eq!(reread(&request).map(Value::Array), Ok(events));
        }
    }

    #[test]
    fn querystrings_are_read_back(map in proptest::collection::btree_map(".{1,4}", ".{0,6}", 1..4)) {
        let value = Value::Object(map.into_iter().map(|(name, text)| (name, text.into())).collect());
        for media_type in [FORM, "application/json"] {
            let parameter = querystring(media_type);
            let text = parameter_text(&parameter, &value).expect("renders").expect("is there");
            prop_assert_eq!(reread_parameter(&parameter, &text, Shape::Object), Some(value.clone()), "{}", text);
        }
    }
}
