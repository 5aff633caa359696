//! Tests of rendering: tables of the specification, and round trips.

use crate::case::{
    BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason, RenderError, Shape,
    parameter_text, readings, reread_parameter,
};
use crate::exchange::{Body, Method, Request};
use crate::schema::Pointer;
use crate::spec::{
    Content, Encoding, Location, Operation, OperationKey, Parameter, PathTemplate, RequestBody, ResponseSpec,
    StatusPattern, Style,
};
use indexmap::IndexMap;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn parameter(location: Location, style: Style, explode: bool) -> Parameter {
    Parameter {
        name: "id".to_owned(),
        location,
        required: true,
        style,
        explode,
        allow_reserved: false,
        allow_empty: false,
        schema: None,
        content_type: None,
        examples: vec![],
        pointer: Pointer::root(),
    }
}

pub(super) fn content(media_type: &str) -> Content {
    Content {
        media_type: media_type.to_owned(),
        schema: Pointer::parse("/components/schemas/Pet"),
        examples: vec![],
        encoding: IndexMap::new(),
        sequence: None,
        annotated: None,
        pointer: Pointer::root(),
    }
}

pub(super) fn operation(path: &str, parameters: Vec<Parameter>, contents: Vec<Content>) -> Operation {
    Operation {
        key: OperationKey::new(Method::Post, path),
        id: None,
        method: Method::Post,
        path: PathTemplate::parse(path),
        summary: None,
        tags: vec![],
        deprecated: false,
        parameters,
        body: Some(RequestBody { required: false, contents, pointer: Pointer::root() }),
        responses: vec![],
        security: vec![],
        servers: vec![],
        doubles: Arc::default(),
        pointer: Pointer::root(),
    }
}

fn case(operation: &Operation, parameters: &[(Location, &str, Payload)], body: Option<BodyValue>) -> Case {
    Case {
        operation: operation.key.clone(),
        mode: Mode::Positive,
        phase: Phase::Random,
        index: 0,
        reason: Reason {
            pointer: Pointer::root(),
            keyword: String::new(),
            how: String::new(),
            part: String::new(),
        },
        parameters: parameters
            .iter()
            .map(|(location, name, payload)| ParameterValue {
                name: (*name).to_owned(),
                location: *location,
                payload: payload.clone(),
            })
            .collect(),
        body,
        credential: Credential::Main,
    }
}

pub(super) fn render(
    operation: &Operation,
    parameters: &[(Location, &str, Payload)],
    body: Option<(&str, Payload)>,
) -> Result<Request, RenderError> {
    let body = body.map(|(media_type, payload)| BodyValue { media_type: media_type.to_owned(), payload });
    case(operation, parameters, body).render(operation, "http://127.0.0.1:1/api")
}

#[track_caller]
pub(super) fn check(location: Location, style: Style, explode: bool, value: Value, expected: &str) {
    let text = parameter_text(&parameter(location, style, explode), &value).expect("renders");
    assert_eq!(text.as_deref(), Some(expected));
}

#[test]
fn styles_match_the_table_of_the_specification() {
    use Location::{Cookie, Header, Path, Query};
    let (one, list, map) = (json!("blue"), json!(["blue", "black"]), json!({"R": 100, "G": 200}));
    check(Path, Style::Simple, false, one.clone(), "blue");
    check(Path, Style::Simple, false, list.clone(), "blue,black");
    check(Path, Style::Simple, false, map.clone(), "R,100,G,200");
    check(Path, Style::Simple, true, map.clone(), "R=100,G=200");
    check(Path, Style::Label, false, one.clone(), ".blue");
    check(Path, Style::Label, false, list.clone(), ".blue,black");
    check(Path, Style::Label, true, list.clone(), ".blue.black");
    check(Path, Style::Label, true, map.clone(), ".R=100.G=200");
    check(Path, Style::Matrix, false, json!(""), ";id");
    check(Path, Style::Matrix, false, one.clone(), ";id=blue");
    check(Path, Style::Matrix, false, list.clone(), ";id=blue,black");
    check(Path, Style::Matrix, true, list.clone(), ";id=blue;id=black");
    check(Path, Style::Matrix, false, map.clone(), ";id=R,100,G,200");
    check(Path, Style::Matrix, true, map.clone(), ";R=100;G=200");
    check(Query, Style::Form, true, one, "id=blue");
    check(Query, Style::Form, true, list.clone(), "id=blue&id=black");
    check(Query, Style::Form, false, list.clone(), "id=blue,black");
    check(Query, Style::Form, false, map.clone(), "id=R,100,G,200");
    check(Query, Style::Form, true, map.clone(), "R=100&G=200");
    check(Query, Style::SpaceDelimited, false, list.clone(), "id=blue%20black");
    check(Query, Style::PipeDelimited, false, list.clone(), "id=blue%7Cblack");
    check(Query, Style::TabDelimited, false, list.clone(), "id=blue%09black");
    check(Query, Style::DeepObject, true, map.clone(), "id%5BR%5D=100&id%5BG%5D=200");
    check(
        Query,
        Style::DeepObject,
        true,
        json!({"a": {"b": [1, 2]}}),
        "id%5Ba%5D%5Bb%5D=1&id%5Ba%5D%5Bb%5D=2",
    );
    check(Header, Style::Simple, false, list.clone(), "blue,black");
    check(Header, Style::Simple, true, map, "R=100,G=200");
    check(Cookie, Style::Form, true, list.clone(), "id=blue; id=black");
    check(Cookie, Style::Form, false, list, "id=blue,black");
}

#[test]
fn leaves_are_written_without_surprises() {
    use Location::{Path, Query};
    check(Path, Style::Simple, false, json!("a/b?c#d%e f,é"), "a%2Fb%3Fc%23d%25e%20f%2C%C3%A9");
    check(Path, Style::Simple, false, json!(1e21), "1000000000000000000000");
    check(Path, Style::Simple, false, json!(1.0), "1");
    check(Path, Style::Simple, false, json!(-0.25), "-0.25");
    check(Path, Style::Simple, false, json!(u64::MAX), "18446744073709551615");
    check(Query, Style::Form, true, json!(true), "id=true");
    check(Query, Style::Form, true, Value::Null, "id=");
    check(Query, Style::Form, false, json!(["a,b", "c&d"]), "id=a%2Cb,c%26d");
    let reserved = Parameter { allow_reserved: true, ..parameter(Query, Style::Form, true) };
    let text = parameter_text(&reserved, &json!("/a?b&c#d")).expect("renders");
    assert_eq!(text.as_deref(), Some("id=/a?b%26c%23d"));
    let content = Parameter { content_type: Some("application/json".to_owned()), ..reserved };
    let content = Parameter { allow_reserved: false, ..content };
    let text = parameter_text(&content, &json!({"a": [1]})).expect("renders");
    assert_eq!(text.as_deref(), Some("id=%7B%22a%22:%5B1%5D%7D"));
}

#[test]
fn what_cannot_be_sent_is_an_error() {
    let o = operation("/a/{id}/b", vec![], vec![]);
    for text in ["", ".", ".."] {
        let result = render(&o, &[(Location::Path, "id", Payload::Json(json!(text)))], None);
        assert!(matches!(result, Err(RenderError::PathRewritten { .. })), "{text}: {result:?}");
    }
    let raw = render(&o, &[(Location::Path, "id", Payload::Raw(Body(b"%2E%2e".to_vec())))], None);
    assert!(matches!(raw, Err(RenderError::PathRewritten { .. })), "{raw:?}");
    assert!(matches!(render(&o, &[], None), Err(RenderError::MissingPathParameter { .. })));
    let dotted = operation("/a/{id}.{ext}", vec![], vec![]);
    let ok = render(
        &dotted,
        &[
            (Location::Path, "id", Payload::Json(json!("."))),
            (Location::Path, "ext", Payload::Json(json!("."))),
        ],
        None,
    );
    assert_eq!(ok.expect("three dots are a name").url, "http://127.0.0.1:1/api/a/...");
    let plain = operation("/", vec![], vec![]);
    for value in ["a\nb", " a", "é", "a\0"] {
        let result = render(&plain, &[(Location::Header, "x-a", Payload::Json(json!(value)))], None);
        assert!(matches!(result, Err(RenderError::Unsendable { .. })), "{value:?}: {result:?}");
    }
    let listed = parameter(Location::Query, Style::Form, true);
    let o = operation("/", vec![listed], vec![]);
    let result = render(&o, &[(Location::Query, "id", Payload::Json(json!([])))], None);
    assert!(matches!(result, Err(RenderError::Vanishes { .. })), "{result:?}");
    assert!(matches!(case(&o, &[], None).render(&o, "/relative"), Err(RenderError::BaseUrl { .. })));
    for control in ["a\u{1}", "a b"] {
        let result = render(&o, &[], Some(("application/xml", Payload::Json(json!({control: "\u{1}"})))));
        assert!(matches!(result, Err(RenderError::Body { .. })), "{result:?}");
    }
}

#[test]
fn a_request_is_put_together_in_order() {
    let o = operation("/pets/{id}", vec![], vec![content("application/json")]);
    let request = render(
        &o,
        &[
            (Location::Path, "id", Payload::Json(json!(7))),
            (Location::Query, "q", Payload::Json(json!("a b"))),
            (Location::Query, "r", Payload::Raw(Body(b"r=1&r=2#'".to_vec()))),
            (Location::Header, "X-Trace", Payload::Json(json!("t"))),
            (Location::Header, "Content-Length", Payload::Json(json!(3))),
            (Location::Cookie, "c", Payload::Json(json!("1;2"))),
            (Location::Cookie, "d", Payload::Json(json!(true))),
        ],
        Some(("application/json", Payload::Json(json!({"b": 1, "a": null})))),
    )
    .expect("renders");
    assert_eq!(request.url, "http://127.0.0.1:1/api/pets/7?q=a%20b&r=1&r=2%23%27");
    let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        headers,
        [
            ("accept", "*/*"),
            ("x-trace", "t"),
            ("cookie", "c=1%3B2; d=true"),
            ("content-type", "application/json")
        ]
    );
    assert_eq!(
        request.body.and_then(|b| b.text().map(str::to_owned)).as_deref(),
        Some("{\"b\":1,\"a\":null}")
    );
}

#[test]
fn the_accept_header_names_the_documented_successes() {
    let mut o = operation("/", vec![], vec![]);
    let response = |status, types: &[&str]| ResponseSpec {
        status,
        contents: types.iter().map(|t| content(t)).collect(),
        headers: vec![],
        pointer: Pointer::root(),
    };
    o.responses = vec![
        response(StatusPattern::Code(404), &["application/problem+json"]),
        response(StatusPattern::Default, &["text/html"]),
        response(StatusPattern::Code(200), &["application/json", "text/csv"]),
        response(StatusPattern::Range(2), &["application/json"]),
    ];
    let accept = |o: &Operation| render(o, &[], None).expect("renders").headers[0].1.clone();
    assert_eq!(accept(&o), "application/json, text/csv");
    o.responses.truncate(2);
    assert_eq!(accept(&o), "text/html");
}

#[track_caller]
fn check_body(media_type: &str, encoding: &[(&str, Encoding)], value: Value, sent: &str, expected: &str) {
    let mut documented = content(media_type);
    documented.encoding = encoding.iter().map(|(n, e)| ((*n).to_owned(), e.clone())).collect();
    let o = operation("/", vec![], vec![documented]);
    let request = render(&o, &[], Some((media_type, Payload::Json(value)))).expect("renders");
    let content_type = request.headers.iter().find(|(n, _)| n == "content-type").map(|(_, v)| v.as_str());
    assert_eq!(content_type, Some(sent));
    let body = request.body.expect("has a body");
    assert_eq!(body.text(), Some(expected));
}

#[test]
fn bodies_are_written_by_media_type() {
    let pet = json!({"name": "a b", "tags": ["x", "y"], "owner": {"id": 1}});
    check_body("*/*", &[], json!([1]), "application/json", "[1]");
    check_body("application/*", &[], json!("x"), "application/json", "\"x\"");
    check_body("application/vnd.a+json; v=1", &[], json!({}), "application/vnd.a+json; v=1", "{}");
    check_body("text/plain", &[], json!("é"), "text/plain", "é");
    check_body("text/*", &[], json!(1.5), "text/plain", "1.5");
    check_body("application/octet-stream", &[], json!("bytes"), "application/octet-stream", "bytes");
    check_body("application/x-ndjson", &[], json!([{"a": 1}, 2]), "application/x-ndjson", "{\"a\":1}\n2\n");
    let form = "application/x-www-form-urlencoded";
    check_body(form, &[], pet.clone(), form, "name=a%20b&tags=x&tags=y&owner=%7B%22id%22:1%7D");
    let csv = Encoding { style: Some(Style::Form), explode: Some(false), ..Encoding::default() };
    let deep = Encoding { style: Some(Style::DeepObject), ..Encoding::default() };
    check_body(
        form,
        &[("tags", csv), ("owner", deep)],
        pet.clone(),
        form,
        "name=a%20b&tags=x,y&owner%5Bid%5D=1",
    );
    check_body(
        "application/xml",
        &[],
        json!({"name": "<&>", "tags": ["x", "y"], "owner": {"id": 1}, "none": null}),
        "application/xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Pet><name>&lt;&amp;&gt;</name><tags>x</tags><tags>y</tags><owner><id>1</id></owner><none xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"></none></Pet>",
    );
    check_body(
        "text/xml",
        &[],
        json!([1]),
        "text/xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Pet><item>1</item></Pet>",
    );
}

#[test]
fn multipart_bodies_are_equal_bytes_for_equal_values() {
    let file = Encoding { content_type: Some("image/png, image/jpeg".to_owned()), ..Encoding::default() };
    let mut documented = content("multipart/form-data");
    documented.encoding.insert("file".to_owned(), file);
    let o = operation("/", vec![], vec![documented]);
    let value = json!({"file": "bytes", "tags": ["x", "y"], "meta": {"a": 1}, "n\"": 1});
    let send = |value: &Value| {
        render(&o, &[], Some(("multipart/form-data", Payload::Json(value.clone())))).expect("renders")
    };
    let request = send(&value);
    assert_eq!(request, send(&value));
    let content_type = &request.headers.iter().find(|(n, _)| n == "content-type").expect("has one").1;
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").expect("names its boundary");
    let body = request.body.as_ref().and_then(Body::text).expect("is text");
    let expected = "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file.bin\"\r\ncontent-type: image/png\r\n\r\nbytes\r\n\
        --B\r\ncontent-disposition: form-data; name=\"tags\"\r\n\r\nx\r\n--B\r\ncontent-disposition: form-data; name=\"tags\"\r\n\r\ny\r\n\
        --B\r\ncontent-disposition: form-data; name=\"meta\"\r\ncontent-type: application/json\r\n\r\n{\"a\":1}\r\n\
        --B\r\ncontent-disposition: form-data; name=\"n%22\"\r\n\r\n1\r\n--B--\r\n";
    assert_eq!(body.replace(boundary, "B"), expected);
    // A part that quotes the boundary gets another one.
    let quoting = json!({"file": "bytes", "tags": [boundary]});
    let other = send(&quoting);
    let body = other.body.as_ref().and_then(Body::text).expect("is text").to_owned();
    let used = other.headers.iter().find(|(n, _)| n == "content-type").expect("has one").1.clone();
    let used = used.rsplit('=').next().expect("names it").to_owned();
    assert_eq!(body.matches(&format!("--{used}")).count(), 3);
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6f64).prop_map(Value::from),
        "[a-zA-Z0-9 ./;:,&=%+é\\[\\]-]{1,8}".prop_map(Value::from),
    ]
}

fn same(original: &Value, reread: &Value) -> bool {
    match (original, reread) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
        }
        (leaf, Value::String(text)) => {
            readings(text).iter().any(|r| r == leaf || r.as_f64() == leaf.as_f64() && leaf.is_number())
        }
        _ => false,
    }
}

const STYLES: &[(Location, Style)] = &[
    (Location::Path, Style::Simple),
    (Location::Path, Style::Label),
    (Location::Path, Style::Matrix),
    (Location::Query, Style::Form),
    (Location::Query, Style::SpaceDelimited),
    (Location::Query, Style::PipeDelimited),
    (Location::Query, Style::TabDelimited),
    (Location::Header, Style::Simple),
    (Location::Cookie, Style::Form),
    (Location::Cookie, Style::Cookie),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_style_is_read_back(
        at in 0..STYLES.len(),
        explode: bool,
        one in leaf(),
        list in proptest::collection::vec(leaf(), 1..4),
        map in proptest::collection::btree_map("[a-z][a-z=, ]{0,3}", leaf(), 1..4),
    ) {
        let (location, style) = STYLES[at];
        let parameter = parameter(location, style, explode);
        let map = Value::Object(map.into_iter().collect());
        for (value, shape) in [(one, Shape::Primitive), (list.into(), Shape::Array), (map, Shape::Object)] {
            // Refused is fine: it says that this style cannot carry the value. Silently another value is not.
            if let Ok(Some(text)) = parameter_text(&parameter, &value) {
                let reread = reread_parameter(&parameter, &text, shape);
                prop_assert!(reread.as_ref().is_some_and(|r| same(&value, r)), "{value} → {text} → {reread:?}");
            }
        }
    }

    #[test]
    fn deep_objects_are_read_back(map in proptest::collection::btree_map("[a-z=&;]{1,4}", leaf(), 1..4)) {
        let parameter = parameter(Location::Query, Style::DeepObject, true);
        let value = Value::Object(map.into_iter().collect());
        let text = parameter_text(&parameter, &value).expect("renders").expect("is there");
        let reread = reread_parameter(&parameter, &text, Shape::Object);
        prop_assert!(reread.as_ref().is_some_and(|r| same(&value, r)), "{value} → {text} → {reread:?}");
    }

    #[test]
    fn urls_survive_the_url_library(id in ".{1,6}", query in ".{0,6}", raw in proptest::collection::vec(any::<u8>(), 0..6)) {
        let o = operation("/a b/{id}", vec![], vec![]);
        let parameters = [
            (Location::Path, "id", Payload::Json(json!(id))),
            (Location::Query, "q'", Payload::Json(json!(query))),
            (Location::Query, "raw", Payload::Raw(Body(raw))),
        ];
        if let Ok(request) = render(&o, &parameters, None) {
            let url = url::Url::parse(&request.url).expect("is a URL");
            prop_assert_eq!(url.as_str(), request.url.as_str());
        }
    }
}
