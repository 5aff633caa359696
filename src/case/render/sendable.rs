//! Whatever a case says, its request is HTTP that arrives as it was sent, or there is none.

use super::tests::{operation, render};
use crate::case::{Payload, RenderError};
use crate::exchange::{Body, Request};
use crate::spec::{Location, Operation};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `ready`: whether the case says the very bytes. Parsers in the clients and servers of the field agree on requests like this one.
fn check(request: &Request, ready: bool) -> Result<(), String> {
    let url = url::Url::parse(&request.url).map_err(|error| error.to_string())?;
    if url.as_str() != request.url {
        return Err(format!("`{}` is rewritten as `{url}`", request.url));
    }
    if url.fragment().is_some() || !request.url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("`{}` is no request target", request.url));
    }
    for (name, value) in &request.headers {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!("`{name}` is no field name"));
        }
        // RFC 9110 §5.5: field-vchar, blanks inside; what is sent as it stands may hold obs-text.
        let visible =
            value.bytes().all(|b| b.is_ascii_graphic() || b == b' ' || b == b'\t' || ready && b >= 0x80);
        if !visible || value.trim_matches([' ', '\t']) != value {
            return Err(format!("`{name}: {value}` is no field"));
        }
    }
    Ok(())
}

/// The segments of the path below the base.
fn segments(request: &Request) -> Vec<String> {
    let path = request.url.strip_prefix("http://127.0.0.1:1/api/").unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').map(str::to_owned).collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[./\\\\%2eE]{0,5}",
        "[ -~]{0,8}",
        "[\\x00-\\x20\\x7f;,=\"]{0,4}",
        Just("../../etc/passwd".to_owned()),
        Just("a\r\nx-injected: 1".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => text().prop_map(Value::from),
        1 => proptest::collection::vec(text(), 0..3).prop_map(Value::from),
        1 => proptest::collection::btree_map(text(), text(), 0..3).prop_map(|map| json!(map)),
    ]
}

fn plain(path: &str) -> Operation {
    operation(path, vec![], vec![])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_request_is_http_or_is_not_made(
        path in value(), query in value(), header in value(), cookie in value(),
        query_name in text(), header_name in text(), cookie_name in text(),
        raw: bool,
        bytes in proptest::collection::vec(any::<u8>(), 0..6),
    ) {
        let o = plain("/a/{id}/b");
        let payload = |value: Value| if raw { Payload::Raw(Body(bytes.clone())) } else { Payload::Json(value) };
        let chosen = [
            (Location::Path, "id", payload(path)),
            (Location::Query, query_name.as_str(), payload(query)),
            (Location::Header, header_name.as_str(), payload(header)),
            (Location::Cookie, cookie_name.as_str(), payload(cookie)),
        ];
        // Together, and each alone: one that is refused must not hide the others.
        let path_only = &chosen[..1];
        for at in 0..5 {
            let parameters: Vec<_> = match chosen.get(at) {
                Some(one) if at > 0 => path_only.iter().chain([one]).cloned().collect(),
                Some(_) => path_only.to_vec(),
                None => chosen.to_vec(),
            };
            if let Ok(request) = render(&o, &parameters, None) {
                let told = check(&request, raw);
                prop_assert!(told.is_ok(), "{:?}: {:?}", told, parameters);
                let found = segments(&request);
                prop_assert!(raw || found.len() == 3 && found[0] == "a" && found[2] == "b", "{:?}", found);
            }
        }
    }

    #[test]
    fn a_text_in_a_path_is_one_segment_that_decodes_to_itself(text in text()) {
        let sent = render(&plain("/a/{id}/b"), &[(Location::Path, "id", Payload::Json(json!(text)))], None);
        match sent {
            Ok(request) => {
                let segment = &segments(&request)[1];
                let decoded = percent_encoding::percent_decode_str(segment).decode_utf8().expect("is UTF-8");
                prop_assert_eq!(decoded.as_ref(), text.as_str());
            }
            Err(error) => {
                prop_assert!(matches!(text.as_str(), "" | "." | ".."), "{text:?}: {error}");
            }
        }
    }

    #[test]
    fn a_text_in_a_query_is_never_refused(name in text(), text in text()) {
        let sent = render(&plain("/a"), &[(Location::Query, &name, Payload::Json(json!(text)))], None);
        let url = url::Url::parse(&sent.expect("renders").url).expect("is a URL");
        let pairs: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        prop_assert_eq!(pairs, vec![(name, text)]);
    }

    #[test]
    fn a_text_in_a_header_arrives_or_is_refused_for_a_reason(text in text()) {
        let sent = render(&plain("/a"), &[(Location::Header, "x-a", Payload::Json(json!(text)))], None);
        let good = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ' || b == b'\t')
            && text.trim_matches([' ', '\t']) == text;
        match sent {
            Ok(request) => {
                prop_assert!(good);
                let found = request.headers.iter().find(|(name, _)| name == "x-a").map(|(_, value)| value);
                prop_assert_eq!(found, Some(&text));
            }
            Err(error) => {
                prop_assert!(!good && matches!(error, RenderError::Unsendable { .. }), "{text:?}: {error}");
            }
        }
    }

    #[test]
    fn a_text_in_a_cookie_arrives_as_one_cookie(text in text()) {
        let sent = render(&plain("/a"), &[(Location::Cookie, "c", Payload::Json(json!(text)))], None);
        let sent = sent.expect("renders");
        let cookie = sent.headers.iter().find(|(name, _)| name == "cookie").map(|(_, value)| value.as_str());
        let value = cookie.and_then(|cookie| cookie.strip_prefix("c=")).expect("is the cookie");
        prop_assert!(!value.contains([';', ',', '"', '\\', ' ']), "{}", value);
        let decoded = percent_encoding::percent_decode_str(value).decode_utf8().expect("is UTF-8");
        prop_assert_eq!(decoded.as_ref(), text.as_str());
    }
}

#[test]
fn two_dots_never_leave_even_in_pieces() {
    // Two parameters side by side in one segment may together be what each alone is not.
    let o = plain("/a/{one}{two}/b");
    let dot = || Payload::Json(json!("."));
    let sent = render(&o, &[(Location::Path, "one", dot()), (Location::Path, "two", dot())], None);
    assert!(matches!(sent, Err(RenderError::PathRewritten { .. })), "{sent:?}");
    for raw in ["%2e%2E", ".%2e", "..", "./\0", "a/%2e"] {
        let raw = Payload::Raw(Body(raw.as_bytes().to_vec()));
        let sent = render(&plain("/a/{id}"), &[(Location::Path, "id", raw)], None);
        assert!(matches!(sent, Err(RenderError::PathRewritten { .. })), "{sent:?}");
    }
}
