//! Properties of validation, over random schemas and values.

use crate::schema::validate::Validators;
use crate::schema::{Dialect, Direction, Document, Pointer};
use jsonschema::{Draft, PatternOptions};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..4_i64).prop_map(Value::from),
        Just(json!(1.5)),
        "[ab]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[abc]", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A schema in the words that every dialect shares. References lead to one of three definitions.
fn schema() -> impl Strategy<Value = Value> {
    let types =
        prop::sample::select(vec!["null", "boolean", "object", "array", "number", "string", "integer"]);
    let leaf = prop_oneof![
        types.prop_map(|name| json!({"type": name})),
        (-2..3_i64).prop_map(|n| json!({"minimum": n})),
        (-2..3_i64).prop_map(|n| json!({"maximum": n})),
        (0..3_u64).prop_map(|n| json!({"maxLength": n, "minItems": n})),
        Just(json!({"pattern": "^a"})),
        Just(json!({"multipleOf": 2, "uniqueItems": true})),
        prop::collection::vec(value(), 1..3).prop_map(|values| json!({"enum": values})),
        prop::collection::btree_set("[abc]", 1..3).prop_map(|names| json!({"required": names})),
        Just(json!({})),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (prop::sample::select(vec!["allOf", "anyOf", "oneOf"]), list)
                .prop_map(|(keyword, list)| json!({keyword: list})),
            (prop::sample::select(vec!["not", "items", "additionalProperties"]), inner.clone())
                .prop_map(|(keyword, inner)| json!({keyword: inner})),
            (prop::collection::vec(("[abc]", inner.clone()), 1..3), any::<bool>()).prop_map(
                |(members, open)| {
                    let members: Map<String, Value> = members.into_iter().collect();
                    json!({"properties": members, "additionalProperties": open})
                }
            ),
            // Through a part of the value, so that nothing refers to itself on the spot.
            (0..3_usize).prop_map(|n| json!({"items": {"$ref": format!("#/definitions/{n}")}})),
            (0..3_usize).prop_map(|n| json!({"properties": {"a": {"$ref": format!("#/definitions/{n}")}}})),
            inner.prop_map(|inner| json!({"patternProperties": {"^[ab]$": inner}})),
        ]
    })
}

fn pointer(n: usize) -> Pointer {
    Pointer::root().push("definitions").push(n)
}

fn validators(dialect: Dialect, schemas: &[Value]) -> Validators {
    let named: Map<String, Value> =
        schemas.iter().enumerate().map(|(n, s)| (n.to_string(), s.clone())).collect();
    Validators::new(&Document::new(json!({"definitions": named}), dialect))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn plain_schemas_are_judged_as_the_library_judges_them(
        schemas in prop::collection::vec(schema(), 3),
        values in prop::collection::vec(value(), 6),
    ) {
        for (dialect, draft) in [
            (Dialect::Draft4, Draft::Draft4),
            (Dialect::Draft6, Draft::Draft6),
            (Dialect::Draft7, Draft::Draft7),
            (Dialect::Draft201909, Draft::Draft201909),
            (Dialect::Draft202012, Draft::Draft202012),
        ] {
            let ours = validators(dialect, &schemas);
            let mut plain = json!({"definitions": {"0": schemas[0], "1": schemas[1], "2": schemas[2]}});
            for n in 0..schemas.len() {
                plain["allOf"] = json!([{"$ref": format!("#/definitions/{n}")}]);
                let options = jsonschema::options().with_draft(draft).with_pattern_options(PatternOptions::fancy_regex());
                let theirs = options.offline().build(&plain).expect("compiles");
                for value in &values {
                    let errors = ours.validate(&pointer(n), Direction::Response, value).expect("compiles");
                    prop_assert_eq!(errors.is_empty(), theirs.is_valid(value), "{:?} {} {}", dialect, schemas[n], value);
                    for error in &errors {
                        prop_assert!(ours_has(&schemas, &error.schema), "no place {}", error.schema);
                        prop_assert!(value.pointer(error.instance.as_str()).is_some());
                    }
                }
            }
        }
    }

    #[test]
    fn nullable_admits_null_and_nothing_else(schema in schema(), typed in any::<bool>(), value in value()) {
        let mut with = schema.clone();
        if typed {
            with["type"] = json!("string");
        } else if let Some(map) = with.as_object_mut() {
            map.shift_remove("type");
        }
        let without = with.clone();
        with["nullable"] = json!(true);
        let validators = validators(Dialect::Draft4, &[without, with.clone(), json!({})]);
        let valid = |n, value: &Value| validators.is_valid(&pointer(n), Direction::Request, value).expect("compiles");
        if !value.is_null() {
            prop_assert_eq!(valid(0, &value), valid(1, &value), "{} {}", with, value);
        }
        prop_assert!(!valid(0, &Value::Null) || valid(1, &Value::Null) || with.get("oneOf").is_some());
    }

    #[test]
    fn a_marked_property_is_missed_in_its_own_direction_only(
        read in any::<bool>(),
        write in any::<bool>(),
        by_reference in any::<bool>(),
        dialect in prop::sample::select(vec![Dialect::Draft4, Dialect::Draft202012]),
    ) {
        let marked = json!({"readOnly": read, "writeOnly": write});
        let property = if by_reference { json!({"$ref": "#/definitions/1"}) } else { marked.clone() };
        let object = json!({"type": "object", "required": ["a", "b"], "properties": {"a": property, "b": {}}});
        let validators = validators(dialect, &[object, marked]);
        let valid = |direction, value: Value| validators.is_valid(&pointer(0), direction, &value).expect("compiles");
        prop_assert_eq!(valid(Direction::Request, json!({"b": 1})), read);
        prop_assert_eq!(valid(Direction::Response, json!({"b": 1})), write);
        let (whole, part) = (json!({"a": 1, "b": 1}), json!({"a": 1}));
        prop_assert!(valid(Direction::Request, whole));
        prop_assert!(!valid(Direction::Response, part));
    }
}

fn ours_has(schemas: &[Value], at: &Pointer) -> bool {
    let tokens = at.tokens();
    let n: Option<usize> = tokens.get(1).and_then(|n| n.parse().ok());
    let tail = tokens.iter().skip(2).fold(Pointer::root(), |at, token| at.push(token));
    n.and_then(|n| schemas.get(n)).is_some_and(|schema| schema.pointer(tail.as_str()).is_some())
}
