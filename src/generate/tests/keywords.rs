//! Keywords that say what must not be, or what must be elsewhere: built at the first try, in every dialect.

use super::model::api;
use crate::generate::generator::Generator;
use crate::generate::strategy::Check;
use crate::plan::Seed;
use crate::schema::{Dialect, Direction, Document, Pointer, Validators};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Thirty values of `schema`, none of them tried for more than once at the top.
#[track_caller]
fn values(dialect: Dialect, schema: Value) -> Vec<Value> {
    let document = Document::new(json!({"definitions": {"It": schema}}), dialect);
    let validators = Arc::new(Validators::new(&document));
    let pointer = Pointer::root().push("definitions").push("It");
    let generator = Generator::new(&api(document, Vec::new()), Arc::clone(&validators));
    let mut strategy = generator.strategy(&pointer);
    strategy.tries = 1;
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(1).bytes());
    let draw = |_| strategy.draw(None, &mut rng, Check::Doubtful).expect("a value").current();
    let values: Vec<Value> = (0..30).map(draw).collect();
    for value in &values {
        assert_eq!(validators.is_valid(&pointer, Direction::Request, value), Ok(true), "{value}");
    }
    values
}

#[track_caller]
fn check(dialect: Dialect, schema: Value) {
    values(dialect, schema);
}

/// As [`check`], and at least `least` different values.
#[track_caller]
fn varied(dialect: Dialect, schema: Value, least: usize) {
    let different: BTreeSet<String> = values(dialect, schema).iter().map(ToString::to_string).collect();
    assert!(different.len() >= least, "only {different:?}");
}

#[test]
fn what_must_not_be_is_not() {
    use Dialect::{Draft4, Draft202012};
    varied(Draft4, json!({"not": {"type": ["string", "object", "array"]}}), 5);
    varied(Draft4, json!({"type": "integer", "not": {"minimum": 5}}), 5);
    varied(Draft4, json!({"type": "integer", "minimum": 0, "not": {"minimum": 5, "maximum": 90}}), 5);
    varied(Draft4, json!({"type": "string", "not": {"pattern": "^[a-z0-9]"}}), 3);
    varied(Draft4, json!({"type": "string", "not": {"maxLength": 40}}), 5);
    check(Draft4, json!({"type": "boolean", "not": {"enum": [true]}}));
    let object = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
    varied(Draft4, json!({"type": "object", "not": object.clone()}), 3);
    varied(
        Draft4,
        json!({"allOf": [object.clone(), {"not": {"required": ["b"]}}],
        "properties": {"b": {"type": "string"}, "c": {"type": "string"}}}),
        3,
    );
    varied(Draft4, json!({"allOf": [object.clone()], "not": {"properties": {"a": {"minimum": -50}}}}), 3);
    varied(Draft4, json!({"type": "array", "not": {"items": {"type": "string"}}}), 3);
    varied(Draft4, json!({"type": "array", "not": {"uniqueItems": true}, "items": {"type": "integer"}}), 3);
    varied(Draft4, json!({"not": {"not": object.clone()}}), 3);
    varied(Draft4, json!({"not": {"anyOf": [{"type": "string"}, {"type": "object"}, {"minimum": -7}]}}), 3);
    varied(Draft4, json!({"not": {"allOf": [{"type": "string"}, {"minLength": 3}]}}), 3);
    varied(Draft202012, json!({"type": "array", "not": {"contains": {"type": "string"}}, "minItems": 2}), 1);
    check(Draft202012, json!({"type": "object", "not": {"additionalProperties": {"type": "string"}}}));
    check(
        Draft202012,
        json!({"type": "object", "not": {"propertyNames": {"maxLength": 400}, "required": ["x"]}}),
    );
}

#[test]
fn exactly_one_of_overlapping_alternatives_holds() {
    use Dialect::Draft4;
    varied(Draft4, json!({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 2}]}), 5);
    varied(
        Draft4,
        json!({"oneOf": [{"type": "string", "maxLength": 30}, {"type": "string", "minLength": 2}]}),
        3,
    );
    let (a, b) = (json!({"type": "integer"}), json!({"type": "string"}));
    varied(
        Draft4,
        json!({"type": "object", "oneOf": [
        {"properties": {"a": a, "b": b}, "required": ["a"]},
        {"properties": {"a": {"type": "integer"}, "c": {"type": "string"}}, "required": ["a", "c"]}]}),
        3,
    );
    varied(
        Draft4,
        json!({"type": "array", "items": {"type": "integer"},
        "oneOf": [{"minItems": 1}, {"maxItems": 2}]}),
        2,
    );
    varied(
        Draft4,
        json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
        "oneOf": [{"required": ["x"]}, {"required": ["y"]}]}),
        3,
    );
}

#[test]
fn conditions_and_dependent_schemas_are_decided() {
    use Dialect::{Draft4, Draft7, Draft201909, Draft202012};
    let kind = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["a", "b"]}},
        "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["x"]}, "else": {"required": ["y"]}});
    for dialect in [Draft7, Draft201909, Draft202012] {
        let seen = values(dialect, kind.clone());
        assert!(
            seen.iter().any(|value| value["kind"] == "a") && seen.iter().any(|value| value["kind"] == "b")
        );
    }
    let needs = json!({"required": ["iban"], "properties": {"iban": {"type": "string", "minLength": 15}}});
    let bank = |keyword: &str| json!({"type": "object", "properties": {"bank": {"type": "string"}}, keyword: {"bank": needs}});
    for (dialect, keyword) in [
        (Draft4, "dependencies"),
        (Draft7, "dependencies"),
        (Draft201909, "dependentSchemas"),
        (Draft202012, "dependentSchemas"),
    ] {
        let seen = values(dialect, bank(keyword));
        let with = seen.iter().filter(|value| value.get("bank").is_some()).count();
        assert!((1..30).contains(&with), "{dialect:?}: {with} with");
    }
}

#[test]
fn items_are_contained_for_several_reasons() {
    use Dialect::{Draft6, Draft201909, Draft202012};
    let two = json!({"allOf": [{"contains": {"multipleOf": 2}}, {"contains": {"multipleOf": 3}}],
        "items": {"type": "integer"}, "type": "array"});
    varied(Draft202012, two.clone(), 3);
    varied(Draft6, two.clone(), 3);
    let mut one = two;
    one["maxItems"] = json!(1);
    varied(Draft202012, one, 2);
    let counted = json!({"type": "array", "items": {"type": "integer"}, "minItems": 4,
        "contains": {"minimum": 5}, "minContains": 2, "maxContains": 2});
    varied(Draft201909, counted.clone(), 3);
    for value in values(Draft202012, counted) {
        let large = value.as_array().unwrap().iter().filter(|item| item.as_f64() >= Some(5.0));
        assert_eq!(large.count(), 2, "{value}");
    }
    check(
        Draft202012,
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "string"}],
        "contains": {"type": "integer"}, "minItems": 1}),
    );
    check(
        Draft202012,
        json!({"type": "array", "minContains": 0, "maxContains": 0, "contains": {"type": "string"}, "minItems": 1}),
    );
    check(
        Draft202012,
        json!({"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "integer"}, "minItems": 3}),
    );
}

#[test]
fn names_of_properties_are_built() {
    use Dialect::{Draft6, Draft202012};
    let names = json!({"type": "object", "propertyNames": {"pattern": "^[a-z]{2}_[0-9]{1,3}$"},
        "minProperties": 3, "maxProperties": 4, "additionalProperties": {"type": "integer"}});
    varied(Draft6, names.clone(), 5);
    varied(Draft202012, names, 5);
    check(
        Draft202012,
        json!({"type": "object", "propertyNames": {"enum": ["x", "y", "z"]}, "minProperties": 3}),
    );
    check(
        Draft202012,
        json!({"type": "object", "propertyNames": {"maxLength": 2}, "minProperties": 2,
        "properties": {"too_long": {"type": "string"}, "ok": {"type": "string"}}}),
    );
    check(
        Draft202012,
        json!({"type": "object", "patternProperties": {"^a": false, "^b": {"type": "integer"}},
        "additionalProperties": false, "minProperties": 2}),
    );
    check(
        Draft202012,
        json!({"type": "object", "unevaluatedProperties": false, "minProperties": 1,
        "anyOf": [{"properties": {"x": {"type": "integer"}}}, {"properties": {"y": {"type": "string"}}}]}),
    );
}

#[test]
fn each_dialect_reads_its_own_keywords() {
    use Dialect::{Draft4, Draft6, Draft7, Draft201909, Draft202012};
    let tuple = json!({"type": "array", "items": [{"type": "integer"}, {"type": "string"}],
        "additionalItems": {"type": "boolean"}, "minItems": 4});
    for dialect in [Draft4, Draft6, Draft7, Draft201909] {
        for value in values(dialect, tuple.clone()) {
            assert!(
                value[0].is_i64() && value[1].is_string() && value[3].is_boolean(),
                "{dialect:?}: {value}"
            );
        }
    }
    let prefixed = json!({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "boolean"}, "minItems": 2});
    assert!(
        values(Draft202012, prefixed.clone()).iter().all(|value| value[0].is_i64() && value[1].is_boolean())
    );
    assert!(values(Draft201909, prefixed).iter().all(|value| value[0].is_boolean()));
    for dialect in [Draft6, Draft7, Draft201909, Draft202012] {
        assert!(values(dialect, json!({"const": "only"})).iter().all(|value| value == "only"));
    }
    varied(Draft4, json!({"type": "string", "const": "only"}), 3);
    check(Draft7, json!({"type": "string", "contentEncoding": "base64"}));
    check(Draft7, json!({"type": "string", "contentMediaType": "application/json"}));
    let list = json!({"$recursiveAnchor": true, "type": "object", "required": ["value"],
        "properties": {"value": {"type": "integer"}, "next": {"$recursiveRef": "#/definitions/It"}}});
    varied(Draft201909, list, 5);
}
