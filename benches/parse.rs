//! How fast documents of three sizes become an `Api`: from JSON text, from YAML text, and the model alone.
//!
//! The documents are made here and are the same on every machine. `serde_json` is the row to compare with: it is
//! what reading the same text costs without understanding it. Real documents are measured by `corpus`.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Map, Value, json};
use specwarden::source::read_text;
use specwarden::spec::parse;
use std::fmt::Write;
use std::hint::black_box;

/// Names and numbers of operations: about 15 kB, 1.5 MB and 15 MB of JSON.
const SIZES: [(&str, usize); 3] = [("small", 10), ("medium", 1_000), ("large", 10_000)];

/// A document of this many operations, each with own and shared parameters, a body and answers.
fn document(operations: usize) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for number in 0..operations {
        let name = format!("Thing{number}");
        let next = format!("#/components/schemas/Thing{}", (number + 1) % operations);
        schemas.insert(name.clone(), json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer", "format": "int64", "description": "Given by the server, never by the client."},
            "name": {"type": "string", "maxLength": 80, "example": "a name"},
            "kind": {"type": "string", "enum": ["a", "b", "c"]}, "seen": {"type": "string", "format": "date-time"},
            "next": {"$ref": next}, "more": {"type": "array", "items": {"type": "string"}}}}));
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let content =
            json!({"application/json": {"schema": schema, "example": {"id": number, "name": "a name"}}});
        paths.insert(format!("/groups/{{group}}/things{number}/{{id}}"), json!({"put": {
            "operationId": format!("replace{number}"), "summary": "Replaces a thing by another one.",
            "parameters": [
                {"$ref": "#/components/parameters/Group"},
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "dry", "in": "query", "schema": {"type": "boolean", "default": false}}],
            "requestBody": {"content": content},
            "responses": {"200": {"description": "done", "content": content}, "404": {"$ref": "#/components/responses/Gone"}}}}));
    }
    let group = json!({"name": "group", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}});
    let gone =
        json!({"description": "not there", "content": {"application/json": {"schema": {"type": "object"}}}});
    json!({"openapi": "3.0.3", "info": {"title": "Things", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas, "parameters": {"Group": group}, "responses": {"Gone": gone}}})
}

/// The value as block YAML; texts in double quotes.
fn yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                _ = write!(out, "\n{pad}\"{name}\":");
                yaml(value, indent + 2, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                _ = write!(out, "\n{pad}-");
                yaml(item, indent + 2, out);
            }
        }
        plain => _ = write!(out, " {plain}"),
    }
}

fn documents(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    for (name, operations) in SIZES {
        let value = document(operations);
        let text = value.to_string();
        let mut block = String::new();
        yaml(&value, 0, &mut block);
        assert_eq!(read_text("a.yaml", &block).expect("it is YAML").api.operations.len(), operations);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("serde_json", name), &text, |bencher, text| {
            bencher.iter(|| black_box(serde_json::from_str::<Value>(text).expect("it is JSON")));
        });
        group.bench_with_input(BenchmarkId::new("json", name), &text, |bencher, text| {
            bencher.iter(|| black_box(read_text("a.json", text).expect("it loads")));
        });
        group.bench_with_input(BenchmarkId::new("model", name), &value, |bencher, value| {
            bencher.iter_batched(
                || value.clone(),
                |value| black_box(parse(value).expect("it is a document")),
                BatchSize::LargeInput,
            );
        });
        group.throughput(Throughput::Bytes(block.len() as u64));
        group.bench_with_input(BenchmarkId::new("yaml", name), &block, |bencher, block| {
            bencher.iter(|| black_box(read_text("a.yaml", block).expect("it loads")));
        });
    }
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
