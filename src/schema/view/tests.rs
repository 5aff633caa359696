//! Tests of views: what is in them, what is left out, where each place comes from.

use crate::schema::pattern::Patterns;
use crate::schema::view::{View, view};
use crate::schema::{Dialect, Direction, Document, Pointer};
use serde_json::{Value, json};

fn made(dialect: Dialect, root: Value, pointer: &str) -> Result<View, String> {
    let document = Document::new(root, dialect);
    let pointer = Pointer::parse(pointer).expect("a pointer");
    view(&document, &pointer, Direction::Response, &Patterns::default())
}

/// The rewritten schema that stands alone in `#/definitions/It`.
#[track_caller]
fn check(dialect: Dialect, schema: Value, expected: Value) {
    let made = made(dialect, json!({"definitions": {"It": schema}}), "/definitions/It").expect("a view");
    let (_, resource) = &made.resources[0];
    assert_eq!(resource.pointer("/definitions/0").or(resource.pointer("/$defs/0")), Some(&expected));
}

#[test]
fn only_what_judges_is_copied() {
    let schema = json!({"type": "string", "description": "long", "example": {"$ref": "#/gone"}, "x-more": [1], "if": {}});
    check(Dialect::Draft4, schema.clone(), json!({"type": "string"}));
    check(Dialect::Draft202012, schema, json!({"type": "string", "if": {}}));
}

#[test]
fn only_what_is_reachable_is_copied_once() {
    let root = json!({"definitions": {
        "A": {"properties": {"b": {"$ref": "#/definitions/B"}, "again": {"$ref": "#/definitions/B"}}},
        "B": {"items": {"$ref": "#/definitions/A"}},
        "C": {"$ref": "#/definitions/A"}}});
    let made = made(Dialect::Draft4, root, "/definitions/A").expect("a view");
    assert_eq!(made.resources[0].1["definitions"].as_object().expect("schemas").len(), 2);
    assert_eq!(made.origins.find("/definitions/1/items").expect("known").as_str(), "/definitions/B/items");
    assert_eq!(made.origins.find("/definitions/0").expect("known").as_str(), "/definitions/A");
    assert_eq!(made.origins.find("/definitions/9"), None);
    assert!(made.dangling.is_none());
}

#[test]
fn a_reference_makes_a_schema_wherever_it_leads() {
    let root = json!({"x-own": {"files": {"pet.yaml": {"nullable": true, "type": "string"}}}, "definitions": {
        "It": {"$ref": "#/x-own/files/pet.yaml"}}});
    let made = made(Dialect::Draft4, root, "/definitions/It").expect("a view");
    assert_eq!(made.resources[0].1["definitions"]["1"], json!({"type": ["string", "null"]}));
}

#[test]
fn nothing_beside_a_reference_counts_in_old_dialects() {
    let root = json!({"definitions": {"S": {"type": "string"}, "It": {"$ref": "#/definitions/S", "nullable": true, "maxLength": 1}}});
    let old = made(Dialect::Draft4, root.clone(), "/definitions/It").expect("a view");
    assert_eq!(old.resources[0].1["definitions"]["0"], json!({"$ref": "#/definitions/1"}));
    let new = made(Dialect::Draft202012, root, "/definitions/It").expect("a view");
    assert_eq!(new.resources[0].1["$defs"]["0"], json!({"$ref": "#/$defs/1", "maxLength": 1}));
}

#[test]
fn nullable_widens_what_it_stands_beside() {
    let d = Dialect::Draft4;
    check(d, json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]}));
    check(d, json!({"type": "string", "nullable": false}), json!({"type": "string"}));
    check(d, json!({"enum": ["a"], "x-nullable": true}), json!({"enum": ["a", null]}));
    check(d, json!({"nullable": true, "oneOf": [{}]}), json!({"oneOf": [{}, {"type": "null"}]}));
    check(d, json!({"nullable": true, "allOf": [{}]}), json!({"anyOf": [{"allOf": [{}]}, {"type": "null"}]}));
    check(
        d,
        json!({"nullable": true, "anyOf": [{}], "allOf": [{}]}),
        json!({"anyOf": [{}, {"type": "null"}], "allOf": [{"anyOf": [{"allOf": [{}]}, {"type": "null"}]}]}),
    );
    check(Dialect::Draft202012, json!({"type": "string", "nullable": true}), json!({"type": "string"}));
}

#[test]
fn what_cannot_be_read_judges_nothing() {
    let d = Dialect::Draft4;
    check(
        d,
        json!({"type": "file", "minimum": "1", "maxLength": -1, "multipleOf": 0, "enum": []}),
        json!({}),
    );
    check(d, json!({"required": true, "pattern": "("}), json!({}));
    check(d, json!({"exclusiveMinimum": 3}), json!({"minimum": 3, "exclusiveMinimum": true}));
    let d = Dialect::Draft202012;
    check(d, json!({"minimum": 3, "exclusiveMinimum": true}), json!({"exclusiveMinimum": 3}));
    check(d, json!({"enum": []}), json!({"enum": []}));
    check(
        d,
        json!({"patternProperties": {"(": {}}, "additionalProperties": false}),
        json!({"patternProperties": {"": true}, "additionalProperties": false}),
    );
}

#[test]
fn one_sided_is_what_differs_by_direction() {
    let with = |mark: &str| json!({"It": {"required": ["a"], "properties": {"a": {"$ref": "#/A"}}}, "A": {mark: true}});
    for (mark, expected) in [("readOnly", true), ("writeOnly", true), ("deprecated", false)] {
        let made = made(Dialect::Draft4, with(mark), "/It").expect("a view");
        assert_eq!(made.one_sided, expected, "{mark}");
    }
}

#[test]
fn embedded_resources_and_dialects_stand_apart() {
    let root = json!({"components": {"schemas": {
        "It": {"properties": {"tree": {"$id": "tree", "items": {"$dynamicRef": "#node"}, "$dynamicAnchor": "node"}}},
        "Old": {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"$ref": "#/components/schemas/It", "type": "x"}]}}}});
    let it = made(Dialect::Draft202012, root.clone(), "/components/schemas/It").expect("a view");
    assert_eq!(it.resources.len(), 2);
    assert_eq!(it.resources[1].1["$defs"]["1"]["items"], json!({"$dynamicRef": "openapi:///view/1#node"}));
    let old = made(Dialect::Draft202012, root, "/components/schemas/Old").expect("a view");
    assert_eq!(
        old.resources.iter().map(|r| r.0).collect::<Vec<_>>(),
        [Dialect::Draft7, Dialect::Draft202012, Dialect::Draft202012]
    );
    assert_eq!(
        old.resources[0].1["definitions"]["0"]["items"],
        json!([{"$ref": "openapi:///view/1#/$defs/1"}])
    );
}

#[test]
fn what_would_not_end_is_refused_with_a_reason() {
    let mut deep = json!({});
    for _ in 0..300 {
        deep = json!({"items": deep});
    }
    let reason = made(Dialect::Draft4, json!({"It": deep}), "/It").err().expect("refused");
    assert_eq!(reason, "it nests more than 256 levels");
    let chain: serde_json::Map<String, Value> =
        (0..2000).map(|n| (n.to_string(), json!({"allOf": [{"$ref": format!("#/{}", n + 1)}]}))).collect();
    let mut chain = Value::Object(chain);
    chain["2000"] = json!({});
    let reason = made(Dialect::Draft4, chain, "/0").err().expect("refused");
    assert_eq!(reason, "more than 1000 schemas stand inside each other by reference");
    assert_eq!(made(Dialect::Draft4, json!({}), "/It").err().expect("refused"), "there is nothing");
}

#[test]
fn a_dangling_reference_is_told_with_its_place() {
    let root = json!({"It": {"properties": {"a": {"$ref": "other.json#/X"}}}});
    let (at, reference) = made(Dialect::Draft4, root, "/It").expect("a view").dangling.expect("dangles");
    assert_eq!((at.as_str(), reference.as_str()), ("/It/properties/a", "other.json#/X"));
}
