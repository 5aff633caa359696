//! Where keys go, and what is recorded in their place.

use crate::case::Credential;
use crate::client::credential::{places, put_on};
use crate::client::{Client, ClientError, ClientOptions, FAKE_KEY, Key, Keyring, Placement, fake_pair};
use crate::exchange::{Method, Request};
use crate::schema::Pointer;
use crate::secret::Secret;
use crate::spec::{Location, Operation, OperationKey, PathTemplate, Requirement, SecurityScheme};
use std::sync::Arc;

fn operation(security: &[&[&str]]) -> Operation {
    let requirement =
        |names: &&[&str]| Requirement { schemes: names.iter().map(|n| ((*n).to_owned(), vec![])).collect() };
    Operation {
        key: OperationKey::new(Method::Get, "/"),
        id: None,
        method: Method::Get,
        path: PathTemplate::parse("/"),
        summary: None,
        tags: vec![],
        deprecated: false,
        parameters: vec![],
        body: None,
        responses: vec![],
        security: security.iter().map(requirement).collect(),
        servers: vec![],
        doubles: Arc::default(),
        pointer: Pointer::root(),
    }
}

fn key(name: &str, secret: &str, placeholder: &str) -> Key {
    Key { name: name.to_owned(), secret: Secret::new(secret.to_owned()), placeholder: placeholder.to_owned() }
}

fn options() -> ClientOptions {
    let api = |location, name: &str| SecurityScheme::ApiKey { location, name: name.to_owned() };
    let mut options = ClientOptions::new("http://127.0.0.1/");
    options.keys = Keyring::new(
        Some(key("main", "user:pa ss", "$MAIN")),
        vec![key("other", "other-key", "$OTHER"), key("app", "app-id-1", "$APP")],
    );
    for (name, scheme) in [
        ("mtls", SecurityScheme::Other { name: "mutualTLS".to_owned() }),
        ("head", api(Location::Header, "X-Key")),
        ("query", api(Location::Query, "api_key")),
        ("cookie", api(Location::Cookie, "sid")),
        ("app", api(Location::Header, "X-App")),
        ("basic", SecurityScheme::Basic),
        ("bearer", SecurityScheme::Bearer),
    ] {
        options.security_schemes.insert(name.to_owned(), scheme);
    }
    options
}

/// The URL's query and the headers after the key was put on: as sent, as recorded.
fn put(options: &ClientOptions, credential: &Credential, operation: Option<&Operation>) -> [String; 2] {
    let request = Request {
        method: Method::Get,
        url: "http://127.0.0.1/".to_owned(),
        headers: vec![("cookie".to_owned(), "a=1".to_owned()), ("x-key".to_owned(), "made up".to_owned())],
        body: None,
    };
    let (sent, shown) = put_on(&request, credential, operation, options).expect("puts it on");
    [sent, shown].map(|r| {
        let headers = r.headers.iter().map(|(n, v)| format!("{n}: {v}"));
        std::iter::once(r.url["http://127.0.0.1/".len()..].to_owned())
            .chain(headers)
            .collect::<Vec<_>>()
            .join(" | ")
    })
}

#[track_caller]
fn check(security: &[&[&str]], sent: &str, shown: &str) {
    assert_eq!(put(&options(), &Credential::Main, Some(&operation(security))), [sent, shown]);
}

#[test]
fn each_scheme_has_its_place() {
    let rest = " | cookie: a=1 | x-key: made up";
    check(&[&["head"]], " | cookie: a=1 | x-key: user:pa ss", " | cookie: a=1 | x-key: $MAIN");
    check(&[&["query"]], &format!("?api_key=user%3Apa%20ss{rest}"), &format!("?api_key=$MAIN{rest}"));
    check(
        &[&["cookie"]],
        " | cookie: a=1; sid=user:pa ss | x-key: made up",
        " | cookie: a=1; sid=$MAIN | x-key: made up",
    );
    check(
        &[&["basic"]],
        &format!("{rest} | authorization: Basic dXNlcjpwYSBzcw=="),
        &format!("{rest} | authorization: Basic $MAIN"),
    );
    check(
        &[&["bearer"]],
        &format!("{rest} | authorization: Bearer user:pa ss"),
        &format!("{rest} | authorization: Bearer $MAIN"),
    );
}

#[test]
fn the_first_alternative_that_can_be_satisfied_decides() {
    let rest = " | cookie: a=1";
    check(
        &[&["mtls"], &["unknown"], &["head", "mtls"], &["head"], &["bearer"]],
        &format!("{rest} | x-key: user:pa ss"),
        &format!("{rest} | x-key: $MAIN"),
    );
    check(&[&[], &["head"]], &format!("{rest} | x-key: user:pa ss"), &format!("{rest} | x-key: $MAIN"));
    check(
        &[&["head", "app"]],
        &format!("{rest} | x-key: user:pa ss | x-app: app-id-1"),
        &format!("{rest} | x-key: $MAIN | x-app: $APP"),
    );
    let made_up = " | cookie: a=1 | x-key: made up";
    check(&[], made_up, made_up);
    check(&[&[]], made_up, made_up);
    check(&[&["mtls"]], made_up, made_up);
}

#[test]
fn each_credential_has_its_key() {
    let of = |credential| put(&options(), &credential, Some(&operation(&[&["head"]])));
    let rest = " | cookie: a=1";
    assert_eq!(
        of(Credential::Named("other".to_owned())),
        [" | cookie: a=1 | x-key: other-key", " | cookie: a=1 | x-key: $OTHER"]
    );
    assert_eq!(of(Credential::Anonymous), [rest, rest]);
    let fake = format!("{rest} | x-key: {FAKE_KEY}");
    assert_eq!(of(Credential::Malformed), [fake.clone(), fake]);
    let pair = format!("{rest} | x-key: made up | authorization: Basic {}", fake_pair());
    let basic = put(&options(), &Credential::Malformed, Some(&operation(&[&["basic"]])));
    assert_eq!(basic, [pair.clone(), pair], "the command that is printed must send the same pair");
    let request = Request { method: Method::Get, url: String::new(), headers: vec![], body: None };
    let unknown = Credential::Named("gone".to_owned());
    let error = put_on(&request, &unknown, Some(&operation(&[&["head"]])), &options()).expect_err("unknown");
    assert_eq!(error, "no key named `gone` is configured");
}

#[test]
fn options_choose_where_the_document_does_not() {
    let header = |name: &str| vec![(Placement::Header(name.to_owned()), None)];
    let mut options = options();
    options.scheme = Some("bearer".to_owned());
    let bearer = vec![(Placement::Bearer, Some("bearer".to_owned()))];
    assert_eq!(places(&options, Some(&operation(&[&["head"], &["bearer"]]))), bearer);
    assert_eq!(places(&options, Some(&operation(&[&["head"]]))), bearer);
    assert_eq!(places(&options, None), bearer);
    assert_eq!(places(&options, Some(&operation(&[]))), []);
    options.auth_header = Some("x-apikey".to_owned());
    assert_eq!(places(&options, Some(&operation(&[&["head"]]))), header("x-apikey"));
    assert_eq!(places(&options, Some(&operation(&[]))), []);
    options.security_schemes.clear();
    assert_eq!(places(&options, Some(&operation(&[]))), header("x-apikey"));
}

#[test]
fn bad_options_are_refused_with_a_reason() {
    let check = |change: fn(&mut ClientOptions), expected: &str| {
        let mut options = options();
        change(&mut options);
        let error: ClientError = Client::new(options).err().expect("refused");
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(|o| o.base_url = "/relative".to_owned(), "use `/relative` as the base URL");
    check(|o| o.base_url = "ftp://127.0.0.1/".to_owned(), "only http and https");
    check(
        |o| o.base_url = "http://me:hidden@127.0.0.1/".to_owned(),
        "use `http://127.0.0.1/` as the base URL",
    );
    check(|o| o.scheme = Some("gone".to_owned()), "declares `mtls`, `head`");
    check(|o| o.scheme = Some("mtls".to_owned()), "use security scheme `mtls`");
    check(|o| o.rate = Some(0.0), "the rate");
    check(|o| o.extra_headers = vec![("a b".to_owned(), String::new())], "extra header `a b`");
}

#[test]
fn a_header_with_a_variable_is_recorded_as_it_was_written() {
    let mut options = options();
    options.extra_headers = vec![("Authorization".to_owned(), "token s3cret-value".to_owned())];
    options.written_headers = vec![("Authorization".to_owned(), "token ${TOKEN}".to_owned())];
    let client = Client::new(options).expect("a client");
    let shown = |value: &str| {
        let headers = vec![("authorization".to_owned(), value.to_owned())];
        let mut request =
            Request { method: Method::Get, url: "http://127.0.0.1/".to_owned(), headers, body: None };
        client.write_as_given(&mut request);
        request.headers.remove(0).1
    };
    assert_eq!(shown("token s3cret-value"), "token ${TOKEN}");
    assert_eq!(shown("token of another"), "token of another");
}

#[test]
fn a_client_for_https_has_its_provider() {
    assert!(Client::new(ClientOptions::new("https://127.0.0.1/")).is_ok());
}

#[test]
fn what_a_parameter_put_in_the_place_of_the_key_is_taken_off() {
    let options = options();
    let request = Request {
        method: Method::Get,
        url: "http://127.0.0.1/?a=1&api%5Fkey=made+up&b=2".to_owned(),
        headers: vec![("cookie".to_owned(), "sid=made up".to_owned())],
        body: None,
    };
    let send = |credential: Credential, security: &[&[&str]]| {
        let put = put_on(&request, &credential, Some(&operation(security)), &options);
        put.expect("puts it on").0
    };
    let url = |credential, security: &[&[&str]]| send(credential, security).url;
    assert_eq!(url(Credential::Anonymous, &[&["query"]]), "http://127.0.0.1/?a=1&b=2");
    let named = Credential::Named("other".to_owned());
    assert_eq!(url(named, &[&["query"]]), "http://127.0.0.1/?a=1&b=2&api_key=other%2Dkey");
    assert_eq!(send(Credential::Anonymous, &[&["cookie"]]).headers, []);
}
