//! Tests of validation through the two views.

use crate::schema::validate::Validators;
use crate::schema::{
    Dialect, Direction,
    Direction::{Request, Response},
    Document, Pointer,
};
use serde_json::{Value, json};

#[track_caller]
fn check(dialect: Dialect, schema: Value, direction: Direction, value: Value, keywords: &[&str]) {
    let document =
        Document::new(json!({"definitions": {"Other": {"type": "string"}, "It": schema}}), dialect);
    let pointer = Pointer::root().push("definitions").push("It");
    let errors = Validators::new(&document).validate(&pointer, direction, &value).expect("compiles");
    let found: Vec<&str> = errors.iter().map(|e| e.keyword.as_str()).collect();
    assert_eq!(found, keywords, "{errors:?}");
}

#[test]
fn draft4_views_carry_the_openapi_keywords() {
    let d = Dialect::Draft4;
    check(d, json!({"type": "string", "nullable": true}), Response, json!(null), &[]);
    check(d, json!({"type": "string", "enum": ["a"], "nullable": true}), Response, json!(null), &[]);
    check(
        d,
        json!({"nullable": true, "allOf": [{"$ref": "#/definitions/Other"}]}),
        Response,
        json!(null),
        &[],
    );
    check(
        d,
        json!({"nullable": true, "allOf": [{"$ref": "#/definitions/Other"}]}),
        Response,
        json!("x"),
        &[],
    );
    check(d, json!({"type": "string"}), Response, json!(null), &["type"]);
    check(d, json!({"minimum": 3, "exclusiveMinimum": true}), Request, json!(3), &["exclusiveMinimum"]);
    check(d, json!({"type": "file"}), Request, json!("bytes"), &[]);
    check(d, json!({"type": "string", "required": true}), Request, json!("x"), &[]);
}

#[test]
fn read_only_properties_are_required_in_answers_alone() {
    let schema = json!({"type": "object", "required": ["id", "pin"], "properties": {
        "id": {"type": "integer", "readOnly": true}, "pin": {"type": "string", "writeOnly": true}}});
    check(Dialect::Draft4, schema.clone(), Request, json!({"pin": "1"}), &[]);
    check(Dialect::Draft4, schema.clone(), Response, json!({"id": 1}), &[]);
    check(Dialect::Draft4, schema, Response, json!({"pin": "1"}), &["required"]);
}

#[test]
fn properties_named_like_keywords_are_left_alone() {
    let schema = json!({"type": "object", "properties": {"nullable": {"type": "boolean"}, "type": {"type": "string"}, "required": {"type": "boolean"}}});
    check(
        Dialect::Draft4,
        schema,
        Response,
        json!({"nullable": 1, "type": "x", "required": true}),
        &["type"],
    );
}

#[test]
fn errors_name_the_keyword_in_the_document() {
    let document = Document::new(
        json!({"definitions": {"Pet": {"properties": {"id": {"type": "integer"}}}, "Pets": {"items": {"$ref": "#/definitions/Pet"}}}}),
        Dialect::Draft4,
    );
    let pointer = Pointer::root().push("definitions").push("Pets");
    let errors =
        Validators::new(&document).validate(&pointer, Response, &json!([{"id": "x"}])).expect("compiles");
    assert_eq!(errors[0].schema.as_str(), "/definitions/Pet/properties/id/type");
    assert_eq!(errors[0].instance.as_str(), "/0/id");
}

#[test]
fn dialect_2020_12_reads_type_lists_and_numeric_bounds() {
    let d = Dialect::Draft202012;
    check(d, json!({"type": ["string", "null"]}), Response, json!(null), &[]);
    check(d, json!({"exclusiveMinimum": 3}), Response, json!(3), &["exclusiveMinimum"]);
    check(d, json!({"minimum": 3, "exclusiveMinimum": true}), Response, json!(3), &["exclusiveMinimum"]);
    check(d, json!({"$ref": "#/definitions/Other", "maxLength": 1}), Response, json!("ab"), &["maxLength"]);
}

#[test]
fn a_missing_schema_is_a_problem_not_a_panic() {
    let document = Document::new(json!({}), Dialect::Draft4);
    let pointer = Pointer::root().push("definitions").push("Gone");
    assert!(Validators::new(&document).validate(&pointer, Request, &json!(1)).is_err());
}

#[track_caller]
fn check_document(dialect: Dialect, root: Value, pointer: &str, value: Value, keywords: &[&str]) {
    let pointer = Pointer::parse(pointer).expect("a pointer");
    let validators = Validators::new(&Document::new(root, dialect));
    let errors = validators.validate(&pointer, Request, &value).expect("compiles");
    assert_eq!(errors.iter().map(|e| e.keyword.as_str()).collect::<Vec<_>>(), keywords, "{errors:?}");
}

#[test]
fn a_bad_schema_elsewhere_spoils_nothing() {
    for bad in [
        json!({"$ref": "other.json#/Thing"}),
        json!({"$ref": "#/definitions/Gone"}),
        json!({"$ref": "https://example.com/x.json"}),
        json!({"$ref": 7}),
        json!({"id": "urn:bad schema", "type": "object"}),
        json!({"$schema": "http://json-schema.org/draft-99/schema#", "type": "object"}),
        json!({"type": "object", "properties": []}),
        json!({"pattern": "("}),
        json!({"$id": "http://[bad", "type": "object"}),
        json!({"$anchor": "a b", "$dynamicAnchor": "x"}),
        json!(7),
    ] {
        for (dialect, key) in [(Dialect::Draft4, "definitions"), (Dialect::Draft202012, "$defs")] {
            let mut root = json!({"swagger": "2.0", "components": {"schemas": {"Bad": bad}}});
            root[key] = json!({"Bad": bad, "Good": {"type": "string"}});
            root["components"]["schemas"]["Good"] = json!({"$ref": format!("#/{key}/Good")});
            check_document(dialect, root.clone(), &format!("/{key}/Good"), json!(1), &["type"]);
            check_document(dialect, root, "/components/schemas/Good", json!(1), &["type"]);
        }
    }
}

#[test]
fn an_id_left_over_from_older_formats_does_not_move_references() {
    let root = json!({"definitions": {
        "Pet": {"id": "Pet", "properties": {"tag": {"$ref": "#/definitions/Tag"}}},
        "Tag": {"id": "Tag", "type": "string"}}});
    check_document(Dialect::Draft4, root, "/definitions/Pet", json!({"tag": 1}), &["type"]);
    let root = json!({"components": {"schemas": {
        "Pet": {"$id": "Pet", "properties": {"tag": {"$ref": "#/components/schemas/Tag"}}},
        "Tag": {"$id": "/Tag", "type": "string"}}}});
    check_document(Dialect::Draft202012, root, "/components/schemas/Pet", json!({"tag": 1}), &["type"]);
}

#[test]
fn a_swagger_parameter_is_its_own_schema() {
    let root = json!({"swagger": "2.0", "parameters": {
        "ids": {"name": "ids", "in": "query", "required": true, "type": "array", "items": {"type": "integer", "x-nullable": true}},
        "bare": {"name": "bare", "in": "query", "required": true, "maxLength": 1}}});
    check_document(Dialect::Draft4, root.clone(), "/parameters/ids", json!([1, null]), &[]);
    check_document(Dialect::Draft4, root.clone(), "/parameters/ids", json!(["x"]), &["type"]);
    check_document(Dialect::Draft4, root, "/parameters/bare", json!("ab"), &["maxLength"]);
}

#[test]
fn errors_under_a_mended_keyword_name_the_keyword_as_written() {
    let root = json!({"definitions": {
        "Null": {"nullable": true, "allOf": [{"type": "object"}]},
        "Lax": {"patternProperties": {"^[\\w-.]+$": {"type": "string"}}}}});
    let validators = Validators::new(&Document::new(root, Dialect::Draft4));
    for (name, value, expected) in [
        ("Null", json!(1), "/definitions/Null/allOf"),
        ("Lax", json!({"a": 1}), "/definitions/Lax/patternProperties/^[\\w-.]+$/type"),
    ] {
        let at = Pointer::root().push("definitions").push(name);
        let errors = validators.validate(&at, Response, &value).expect("compiles");
        assert_eq!(errors[0].schema.as_str(), expected);
    }
}

#[test]
fn an_unreadable_pattern_judges_nothing() {
    let d = Dialect::Draft202012;
    check(d, json!({"pattern": "(", "maxLength": 1}), Request, json!("ab"), &["maxLength"]);
    check(d, json!({"pattern": "^[\\w-.]+$"}), Request, json!("a b"), &["pattern"]);
    let schema =
        json!({"patternProperties": {"^x": {"type": "string"}, "(": {}}, "additionalProperties": false});
    check(d, schema, Request, json!({"x": 1, "y": 2}), &["type"]);
}

#[test]
fn a_long_answer_beyond_ascii_is_shortened_not_a_panic() {
    let document = Document::new(json!({"definitions": {"It": {"type": "integer"}}}), Dialect::Draft4);
    let pointer = Pointer::root().push("definitions").push("It");
    let errors =
        Validators::new(&document).validate(&pointer, Response, &json!("é".repeat(300))).expect("compiles");
    assert!(
        errors[0].message.chars().count() <= 241 && errors[0].message.ends_with("\"integer\""),
        "{errors:?}"
    );
}

#[test]
fn the_uuid_format_is_asserted_in_every_dialect() {
    for dialect in [Dialect::Draft4, Dialect::Draft202012] {
        let schema = json!({"type": "string", "format": "uuid"});
        check(dialect, schema.clone(), Request, json!("0b7c6a52-0000-4000-8000-000000000001"), &[]);
        check(dialect, schema, Request, json!("0b7c6a52-0000-4000-8000-00000000000g"), &["format"]);
    }
}
