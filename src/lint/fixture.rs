//! Small documents for the tests of this room, and the two sides that each rule must prove.

use crate::lint::rule::LintRule;
use crate::lint::{lint, severity};
use crate::spec::{Issue, parse};
use serde_json::{Value, json};

/// A document of this version with these `paths`.
pub(crate) fn document(version: &str, paths: Value) -> Value {
    let key = if version == "2.0" { "swagger" } else { "openapi" };
    json!({key: version, "info": {"title": "t", "version": "1"}, "paths": paths})
}

/// A document with one operation, `POST /things`.
pub(crate) fn operation(version: &str, operation: Value) -> Value {
    document(version, json!({"/things": {"post": operation}}))
}

/// `POST /things` with a JSON body of this schema.
pub(crate) fn request(version: &str, schema: Value) -> Value {
    let mut node = json!({"responses": {"204": {"description": "done"}}});
    if version == "2.0" {
        node["parameters"] = json!([{"name": "body", "in": "body", "schema": schema}]);
    } else {
        node["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
    }
    operation(version, node)
}

/// `GET /things` that answers JSON of this schema.
pub(crate) fn response(version: &str, schema: Value) -> Value {
    let mut answer = json!({"description": "ok"});
    if version == "2.0" {
        answer["schema"] = schema;
    } else {
        answer["content"] = json!({"application/json": {"schema": schema}});
    }
    document(version, json!({"/things": {"get": {"responses": {"200": answer}}}}))
}

/// A document of OpenAPI 3.0 with these named schemas.
pub(crate) fn with_schemas(schemas: Value) -> Value {
    let mut root =
        document("3.0.3", json!({"/things": {"post": {"responses": {"204": {"description": "done"}}}}}));
    root["components"] = json!({"schemas": schemas});
    root
}

/// What the rules say of it.
#[track_caller]
pub(crate) fn issues(root: &Value) -> Vec<Issue> {
    lint(&parse(root.clone()).expect("a document").0)
}

/// Asserts that `rule` fires, that only it does, at places that exist and as grave as it says.
#[track_caller]
pub(crate) fn fires(rule: &LintRule, root: &Value) {
    let found = issues(root);
    assert!(!found.is_empty(), "`{}` did not fire", rule.id);
    for issue in &found {
        assert_eq!(issue.rule, rule.id, "not only `{}`: {found:#?}", rule.id);
        assert_eq!(severity(issue.kind), rule.severity);
        assert!(root.pointer(issue.pointer.as_str()).is_some(), "nothing stands at {}", issue.pointer);
    }
}

/// Asserts that no rule fires.
#[track_caller]
pub(crate) fn silent(root: &Value) {
    let found = issues(root);
    assert!(found.is_empty(), "{found:#?}");
}

/// An operation with one path parameter.
pub(crate) fn node(name: &str) -> Value {
    json!({
        "parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"204": {"description": "done"}}
    })
}
