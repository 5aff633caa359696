//! Positive cases of hand-made operations.

use super::model::Model;
use crate::case::{Case, Payload};
use crate::exchange::Method;
use crate::generate::GenerateError;
use crate::plan::{Known, Seed};
use crate::schema::Direction;
use crate::spec::Location;
use serde_json::{Value, json};

fn rich() -> Model {
    Model::new(Method::Post, "/projects/{project}/assets")
        .parameter(
            Location::Path,
            "project",
            true,
            json!({"type": "string", "minLength": 1, "maxLength": 20}),
        )
        .parameter(Location::Query, "limit", false, json!({"type": "integer", "minimum": 1, "maximum": 100}))
        .parameter(Location::Query, "sort", true, json!({"type": "string", "enum": ["name", "risk"]}))
        .parameter(Location::Header, "x-trace", true, json!({"type": "string", "minLength": 4}))
        .parameter(Location::Cookie, "session", false, json!({"type": "string"}))
        .body(
            true,
            &[
                ("application/xml", json!({"$ref": "#/definitions/Asset"})),
                ("application/json", json!({"$ref": "#/definitions/Asset"})),
            ],
        )
        .definition(
            "Asset",
            json!({"type": "object", "required": ["name", "ip"], "properties": {
                "id": {"type": "integer", "readOnly": true},
                "name": {"type": "string", "minLength": 1, "maxLength": 50},
                "ip": {"type": "string", "format": "ipv4"},
                "owner_id": {"type": "integer"},
                "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5}}}),
        )
}

#[track_caller]
fn check_valid(
    model: Model,
    cases: impl FnOnce(&crate::spec::Api, &crate::generate::Generator) -> Vec<Case>,
) -> Vec<Case> {
    let (api, validators, generator) = model.build();
    let operation = &api.operations[0];
    let cases = cases(&api, &generator);
    for case in &cases {
        for parameter in &operation.parameters {
            let value = case.parameter(parameter.location, &parameter.name);
            assert!(value.is_some() || !parameter.required, "{} is missing in {case:?}", parameter.name);
            if let (Some(value), Some(pointer)) = (value, &parameter.schema) {
                assert!(
                    validators.is_valid(pointer, Direction::Request, value).unwrap(),
                    "{value} in {case:?}"
                );
                let text = value.as_str().unwrap_or("x");
                match parameter.location {
                    Location::Path => {
                        assert!(!text.is_empty() && !text.contains('/') && text != "." && text != "..");
                    }
                    Location::Header => {
                        assert!(text.bytes().all(|b| b == b' ' || b.is_ascii_graphic()), "{text:?}");
                    }
                    Location::Query | Location::Querystring | Location::Cookie => {}
                }
            }
        }
        if let Some(body) = &case.body {
            let contents = &operation.body.as_ref().expect("a body").contents;
            let content =
                contents.iter().find(|c| c.media_type == body.media_type).expect("a described media type");
            if let (Payload::Json(value), Some(pointer)) = (&body.payload, &content.schema) {
                assert!(validators.is_valid(pointer, Direction::Request, value).unwrap(), "{value}");
                assert!(value.get("id").is_none(), "readOnly travels: {value}");
            }
        }
    }
    cases
}

#[test]
fn the_simplest_case_is_small_and_takes_the_easiest_media_type() {
    let cases = check_valid(rich(), |api, generator| {
        vec![generator.reach(&api.operations[0], &Known::default()).expect("a case")]
    });
    let names: Vec<&str> = cases[0].parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["project", "sort", "x-trace"]);
    let body = cases[0].body.as_ref().expect("a body");
    assert_eq!(body.media_type, "application/json");
    assert_eq!(body.payload, Payload::Json(json!({"name": "sample", "ip": "192.0.2.1"})));
}

#[test]
fn random_cases_are_valid_repeatable_and_unlike_each_other() {
    let make = || {
        check_valid(rich(), |api, generator| {
            (0..80)
                .map(|index| {
                    generator.random(&api.operations[0], &Known::default(), Seed(9), index).expect("a case")
                })
                .collect()
        })
    };
    let (first, second) = (make(), make());
    assert_eq!(first, second);
    let bodies: std::collections::BTreeSet<String> =
        first.iter().map(|case| format!("{:?}", case.body)).collect();
    assert!(bodies.len() > 60, "{}", bodies.len());
}

#[test]
fn other_operations_and_parameters_do_not_change_random_cases() {
    let body = |model: Model| {
        let (api, _, generator) = model.build();
        let case = generator.random(&api.operations[0], &Known::default(), Seed(1), 7).expect("a case");
        (case.parameter(Location::Header, "x-trace").cloned(), case.body)
    };
    let more = rich()
        .parameter(Location::Query, "new", true, json!({"type": "string"}))
        .definition("New", json!({"type": "string"}));
    assert_eq!(body(rich()), body(more));
}

#[test]
fn boundary_cases_are_valid_and_cover_each_part() {
    let cases =
        check_valid(rich(), |api, generator| generator.boundary(&api.operations[0], &Known::default()));
    let covers = |part: &str, keyword: &str| {
        cases.iter().any(|case| case.reason.part == part && case.reason.keyword == keyword)
    };
    assert!(covers("path parameter project", "maxLength"));
    assert!(covers("query parameter limit", "minimum"));
    assert!(covers("query parameter limit", "maximum"));
    assert!(covers("query parameter sort", "enum"));
    assert!(covers("header parameter x-trace", "minLength"));
    assert!(covers("body", "content"), "each media type once");
    assert!(covers("body /name", "maxLength"));
    assert!(covers("body /tags", "maxItems"));
    let forms: std::collections::BTreeSet<String> =
        cases.iter().map(|case| format!("{:?}{:?}", case.parameters, case.body)).collect();
    assert_eq!(forms.len(), cases.len(), "no case twice");
}

#[test]
fn known_values_are_used_under_their_names() {
    let known = Known {
        path: [("project".to_owned(), json!("p-17"))].into(),
        named: [
            ("owner_id".to_owned(), vec![json!(4711)]),
            ("sort".to_owned(), vec![json!("nonsense"), json!("risk")]),
        ]
        .into(),
        ..Known::default()
    };
    let cases = check_valid(rich(), |api, generator| {
        let operation = &api.operations[0];
        let random =
            (0..40).map(|index| generator.random(operation, &known, Seed(3), index).expect("a case"));
        std::iter::once(generator.reach(operation, &known).expect("a case")).chain(random).collect()
    });
    assert!(cases.iter().all(|case| case.parameter(Location::Path, "project") == Some(&json!("p-17"))));
    assert_eq!(cases[0].parameter(Location::Query, "sort"), Some(&json!("risk")));
    let owners = cases.iter().filter(|case| match case.body.as_ref().map(|body| &body.payload) {
        Some(Payload::Json(value)) => value["owner_id"] == json!(4711),
        _ => false,
    });
    assert!(owners.count() > 4);
}

#[test]
fn examples_come_once_each_and_only_if_valid() {
    let model = Model::new(Method::Get, "/a").parameter_with(
        Location::Query,
        "n",
        true,
        json!({"type": "integer", "maximum": 10, "example": 4}),
        vec![json!(7), json!(99), json!(7)],
    );
    let cases =
        check_valid(model, |api, generator| generator.examples(&api.operations[0], &Known::default()));
    let values: Vec<Option<&Value>> = cases.iter().map(|case| case.parameter(Location::Query, "n")).collect();
    assert_eq!(values, [Some(&json!(7)), Some(&json!(4))]);
}

#[test]
fn what_cannot_travel_is_an_error_that_names_the_part() {
    let model = Model::new(Method::Get, "/a/{x}").parameter(
        Location::Path,
        "x",
        true,
        json!({"type": "string", "enum": ["..", "."]}),
    );
    let (api, _, generator) = model.build();
    let error = generator.reach(&api.operations[0], &Known::default()).expect_err("cannot travel");
    assert!(
        matches!(&error, GenerateError::Untransportable { part, .. } if part == "path parameter x"),
        "{error}"
    );
}

#[test]
fn a_schema_without_values_is_an_error_and_not_a_loop() {
    let schema =
        json!({"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/definitions/Endless"}}});
    let model = Model::new(Method::Post, "/a").body(true, &[("application/json", schema.clone())]).definition(
        "Endless",
        json!({"type": "object", "required": ["y"], "properties": {"y": {"$ref": "#/definitions/Endless"}}}),
    );
    let (api, _, generator) = model.build();
    assert!(generator.reach(&api.operations[0], &Known::default()).is_err());
    assert_eq!(generator.boundary(&api.operations[0], &Known::default()), []);
}
