//! How fast documents of three sizes become an `Api`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Map, Value, json};
use specwarden::spec::parse;
use std::hint::black_box;

const SAMPLE: &str = include_str!("../specs/samples/pets.json");
const DEMO: &str = include_str!("../specs/demo/swagger.json");
/// Operations and schemas of the large document: the size of the largest public ones.
const MANY: usize = 1_000;

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("the document is JSON")
}

/// A document of [`MANY`] operations, each with parameters, a body and answers of its own schema.
fn large() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for number in 0..MANY {
        let name = format!("Thing{number}");
        let next = format!("#/components/schemas/Thing{}", (number + 1) % MANY);
        schemas.insert(name.clone(), json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer", "format": "int64"}, "name": {"type": "string", "maxLength": 80},
            "kind": {"type": "string", "enum": ["a", "b", "c"]}, "seen": {"type": "string", "format": "date-time"},
            "next": {"$ref": next}, "more": {"type": "array", "items": {"type": "string"}}}}));
        let content =
            json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        paths.insert(format!("/groups/{{group}}/things{number}/{{id}}"), json!({"put": {
            "operationId": format!("replace{number}"),
            "parameters": [
                {"name": "group", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "dry", "in": "query", "schema": {"type": "boolean", "default": false}}],
            "requestBody": {"content": content},
            "responses": {"200": {"description": "done", "content": content}, "404": {"description": "not there"}}}}));
    }
    json!({"openapi": "3.0.3", "info": {"title": "Large", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

fn documents(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(20);
    for (name, document) in [("sample", read(SAMPLE)), ("demo", read(DEMO)), ("1,000 operations", large())] {
        group.throughput(Throughput::Bytes(document.to_string().len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &document, |bencher, document| {
            bencher.iter_batched(
                || document.clone(),
                |document| black_box(parse(document).expect("it is a document")),
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
