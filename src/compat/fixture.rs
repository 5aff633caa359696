//! Small documents for the tests of this room, and the two sides that each rule must prove.

use crate::compat::{CompatOptions, compare};
use crate::finding::{Finding, Rule};
use crate::schema::Document;
use crate::spec::{Api, parse};
use serde_json::{Value, json};

/// The raw OpenAPI 3.0 document of these paths.
pub(crate) fn document(paths: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths})
}

/// The API of these paths.
pub(crate) fn api(paths: Value) -> Api {
    shared(paths, json!({}))
}

/// The API of these paths and components.
pub(crate) fn shared(paths: Value, components: Value) -> Api {
    let mut root = document(paths);
    root["components"] = components;
    let (api, issues) = parse(root).expect("a document");
    assert!(issues.is_empty(), "{issues:#?}");
    api
}

/// `POST /things` with a required JSON body of this schema.
pub(crate) fn request(schema: Value) -> Api {
    api(json!({"/things": {"post": {
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
        "responses": {"204": {"description": "done"}}
    }}}))
}

/// `GET /things` that answers JSON of this schema.
pub(crate) fn response(schema: Value) -> Api {
    api(json!({"/things": {"get": {
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    }}}))
}

/// `POST /things` with one parameter.
pub(crate) fn parameter(parameter: Value) -> Api {
    api(
        json!({"/things": {"post": {"parameters": [parameter], "responses": {"204": {"description": "done"}}}}}),
    )
}

/// `POST /things` with nothing.
pub(crate) fn bare() -> Api {
    api(json!({"/things": {"post": {"responses": {"204": {"description": "done"}}}}}))
}

/// What changed, by the default options.
pub(crate) fn findings(old: &Api, new: &Api) -> Vec<Finding> {
    compare(old, new, &CompatOptions::default())
}

/// Asserts that `rule` fires from `old` to `new`, that only it fires, and that unchanged pairs are silent.
#[track_caller]
pub(crate) fn fires(rule: &Rule, old: &Api, new: &Api) -> Vec<Finding> {
    let found = findings(old, new);
    assert!(!found.is_empty(), "`{}` did not fire", rule.id);
    assert!(found.iter().all(|finding| finding.rule == rule.id), "not only `{}`: {found:#?}", rule.id);
    silent(old, old);
    silent(new, new);
    found
}

/// Asserts that nothing fires from `old` to `new`.
#[track_caller]
pub(crate) fn silent(old: &Api, new: &Api) {
    // A copy of the new document keeps the shortcut for identical documents out of the proof.
    let mut copy = new.clone();
    copy.document = Document::new(new.document.root().as_ref().clone(), new.document.dialect())
        .with_digits(new.document.digits().clone());
    let found = findings(old, &copy);
    assert!(found.is_empty(), "{found:#?}");
}
