//! Tests of bodies against their schemas.

use super::*;
use crate::check::fixture::{World, answer, header, json_answer, positive};
use crate::exchange::Method;
use serde_json::json;

fn pets() -> World {
    World::get()
        .schema(
            "Pet",
            json!({"type": "object", "required": ["id", "secret"], "additionalProperties": false, "properties": {
                "id": {"type": "integer"}, "kind": {"enum": ["cat", "dog"]}, "born": {"type": "string", "format": "date-time"},
                "home": {"type": "string", "format": "uri"}, "secret": {"type": "string", "writeOnly": true},
                "size": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]}}}),
        )
        .schema("Pets", json!({"type": "array", "items": {"$ref": "#/definitions/Pet"}}))
        .response("200", "application/json", Some("Pets"))
}

fn verdict(world: &World, exchange: &Exchange) -> Option<Vec<Finding>> {
    check(&world.context(), &positive(), exchange)
}

/// The schema pointers that a body breaks.
#[track_caller]
fn breaks(body: Value, expected: &[&str]) {
    let findings = verdict(&pets(), &json_answer(200, &body)).expect("can judge");
    let places: Vec<&str> =
        findings.iter().filter_map(|f| f.places[0].document.as_ref()).map(Pointer::as_str).collect();
    assert_eq!(places, expected, "{findings:?}");
}

#[test]
fn fires_once_for_each_place_in_the_schema() {
    breaks(json!([{"id": 1}]), &[]);
    breaks(json!([{"id": "1"}, {"id": "2"}]), &["/definitions/Pet/properties/id/type"]);
    breaks(json!([{}, {"id": null}]), &["/definitions/Pet/properties/id/type", "/definitions/Pet/required"]);
    breaks(json!([{"id": 1, "kind": "cow"}]), &["/definitions/Pet/properties/kind/enum"]);
    breaks(json!([{"id": 1, "extra": 1}]), &["/definitions/Pet/additionalProperties"]);
    breaks(json!({}), &["/definitions/Pets/type"]);
}

#[test]
fn a_combinator_is_reported_once_and_as_a_whole() {
    breaks(json!([{"id": 1, "size": "big"}]), &["/definitions/Pet/properties/size/oneOf"]);
    breaks(json!([{"id": 1, "size": 3}]), &[]);
}

#[test]
fn the_finding_is_the_same_whichever_item_breaks() {
    let of = |body: Value| verdict(&pets(), &json_answer(200, &body)).unwrap().remove(0).fingerprint;
    assert_eq!(of(json!([{"id": "1"}])), of(json!([{"id": 1}, {"id": true}])));
}

#[test]
fn a_known_format_is_a_warning_and_an_advisory_one_nothing() {
    let body = json!([{"id": 1, "born": "yesterday"}]);
    let findings = verdict(&pets(), &json_answer(200, &body)).unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Warning);
    breaks(json!([{"id": 1, "home": "not a uri"}]), &[]);
}

#[test]
fn whole_numbers_are_integers_however_written() {
    breaks(json!([{"id": 1.0}]), &[]);
    let exchange = answer(200, "application/json", r#"[{"id": 18446744073709551616}]"#);
    assert_eq!(verdict(&pets(), &exchange), Some(Vec::new()));
    breaks(json!([{"id": 1.5}]), &["/definitions/Pet/properties/id/type"]);
}

#[test]
fn json_that_is_none_is_malformed() {
    let titles = |media_type, body| {
        let findings = verdict(&pets(), &answer(200, media_type, body))?;
        Some(findings.into_iter().map(|finding| finding.title).collect::<Vec<_>>())
    };
    let expected = vec!["answers 200 with a body that is not JSON".to_owned()];
    assert_eq!(titles("application/json", "[{\"id\": 1"), Some(expected.clone()));
    assert_eq!(titles("application/json", "[NaN]"), Some(expected));
    // Another rule speaks of the wrong media type.
    assert_eq!(titles("text/html", "<p>"), None);
    assert_eq!(titles("application/problem+json", "{"), None);
}

#[test]
fn json_under_a_wrong_or_missing_media_type_is_still_judged() {
    assert_eq!(verdict(&pets(), &answer(200, "text/html", "[]")), Some(Vec::new()));
    assert_eq!(verdict(&pets(), &answer(200, "", "{}")).unwrap().len(), 1);
}

#[test]
fn what_cannot_be_read_is_not_judged() {
    let mut cut = answer(200, "application/json", "[{\"id\"");
    cut.outcome.as_mut().unwrap().truncated = true;
    assert_eq!(verdict(&pets(), &cut), None);
    let zipped = header(answer(200, "application/json", "\u{1}"), "content-encoding", "gzip");
    assert_eq!(verdict(&pets(), &zipped), None);
    let deep = "[".repeat(500) + &"]".repeat(500);
    assert_eq!(verdict(&pets(), &answer(200, "application/json", &deep)), None);
    assert_eq!(verdict(&pets(), &answer(200, "application/json; charset=utf-16", "\u{1}")), None);
    assert_eq!(verdict(&pets(), &answer(200, "application/json", "\u{feff}[]")), Some(Vec::new()));
    let stream = World::get().schema("Pet", json!({})).response("200", "application/*", Some("Pet"));
    assert_eq!(verdict(&stream, &answer(200, "application/stream+json", "{}\n{}")), None);
}

#[test]
fn an_empty_body_is_wrong_only_where_json_is_promised() {
    let findings = verdict(&pets(), &answer(200, "", "")).unwrap();
    assert_eq!(findings[0].title, "answers 200 with an empty body, though one is documented");
    let world = |method, status, media_type| {
        World::new(method, "/pets").schema("Pet", json!({})).response(status, media_type, Some("Pet"))
    };
    assert_eq!(verdict(&world(Method::Get, "204", "application/json"), &answer(204, "", "")), None);
    assert_eq!(verdict(&world(Method::Head, "200", "application/json"), &answer(200, "", "")), None);
    assert_eq!(verdict(&world(Method::Get, "302", "application/json"), &answer(302, "", "")), None);
    assert_eq!(verdict(&world(Method::Get, "200", "text/csv"), &answer(200, "", "")), None);
    let bare = World::get().response("200", "application/json", None);
    assert_eq!(verdict(&bare, &answer(200, "", "")), None);
}

#[test]
fn an_error_answer_is_judged_by_its_own_schema() {
    let world = pets()
        .schema("Error", json!({"type": "object", "required": ["error"]}))
        .response("404", "application/json", Some("Error"))
        .response("default", "application/json", Some("Error"));
    assert_eq!(verdict(&world, &json_answer(404, &json!({"error": "x"}))), Some(Vec::new()));
    assert_eq!(verdict(&world, &json_answer(404, &json!({}))).unwrap()[0].severity, Severity::Error);
    assert_eq!(verdict(&world, &json_answer(413, &json!({}))).unwrap()[0].severity, Severity::Warning);
    assert_eq!(verdict(&world, &json_answer(500, &json!({}))), None);
}

#[test]
fn what_was_wrongly_accepted_comes_back_and_is_no_second_finding() {
    let case = crate::check::fixture::negative("body /id", "type", "a text");
    assert_eq!(check(&pets().context(), &case, &json_answer(200, &json!([{"id": "x"}]))), None);
}
