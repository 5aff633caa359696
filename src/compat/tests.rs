//! Across the whole room: grouping, cycles, determinism, versions side by side, the documentation.

use crate::compat::catalogue::ROWS;
use crate::compat::fixture::{api, findings, fires, request, response, shared, silent};
use crate::compat::{CompatOptions, RULES, compare};
use crate::finding::{Finding, Severity};
use crate::spec::{Api, parse};
use serde_json::{Value, json};

fn ids(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|finding| finding.rule.as_str()).collect()
}

/// `Finding` goes in by POST and PUT and comes out by GET and a list.
fn findings_api(schema: Value) -> Api {
    let content =
        json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Finding"}}}});
    let list = json!({"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}}});
    let answer = |mut content: Value| {
        content["description"] = json!("ok");
        json!({"200": content})
    };
    let done = json!({"204": {"description": "done"}});
    shared(
        json!({
            "/findings": {
                "post": {"requestBody": content, "responses": done},
                "put": {"requestBody": content, "responses": done},
                "get": {"responses": answer(list)}
            },
            "/findings/first": {"get": {"responses": answer(content.clone())}}
        }),
        json!({"schemas": {"Finding": schema}}),
    )
}

fn finding_schema(severities: &[&str]) -> Value {
    json!({"type": "object", "properties": {"severity": {"type": "string", "enum": severities}}})
}

#[test]
fn one_changed_component_is_one_finding_in_each_direction() {
    let old = findings_api(finding_schema(&["info", "low"]));
    let new = findings_api(finding_schema(&["low", "urgent"]));
    let found = findings(&old, &new);
    assert_eq!(ids(&found), ["request-enum-narrowed", "response-enum-widened"]);
    assert_eq!(
        found[0].title,
        "request property `severity` of schema `Finding` (2 operations) no longer accepts `info`"
    );
    assert_eq!(found[0].operation, None);
    let labels: Vec<&str> = found[0].places.iter().map(|place| place.label.as_str()).collect();
    assert_eq!(
        labels,
        ["old: /components/schemas/Finding/properties/severity/enum", "POST /findings", "PUT /findings"]
    );
    let labels: Vec<&str> = found[1].places[1..].iter().map(|place| place.label.as_str()).collect();
    assert_eq!(labels, ["GET /findings", "GET /findings/first"]);
}

#[test]
fn fingerprints_outlive_unrelated_edits() {
    let schema = |required: Value, extra: &str| {
        let mut schema =
            json!({"type": "object", "properties": {extra: {"type": "string"}, "a": {"type": "string"}}});
        if required != json!([]) {
            schema["required"] = required;
        }
        schema
    };
    let print = |extra: &str| {
        let found = findings(&request(schema(json!([]), extra)), &request(schema(json!(["a"]), extra)));
        found[0].fingerprint.clone()
    };
    assert_eq!(print("b"), print("zzz"));
    let users = |paths: Value| {
        let components =
            |kind: &str| json!({"schemas": {"A": {"type": "object", "properties": {"n": {"type": kind}}}}});
        let found =
            findings(&shared(paths.clone(), components("integer")), &shared(paths, components("string")));
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].fingerprint.clone()
    };
    let answer = json!({"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}});
    assert_eq!(users(json!({"/a": answer})), users(json!({"/a": answer, "/b": answer})));
}

#[test]
fn cyclic_schemas_end_and_still_tell() {
    let tree = |kind: &str| {
        shared(
            json!({"/t": {"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}}}}}}),
            json!({"schemas": {
                "Tree": {"type": "object", "properties": {
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                    "leaf": {"oneOf": [{"$ref": "#/components/schemas/Leaf"}, {"$ref": "#/components/schemas/Tree"}]}
                }},
                "Leaf": {"type": "object", "properties": {"up": {"$ref": "#/components/schemas/Tree"}, "n": {"type": kind}}}
            }}),
        )
    };
    silent(&tree("integer"), &tree("integer"));
    let found = findings(&tree("integer"), &tree("string"));
    assert_eq!(ids(&found), ["response-type-widened"], "{found:#?}");
    assert_eq!(found[0].title, "response property `n` of GET /t may now be a string");
}

#[test]
fn a_knot_of_alternatives_ends() {
    let knot = |kind: &str| {
        let names: Vec<String> = (0..24).map(|n| format!("S{n}")).collect();
        let choice: Vec<Value> =
            names.iter().map(|name| json!({"$ref": format!("#/components/schemas/{name}")})).collect();
        let schemas: serde_json::Map<String, Value> = names
            .iter()
            .map(|name| {
                let schema = json!({"type": "object", "required": ["kind"], "properties": {
                    "kind": {"type": "string", "enum": [name]},
                    "value": {"type": kind},
                    "next": {"anyOf": choice}
                }});
                (name.clone(), schema)
            })
            .collect();
        shared(
            json!({"/k": {"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}}}}}),
            json!({"schemas": schemas}),
        )
    };
    silent(&knot("integer"), &knot("integer"));
    let found = findings(&knot("integer"), &knot("string"));
    assert_eq!(found.len(), 24, "{:#?}", ids(&found));
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let old = findings_api(finding_schema(&["info", "low", "high"]));
    let new = findings_api(json!({"type": "object", "required": ["id"], "properties": {
        "severity": {"type": ["string", "null"], "enum": ["low", "urgent"]}, "id": {"type": "integer"}
    }}));
    let text = || serde_json::to_string(&findings(&old, &new)).expect("serialises");
    let first = text();
    assert!(first.len() > 100);
    for _ in 0..8 {
        assert_eq!(first, text());
    }
}

#[test]
fn versions_of_the_format_compare_as_one() {
    let swagger = json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "consumes": ["application/json"], "produces": ["application/json"],
        "paths": {"/pets/{id}": {"put": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "type": "integer"},
                {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
                {"name": "pet", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Pet"}}
            ],
            "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}, "headers": {"X-N": {"type": "integer"}}}}
        }}},
        "definitions": {"Pet": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "x-nullable": true, "minLength": 1}, "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}
        }}}
    });
    let pet = json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": ["string", "null"], "minLength": 1}, "age": {"type": "integer", "exclusiveMinimum": 0}
    }});
    let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}});
    let modern = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/pets/{petId}": {"put": {
            "parameters": [
                {"name": "petId", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
            ],
            "requestBody": {"required": true, "content": body},
            "responses": {"200": {"description": "ok", "content": body, "headers": {"x-n": {"schema": {"type": "integer"}}}}}
        }}},
        "components": {"schemas": {"Pet": pet}}
    });
    let read = |root: &Value| parse(root.clone()).expect("a document").0;
    silent(&read(&swagger), &read(&modern));
    silent(&read(&modern), &read(&swagger));
    let mut broken = modern.clone();
    broken["components"]["schemas"]["Pet"]["properties"]["name"]["type"] = json!("string");
    let found = findings(&read(&swagger), &read(&broken));
    assert_eq!(ids(&found), ["request-type-narrowed"], "{found:#?}");
}

#[test]
fn the_same_values_in_other_words_are_silent() {
    let cat = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}}});
    let dog = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "dog"}}});
    for (a, b) in [
        (
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
            json!({"allOf": [{"properties": {"a": {"type": "string"}}}, {"type": "object", "required": ["a"]}]}),
        ),
        (json!({"oneOf": [cat, dog]}), json!({"anyOf": [dog, cat]})),
        (
            json!({"type": "string", "nullable": true}),
            json!({"anyOf": [{"type": "string"}, {"enum": [null]}]}),
        ),
        (
            json!({"type": "integer", "maximum": 3}),
            json!({"type": "integer", "maximum": 4, "exclusiveMaximum": true}),
        ),
        (json!({"type": "boolean"}), json!({"type": "boolean", "maxLength": 3, "minItems": 2})),
        (json!({"type": "object", "additionalProperties": true}), json!({"type": "object"})),
    ] {
        silent(&request(a.clone()), &request(b.clone()));
        silent(&request(b.clone()), &request(a.clone()));
        silent(&response(a.clone()), &response(b.clone()));
        silent(&response(b), &response(a));
    }
}

#[test]
fn deep_changes_are_named_by_their_path() {
    let body = |kind: &str| {
        request(json!({"type": "object", "properties": {"items": {"type": "array", "items": {
            "type": "object", "additionalProperties": {"type": "object", "properties": {"a/b": {"type": kind}}}
        }}}}))
    };
    let found = findings(&body("string"), &body("integer"));
    assert_eq!(
        found[0].title,
        "request property `items[][*].a/b` of POST /things no longer accepts a string"
    );
    assert_eq!(
        found[0].places[0].document.as_ref().map(|pointer| pointer.as_str().to_owned()).unwrap(),
        "/paths/~1things/post/requestBody/content/application~1json/schema/properties/items/items/additionalProperties/properties/a~1b/type"
    );
}

#[test]
fn options_disable_and_regrade() {
    let (old, new) = (request(json!({"type": "string"})), request(json!({"type": "integer"})));
    let rule = "request-type-narrowed".to_owned();
    let off = CompatOptions { disabled: [rule.clone()].into(), ..CompatOptions::default() };
    assert!(compare(&old, &new, &off).is_empty());
    let mild = CompatOptions { severities: [(rule, Severity::Note)].into(), ..CompatOptions::default() };
    assert_eq!(compare(&old, &new, &mild)[0].severity, Severity::Note);
}

#[test]
fn a_schema_that_allows_nothing_and_one_that_is_missing_do_not_stop_the_walk() {
    silent(&request(json!({})), &request(json!({})));
    let old = api(
        json!({"/a": {"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {}}}}}}}),
    );
    let new = api(
        json!({"/a": {"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "string"}}}}}}}}),
    );
    silent(&old, &new);
    fires(&crate::compat::rules::response_type_widened::RULE, &new, &old);
}

#[test]
fn the_catalogue_is_sorted_and_every_row_is_its_file() {
    let listed: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    assert_eq!(listed, sorted);
    for row in ROWS {
        assert!(row.source.contains(&format!("id: \"{}\"", row.rule.id)), "{}", row.rule.id);
        let mut headings = page(row.source).into_iter().filter(|line| line.starts_with('#'));
        assert_eq!(headings.next(), Some(format!("# {}", row.rule.id)));
        let sections: Vec<String> = headings.collect();
        assert_eq!(
            sections,
            ["## What it does", "## Why it matters", "## Example", "## How to fix"],
            "{}",
            row.rule.id
        );
    }
}

/// The page of a rule: its module doc without the comment signs.
fn page(source: &str) -> Vec<String> {
    source
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .map(|line| line.trim_start_matches("//!").trim_start().to_owned())
        .collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the published pages are a file")]
fn docs_are_fresh() {
    let mut text = String::from(
        "# Breaking changes\n\nGenerated from the pages in `src/compat/rules/`; regenerate with \
         `UPDATE_DOCS=1 cargo test --lib docs_are_fresh`.\n\n| rule | what it finds | severity |\n|---|---|---|\n",
    );
    for rule in RULES {
        text.push_str(&format!("| [{id}](#{id}) | {} | {} |\n", rule.title, rule.severity, id = rule.id));
    }
    for row in ROWS {
        // One level deeper than in the source: the document has a title of its own.
        text.push('\n');
        for line in page(row.source) {
            let hashes = if line.starts_with('#') { "#" } else { "" };
            text.push_str(&format!("{hashes}{line}\n"));
        }
        text.push_str(&format!("\nSince {}. Reference: {}.\n", row.rule.since, row.rule.reference));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/breaking-rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "docs/breaking-rules.md is stale; run with UPDATE_DOCS=1");
}

#[test]
fn the_next_revision_of_the_demo_breaks_what_its_page_lists() {
    let read = |text: &str| parse(serde_json::from_str(text).expect("JSON")).expect("a document").0;
    let old = read(include_str!("../../specs/demo/swagger.json"));
    let new = read(include_str!("../../specs/demo/swagger-next.json"));
    silent(&old, &old);
    silent(&new, &new);
    assert_eq!(
        ids(&findings(&old, &new)),
        [
            "operation-removed",
            "request-constraint-tightened",
            "request-enum-narrowed",
            "request-parameter-added-required",
            "request-parameter-became-required",
            "request-property-became-required",
            "request-type-narrowed",
            "response-enum-widened",
            "response-media-type-removed",
            "response-property-became-optional",
            "response-status-removed",
            "response-type-widened",
            "security-tightened",
            "response-property-removed",
        ]
    );
}
