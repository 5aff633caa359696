//! Schemas that nobody would write: whatever a document holds, the generator ends, and what it makes is right.

use super::model::api;
use crate::generate::generator::Generator;
use crate::generate::strategy::Check;
use crate::generate::variant::Path;
use crate::plan::{Known, Seed};
use crate::schema::{Dialect, Direction, Document, Pointer, Validators};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestRng};
use serde_json::{Map, Value, json};
use std::sync::Arc;

fn small() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-3i64..8).prop_map(Value::from),
        (-20i64..20).prop_map(|n| json!(n as f64 / 4.0)),
        prop::sample::select(vec![
            json!(null),
            json!("a"),
            json!("abc"),
            json!([]),
            json!({}),
            json!(1e300),
            json!(u64::MAX)
        ]),
    ]
}

/// One keyword with a value that is likely, but not surely, what the keyword takes.
fn keyword(schema: BoxedStrategy<Value>) -> impl Strategy<Value = (String, Value)> {
    let names = ["a", "b", "c"];
    let list = prop::collection::vec(schema.clone(), 1..3).prop_map(Value::from);
    let map = prop::collection::btree_map(prop::sample::select(names.to_vec()), schema.clone(), 0..3)
        .prop_map(|map| {
            Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map<_, _>>())
        });
    let named = |keywords: &'static [&'static str], value: BoxedStrategy<Value>| {
        (prop::sample::select(keywords), value).prop_map(|(k, v)| (k.to_owned(), v)).boxed()
    };
    let types = ["string", "integer", "number", "boolean", "null", "array", "object", "file"];
    prop_oneof![
        4 => named(&["type"], prop::sample::select(types.to_vec()).prop_map(Value::from).boxed()),
        1 => named(&["type"], prop::collection::vec(prop::sample::select(types.to_vec()), 0..3).prop_map(|t| json!(t)).boxed()),
        4 => named(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
            "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains", "const", "default", "example"], small().boxed()),
        1 => named(&["uniqueItems", "nullable", "x-nullable", "readOnly", "additionalProperties", "items"], any::<bool>().prop_map(Value::from).boxed()),
        1 => named(&["enum", "examples"], prop::collection::vec(small(), 0..4).prop_map(Value::from).boxed()),
        1 => named(&["pattern"], prop::sample::select(vec!["^a+$", "b{2,4}", "^(?=.*\\d)\\w{3,}$", "[", "^[A-Z]{2}-\\d{3}$", "^(ab{2,3}){4,20}$"]).prop_map(Value::from).boxed()),
        1 => named(&["format"], prop::sample::select(vec!["date", "email", "uuid", "int32", "int64", "ipv4", "odd", "byte"]).prop_map(Value::from).boxed()),
        1 => named(&["required"], prop::collection::vec(prop::sample::select(names.to_vec()), 0..3).prop_map(|t| json!(t)).boxed()),
        2 => named(&["properties"], map.clone().boxed()),
        1 => named(&["patternProperties"], map.clone().prop_map(|m| json!({"^x": m.get("a").cloned().unwrap_or(json!({}))})).boxed()),
        1 => named(&["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else",
            "unevaluatedItems", "unevaluatedProperties", "additionalItems"], schema),
        1 => named(&["dependencies", "dependentSchemas"], map.boxed()),
        2 => named(&["allOf", "anyOf", "oneOf", "prefixItems"], list.boxed()),
        1 => named(&["discriminator"], Just(json!({"propertyName": "a"})).boxed()),
        1 => named(&["$ref"], prop::sample::select(vec!["#/definitions/It", "#/definitions/Other", "#/definitions/None", "x.json"]).prop_map(Value::from).boxed()),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = small().prop_filter("a schema", |value| value.is_object() || value.is_boolean()).boxed();
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop::collection::vec(keyword(inner.boxed()), 0..5)
            .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_schema_values_are_right_and_come_to_an_end(
        it in schema(), other in schema(), dialect in prop::sample::select(vec![Dialect::Draft4, Dialect::Draft7, Dialect::Draft201909, Dialect::Draft202012])
    ) {
        let document = Document::new(json!({"definitions": {"It": it, "Other": other}}), dialect);
        let validators = Arc::new(Validators::new(&document));
        let pointer = Pointer::root().push("definitions").push("It");
        let api = api(document, Vec::new());
        let generator = Generator::new(&api, Arc::clone(&validators));
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(1).bytes());
        for _ in 0..3 {
            if let Ok(tree) = generator.strategy(&pointer).draw(None, &mut rng, Check::Doubtful) {
                prop_assert!(validators.is_valid(&pointer, Direction::Request, &tree.current()).unwrap_or(true));
            }
        }
        let known = Known::default();
        let shape = generator.shapes.at(&pointer);
        let bench = generator.workbench(&known);
        prop_assert!(bench.variants(&shape, &Path::root(&shape.key)).len() < 5000);
        for broken in bench.breaks(&shape, &Path::root(&shape.key)) {
            if generator.fails_as_told(&pointer, &broken) {
                prop_assert_eq!(validators.is_valid(&pointer, Direction::Request, &broken.value), Ok(false));
            }
        }
    }
}
