//! What of a schema's values reaches the wire.

use super::model::Model;
use crate::case::Case;
use crate::exchange::Method;
use crate::generate::Generator;
use crate::plan::{Known, Seed};
use crate::schema::Validators;
use crate::spec::{Location, parse};
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
