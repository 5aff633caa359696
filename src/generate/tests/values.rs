//! Every schema of the table: valid values are valid, boundaries stand on both sides, broken values are broken.

use super::model::api;
use super::table::{definitions, table};
use crate::generate::generator::Generator;
use crate::generate::strategy::Check;
use crate::generate::variant::Path;
use crate::generate::{GenerateError, SchemaStrategy};
use crate::plan::{Known, Seed};
use crate::schema::{Dialect, Direction, Document, Pointer, SchemaError, Validators};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::sync::Arc;

struct Fixture {
    generator: Generator,
    validators: Arc<Validators>,
    pointer: Pointer,
}

fn fixture(dialect: Dialect, schema: &Value) -> Fixture {
    let mut definitions = definitions();
    definitions["It"] = schema.clone();
    let document = Document::new(json!({"definitions": definitions}), dialect);
    let api = api(document, Vec::new());
    let validators = Arc::new(Validators::new(&api.document));
    let generator = Generator::new(&api, Arc::clone(&validators));
    Fixture { generator, validators, pointer: Pointer::root().push("definitions").push("It") }
}

impl Fixture {
    fn errors(&self, value: &Value) -> Vec<SchemaError> {
        self.validators.validate(&self.pointer, Direction::Request, value).expect("compiles")
    }

    fn strategy(&self) -> SchemaStrategy {
        self.generator.strategy(&self.pointer)
    }
}

fn runner(seed: u64) -> TestRunner {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(seed).bytes()))
}

#[test]
fn random_values_are_valid() {
    for (name, dialect, schema, _) in table() {
        let it = fixture(dialect, &schema);
        let mut runner = runner(1);
        for _ in 0..60 {
            let value =
                it.strategy().new_tree(&mut runner).unwrap_or_else(|e| panic!("{name}: {e}")).current();
            assert_eq!(it.errors(&value), [], "{name}: {value}");
        }
    }
}

#[test]
fn random_values_vary() {
    for (name, dialect, schema, _) in table() {
        let it = fixture(dialect, &schema);
        let mut runner = runner(2);
        let values: std::collections::BTreeSet<String> = (0..60)
            .map(|_| it.strategy().new_tree(&mut runner).expect("a value").current().to_string())
            .collect();
        let least = if matches!(name, "const") { 1 } else { 2 };
        assert!(values.len() >= least, "{name}: only {values:?}");
    }
}

#[test]
fn the_same_seed_makes_the_same_values() {
    for (name, dialect, schema, _) in table() {
        let values = |it: &Fixture| -> Vec<String> {
            let mut runner = runner(3);
            (0..20)
                .map(|_| it.strategy().new_tree(&mut runner).expect("a value").current().to_string())
                .collect()
        };
        let (first, second) = (values(&fixture(dialect, &schema)), values(&fixture(dialect, &schema)));
        assert_eq!(first, second, "{name}");
    }
}

#[test]
fn shrinking_ends_and_stays_valid() {
    for (name, dialect, schema, _) in table() {
        let it = fixture(dialect, &schema);
        let mut runner = runner(4);
        for round in 0..8usize {
            let mut tree = it.strategy().new_tree(&mut runner).expect("a value");
            let mut steps = 0usize;
            // A test that fails on every value but each third: both directions are walked.
            let mut more = tree.simplify();
            while more {
                steps += 1;
                assert!(steps < 4000, "{name}: does not end");
                assert_eq!(it.errors(&tree.current()), [], "{name}");
                more = if (steps + round).is_multiple_of(3) { tree.complicate() } else { tree.simplify() };
            }
        }
    }
}

#[test]
fn shrinking_finds_the_smallest_failing_value() {
    let schema = json!({"type": "object", "required": ["n"], "properties": {
        "n": {"type": "integer", "minimum": 0, "maximum": 1_000_000}, "noise": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}, "maxItems": 6}}});
    let it = fixture(Dialect::Draft4, &schema);
    let mut runner = runner(5);
    let fails = |value: &Value| value["n"].as_i64().is_some_and(|n| n > 1234);
    let mut tree = std::iter::repeat_with(|| it.strategy().new_tree(&mut runner).expect("a value"))
        .find(|tree| fails(&tree.current()))
        .expect("some value fails");
    let mut smallest = tree.current();
    let mut more = tree.simplify();
    while more {
        let value = tree.current();
        more = if fails(&value) {
            smallest = value;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    assert_eq!(smallest, json!({"n": 1235}));
}

#[test]
fn broken_values_fail_for_the_recorded_keyword() {
    for (name, dialect, schema, keywords) in table() {
        let it = fixture(dialect, &schema);
        let known = Known::default();
        let shape = it.generator.shapes.at(&it.pointer);
        let breaks = it.generator.workbench(&known).breaks(&shape, &Path::root(&shape.key));
        let told: Vec<_> = breaks.iter().filter(|b| it.generator.fails_as_told(&it.pointer, b)).collect();
        for keyword in keywords {
            assert!(
                told.iter().any(|b| b.keyword == *keyword),
                "{name}: {keyword} is never broken in {breaks:#?}"
            );
        }
        for broken in &told {
            assert_ne!(it.errors(&broken.value), [], "{name}: {broken:?}");
        }
    }
}

#[track_caller]
fn check_boundary(schema: Value, expected: &[Value]) {
    let it = fixture(Dialect::Draft202012, &schema);
    let known = Known::default();
    let shape = it.generator.shapes.at(&it.pointer);
    let variants = it.generator.workbench(&known).variants(&shape, &Path::root(&shape.key));
    for value in expected {
        assert!(variants.iter().any(|v| v.value == *value), "{value} is missing in {variants:#?}");
    }
    for variant in &variants {
        assert_eq!(it.errors(&variant.value), [], "{variant:?}");
    }
}

#[test]
fn boundaries_stand_on_and_inside_each_limit() {
    check_boundary(
        json!({"type": "integer", "minimum": 3, "maximum": 9}),
        &[json!(3), json!(4), json!(8), json!(9)],
    );
    check_boundary(json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1}), &[json!(0.01), json!(1)]);
    check_boundary(
        json!({"type": "string", "minLength": 2, "maxLength": 5}),
        &[json!("sa"), json!("sam"), json!("samp"), json!("sampl")],
    );
    check_boundary(json!({"enum": ["a", 2, null]}), &[json!("a"), json!(2), json!(null)]);
    check_boundary(
        json!({"type": "array", "items": {"type": "boolean"}, "maxItems": 2}),
        &[json!([]), json!([true]), json!([true, true]), json!([false])],
    );
    check_boundary(
        json!({"type": "object", "required": ["a"], "properties": {"a": {"enum": [1]}, "b": {"enum": [2]}, "c": {"enum": [3]}}}),
        &[json!({"a": 1}), json!({"a": 1, "b": 2}), json!({"a": 1, "c": 3}), json!({"a": 1, "b": 2, "c": 3})],
    );
    check_boundary(
        json!({"oneOf": [{"enum": ["x"]}, {"type": "integer", "minimum": 7}]}),
        &[json!("x"), json!(7), json!(8)],
    );
    check_boundary(json!({"type": ["string", "null"], "enum": ["x", null]}), &[json!(null)]);
    // 2^63 is what signed 64 bits do not hold any more.
    check_boundary(
        json!({"type": "integer", "minimum": 0, "maximum": 9_223_372_036_854_775_808_u64}),
        &[json!(0), json!(9_223_372_036_854_775_807_u64), json!(9_223_372_036_854_775_808_u64)],
    );
}

#[test]
fn no_number_is_called_the_greatest_allowed_that_is_not() {
    let it = fixture(Dialect::Draft202012, &json!({"type": "integer", "maximum": 1e30}));
    let known = Known::default();
    let shape = it.generator.shapes.at(&it.pointer);
    let bench = it.generator.workbench(&known);
    let told = bench.variants(&shape, &Path::root(&shape.key));
    assert!(told.iter().all(|variant| variant.keyword != "maximum"), "{told:#?}");
    let broken = bench.breaks(&shape, &Path::root(&shape.key));
    let above = broken.iter().find(|variant| variant.keyword == "maximum").expect("the limit is broken");
    assert_ne!(it.errors(&above.value), []);
}

#[test]
fn schemas_without_finite_values_are_reported() {
    for schema in [
        json!({"type": "object", "required": ["again"], "properties": {"again": {"$ref": "#/definitions/It"}}}),
        json!({"type": "integer", "minimum": 5, "maximum": 4}),
        json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"$ref": "#/definitions/Missing"}),
        json!({"allOf": [{"$ref": "#/definitions/It"}], "enum": []}),
    ] {
        let it = fixture(Dialect::Draft202012, &schema);
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(6).bytes());
        let result = it.strategy().draw(None, &mut rng, Check::Doubtful);
        assert!(matches!(result, Err(GenerateError::NoFiniteValue { .. })), "{schema}: {result:?}");
    }
}

#[test]
fn chains_of_schemas_are_followed_as_far_as_the_stack_allows() {
    let check = |links: usize, link: fn(Value) -> Value, made: bool| {
        let next = |n: usize| json!({"$ref": format!("#/definitions/S{n}")});
        let mut chain: serde_json::Map<_, _> =
            (0..links).map(|n| (format!("S{n}"), link(next(n + 1)))).collect();
        chain.insert(format!("S{links}"), json!({"type": "object"}));
        let document = Document::new(json!({"definitions": chain}), Dialect::Draft4);
        let api = api(document, Vec::new());
        let validators = Arc::new(Validators::new(&api.document));
        let first = Pointer::root().push("definitions").push("S0");
        let value = Generator::new(&api, validators).value(&first, Seed(1));
        let refused = matches!(value, Err(GenerateError::NoFiniteValue { .. }));
        assert_eq!((value.is_ok(), refused), (made, !made), "{links} times {}: {value:?}", link(json!({})));
    };
    let links: [fn(Value) -> Value; 4] = [
        |next| json!({"allOf": [next]}),
        |next| json!({"oneOf": [next]}),
        |next| json!({"type": "object", "required": ["n"], "properties": {"n": next}}),
        |next| json!({"type": "array", "minItems": 1, "items": next}),
    ];
    for link in links {
        check(60, link, true);
        check(5_000, link, false);
    }
}

#[test]
fn a_schema_that_contradicts_itself_ends() {
    let schema = json!({"type": "integer", "not": {"type": "integer"}});
    let it = fixture(Dialect::Draft202012, &schema);
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(6).bytes());
    assert!(it.strategy().draw(None, &mut rng, Check::Doubtful).is_err());
}

#[track_caller]
fn check_discriminator_default(schema: Value, property: &str, mapped: &str) {
    let it = fixture(Dialect::Draft4, &schema);
    let mut runner = runner(7);
    let texts: std::collections::BTreeSet<Option<String>> = (0..60)
        .map(|_| it.strategy().new_tree(&mut runner).expect("a value").current())
        .map(|value| value.get(property).and_then(Value::as_str).map(str::to_owned))
        .collect();
    assert!(texts.contains(&Some(mapped.to_owned())), "{texts:?}");
    assert!(texts.iter().flatten().any(|text| text != mapped && text != "Dog"), "{texts:?}");
}

fn check_discriminator(schema: Value, property: &str, allowed: &[&str]) {
    let it = fixture(Dialect::Draft4, &schema);
    let mut runner = runner(7);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        let value = it.strategy().new_tree(&mut runner).expect("a value").current();
        seen.insert(value[property].as_str().expect("a text").to_owned());
    }
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), allowed);
}

#[test]
fn discriminators_name_the_schema_that_was_taken() {
    let branches = json!([{"$ref": "#/definitions/Cat"}, {"$ref": "#/definitions/Dog"}]);
    let mapped = json!({"propertyName": "kind", "mapping": {"cat": "#/definitions/Cat", "dog": "Dog"}});
    check_discriminator(json!({"oneOf": branches, "discriminator": mapped}), "kind", &["cat", "dog"]);
    let plain = json!({"propertyName": "kind"});
    check_discriminator(json!({"anyOf": branches, "discriminator": plain}), "kind", &["Cat", "Dog"]);
    // What is mapped nowhere is of the default schema: the property says what its own schema lets it say.
    let default =
        json!({"propertyName": "kind", "mapping": {"cat": "#/definitions/Cat"}, "defaultMapping": "Dog"});
    let choice = json!({"oneOf": branches, "discriminator": default});
    check_discriminator_default(choice, "kind", "cat");
    let base = json!({"type": "object", "discriminator": "petType", "required": ["petType"], "properties": {"petType": {"type": "string"}}});
    check_discriminator(base, "petType", &["It"]);
}

#[test]
fn giant_schemas_are_cut_and_not_walked_whole() {
    let level = |inner: Value| -> Value {
        let map: serde_json::Map<String, Value> = (0..40).map(|n| (format!("q{n}"), inner.clone())).collect();
        json!({"type": "object", "properties": map})
    };
    let schema = level(level(level(json!({"type": "string", "minLength": 1, "maxLength": 9}))));
    let it = fixture(Dialect::Draft4, &schema);
    let known = Known::default();
    let shape = it.generator.shapes.at(&it.pointer);
    let bench = it.generator.workbench(&known);
    let path = Path::root(&shape.key);
    let made = bench.breaks(&shape, &path).len() + bench.variants(&shape, &path).len();
    assert!((200..20_000).contains(&made), "{made}");
}
