//! The relation against the validator: what is called compatible must not be refuted by a value.

use crate::compat::fixture::{findings, request, response};
use crate::finding::Severity;
use crate::schema::{Direction, Pointer, Validators};
use crate::spec::Api;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Small schemas with every keyword that the rules know.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "boolean"})),
        (prop::option::of(0_u64..3), prop::option::of(1_u64..4)).prop_map(|(low, high)| {
            let mut schema = json!({"type": "string"});
            set(&mut schema, "minLength", low.map(Value::from));
            set(&mut schema, "maxLength", high.map(Value::from));
            schema
        }),
        (prop::option::of(-1_i64..3), prop::option::of(0_i64..4), any::<bool>(), any::<bool>()).prop_map(
            |(low, high, whole, exclusive)| {
                let mut schema = json!({"type": if whole { "integer" } else { "number" }});
                if exclusive && low.is_some() {
                    schema["exclusiveMinimum"] = json!(true);
                }
                set(&mut schema, "minimum", low.map(Value::from));
                set(&mut schema, "maximum", high.map(Value::from));
                schema
            }
        ),
        prop::sample::subsequence(vec![json!("a"), json!("b"), json!(1), json!(true), json!(0.5)], 1..4)
            .prop_map(|members| json!({"enum": members})),
        Just(json!({"type": "string", "nullable": true})),
        Just(json!({"type": "string", "pattern": "^[ab]*$"})),
        Just(json!({"type": "integer", "multipleOf": 2})),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::option::of(0_u64..2), prop::option::of(1_u64..3), any::<bool>()).prop_map(
                |(items, low, high, unique)| {
                    let mut schema = json!({"type": "array", "items": items, "uniqueItems": unique});
                    set(&mut schema, "minItems", low.map(Value::from));
                    set(&mut schema, "maxItems", high.map(Value::from));
                    schema
                }
            ),
            (
                prop::collection::btree_map("[pq]", inner.clone(), 0..3),
                prop::sample::subsequence(vec!["p", "q"], 0..2),
                any::<bool>()
            )
                .prop_map(|(properties, required, open)| {
                    // Open objects are read as declared: see the generator of values below.
                    let properties: serde_json::Map<String, Value> = properties.into_iter().collect();
                    let mut schema = json!({"type": "object", "properties": properties});
                    if !required.is_empty() {
                        schema["required"] = json!(required);
                    }
                    if !open {
                        schema["additionalProperties"] = json!(false);
                    }
                    schema
                }),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|branches| json!({"anyOf": branches})),
            (inner.clone(), inner).prop_map(|(a, b)| json!({"allOf": [a, b]})),
        ]
    })
}

fn set(schema: &mut Value, keyword: &str, value: Option<Value>) {
    if let Some(value) = value {
        schema[keyword] = value;
    }
}

/// Values at the edges of these schemas.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..6).prop_map(Value::from),
        Just(json!(0.5)),
        Just(json!(2.5)),
        "[abz]{0,5}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[pq]", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn valid(api: &Api, at: &str, direction: Direction, value: &Value) -> bool {
    let pointer = Pointer::parse(at).expect("a pointer");
    Validators::new(&api.document).is_valid(&pointer, direction, value).expect("a schema")
}

/// Whether `value` uses only properties that `schema` names: open objects promise no more (declared world).
fn declared(schema: &Value, value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().all(|(name, value)| {
            named(schema, name).is_some_and(|below| below.iter().all(|below| declared(below, value)))
        }),
        Value::Array(items) => {
            items.iter().all(|item| below(schema, "items").iter().all(|b| declared(b, item)))
        }
        _ => true,
    }
}

/// The schemas of a property, alternatives and parts included; none if nothing names it.
fn named<'s>(schema: &'s Value, name: &str) -> Option<Vec<&'s Value>> {
    let mut found: Vec<&Value> = schema.pointer(&format!("/properties/{name}")).into_iter().collect();
    for keyword in ["allOf", "anyOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            // An alternative that does not name it leaves it undeclared there.
            match named(part, name) {
                Some(more) => found.extend(more),
                None if keyword == "anyOf" => return None,
                None => {}
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

fn below<'s>(schema: &'s Value, keyword: &str) -> Vec<&'s Value> {
    let mut found: Vec<&Value> = schema.get(keyword).into_iter().collect();
    for list in ["allOf", "anyOf"] {
        found.extend(schema[list].as_array().into_iter().flatten().flat_map(|part| below(part, keyword)));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_request_that_breaks_is_never_called_compatible(
        old in schema(), new in schema(), values in prop::collection::vec(value(), 40)
    ) {
        let (before, after) = (request(old.clone()), request(new.clone()));
        let at = "/paths/~1things/post/requestBody/content/application~1json/schema";
        let found = findings(&before, &after);
        if found.is_empty() {
            for value in values.iter().filter(|value| declared(&old, value)) {
                let breaks = valid(&before, at, Direction::Request, value) && !valid(&after, at, Direction::Request, value);
                prop_assert!(!breaks, "{old} → {new}: {value} was valid");
            }
        }
    }

    #[test]
    fn an_answer_that_surprises_is_never_called_compatible(
        old in schema(), new in schema(), values in prop::collection::vec(value(), 40)
    ) {
        let (before, after) = (response(old.clone()), response(new.clone()));
        let at = "/paths/~1things/get/responses/200/content/application~1json/schema";
        let found = findings(&before, &after);
        if found.is_empty() {
            for value in values.iter().filter(|value| declared(&old, value) && declared(&new, value)) {
                let breaks = valid(&after, at, Direction::Response, value) && !valid(&before, at, Direction::Response, value);
                prop_assert!(!breaks, "{old} → {new}: {value} may arrive");
            }
        }
    }

    #[test]
    fn nothing_changes_between_equals(schema in schema()) {
        prop_assert_eq!(findings(&request(schema.clone()), &request(schema.clone())), vec![]);
        prop_assert_eq!(findings(&response(schema.clone()), &response(schema)), vec![]);
    }

    #[test]
    fn a_scalar_witness_is_one(old in schema(), new in schema()) {
        let (before, after) = (request(old.clone()), request(new.clone()));
        let at = "/paths/~1things/post/requestBody/content/application~1json/schema";
        for finding in findings(&before, &after) {
            // Only changes of the body as a whole have a witness that is a body.
            let whole = finding.title.starts_with("request body of");
            let witness = finding.detail.lines().find_map(|line| {
                line.strip_prefix("witness: ")?.strip_suffix(" was valid and is not any more")
            });
            let value = witness.and_then(|text| serde_json::from_str::<Value>(text).ok());
            if let Some(value) = value.filter(|_| whole && finding.severity == Severity::Error) {
                let scalar = !value.is_object() && !value.is_array();
                if scalar {
                    prop_assert!(valid(&before, at, Direction::Request, &value), "{old} → {new}: {value} was not valid");
                    prop_assert!(!valid(&after, at, Direction::Request, &value), "{old} → {new}: {value} still is");
                }
            }
        }
    }
}
