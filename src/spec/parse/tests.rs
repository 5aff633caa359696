//! Corners of reading, in memory and one by one; whole documents are tested from `specs/samples/`.

use crate::schema::Pointer;
use crate::spec::{Api, Issue, IssueKind, Location, Operation, Requirement, parse};
use serde_json::{Value, json};

/// The one operation of a 3.0 document whose `paths` are given, and all issues.
#[track_caller]
fn one(paths: Value) -> (Operation, Vec<Issue>) {
    let (api, issues) = read(json!({"openapi": "3.0.3", "paths": paths}));
    (api.operations.into_iter().next().expect("an operation"), issues)
}

#[track_caller]
fn read(root: Value) -> (Api, Vec<Issue>) {
    parse(root).expect("an API document")
}

#[track_caller]
fn check_issues(root: Value, expected: &[(IssueKind, &str, &str)]) {
    let (_, issues) = read(root);
    let found: Vec<_> = issues.iter().map(|i| (i.kind, i.pointer.as_str(), i.message.as_str())).collect();
    assert_eq!(found, expected);
}

fn answers() -> Value {
    json!({"200": {"description": "ok"}})
}

#[test]
fn nearer_parameters_replace_outer_ones_in_their_place() {
    let (operation, issues) = one(json!({"/a": {
        "parameters": [
            {"name": "x", "in": "query", "schema": {"type": "string"}},
            {"name": "y", "in": "query", "schema": {"type": "string"}},
            {"name": "X-Key", "in": "header", "schema": {"type": "string"}}],
        "get": {"responses": answers(), "parameters": [
            {"name": "x", "in": "query", "required": true, "schema": {"type": "integer"}},
            {"name": "x", "in": "cookie", "schema": {"type": "integer"}},
            {"name": "x-key", "in": "header", "schema": {"type": "integer"}},
            {"name": "accept", "in": "header", "schema": {"type": "integer"}}]}}}));
    let names: Vec<_> =
        operation.parameters.iter().map(|p| (p.location, p.name.as_str(), p.required)).collect();
    assert_eq!(
        names,
        [
            (Location::Query, "x", true),
            (Location::Query, "y", false),
            (Location::Header, "x-key", false),
            (Location::Cookie, "x", false),
        ]
    );
    assert_eq!(issues, []);
}

#[test]
fn a_shared_bad_parameter_is_told_once_and_costs_no_operation() {
    check_issues(
        json!({"openapi": "3.0.3", "paths": {
            "/a": {"parameters": [{"name": "x", "in": "query"}],
                "get": {"responses": answers()}, "put": {"responses": answers()}},
            "/b/{id}": {"parameters": [{"in": "path", "schema": {}}],
                "get": {"responses": answers()}, "put": {"responses": answers()}}}}),
        &[
            (
                IssueKind::Doubtful,
                "/paths/~1a/parameters/0",
                "neither `schema` nor `content`; any text is taken to be valid",
            ),
            (
                IssueKind::Doubtful,
                "/paths/~1b~1{id}/parameters/0",
                "parameter without a `name`; it is taken for `id`",
            ),
            (
                IssueKind::Doubtful,
                "/paths/~1b~1{id}/parameters/0",
                "path parameter is not marked `required: true`",
            ),
        ],
    );
}

#[test]
fn dangling_references_and_bad_patterns_deep_in_schemas_are_told() {
    let schema = json!({"type": "object", "properties": {
        "default": {"$ref": "#/components/schemas/Gone"},
        "far": {"items": {"$ref": "other.yaml#/X"}},
        "ok": {"$ref": "#/components/schemas/Ok"},
        "round": {"$ref": "#/components/schemas/Round"}},
        "example": {"$ref": "#/not/a/reference"}});
    check_issues(
        json!({"openapi": "3.0.3",
            "components": {"schemas": {
                "Ok": {"pattern": "(", "properties": {"again": {"$ref": "#/components/schemas/Ok"}}},
                "Round": {"$ref": "#/components/schemas/Round"}, "Unused": {"$ref": "#/gone"}}},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}}}),
        &[
            (
                IssueKind::Doubtful,
                "/paths/~1a/get/responses/200/content/application~1json/schema/properties/default",
                "schema reference `#/components/schemas/Gone` points to nothing; the schema cannot judge",
            ),
            (
                IssueKind::Doubtful,
                "/paths/~1a/get/responses/200/content/application~1json/schema/properties/far/items",
                "schema reference `other.yaml#/X` leaves the document; the schema cannot judge",
            ),
            (
                IssueKind::Doubtful,
                "/paths/~1a/get/responses/200/content/application~1json/schema/properties/round",
                "schema reference `#/components/schemas/Round` leads into an endless chain of references; the schema cannot judge",
            ),
            (
                IssueKind::Doubtful,
                "/components/schemas/Ok/pattern",
                "pattern `(` cannot be read; it judges nothing",
            ),
        ],
    );
}

#[test]
fn security_is_inherited_replaced_and_cleared() {
    let (api, issues) = read(json!({"openapi": "3.0.3", "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "k"},
            "digest": {"type": "http", "scheme": "digest"}}},
        "paths": {"/a": {
            "get": {"responses": answers()},
            "put": {"responses": answers(), "security": []},
            "post": {"responses": answers(), "security": [{"digest": ["x"]}, {}]}}}}));
    assert_eq!(issues, []);
    let names = |operation: &Operation| -> Vec<Vec<String>> {
        let names = |r: &Requirement| r.schemes.iter().map(|(name, _)| name.clone()).collect();
        operation.security.iter().map(names).collect()
    };
    let shown: Vec<_> = api.operations.iter().map(|o| (o.needs_credentials(), names(o))).collect();
    assert_eq!(
        shown,
        [
            (true, vec![vec!["key".to_owned()]]),
            (false, vec![]),
            (false, vec![vec!["digest".to_owned()], vec![]])
        ]
    );
}

#[test]
fn servers_of_the_path_item_hold_unless_the_operation_has_its_own() {
    let (operation, issues) = one(json!({"/a": {"servers": [{"url": "https://p"}, {"urk": 1}],
        "get": {"responses": answers()}}}));
    assert_eq!(operation.servers.iter().map(|s| s.url.as_str()).collect::<Vec<_>>(), ["https://p"]);
    assert_eq!(issues.len(), 1);
}

#[test]
fn swagger_hosts_make_servers() {
    let check = |root: Value, expected: &[&str]| {
        let mut document = json!({"swagger": "2.0", "paths": {}});
        for (key, value) in root.as_object().expect("members") {
            document[key] = value.clone();
        }
        let (api, _) = read(document);
        assert_eq!(api.servers.iter().map(|s| s.url.as_str()).collect::<Vec<_>>(), expected);
    };
    check(json!({}), &[]);
    check(json!({"basePath": "/"}), &[]);
    check(json!({"basePath": "v1/"}), &["/v1"]);
    check(json!({"host": "api.example.com", "basePath": "/v1"}), &["https://api.example.com/v1"]);
    check(json!({"host": "localhost:8080"}), &["http://localhost:8080"]);
    check(json!({"host": "http://a.example/", "schemes": ["ws"]}), &["http://a.example"]);
    check(json!({"host": "a", "schemes": ["https", "wss", "http"]}), &["https://a", "http://a"]);
}

#[test]
fn swagger_bodies_and_fields_of_the_path_item_are_replaced_by_the_operation() {
    let (api, issues) = read(json!({"swagger": "2.0", "paths": {"/a": {
        "parameters": [{"in": "body", "name": "outer", "schema": {"type": "string"}}],
        "put": {"responses": answers(), "consumes": ["whatever", "application/json"],
            "parameters": [{"in": "body", "name": "inner", "schema": {"type": "object", "default": {}}}]}}}}));
    let body = api.operations[0].body.as_ref().expect("a body");
    assert_eq!(body.pointer.as_str(), "/paths/~1a/put/parameters/0");
    assert_eq!(body.contents.len(), 1);
    assert_eq!(body.contents[0].examples, [json!({})]);
    assert_eq!(issues.len(), 1, "{issues:?}");
}

#[test]
fn what_is_added_to_the_document_does_not_hide_what_was_there() {
    let (api, _) = read(json!({"openapi": "3.0.3", "x-specwarden": {"note": 1},
        "paths": {"/a/{id}": {"get": {"responses": answers()}}}}));
    let schema = api.operations[0].parameters[0].schema.clone().expect("a schema");
    assert_eq!(api.document.get(&schema), Some(&json!({"type": "string", "minLength": 1})));
    assert_eq!(api.document.get(&Pointer::parse("/x-specwarden/note").expect("a pointer")), Some(&json!(1)));
}

#[test]
fn deprecated_formats_are_refused_not_guessed() {
    assert!(parse(json!({"swaggerVersion": "1.2", "apis": []})).is_err());
    assert!(parse(json!(["openapi"])).is_err());
    let (api, issues) = read(json!({"openapi": "3.1.0", "info": {"version": 2}, "paths": []}));
    assert_eq!((api.operations.len(), api.version.as_str(), issues.len()), (0, "2", 1));
}
