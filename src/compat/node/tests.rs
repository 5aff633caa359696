//! Normal forms that must be equal, and some that must not.

use crate::compat::node::{Kinds, Node, Reader};
use crate::schema::{Dialect, Document, Pointer};
use serde_json::{Value, json};

fn node(schema: Value, dialect: Dialect) -> Node {
    let document = Document::new(json!({"s": schema, "definitions": {"A": {"type": "string"}}}), dialect);
    let reader = Reader::new(&document);
    reader.node(&reader.view(&Pointer::root().push("s")))
}

#[track_caller]
fn check(schema: Value, kinds: Kinds) {
    assert_eq!(node(schema.clone(), Dialect::Draft4).effective_kinds(), kinds, "{schema}");
}

#[test]
fn every_spelling_of_null_is_one() {
    let expected = Kinds::STRING.or(Kinds::NULL);
    check(json!({"type": "string", "nullable": true}), expected);
    check(json!({"type": "string", "x-nullable": true}), expected);
    check(json!({"type": ["string", "null"]}), expected);
    check(json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), expected);
    check(json!({"oneOf": [{"$ref": "#/definitions/A"}, {"type": "null"}]}), expected);
    check(json!({"nullable": true, "allOf": [{"$ref": "#/definitions/A"}]}), expected);
    check(json!({"type": "string", "enum": ["a"], "nullable": true}), expected);
}

#[test]
fn kinds_are_implied_and_intersected() {
    check(json!({"properties": {}}), Kinds::OBJECT);
    check(json!({"allOf": [{"type": "number"}, {"type": "integer"}]}), Kinds::INTEGER);
    check(json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}), Kinds::STRING.or(Kinds::INTEGER));
    check(json!({"type": "file"}), Kinds::ALL);
}

#[test]
fn enumerations_in_alternatives_are_one_enumeration() {
    let node = node(json!({"oneOf": [{"const": "a"}, {"enum": ["b", "c"]}]}), Dialect::Draft202012);
    assert_eq!(node.members, Some(vec![json!("a").into(), json!("b").into(), json!("c").into()]));
    assert!(node.branches.is_none());
}

#[test]
fn references_with_siblings_count_in_later_drafts_only() {
    let schema = json!({"$ref": "#/definitions/A", "maxLength": 3});
    assert_eq!(node(schema.clone(), Dialect::Draft202012).bounds.max_length, Some(3));
    assert_eq!(node(schema, Dialect::Draft4).bounds.max_length, None);
}

#[test]
fn a_schema_that_is_its_own_part_is_read_once() {
    let document = Document::new(
        json!({"definitions": {"A": {"type": "object", "allOf": [{"$ref": "#/definitions/A"}]}}}),
        Dialect::Draft4,
    );
    let reader = Reader::new(&document);
    let view = reader.view(&Pointer::root().push("definitions").push("A"));
    assert_eq!(reader.node(&view).kinds, Kinds::OBJECT);
}
