//! Negative cases of hand-made operations.

use super::model::Model;
use crate::case::{Case, Mode, Payload, Phase};
use crate::exchange::Method;
use crate::generate::Generator;
use crate::plan::Known;
use crate::schema::{Direction, Validators};
use crate::spec::{Location, parse};
use serde_json::{Value, json};
use std::sync::Arc;

fn negative(model: Model, known: &Known) -> Vec<Case> {
    let (api, _, generator) = model.build();
    generator.negative(&api.operations[0], known)
}

/// The keyword and value of each broken parameter.
fn told(cases: &[Case], location: Location, name: &str) -> Vec<(String, Value)> {
    let part = format!("{location} parameter {name}");
    cases
        .iter()
        .filter(|case| case.reason.part == part)
        .map(|case| {
            (case.reason.keyword.clone(), case.parameter(location, name).cloned().unwrap_or(Value::Null))
        })
        .collect()
}

#[test]
fn query_parameters_are_broken_as_text() {
    let model = Model::new(Method::Get, "/assets").parameter(
        Location::Query,
        "limit",
        true,
        json!({"type": "integer", "minimum": 1, "maximum": 100}),
    );
    let told = told(&negative(model, &Known::default()), Location::Query, "limit");
    for expected in [
        ("required", json!(null)),
        ("type", json!("sample")),
        ("type", json!("")),
        ("type", json!(1.5)),
        ("minimum", json!(0)),
        ("maximum", json!(101)),
    ] {
        assert!(
            told.contains(&(expected.0.to_owned(), expected.1.clone())),
            "{expected:?} is missing in {told:?}"
        );
    }
    assert!(
        !told.iter().any(|(_, value)| *value == json!("5")),
        "a number in a query is text anyway: {told:?}"
    );
}

#[test]
fn free_texts_have_no_negatives_on_the_wire() {
    for location in [Location::Query, Location::Header, Location::Cookie, Location::Path] {
        let model =
            Model::new(Method::Get, "/a/{x}").parameter(location, "x", false, json!({"type": "string"}));
        assert_eq!(negative(model, &Known::default()), [], "{location}");
    }
}

#[test]
fn lists_in_queries_are_broken_by_item() {
    let schema = json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "maxItems": 2});
    let model = Model::new(Method::Get, "/a").parameter(Location::Query, "tags", false, schema);
    let told = told(&negative(model, &Known::default()), Location::Query, "tags");
    assert!(
        told.iter().any(|(keyword, value)| keyword == "enum" && value == &json!(["a-unlisted"])),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|(keyword, value)| keyword == "maxItems" && value.as_array().is_some_and(|a| a.len() == 3))
    );
    let text = json!({"type": "array", "items": {"type": "string"}});
    let free = Model::new(Method::Get, "/a").parameter(Location::Query, "tags", false, text);
    assert_eq!(negative(free, &Known::default()), []);
}

#[test]
fn known_path_parameters_break_in_their_own_cases_alone() {
    let model = Model::new(Method::Put, "/projects/{project}")
        .parameter(Location::Path, "project", true, json!({"type": "integer", "minimum": 1}))
        .parameter(Location::Query, "deep", false, json!({"type": "boolean"}))
        .body(true, &[("application/json", json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}))]);
    let (api, _, generator) = model.build();
    let known = Known { path: [("project".to_owned(), json!(42))].into(), ..Known::default() };
    let cases = generator.negative(&api.operations[0], &known);
    let (own, others): (Vec<_>, Vec<_>) =
        cases.iter().partition(|case| case.reason.part == "path parameter project");
    assert!(own.iter().any(|case| case.reason.keyword == "minimum"), "{own:#?}");
    assert!(own.iter().any(|case| case.parameter(Location::Path, "project") == Some(&json!("sample"))));
    assert!(others.len() > 5);
    for case in others.iter().copied().chain(&generator.boundary(&api.operations[0], &known)) {
        assert_eq!(case.parameter(Location::Path, "project"), Some(&json!(42)), "{case:?}");
    }
}

#[test]
fn bodies_are_broken_in_values_syntax_and_media_type() {
    let schema = json!({"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
        "name": {"type": "string", "minLength": 1}, "count": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 4}}}});
    let model = Model::new(Method::Post, "/a").body(true, &[("application/json", schema)]);
    let (api, validators, generator) = model.build();
    let operation = &api.operations[0];
    let cases = generator.negative(operation, &Known::default());
    let pointer = operation.body.as_ref().and_then(|body| body.contents[0].schema.clone()).expect("a schema");
    let mut seen = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        assert_eq!((case.mode, case.phase, case.index as usize), (Mode::Negative, Phase::Negative, index));
        if let Some(Payload::Json(value)) = case.body.as_ref().map(|body| &body.payload) {
            assert!(!validators.is_valid(&pointer, Direction::Request, value).expect("compiles"), "{case:?}");
        }
        seen.push((case.reason.keyword.as_str(), case.reason.part.as_str()));
    }
    for expected in [
        ("required", "body"),
        ("json", "body"),
        ("content-type", "body"),
        ("additionalProperties", "body"),
        ("minLength", "body /name"),
        ("type", "body /count"),
        ("maxLength", "body /tags/0"),
    ] {
        assert!(seen.contains(&expected), "{expected:?} is missing in {seen:?}");
    }
    let lenient = cases.iter().find(|case| {
        case.body
            .as_ref()
            .is_some_and(|b| b.payload == Payload::Json(json!({"name": "sample", "count": "5"})))
    });
    assert!(lenient.expect("a numeric text").reason.how.contains("lenient coercion"));
    let null = |name: &str| {
        let part = format!("body /{name}");
        let case = cases.iter().find(|case| case.reason.part == part && case.reason.how.starts_with("null"));
        case.expect("a null").reason.how.contains("lenient coercion")
    };
    assert!(null("count") && !null("name"), "null may stand for absence where absence is allowed");
}

#[test]
fn plain_text_beside_json_is_no_wrong_media_type() {
    let contents =
        [("application/json", json!({"type": "object"})), ("text/plain", json!({"type": "string"}))];
    let model = Model::new(Method::Post, "/a").body(true, &contents);
    let cases = negative(model, &Known::default());
    assert!(cases.iter().all(|case| case.reason.keyword != "content-type"), "{cases:?}");
}

#[test]
fn forms_are_broken_as_text() {
    let schema = json!({"type": "object", "required": ["age"], "properties": {
        "age": {"type": "integer", "minimum": 0}, "note": {"type": "string"}}});
    let model = Model::new(Method::Post, "/a").body(true, &[("application/x-www-form-urlencoded", schema)]);
    let cases = negative(model, &Known::default());
    let bodies: Vec<&Value> = cases
        .iter()
        .filter_map(|case| match &case.body.as_ref()?.payload {
            Payload::Json(value) => Some(value),
            Payload::Raw(_) => None,
        })
        .collect();
    assert!(bodies.contains(&&json!({"age": -1})), "{bodies:?}");
    assert!(!bodies.iter().any(|body| body["age"] == json!("5") || body["note"] == json!(42)), "{bodies:?}");
}

#[test]
fn many_rules_share_the_bound_fairly() {
    let properties: serde_json::Map<String, Value> = (0..40)
        .map(|n| (format!("p{n}"), json!({"type": "string", "minLength": 2, "maxLength": 9})))
        .collect();
    let model = Model::new(Method::Post, "/a")
        .body(true, &[("application/json", json!({"type": "object", "properties": properties}))]);
    let (api, _, generator) = model.build();
    let cases = generator.negative(&api.operations[0], &Known::default());
    assert_eq!(cases.len(), 60);
    let parts: std::collections::BTreeSet<&str> =
        cases.iter().map(|case| case.reason.part.as_str()).collect();
    assert_eq!(parts.len(), 41, "every property and the body: {parts:?}");
    assert!(cases.iter().any(|case| case.reason.keyword == "content-type"));
    assert!(generator.boundary(&api.operations[0], &Known::default()).len() <= 60);
}

#[test]
fn a_querystring_is_broken_only_where_its_text_is() {
    let (api, issues) = parse(json!({"openapi": "3.2.0", "paths": {"/a": {"get": {
        "parameters": [{"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["word"], "properties": {
                "word": {"type": "string", "minLength": 2},
                "tags": {"type": "array", "items": {"type": "string"}},
                "limit": {"type": "integer"}}}}}}],
        "responses": {"200": {"description": "ok"}}}}}}))
    .expect("a document");
    assert_eq!(issues, []);
    let generator = Generator::new(&api, Arc::new(Validators::new(&api.document)));
    let urls: Vec<String> = generator
        .negative(&api.operations[0], &Known::default())
        .iter()
        .filter_map(|case| case.render(&api.operations[0], "http://127.0.0.1").ok())
        .map(|request| request.url)
        .collect();
    assert!(urls.iter().any(|url| url.contains("limit=sample")), "{urls:?}");
    assert!(urls.iter().any(|url| url.ends_with("word=s")), "{urls:?}");
    for url in &urls {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let word = pairs.clone().find(|(name, _)| *name == "word").map_or(0, |(_, text)| text.len());
        let limit =
            pairs.find(|(name, _)| *name == "limit").is_some_and(|(_, text)| text.parse::<i64>().is_err());
        assert!(word < 2 || limit, "{url} is valid");
    }
}
