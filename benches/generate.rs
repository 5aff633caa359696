//! How fast values and cases come out of a schema.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use specwarden::generate::{Generator, SchemaStrategy};
use specwarden::plan::{Known, Seed};
use specwarden::schema::{Dialect, Document, Pointer, Validators};
use specwarden::spec::{Api, parse};
use std::hint::black_box;
use std::sync::Arc;

/// Ten fields: five required, patterns, a nested object, an array, and no recursion.
fn contact() -> Value {
    json!({"type": "object", "required": ["id", "name", "email", "status", "created"], "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "minLength": 1, "maxLength": 50},
        "email": {"type": "string", "pattern": "^[a-z]{3,12}@[a-z]{3,10}\\.(com|org)$"},
        "status": {"type": "string", "enum": ["active", "inactive", "banned"]},
        "created": {"type": "string", "format": "date-time"},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 10}, "maxItems": 5},
        "address": {"type": "object", "required": ["street"], "properties": {
            "street": {"type": "string", "maxLength": 30}, "zip": {"type": "string", "pattern": "^[0-9]{5}$"}}},
        "active": {"type": "boolean"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150}}})
}

/// The same with itself as a field, three levels deep.
fn person() -> Value {
    let mut person = contact();
    person["properties"]["age"] = json!({"$ref": "#/components/schemas/Person"});
    person
}

/// A tree of up to three children at each of three levels.
fn tree() -> Value {
    json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "left": {"$ref": "#/components/schemas/Tree"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}, "maxItems": 3}}})
}

/// Two hundred properties, a tenth of them required.
fn wide() -> Value {
    let kinds = [
        json!({"type": "integer", "minimum": 0, "maximum": 1000}),
        json!({"type": "string", "maxLength": 20}),
        json!({"type": "boolean"}),
        json!({"type": "string", "format": "uuid"}),
        json!({"type": "number", "minimum": 0}),
    ];
    let properties: Map<String, Value> =
        (0..200).map(|at| (format!("property{at}"), kinds[at % kinds.len()].clone())).collect();
    let required: Vec<String> = (0..20).map(|at| format!("property{}", at * 10)).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// Alternatives that a discriminator tells apart.
fn choice() -> Value {
    json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"}})
}

fn root() -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "bench", "version": "1"},
        "paths": {"/people/{id}": {"put": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}},
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
                {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["name", "age"]}},
                {"name": "x-trace", "in": "header", "required": true, "schema": {"type": "string", "minLength": 4}}],
            "requestBody": {"required": true, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Contact"}}}},
            "responses": {"200": {"description": "done"}}}}},
        "components": {"schemas": {
            "Contact": contact(), "Person": person(), "Tree": tree(), "Wide": wide(), "Choice": choice(),
            "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {
                "kind": {"type": "string"}, "lives": {"type": "integer", "minimum": 1, "maximum": 9}}},
            "Dog": {"type": "object", "required": ["kind", "tricks"], "properties": {
                "kind": {"type": "string"}, "tricks": {"type": "array", "items": {"type": "string"}}}}}}})
}

fn runner() -> TestRunner {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(1).bytes()))
}

fn values(criterion: &mut Criterion) {
    let document = Document::new(root(), Dialect::Draft4);
    let schemas = Pointer::root().push("components").push("schemas");
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(1));
    for (title, name) in [
        ("object of ten fields", "Contact"),
        ("object of ten fields within itself", "Person"),
        ("deep tree", "Tree"),
        ("object of 200 properties", "Wide"),
        ("one of two", "Choice"),
    ] {
        let strategy = SchemaStrategy::new(&document, &schemas.push(name));
        let mut runner = runner();
        group.bench_function(title, |bencher| {
            bencher.iter(|| {
                let tree = strategy.new_tree(&mut runner).expect("the schema has values");
                black_box(tree.current())
            });
        });
    }
    let strategy = SchemaStrategy::new(&document, &schemas.push("Contact"));
    let mut runner = runner();
    group.bench_function("shrinking ten fields to the end", |bencher| {
        bencher.iter(|| {
            let mut tree = strategy.new_tree(&mut runner).expect("the schema has values");
            while tree.simplify() {}
            black_box(tree.current())
        });
    });
    group.finish();
}

fn cases(criterion: &mut Criterion) {
    let (api, _): (Api, _) = parse(root()).expect("a good document");
    let validators = Arc::new(Validators::new(&api.document));
    let generator = Generator::new(&api, validators);
    let operation = &api.operations[0];
    let known = Known::default();
    let mut group = criterion.benchmark_group("cases");
    group.throughput(Throughput::Elements(1));
    let mut index = 0;
    group.bench_function("random case to request", |bencher| {
        bencher.iter(|| {
            index += 1;
            let case = generator.random(operation, &known, Seed(1), index).expect("a case");
            black_box(case.render(operation, "http://127.0.0.1:1/").expect("a request"))
        });
    });
    group.bench_function("boundary set", |bencher| {
        bencher.iter(|| black_box(generator.boundary(operation, &known)));
    });
    group.bench_function("negative set", |bencher| {
        bencher.iter(|| black_box(generator.negative(operation, &known)));
    });
    group.finish();
}

criterion_group!(benches, values, cases);
criterion_main!(benches);
