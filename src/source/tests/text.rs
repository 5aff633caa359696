//! Texts in memory: what they are taken for, and what is said of those that are none.

use crate::schema::Pointer;
use crate::source::{Format, SourceError, read_text};

#[track_caller]
fn check_error(location: &str, text: &str, expected: &str) {
    let error = read_text(location, text).expect_err("an error");
    let hint = error.hint().unwrap_or_default();
    assert_eq!(format!("{error}\nhint: {hint}").trim_end(), expected);
}

#[track_caller]
fn check_format(location: &str, text: &str, expected: Format) {
    assert_eq!(read_text(location, text).expect("loads").format, expected);
}

#[test]
fn what_is_not_a_document_is_named() {
    check_error(
        "a.yaml",
        " \n",
        "read `a.yaml`: the document is empty\nhint: check that the document was written completely",
    );
    check_error("-", "", "read `-`: the document is empty\nhint: pipe a document to standard input");
    check_error(
        "a.json",
        "{\n \"openapi\": \"3.0.3\",\n}",
        "parse a.json:3:1 as JSON: trailing comma\nhint: check commas, quotes and brackets there",
    );
    check_error(
        "https://u:p@host/a?token=t",
        "<!doctype html>",
        "read `https://host/a?token=…`: it is an HTML page, not an API document\nhint: give the document that the page shows, often /v2/api-docs, /v3/api-docs, /swagger.json or /openapi.json; a log-in page means that a key is missing",
    );
    check_error(
        "a.yaml",
        "just words",
        "read `a.yaml`: read the document: its root is a text, not an object\nhint: give a Swagger 2.0 or OpenAPI 3.x document",
    );
    let error = read_text("a.yaml", "openapi: 3.0.3\n  info: x\n").expect_err("an error");
    let SourceError::Syntax { line, format, .. } = error else { panic!("{error:?}") };
    assert_eq!((line, format), (2, Format::Yaml));
}

#[test]
fn json_and_yaml_are_told_apart() {
    let json = "{\"openapi\": \"3.0.3\", \"info\": {}, \"paths\": {}}";
    check_format("a.json", json, Format::Json);
    check_format("a.yaml", json, Format::Json);
    check_format("-", "\u{feff}openapi: 3.0.3\npaths: {}\n", Format::Yaml);
    check_format("a.yaml", "{openapi: 3.0.3, paths: {}}", Format::Yaml);
    check_format("a.json", "swagger: 2.0\npaths: {}\n", Format::Yaml);
}

#[test]
fn repeated_keys_and_bad_corners_have_places_in_json() {
    let text = "{\"openapi\": \"3.0.3\", \"paths\": {\n  \"/a\": 1,\n  \"/a\": 2\n}}";
    let loaded = read_text("a.json", text).expect("loads");
    let told: Vec<_> = loaded.issues.iter().map(|i| (i.line, i.column, i.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(3), Some(3), "key `/a` stands here twice; the last one counts"),
            // The first of the two keys is shadowed; the last one is meant.
            (Some(3), Some(3), "path item is not an object"),
        ]
    );
    let nowhere = Pointer::parse("/paths/~1gone/get").expect("a pointer");
    assert_eq!(loaded.locate(&nowhere), Some((1, 22)));
}

#[test]
fn servers_of_a_fetched_document_are_absolute() {
    let check = |text: &str, expected: &[&str]| {
        let loaded = read_text("http://127.0.0.1:9000/docs/a.json", text).expect("loads");
        assert_eq!(loaded.api.servers.iter().map(|s| s.url.as_str()).collect::<Vec<_>>(), expected);
    };
    check("openapi: 3.0.3\npaths: {}\n", &["http://127.0.0.1:9000"]);
    check(
        "openapi: 3.0.3\npaths: {}\nservers: [{url: /v1}, {url: 'https://x/{y}'}]\n",
        &["http://127.0.0.1:9000/v1", "https://x/{y}"],
    );
    check("swagger: '2.0'\npaths: {}\nbasePath: /api\n", &["http://127.0.0.1:9000/api"]);
}
