//! Which constraints are counted, and which a case obeys.

use super::model::Model;
use crate::case::Mode;
use crate::exchange::Method;
use crate::generate::constraint;
use crate::plan::{Known, Seed};
use crate::spec::Location;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn model() -> Model {
    let pet = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "minLength": 2, "maxLength": 5 },
            "born": { "type": "string", "format": "date" },
            "tags": { "type": "array", "maxItems": 3, "items": { "type": "string", "pattern": "^[a-z]+$" } },
            "parent": { "$ref": "#/definitions/Pet" },
            "free": { "type": "string", "minLength": 0, "format": "colour" },
            "either": { "oneOf": [{ "type": "integer", "minimum": 3 }, { "type": "boolean" }] }
        }
    });
    Model::new(Method::Post, "/pets/{id}")
        .definition("Pet", pet)
        .parameter(Location::Path, "id", true, json!({ "type": "integer", "maximum": 99 }))
        .parameter(Location::Query, "limit", false, json!({ "type": "integer", "minimum": 1, "maximum": 9 }))
        .parameter(Location::Query, "q", true, json!({ "type": "string", "enum": ["a", "b"] }))
        .body(true, &[("application/json", json!({ "$ref": "#/definitions/Pet" }))])
}

#[test]
fn every_constraint_that_can_be_broken_is_counted_once() {
    let (api, _, generator) = model().build();
    let found = generator.constraints(&api.operations[0]);
    let expected = [
        "/definitions/Pet/additionalProperties",
        "/definitions/Pet/properties/born/format",
        "/definitions/Pet/properties/born/type",
        "/definitions/Pet/properties/either/oneOf",
        "/definitions/Pet/properties/free/type",
        "/definitions/Pet/properties/name/maxLength",
        "/definitions/Pet/properties/name/minLength",
        "/definitions/Pet/properties/name/type",
        "/definitions/Pet/properties/tags/items/pattern",
        "/definitions/Pet/properties/tags/items/type",
        "/definitions/Pet/properties/tags/maxItems",
        "/definitions/Pet/properties/tags/type",
        "/definitions/Pet/required",
        "/definitions/Pet/type",
        "/parts/body/required",
        "/parts/path-id/schema/maximum",
        "/parts/path-id/schema/type",
        "/parts/query-limit/schema/maximum",
        "/parts/query-limit/schema/minimum",
        "/parts/query-limit/schema/type",
        "/parts/query-q/required",
        "/parts/query-q/schema/enum",
    ];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_not_sent_is_not_obeyed_and_a_limit_is_obeyed_at_the_limit_alone() {
    let (api, _, generator) = model().build();
    let operation = &api.operations[0];
    let mut case = generator.reach(operation, &Known::default()).expect("a case");
    case.body.as_mut().expect("a body").payload = crate::case::Payload::Json(json!({ "name": "Rex" }));
    let obeyed = generator.obeyed(operation, &case);
    let has = |at: &str| obeyed.contains(at);
    assert!(has("/definitions/Pet/required") && has("/definitions/Pet/properties/name/type"), "{obeyed:?}");
    assert!(!has("/definitions/Pet/properties/name/maxLength"), "{obeyed:?}");
    assert!(!has("/definitions/Pet/properties/born/type"), "{obeyed:?}");
    assert!(has("/parts/path-id/schema/maximum"), "nobody can choose which ids exist: {obeyed:?}");
    case.reason.pointer =
        crate::schema::Pointer::parse("/definitions/Pet/properties/name/maxLength").expect("one");
    case.reason.keyword = "maxLength".to_owned();
    assert!(generator.obeyed(operation, &case).contains("/definitions/Pet/properties/name/maxLength"));
}

/// The two halves speak of the same places: what the suite of a well-made document tests is all there is to test.
#[test]
fn the_suite_of_an_operation_tests_its_constraints_both_ways() {
    let (api, _, generator) = model().build();
    let (operation, known) = (&api.operations[0], Known::default());
    let mut cases = generator.boundary(operation, &known);
    cases.extend((0..20).filter_map(|index| generator.random(operation, &known, Seed(1), index).ok()));
    let obeyed: BTreeSet<String> = cases
        .iter()
        .filter(|c| c.mode == Mode::Positive)
        .flat_map(|c| generator.obeyed(operation, c))
        .collect();
    let broken: BTreeSet<String> =
        generator.negative(operation, &known).iter().filter_map(|case| constraint(&case.reason)).collect();
    let open: Vec<Value> = generator
        .constraints(operation)
        .into_iter()
        .filter(|at| !obeyed.contains(at) || !broken.contains(at))
        .map(|at| json!([obeyed.contains(&at), broken.contains(&at), at]))
        .collect();
    assert_eq!(open, Vec::<Value>::new());
}

#[test]
fn a_giant_body_is_counted_as_deep_as_it_can_be_tested() {
    let wide = |inner: Value| {
        let properties: serde_json::Map<String, Value> =
            (0..40).map(|number| (format!("p{number:02}"), inner.clone())).collect();
        json!({ "type": "object", "properties": properties })
    };
    let (api, _, generator) = Model::new(Method::Post, "/giant")
        .body(true, &[("application/json", wide(wide(wide(json!({ "type": "string", "maxLength": 5 })))))])
        .build();
    let found = generator.constraints(&api.operations[0]);
    assert_eq!(found.len(), 1 + 1 + 40, "the body, its type, and those of its members");
}
