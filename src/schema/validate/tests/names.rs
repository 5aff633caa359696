//! Tests of references by name, of dialects and of what a reference leads through.

use crate::schema::validate::Validators;
use crate::schema::{Dialect, Direction, Document, Pointer};
use serde_json::{Value, json};

/// Judges each value by `/components/schemas/It` of an OpenAPI 3.1 document.
#[track_caller]
fn check(schemas: Value, values: &[(Value, bool)]) {
    let document = Document::new(json!({"components": {"schemas": schemas}}), Dialect::Draft202012);
    let validators = Validators::new(&document);
    let it = Pointer::parse("/components/schemas/It").expect("a pointer");
    for (value, expected) in values {
        let answer = validators.is_valid(&it, Direction::Response, value);
        assert_eq!(answer.as_ref().map_err(ToString::to_string), Ok(expected), "{value}");
    }
}

#[test]
fn an_anchor_is_found_in_its_own_resource() {
    let schemas = json!({
        "It": {"items": {"$ref": "#price"}},
        "Price": {"$anchor": "price", "type": "integer"},
        "Other": {"$id": "https://example.com/other", "$defs": {"p": {"$anchor": "price", "type": "string"}}}});
    check(schemas, &[(json!([1]), true), (json!(["1"]), false)]);
}

#[test]
fn an_absolute_and_a_relative_identifier_name_the_same_schema() {
    let schemas = json!({
        "It": {"properties": {"a": {"$ref": "https://example.com/schemas/size"}, "b": {"$ref": "https://example.com/box#/properties/size"}}},
        "Box": {"$id": "https://example.com/box", "properties": {"size": {"$ref": "schemas/size"}}},
        "Size": {"$id": "https://example.com/schemas/size", "enum": ["S", "L"]}});
    check(
        schemas,
        &[(json!({"a": "S", "b": "L"}), true), (json!({"a": "M"}), false), (json!({"b": "M"}), false)],
    );
}

#[test]
fn an_error_behind_an_identifier_names_its_place_in_the_document() {
    let root = json!({"components": {"schemas": {
        "It": {"properties": {"leaf": {"$id": "https://example.com/leaf", "$defs": {"n": {"maximum": 3}}, "$ref": "#/$defs/n"}}}}}});
    let validators = Validators::new(&Document::new(root, Dialect::Draft202012));
    let it = Pointer::parse("/components/schemas/It").expect("a pointer");
    let errors = validators.validate(&it, Direction::Response, &json!({"leaf": 4})).expect("compiles");
    assert_eq!(errors[0].schema.as_str(), "/components/schemas/It/properties/leaf/$defs/n/maximum");
    assert_eq!(errors[0].instance.as_str(), "/leaf");
}

#[test]
fn a_dynamic_reference_leads_to_the_outermost_extension() {
    let schemas = json!({
        "It": {"$id": "https://example.com/numbers", "$ref": "list", "$defs": {
            "item": {"$dynamicAnchor": "item", "type": "number"}}},
        "List": {"$id": "https://example.com/list", "type": "array", "items": {"$dynamicRef": "#item"}, "$defs": {
            "anything": {"$dynamicAnchor": "item"}}}});
    check(schemas, &[(json!([1, 2.5]), true), (json!(["1"]), false), (json!({}), false)]);
    let schemas = json!({
        "It": {"$id": "https://example.com/list", "type": "array", "items": {"$dynamicRef": "#item"}, "$defs": {
            "anything": {"$dynamicAnchor": "item"}}}});
    check(schemas, &[(json!([1, "x"]), true), (json!({}), false)]);
}

#[test]
fn a_recursive_reference_leads_to_the_outermost_extension() {
    let draft = "https://json-schema.org/draft/2019-09/schema";
    let schemas = json!({
        "It": {"$schema": draft, "$id": "https://example.com/strict", "$recursiveAnchor": true, "$ref": "tree",
            "unevaluatedProperties": false},
        "Tree": {"$schema": draft, "$id": "https://example.com/tree", "$recursiveAnchor": true,
            "properties": {"value": true, "children": {"items": {"$recursiveRef": "#"}}}}});
    let misspelt = json!({"value": 1, "children": [{"valeu": 2}]});
    check(schemas.clone(), &[(json!({"children": [{"value": 2}]}), true), (misspelt.clone(), false)]);
    let schemas = json!({"It": schemas["Tree"]});
    check(schemas, &[(misspelt, true), (json!({"children": [{"children": [{}]}]}), true)]);
}

#[test]
fn a_schema_is_judged_in_the_dialect_that_it_names() {
    let tuple = |draft: &str| json!({"It": {"$schema": draft, "items": [{"type": "string"}], "additionalItems": false}});
    for draft in [
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/schema",
    ] {
        check(tuple(draft), &[(json!(["a"]), true), (json!([1]), false), (json!(["a", 1]), false)]);
    }
    let inner = json!({
        "It": {"prefixItems": [{"$ref": "#/components/schemas/Old"}], "items": false},
        "Old": {"$schema": "http://json-schema.org/draft-06/schema#", "$ref": "#/components/schemas/S", "maxLength": 1},
        "S": {"type": "string"}});
    check(inner, &[(json!(["long"]), true), (json!([1]), false), (json!(["a", 1]), false)]);
}

#[test]
fn openapi_3_0_knows_no_names() {
    let root = json!({"components": {"schemas": {
        "It": {"$ref": "#size"}, "Named": {"$ref": "Size"}, "Size": {"$anchor": "size", "$id": "Size", "id": "Size"}}}});
    let validators = Validators::new(&Document::new(root, Dialect::Draft4));
    for (name, reference) in [("It", "#size"), ("Named", "Size")] {
        let at = Pointer::parse("/components/schemas").expect("a pointer").push(name);
        let problem =
            validators.is_valid(&at, Direction::Response, &json!(1)).expect_err("no judgement").to_string();
        assert!(
            problem.ends_with(&format!("the reference `{reference}` at `{at}` leads nowhere")),
            "{problem}"
        );
    }
}
