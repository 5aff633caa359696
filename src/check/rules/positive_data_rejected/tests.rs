//! Tests of refused valid requests.

use super::*;
use crate::check::fixture::{World, answer, at, boundary, negative, positive, with_body, with_parameter};
use crate::exchange::Method;
use crate::spec::Location;
use serde_json::json;

fn seen(case: Case, status: u16) -> Acceptance {
    let url = format!("/pets?case={}{}", case.reason.how, case.index);
    Acceptance { case, exchange: at(&url, answer(status, "", "")) }
}

fn limit(how: &str, keyword: &str, status: u16) -> Acceptance {
    seen(boundary("query parameter limit", keyword, how), status)
}

fn numbered(index: u32) -> Case {
    Case { index, ..positive() }
}

#[track_caller]
fn titles(world: &World, observations: &[Acceptance], expected: &[&str]) {
    let (findings, _) = check(&world.context(), observations);
    let found: Vec<&str> = findings.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!(found, expected);
}

fn world() -> World {
    World::get().response("200", "", None).response("422", "", None)
}

#[test]
fn a_limit_refused_beside_an_accepted_one_contradicts_the_document() {
    let all = [seen(positive(), 200), limit("smallest", "minimum", 200), limit("largest", "maximum", 422)];
    titles(&world(), &all, &["refuses a valid request: largest in query parameter limit"]);
    let (findings, exercised) = check(&world().context(), &all);
    assert_eq!(exercised, 3);
    assert_eq!(findings[0].case, Some(all[2].case.clone()));
    assert_eq!(findings[0].evidence, [all[1].exchange.clone(), all[2].exchange.clone()]);
    assert_eq!(findings[0].severity, Severity::Error);
}

#[test]
fn refused_members_of_one_enumeration_are_one_finding() {
    let member = |how: &str, status| seen(boundary("body /kind", "enum", how), status);
    let all = [seen(positive(), 201), member("`a`", 201), member("`b`", 422), member("`c`", 422)];
    titles(&world(), &all, &["refuses a valid request: `b` in body /kind"]);
}

#[test]
fn a_member_shown_by_the_optional_property_contradicts_the_enumeration() {
    let shown = seen(boundary("body /kind", "properties", "with the optional property kind"), 422);
    let other = seen(boundary("body /kind", "enum", "the allowed value b"), 201);
    let all = [seen(positive(), 201), shown.clone(), other.clone()];
    titles(&world(), &all, &["refuses a valid request: with the optional property kind in body /kind"]);
    let finding = &check(&world().context(), &all).0[0];
    assert!(finding.detail.starts_with("answered 422, though `enum` allows it"), "{}", finding.detail);
    let text = seen(boundary("body /kind", "type", "text beyond ASCII"), 201);
    titles(&world(), &[seen(positive(), 201), shown, text], &[]);
}

#[test]
fn a_null_beside_it_shows_no_value_that_is_taken() {
    let least = seen(boundary("body /limit", "minimum", "the least allowed"), 400);
    let null = seen(boundary("body /limit", "type", "null, which is allowed"), 200);
    titles(&world(), &[seen(positive(), 201), least, null], &[]);
}

#[test]
fn a_refused_null_contradicts_its_type() {
    let null = seen(boundary("body /kind", "type", "null, which is allowed"), 422);
    let other = seen(boundary("body /kind", "maxLength", "the most allowed"), 201);
    let expected = ["refuses a valid request: null, which is allowed in body /kind"];
    titles(&world(), &[seen(positive(), 201), null, other], &expected);
}

#[test]
fn silent_without_an_accepted_template_or_neighbour() {
    titles(&world(), &[limit("smallest", "minimum", 200), limit("largest", "maximum", 422)], &[]);
    titles(&world(), &[seen(positive(), 200), limit("largest", "maximum", 422)], &[]);
    let elsewhere = seen(boundary("query parameter start", "minimum", "smallest"), 200);
    titles(&world(), &[seen(positive(), 200), elsewhere, limit("largest", "maximum", 422)], &[]);
}

#[test]
fn silent_on_answers_about_the_state_of_things() {
    for status in [401, 403, 404, 409, 410, 412, 413, 414, 423, 429, 500] {
        let all =
            [seen(positive(), 200), limit("smallest", "minimum", 200), limit("largest", "maximum", status)];
        titles(&world(), &all, &[]);
    }
}

#[test]
fn silent_on_keywords_that_business_rules_narrow() {
    let all = [seen(positive(), 200), limit("smallest", "minimum", 200), limit("odd", "pattern", 422)];
    titles(&world(), &all, &[]);
}

#[test]
fn silent_where_two_values_limit_each_other() {
    let case = |how: &str, keyword: &str| {
        let case = boundary("query parameter start_date", keyword, how);
        with_parameter(case, Location::Query, "endDate", json!("2020-01-01"))
    };
    let all =
        [seen(positive(), 200), seen(case("earliest", "minimum"), 200), seen(case("latest", "maximum"), 422)];
    titles(&world(), &all, &[]);
}

#[test]
fn a_refused_format_is_a_warning() {
    let all = [seen(positive(), 200), limit("plain", "format", 200), limit("leap day", "format", 422)];
    assert_eq!(check(&world().context(), &all).0[0].severity, Severity::Warning);
}

#[test]
fn nothing_ever_accepted_is_a_warning() {
    let all: Vec<Acceptance> = (0..3).map(|index| seen(numbered(index), 422)).collect();
    titles(&world(), &all, &["refuses every valid request, 3 of 3"]);
    assert_eq!(check(&world().context(), &all).0[0].severity, Severity::Warning);
    titles(&world(), &all[..2], &[]);
}

#[test]
fn silent_if_something_was_accepted_missing_or_the_same_request() {
    let with = |status| {
        let mut all: Vec<Acceptance> = (0..3).map(|index| seen(numbered(index), 422)).collect();
        all.push(seen(numbered(3), status));
        all
    };
    for status in [200, 302, 401, 404, 409, 500] {
        titles(&world(), &with(status), &[]);
    }
    let same: Vec<Acceptance> = (0..4).map(|_| seen(positive(), 422)).collect();
    titles(&world(), &same, &[]);
}

#[test]
fn token_minting_may_refuse_made_up_secrets() {
    let all: Vec<Acceptance> = (0..3).map(|index| seen(numbered(index), 400)).collect();
    titles(&World::new(Method::Post, "/oauth/token"), &all, &[]);
    titles(&World::new(Method::Post, "/tokenless"), &all, &["refuses every valid request, 3 of 3"]);
}

#[test]
fn a_documented_media_type_or_method_may_not_be_refused_as_such() {
    titles(&world(), &[seen(positive(), 415)], &["refuses a valid request with 415"]);
    titles(&world(), &[seen(positive(), 405)], &["refuses a valid request with 405"]);
    titles(&World::new(Method::Get, "/pets/{id}"), &[seen(positive(), 405)], &[]);
    titles(&world().response("415", "", None), &[seen(positive(), 415)], &[]);
}

#[test]
fn invalid_cases_are_not_its_business() {
    let all: Vec<Acceptance> = (0..3)
        .map(|index| seen(Case { index, ..negative("query parameter limit", "type", "text") }, 422))
        .collect();
    assert_eq!(check(&world().context(), &all), (Vec::new(), 0));
}

#[test]
fn an_empty_object_refused_beside_a_fuller_one_says_that_the_document_requires_too_little() {
    let world = || {
        World::new(Method::Patch, "/pets/{id}").schema("Change", json!({})).body("application/json", "Change")
    };
    let sent = |pet: i64, body: serde_json::Value, status| {
        let case = with_parameter(positive(), Location::Path, "id", json!(pet));
        seen(with_body(case, "application/json", body), status)
    };
    let (refused, accepted) = (sent(7, json!({}), 400), sent(7, json!({"name": "a"}), 200));
    let expected = "refuses an empty object, in which the document requires nothing";
    titles(&world(), &[refused.clone(), accepted.clone()], &[expected]);
    let finding = &check(&world().context(), &[refused.clone(), accepted.clone()]).0[0];
    assert_eq!(finding.severity, Severity::Warning);
    // What it was sent to may be to blame, or what was in it.
    titles(&world(), &[refused.clone(), sent(8, json!({"name": "a"}), 200)], &[]);
    titles(&world(), &[refused.clone(), accepted.clone(), sent(7, json!({}), 200)], &[]);
    titles(&world(), &[sent(7, json!({"name": "b"}), 400), accepted.clone()], &[]);
    titles(&world(), &[sent(7, json!({}), 409), accepted], &[]);
    titles(&world(), &[refused], &[]);
}
