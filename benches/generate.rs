//! How fast values and cases come out of a schema.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use specwarden::generate::SchemaStrategy;
use specwarden::plan::Seed;
use specwarden::schema::{Dialect, Document, Pointer};
use std::hint::black_box;

fn person() -> Document {
    let schema = json!({"type": "object", "required": ["id", "name", "email", "status", "created"], "properties": {
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
        "parent": {"$ref": "#/definitions/Person"}}});
    Document::new(json!({"definitions": {"Person": schema}}), Dialect::Draft4)
}

fn values(criterion: &mut Criterion) {
    let pointer = Pointer::root().push("definitions").push("Person");
    let strategy = SchemaStrategy::new(&person(), &pointer);
    let config = Config { failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(1).bytes());
    let mut runner = TestRunner::new_with_rng(config, rng);
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(1));
    group.bench_function("valid object of ten fields", |bencher| {
        bencher.iter(|| {
            let tree = strategy.new_tree(&mut runner).expect("the schema has values");
            black_box(tree.current())
        });
    });
    group.bench_function("shrinking it to the end", |bencher| {
        bencher.iter(|| {
            let mut tree = strategy.new_tree(&mut runner).expect("the schema has values");
            while tree.simplify() {}
            black_box(tree.current())
        });
    });
    group.finish();
}

criterion_group!(benches, values);
criterion_main!(benches);
