//! `try` against a server of its own: keys that an answer hands out, and findings that are known.

use crate::binary::{Place, Told};
use crate::hostile::{Conduct, Hostile, json};

/// What the server hands out.
const HANDED_OUT: &str = "hQ7zK2mV9xLp4RtW8sYb";
/// What it says besides, which is no secret.
const LABEL: &str = "the nightly importer";
const FILE: &str = "specwarden-baseline.toml";

/// A service that hands out keys, and whose statistics are broken.
const DOCUMENT: &str = r#"{
    "openapi": "3.0.3", "info": {"title": "Keys", "version": "1"},
    "paths": {
        "/keys": {"post": {"responses": {"201": {"description": "", "content": {"application/json": {"schema": {
            "type": "object", "properties": {"label": {"type": "string"}, "apiKey": {"type": "integer"}}
        }}}}}}},
        "/statistics": {"get": {"responses": {"200": {"description": ""}}}}
    }
}"#;

async fn server() -> Hostile {
    Hostile::start(Conduct::Answers(|head| {
        if head.starts_with("POST /keys") {
            let body = format!("{{\"label\": \"{LABEL}\", \"apiKey\": \"{HANDED_OUT}\"}}");
            json("201 Created", &format!("x-copy: {HANDED_OUT}\r\n"), &body)
        } else {
            json("500 Internal Server Error", "", "{}")
        }
    }))
    .await
}

#[track_caller]
fn ends_with(told: &Told, code: i32) {
    assert_eq!(told.code, Some(code), "{}", told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_the_answer_hands_out_is_printed_nowhere() {
    let (server, place) = (server().await, Place::new().with("api.json", DOCUMENT));
    let told = place.run(&["try", "api.json", "POST /keys", "--base-url", &server.url()]);
    // The schema wants a number there, so that a finding speaks of the key as well.
    ends_with(&told, 1);
    let text = told.transcript();
    assert!(text.contains("response-schema-mismatch") && text.contains(LABEL), "{text}");
    assert!(!text.contains(HANDED_OUT), "{text}");
    assert!(text.contains("\"apiKey\"") && text.contains("< x-copy: "), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_finding_is_told_as_known_and_fails_no_call() {
    let (server, place) = (server().await, Place::new().with("api.json", DOCUMENT));
    let url = server.url();
    let line = ["try", "api.json", "GET /statistics", "--base-url", &url];
    let first = place.run(&line);
    ends_with(&first, 1);
    assert!(first.stdout.contains("server-error"), "{}", first.transcript());

    let entry = |expires: &str, operation: &str| {
        format!(
            "[[known]]\nrule = \"server-error\"\noperation = \"{operation}\"\nreason = \"ticket 17\"\nexpires = {expires}\n"
        )
    };
    let place = place.with(FILE, &entry("2099-12-31", "GET /statistics"));
    let known = place.run(&line);
    ends_with(&known, 0);
    assert!(known.stdout.contains("ticket 17"), "{}", known.transcript());
    let place = place.with("specwarden.toml", "baseline = false\n");
    ends_with(&place.run(&line), 1);
    let place = place.with("specwarden.toml", "");

    // An entry for something else, and one whose day is over, cover nothing.
    let place = place.with(FILE, &entry("2099-12-31", "POST /keys"));
    ends_with(&place.run(&line), 1);
    let place = place.with(FILE, &entry("2020-01-01", "GET /statistics"));
    ends_with(&place.run(&line), 1);
}
