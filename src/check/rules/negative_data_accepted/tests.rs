//! Tests of accepted invalid requests.

use super::*;
use crate::check::fixture::{World, answer, at, negative, positive, with_body, with_parameter};
use crate::exchange::Method;
use serde_json::json;

fn pets() -> World {
    World::new(Method::Post, "/pets")
        .schema("Limit", json!({"type": "integer", "maximum": 100}))
        .schema("Tags", json!({"type": "array", "items": {"type": "string"}, "maxItems": 2}))
        .schema(
            "Pet",
            json!({"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "maxLength": 3}, "age": {"type": "integer"}}}),
        )
        .parameter(Location::Query, "limit", "Limit")
        .parameter(Location::Query, "tags", "Tags")
        .body("application/json", "Pet")
}

fn limit(value: Value) -> Case {
    with_parameter(
        negative("query parameter limit", "type", "of another type"),
        Location::Query,
        "limit",
        value,
    )
}

fn body(part: &str, keyword: &str, media_type: &str, value: Value) -> Case {
    with_body(negative(part, keyword, "broken"), media_type, value)
}

/// The severities reported for a case answered 200; `None` if nothing could be said.
#[track_caller]
fn check_case(world: &World, case: Case, expected: Option<&[Severity]>) {
    let findings = check(&world.context(), &case, &answer(200, "", ""));
    let severities = findings.map(|all| all.iter().map(|f| f.severity).collect::<Vec<_>>());
    assert_eq!(severities.as_deref(), expected);
}

#[test]
fn fires_on_accepted_breaches() {
    let error = Some([Severity::Error].as_slice());
    check_case(&pets(), limit(json!("abc")), error);
    check_case(&pets(), limit(json!(101)), error);
    check_case(&pets(), body("body /name", "maxLength", "application/json", json!({"name": "long"})), error);
    check_case(&pets(), body("body /name", "type", "application/json", json!({"name": 5})), error);
    check_case(&pets(), body("body", "required", "application/json", json!({})), error);
}

#[test]
fn alternatives_that_overlap_blame_nobody() {
    let world = World::new(Method::Post, "/notes")
        .schema("Number", json!({"oneOf": [{"type": "integer"}, {"type": "number"}, {"type": "string"}]}))
        .schema(
            "Note",
            json!({"type": "object", "properties": {
                "size": {"$ref": "#/definitions/Number"},
                "tags": {"oneOf": [{"type": "array", "items": {"type": "string"}},
                    {"type": "array", "items": {"type": "integer"}}], "allOf": [{"maxItems": 2}]}}}),
        )
        .body("application/json", "Note");
    let one = |part: &str, value: Value| body(part, "oneOf", "application/json", value);
    check_case(&world, one("body /size", json!({"size": 5})), None);
    check_case(&world, one("body /tags", json!({"tags": []})), None);
    let error = Some([Severity::Error].as_slice());
    check_case(&world, one("body /size", json!({"size": true})), error);
    check_case(&world, one("body /tags", json!({"tags": [true]})), error);
    check_case(&world, one("body /tags", json!({"tags": [1, 2, 3]})), error);
}

#[test]
fn silent_when_refused_or_unreachable() {
    let verdict = |status| check(&pets().context(), &limit(json!("abc")), &answer(status, "", ""));
    for status in [400, 406, 409, 415, 422] {
        assert_eq!(verdict(status), Some(Vec::new()), "{status}");
    }
    for status in [302, 401, 403, 404, 429, 500] {
        assert_eq!(verdict(status), None, "{status}");
    }
}

#[test]
fn valid_requests_and_other_keys_are_not_its_business() {
    check_case(&pets(), positive(), None);
    check_case(&pets(), Case { phase: Phase::Access, ..limit(json!("abc")) }, None);
}

#[test]
fn a_text_that_reads_well_blames_nobody() {
    check_case(&pets(), limit(json!("5")), None);
    check_case(&pets(), limit(json!([5])), None);
    let tags =
        |value| with_parameter(negative("query parameter tags", "type", "x"), Location::Query, "tags", value);
    check_case(&pets(), tags(json!("a,b")), None);
    check_case(&pets(), tags(json!("a,b,c")), Some(&[Severity::Error]));
}

#[test]
fn lenient_servers_earn_a_warning() {
    let warning = Some([Severity::Warning].as_slice());
    let mut case = body("body /age", "type", "application/json", json!({"name": "a", "age": "5"}));
    case.reason.how = "a number in quotes (lenient coercion)".to_owned();
    check_case(&pets(), case, warning);
    check_case(&pets(), body("body", "content-type", "text/plain", json!({"name": "a"})), warning);
    check_case(
        &pets(),
        body("body /age", "type", "application/json", json!({"name": "a", "age": null})),
        warning,
    );
    let required = body("body /name", "type", "application/json", json!({"name": null}));
    check_case(&pets(), required, Some(&[Severity::Error]));
    let later = check(&pets().context(), &limit(json!("abc")), &answer(202, "", "")).unwrap();
    assert_eq!(later[0].severity, Severity::Warning);
}

#[test]
fn null_for_a_whole_body_that_may_be_left_out_is_lenient() {
    let null = || body("body", "type", "application/json", json!(null));
    let mut world = pets();
    for (required, severity) in [(true, Severity::Error), (false, Severity::Warning)] {
        world.operation_mut().body.as_mut().expect("a body").required = required;
        check_case(&world, null(), Some(&[severity]));
    }
}

#[test]
fn forms_and_texts_have_no_types_of_their_own() {
    let form = "application/x-www-form-urlencoded";
    let world = pets().body(form, "Pet");
    check_case(&world, body("body /age", "type", form, json!({"name": "a", "age": "5"})), None);
    check_case(
        &world,
        body("body /age", "type", form, json!({"name": "a", "age": "x"})),
        Some(&[Severity::Error]),
    );
    check_case(&pets().body("text/plain", "Pet"), body("body", "type", "text/plain", json!(5)), None);
}

#[test]
fn a_path_value_that_names_something_else_blames_nobody() {
    let world = World::new(Method::Get, "/pets/{id}")
        .schema("Id", json!({"type": "integer"}))
        .parameter(Location::Path, "id", "Id")
        .and(Method::Get, "/pets/search");
    let verdict = |value: &str| {
        let case = negative("path parameter id", "type", "not a number");
        let case = with_parameter(case, Location::Path, "id", json!(value));
        check(&world.context(), &case, &at(&format!("/pets/{value}"), answer(200, "", "")))
    };
    assert_eq!(verdict("abc").unwrap().len(), 1);
    assert_eq!(verdict("search"), None);
    assert_eq!(verdict(""), None);
    assert_eq!(verdict("a/b"), None);
}

#[test]
fn items_of_a_list_are_one_place() {
    let of = |part| {
        let case = body(part, "type", "application/json", json!({"name": 5}));
        let case =
            Case { reason: crate::case::Reason { pointer: Pointer::root(), ..case.reason.clone() }, ..case };
        check(&pets().context(), &case, &answer(200, "", "")).unwrap().remove(0).fingerprint
    };
    assert_eq!(of("body /tags/0"), of("body /tags/7"));
    assert_ne!(of("body /tags/0"), of("body /name"));
}

#[test]
fn what_is_missing_is_missed_wherever_it_belongs() {
    let error = Some([Severity::Error].as_slice());
    for part in ["query parameter limit", "header parameter X-Tenant", "cookie parameter session", "body"] {
        let case = negative(part, "required", "without it");
        check_case(&pets().parameter(Location::Header, "X-Tenant", "Limit"), case.clone(), error);
        for status in [400, 422] {
            let found = check(&pets().context(), &case, &answer(status, "", ""));
            assert_eq!(found, Some(vec![]), "{part} {status}");
        }
        // Whoever is not let in was not told anything of the parameter.
        assert_eq!(check(&pets().context(), &case, &answer(401, "", "")), None, "{part}");
    }
}

#[test]
fn a_header_that_may_be_ignored_blames_nobody() {
    let world =
        |name: &str| pets().schema("Word", json!({"enum": ["a"]})).parameter(Location::Header, name, "Word");
    let sent = |name: &str| {
        let case = negative(&format!("header parameter {name}"), "enum", "not listed");
        with_parameter(case, Location::Header, name, json!("b"))
    };
    for name in ["Accept-Language", "Prefer", "traceparent", "Range", "X-Request-ID"] {
        check_case(&world(name), sent(name), None);
    }
    check_case(&world("X-Tenant"), sent("X-Tenant"), Some(&[Severity::Error]));
    let missing = negative("header parameter Prefer", "required", "without it");
    check_case(&world("Prefer"), missing, Some(&[Severity::Error]));
}

#[test]
fn a_change_may_be_a_part_and_a_page_may_be_cut_down() {
    let change = World::new(Method::Patch, "/pets/{id}")
        .schema("Pet", json!({"type": "object", "required": ["name"]}))
        .body("application/json", "Pet");
    let mut less = body("body", "required", "application/json", json!({}));
    less.reason.how = "without the required property name".to_owned();
    check_case(&change, less.clone(), Some(&[Severity::Warning]));
    check_case(&pets(), less, Some(&[Severity::Error]));
    let mut above = limit(json!(101));
    above.reason.keyword = "maximum".to_owned();
    check_case(&pets(), above.clone(), Some(&[Severity::Warning]));
    above.reason.part = "query parameter age".to_owned();
    check_case(&pets().parameter(Location::Query, "age", "Limit"), above, Some(&[Severity::Error]));
}
