//! What of a schema's values reaches the wire.

use super::model::Model;
use crate::case::{Case, Payload};
use crate::exchange::Method;
use crate::generate::Generator;
use crate::plan::{Known, Seed};
use crate::schema::Validators;
use crate::spec::{Api, Location, parse};
use serde_json::{Value, json};
use std::sync::Arc;

/// A name as AWS writes it: no value of it is without a slash.
#[test]
fn a_pattern_that_wants_slashes_in_a_path_gets_them_encoded() {
    let arn = json!({"type": "string", "pattern": "^arn:[a-z]{2,4}:task/[a-z]{3}/[0-9]{4}$"});
    let free = json!({"type": "string", "pattern": "^[a-z/]{4}$"});
    let model = Model::new(Method::Get, "/tasks/{arn}/{free}")
        .parameter(Location::Path, "arn", true, arn)
        .parameter(Location::Path, "free", true, free);
    let (api, _, generator) = model.build();
    let (operation, known) = (&api.operations[0], Known::default());
    let mut cases = vec![generator.reach(operation, &known).expect("a case")];
    cases.extend((0..20).map(|index| generator.random(operation, &known, Seed(1), index).expect("a case")));
    cases.extend(generator.boundary(operation, &known));
    for case in &cases {
        let url = case.render(operation, "http://127.0.0.1").expect("renders").url;
        let pieces: Vec<&str> = url.split('/').collect();
        assert_eq!(pieces.len(), 6, "{url}");
        assert_eq!(pieces[4].matches("%2F").count(), 2, "{url}");
        assert!(!pieces[5].contains('%'), "a surer value exists: {url}");
    }
    let doubts = generator.doubts(operation, &known);
    assert_eq!(doubts.len(), 1, "{doubts:?}");
    assert!(doubts[0].starts_with("path parameter arn: a slash"), "{doubts:?}");
}

#[test]
fn combinations_without_a_serialisation_are_told_and_never_broken() {
    let (api, _) = parse(json!({"openapi": "3.1.0", "paths": {"/a": {"get": {
        "parameters": [
            {"name": "tags", "in": "query", "required": true, "style": "pipeDelimited", "explode": true,
                "schema": {"type": "array", "items": {"type": "integer"}, "maxItems": 2}},
            {"name": "deep", "in": "query", "style": "deepObject", "schema": {"type": "integer"}},
            {"name": "either", "in": "query", "style": "deepObject", "required": true,
                "schema": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["a"],
                    "properties": {"a": {"type": "integer"}}, "additionalProperties": false}]}}],
        "responses": {"200": {"description": "ok"}}}}}}))
    .expect("a document");
    let generator = Generator::new(&api, Arc::new(Validators::new(&api.document)));
    let (operation, known) = (&api.operations[0], Known::default());
    let doubts = generator.doubts(operation, &known);
    assert_eq!(doubts.len(), 2, "{doubts:?}");
    let negative = generator.negative(operation, &known);
    for name in ["tags", "deep"] {
        let part = format!("query parameter {name}");
        assert!(doubts.iter().any(|doubt| doubt.starts_with(&part)), "{doubts:?}");
        let broken = |case: &&Case| case.reason.part == part && case.reason.keyword != "required";
        assert_eq!(negative.iter().find(broken), None);
    }
    for index in 0..20 {
        let case = generator.random(operation, &known, Seed(1), index).expect("a case");
        let either = case.parameter(Location::Query, "either");
        assert!(either.is_some_and(Value::is_object), "{either:?}");
    }
}

/// The bodies sent as they stand, with the keyword and the words of their reason.
fn raw_bodies(model: Model) -> Vec<(String, String, String, Vec<u8>)> {
    let (api, _, generator) = model.build();
    let cases = generator.negative(&api.operations[0], &Known::default());
    let raw = |case: Case| {
        let body = case.body?;
        match body.payload {
            Payload::Raw(bytes) => Some((case.reason.keyword, case.reason.how, body.media_type, bytes.0)),
            Payload::Json(_) => None,
        }
    };
    cases.into_iter().filter_map(raw).collect()
}

#[test]
fn json_is_broken_where_no_reader_can_mend_it() {
    let schema = json!({"type": "object", "required": ["count"], "properties": {
        "count": {"type": "integer", "minimum": 1}, "note": {"type": "string"}}});
    let bodies =
        raw_bodies(Model::new(Method::Post, "/a").body(true, &[("application/json", schema.clone())]));
    for (_, _, media_type, bytes) in bodies.iter().filter(|(keyword, ..)| keyword == "json") {
        assert_eq!(media_type, "application/json");
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else { continue };
        // What can be read has a name twice, and is wrong whichever counts.
        let text = String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text.matches("\"count\":").count(), 2, "{text}");
        assert!(value["count"].as_i64().is_none_or(|count| count < 1), "{text}");
        let first = text.split("\"count\":").nth(1).expect("stands twice");
        assert!(!first.starts_with(['1', '2', '3', '4', '5', '6', '7', '8', '9']), "{text}");
    }
    let told: Vec<&str> = bodies.iter().map(|(_, how, ..)| how.as_str()).collect();
    for how in [
        "JSON that ends too early",
        "JSON with bytes that are no UTF-8",
        "an empty body where one is required",
        "count twice, and neither value is allowed",
        "JSON sent as text/plain",
    ] {
        assert!(told.contains(&how), "{how} is missing in {told:?}");
    }
    // A name of which one value is allowed proves nothing, and a text is never told apart from another.
    let free = json!({"type": "object", "properties": {"note": {}}});
    let bodies = raw_bodies(Model::new(Method::Post, "/a").body(true, &[("application/json", free)]));
    assert!(!bodies.iter().any(|(_, how, ..)| how.contains("twice")), "{bodies:?}");
}

#[test]
fn a_form_of_parts_is_cut_only_where_something_is_asked_for() {
    let of = |required: Value| {
        let schema =
            json!({"type": "object", "required": required, "properties": {"file": {"type": "string"}}});
        raw_bodies(Model::new(Method::Post, "/a").body(true, &[("multipart/form-data", schema)]))
    };
    let cut = of(json!(["file"]));
    assert_eq!(cut.len(), 1, "{cut:?}");
    assert_eq!(
        (cut[0].0.as_str(), cut[0].2.as_str()),
        ("multipart", "multipart/form-data; boundary=specwarden")
    );
    assert_eq!(of(json!([])), []);
}

#[test]
fn bytes_that_are_no_text_are_sent_where_no_text_is_allowed() {
    let urls = |schema: Value| -> Vec<String> {
        let (api, _, generator) =
            Model::new(Method::Get, "/a").parameter(Location::Query, "n m", false, schema).build();
        let cases = generator.negative(&api.operations[0], &Known::default());
        let broken = cases.iter().filter(|case| case.reason.how == "bytes that are no text");
        let sent =
            broken.map(|case| case.render(&api.operations[0], "http://127.0.0.1").expect("renders").url);
        sent.collect()
    };
    assert_eq!(urls(json!({"type": "integer"})), ["http://127.0.0.1/a?n+m=%FF"]);
    assert_eq!(urls(json!({"type": "string", "enum": ["a"]})), ["http://127.0.0.1/a?n+m=%FF"]);
    assert_eq!(urls(json!({"type": "string"})), Vec::<String>::new());
    assert_eq!(urls(json!({"type": "array", "items": {"type": "integer"}})), Vec::<String>::new());
}

/// Every case of an operation that a night would send.
fn suite(api: &Api, at: usize) -> String {
    let generator = Generator::new(api, Arc::new(Validators::new(&api.document)));
    let (operation, known) = (&api.operations[at], Known::default());
    let mut cases = generator.examples(operation, &known);
    cases.extend(generator.boundary(operation, &known));
    cases.extend(generator.negative(operation, &known));
    cases.extend((0..5).filter_map(|index| generator.random(operation, &known, Seed(7), index).ok()));
    let told = |case: &Case| format!("{case:?}\n{:?}\n", case.render(operation, "http://127.0.0.1"));
    cases.iter().map(told).collect::<Vec<String>>().concat()
}

#[test]
fn cases_of_an_operation_are_the_same_in_a_document_of_that_operation_alone() {
    for text in
        [include_str!("../../../specs/demo/swagger.json"), include_str!("../../../specs/samples/pets.json")]
    {
        let root: Value = serde_json::from_str(text).expect("is JSON");
        let (whole, _) = parse(root.clone()).expect("a document");
        for (at, operation) in whole.operations.iter().enumerate() {
            let template = operation.path.to_string();
            let mut reduced = root.clone();
            let paths = reduced["paths"].as_object_mut().expect("is an object");
            paths.retain(|path, _| *path == template);
            let item = paths[&template].as_object_mut().expect("is an object");
            let method = operation.method.to_string().to_ascii_lowercase();
            let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
            item.retain(|key, _| *key == method || !methods.contains(&key.as_str()));
            let (alone, _) = parse(reduced).expect("a document");
            assert_eq!(alone.operations.len(), 1, "{}", operation.key);
            assert!(suite(&whole, at) == suite(&alone, 0), "{} differs", operation.key);
        }
    }
}
