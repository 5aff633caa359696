//! Values with meaning: given by the user, asked for by refusals, ranges, odd texts.

use super::model::Model;
use crate::case::{Case, Mode, Payload, Phase};
use crate::exchange::Method;
use crate::generate::{GenerateOptions, Generator, TextFamily};
use crate::plan::{Candidates, Given, Known, Lessons, NamePattern, Seed, Wish};
use crate::schema::Direction;
use crate::spec::{Location, ResponseSpec, StatusPattern};
use serde_json::{Value, json};
use std::sync::Arc;

fn body(case: &Case) -> Value {
    match case.body.as_ref().map(|body| &body.payload) {
        Some(Payload::Json(value)) => value.clone(),
        _ => Value::Null,
    }
}

fn booking() -> Model {
    let schema = json!({"type": "object", "required": ["team_id", "start_date", "end_date"], "properties": {
        "team_id": {"type": "integer"}, "status": {"type": "string"},
        "start_date": {"type": "string", "format": "date"}, "end_date": {"type": "string", "format": "date"},
        "rooms": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["min_size", "max_size"],
            "properties": {"min_size": {"type": "integer", "minimum": 1}, "max_size": {"type": "integer", "minimum": 1, "maximum": 90}}}}}});
    Model::new(Method::Post, "/bookings")
        .parameter(Location::Query, "since", false, json!({"type": "string", "format": "date-time"}))
        .parameter(Location::Query, "until", false, json!({"type": "string", "format": "date-time"}))
        .body(true, &[("application/json", schema)])
}

fn given(fixed: Value, candidates: &[(&str, Value)], bodies: &[Value]) -> Known {
    let candidates = candidates.iter().map(|(names, values)| Candidates {
        names: NamePattern::parse(names).expect("a pattern"),
        values: values.as_array().expect("a list").clone(),
    });
    let given = Given {
        fixed: serde_json::from_value(fixed).expect("a map"),
        candidates: candidates.collect(),
        bodies: bodies.to_vec(),
    };
    Known { given: Arc::new(given), ..Known::default() }
}

#[test]
fn valid_cases_hold_their_ranges_in_order() {
    let (api, _, generator) = booking().build();
    let operation = &api.operations[0];
    let known = Known::default();
    let mut cases = generator.boundary(operation, &known);
    cases.push(generator.reach(operation, &known).expect("a case"));
    cases.extend((0..60).filter_map(|index| generator.random(operation, &known, Seed(5), index).ok()));
    assert!(cases.len() > 80);
    for case in &cases {
        let body = body(case);
        let days =
            [&body["start_date"], &body["end_date"]].map(|day| day.as_str().expect("a day").to_owned());
        // The last day of all has no later one.
        assert!(days[0] < days[1] || days[0].starts_with("9999"), "{case:?}");
        for room in body["rooms"].as_array().into_iter().flatten() {
            assert!(room["min_size"].as_f64() <= room["max_size"].as_f64(), "{case:?}");
        }
        let bound = |name| case.parameter(Location::Query, name).and_then(Value::as_str);
        if let (Some(since), Some(until)) = (bound("since"), bound("until")) {
            let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a moment");
            assert!(at(since) < at(until), "{case:?}");
        }
    }
}

#[test]
fn ranges_turned_round_are_cases_of_their_own_and_valid() {
    let (api, validators, generator) = booking().build();
    let operation = &api.operations[0];
    let cases = generator.robustness(operation, &Known::default());
    let told: Vec<(&str, &str)> =
        cases.iter().map(|case| (case.reason.part.as_str(), case.reason.how.as_str())).collect();
    assert_eq!(
        told,
        [
            ("query parameter since", "since above until"),
            ("body /start_date", "start_date above end_date"),
            ("body /rooms/0/min_size", "min_size above max_size"),
            ("body /status", "a text with a null character"),
            ("body /status", "a text with a line end and control characters"),
            ("body /status", "a text with a character beyond the basic plane"),
            ("header Content-Type", "a form of parts without a boundary"),
            ("header Content-Type", "a charset that does not exist"),
        ]
    );
    assert!(cases.iter().all(|case| (case.mode, case.phase) == (Mode::Robustness, Phase::Robustness)));
    let pointer = operation.body.as_ref().and_then(|body| body.contents[0].schema.clone()).expect("a schema");
    for case in cases.iter().filter(|case| case.reason.part != "header Content-Type") {
        assert!(validators.is_valid(&pointer, Direction::Request, &body(case)).expect("compiles"));
    }
    let turned = body(&cases[1]);
    assert!(turned["start_date"].as_str() > turned["end_date"].as_str());
}

#[test]
fn content_types_that_say_nothing_are_sent_with_every_method() {
    let sent = |model: Model| -> Vec<(String, Vec<u8>)> {
        let (api, _, generator) = model.build();
        let cases = generator.robustness(&api.operations[0], &Known::default());
        let render =
            |case: &Case| case.render(&api.operations[0], "http://127.0.0.1").expect("it can be sent");
        let requests = cases.iter().map(render);
        let content_type = |headers: &[(String, String)]| {
            headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.clone())
        };
        requests
            .map(|request| (content_type(&request.headers).expect("a type"), request.body.expect("a body").0))
            .collect()
    };
    let unparted = || ("multipart/form-data".to_owned(), Vec::new());
    assert_eq!(sent(Model::new(Method::Get, "/things")), [unparted()]);
    assert_eq!(sent(Model::new(Method::Delete, "/things")), [unparted()]);
    let schema = json!({"type": "object"});
    let creator = Model::new(Method::Post, "/things").body(true, &[("application/json", schema)]);
    assert_eq!(
        sent(creator),
        [unparted(), ("application/json; charset=specwarden".to_owned(), b"{}".to_vec())]
    );
}

#[test]
fn what_has_no_type_is_sent_as_a_whole_number_too() {
    let (api, _, generator) = Model::new(Method::Get, "/status/{codes}")
        .parameter(Location::Path, "codes", true, json!({}))
        .parameter(Location::Query, "text", false, json!({"type": "string"}))
        .build();
    let cases = generator.boundary(&api.operations[0], &Known::default());
    let sent = |name, location| -> Vec<Value> {
        cases.iter().filter_map(|case| case.parameter(location, name).cloned()).collect()
    };
    let codes = sent("codes", Location::Path);
    assert!(codes.contains(&json!(0)) && codes.contains(&json!(-1)), "{codes:?}");
    assert!(sent("text", Location::Query).iter().all(Value::is_string));
}

#[test]
fn a_pattern_without_anchors_is_sent_with_something_beside_its_match() {
    let schema = json!({"type": "object", "required": ["code"], "properties": {
        "code": {"type": "string", "pattern": "[A-Z]{3}", "maxLength": 4}}});
    let (api, validators, generator) = Model::new(Method::Post, "/things")
        .parameter(
            Location::Header,
            "If-Match",
            false,
            json!({"type": "string", "pattern": r#"^"[0-9]+"$|\*"#}),
        )
        .parameter(Location::Query, "whole", false, json!({"type": "string", "pattern": "^[a-z]+$"}))
        .body(true, &[("application/json", schema)])
        .build();
    let cases = generator.robustness(&api.operations[0], &Known::default());
    let cases: Vec<&Case> = cases.iter().filter(|case| case.reason.keyword == "pattern").collect();
    let condition = cases.iter().filter_map(|case| case.parameter(Location::Header, "If-Match")?.as_str());
    assert_eq!(condition.collect::<Vec<_>>(), ["*x", "x*"]);
    let codes =
        cases.iter().filter(|case| case.reason.part == "body /code").map(|case| body(case)["code"].clone());
    assert_eq!(codes.collect::<Vec<_>>(), ["AAAx", "xAAA"]);
    assert_eq!(cases.len(), 4, "what is anchored has no room beside its match");
    let pointer = api.operations[0].body.as_ref().and_then(|body| body.contents[0].schema.clone());
    let pointer = pointer.expect("a schema");
    for case in cases {
        assert_eq!(case.mode, Mode::Robustness, "a server may match whole");
        assert!(validators.is_valid(&pointer, Direction::Request, &body(case)).expect("compiles"));
    }
}

#[test]
fn odd_texts_are_sent_where_the_schema_takes_them_and_only_if_wanted() {
    let schema = json!({"type": "object", "properties": {
        "name": {"type": "string", "maxLength": 20}, "kind": {"enum": ["a"]},
        "mail": {"type": "string", "format": "email"}, "code": {"type": "string", "pattern": "^[a-z]*$"},
        "tags": {"type": "array", "items": {"type": "string", "minLength": 4}}}});
    let model = || {
        Model::new(Method::Put, "/things/{thing}")
            .parameter(Location::Path, "thing", true, json!({"type": "string"}))
            .parameter(Location::Header, "x-note", false, json!({"type": "string"}))
            .body(true, &[("application/json", schema.clone())])
    };
    let (api, validators, plain) = model().build();
    let plain = plain.robustness(&api.operations[0], &Known::default());
    let plain = plain.iter().map(|case| (case.reason.part.as_str(), case.reason.how.as_str()));
    assert_eq!(
        plain.filter(|(part, _)| *part != "header Content-Type").collect::<Vec<_>>(),
        [
            ("body /name", "a text with a null character"),
            ("body /tags/0", "a text with a line end and control characters"),
            ("body /name", "a text with a line end and control characters"),
            ("body /tags/0", "a text with a character beyond the basic plane"),
            ("body /name", "a text with a character beyond the basic plane"),
            ("body /tags/0", "a text with a null character"),
        ]
    );
    let options = GenerateOptions {
        families: TextFamily::ALL.into_iter().collect(),
        max_robustness: 400,
        ..GenerateOptions::default()
    };
    let generator = Generator::with_options(&api, Arc::clone(&validators), options);
    let cases = generator.robustness(&api.operations[0], &Known::default());
    let count = |part: &str, keyword: &str| {
        cases.iter().filter(|case| case.reason.part == part && case.reason.keyword == keyword).count()
    };
    for family in TextFamily::ALL {
        assert!(count("body /name", family.name()) >= 4, "{family}");
        assert!(count("body /tags/0", family.name()) >= 4, "{family}");
    }
    assert!(count("header parameter x-note", "injection") >= 4);
    assert_eq!(count("header parameter x-note", "control"), 0, "a header cannot carry them");
    for part in ["body /kind", "body /mail", "body /code", "path parameter thing"] {
        assert!(cases.iter().all(|case| case.reason.part != part), "{part}");
    }
    let pointer = api.operations[0].body.as_ref().and_then(|body| body.contents[0].schema.clone());
    let pointer = pointer.expect("a schema");
    for case in cases.iter().filter(|case| case.reason.part != "header Content-Type") {
        assert!(
            validators.is_valid(&pointer, Direction::Request, &body(case)).expect("compiles"),
            "{case:?}"
        );
        case.render(&api.operations[0], "http://127.0.0.1").expect("it can be sent");
    }
}

#[test]
fn every_operation_gets_a_few_hard_texts_where_they_can_travel() {
    let text = json!({"type": "string"});
    let model = Model::new(Method::Get, "/things/{thing}")
        .parameter(Location::Path, "thing", true, text.clone())
        .parameter(Location::Query, "any", false, json!({}))
        .parameter(Location::Query, "short", false, json!({"type": "string", "maxLength": 3}))
        .parameter(Location::Query, "tags", false, json!({"type": "array", "items": text}))
        .parameter(Location::Query, "map", false, json!({"type": "object", "additionalProperties": text}))
        .parameter(Location::Header, "x-note", false, text.clone())
        .body(false, &[("image/png", json!({}))]);
    let (mut api, _, generator) = model.build();
    let contents = api.operations[0].body.take().expect("it has one").contents;
    let pointer = api.operations[0].pointer.push("responses");
    let answer = ResponseSpec { status: StatusPattern::Code(200), contents, headers: Vec::new(), pointer };
    api.operations[0].responses.push(answer);
    let operation = &api.operations[0];
    let cases = generator.robustness(operation, &Known::default());
    let urls: Vec<String> = cases
        .iter()
        .filter(|case| matches!(case.reason.keyword.as_str(), "control" | "unicode"))
        .map(|case| case.render(operation, "http://h").expect("it can be sent").url)
        .collect();
    assert_eq!(
        urls,
        [
            "http://h/things/sam%00ple",
            "http://h/things/sample?any=sam%0D%0A%01%0B%1Dple",
            "http://h/things/sample?tags=sample%20%F0%9F%99%82",
            "http://h/things/sample?sample=sam%00ple",
            "http://h/things/sample?sam%0D%0A%01%0B%1Dple=sample",
            "http://h/things/sam%0D%0A%01%0B%1Dple",
        ]
    );
    let open = cases.iter().find(|case| case.reason.keyword == "accept").expect("one that takes anything");
    let headers = open.render(operation, "http://h").expect("it can be sent").headers;
    let accepts: Vec<_> = headers.iter().filter(|(name, _)| name == "accept").collect();
    assert_eq!(accepts, [&("accept".to_owned(), "*/*".to_owned())]);
}

#[test]
fn given_values_come_first_and_only_where_they_are_valid() {
    let (api, _, generator) = booking().build();
    let operation = &api.operations[0];
    let known = given(json!({"team_id": 4711}), &[("stat*", json!(["open", 7, "shut"]))], &[]);
    assert_eq!(body(&generator.reach(operation, &known).expect("a case"))["team_id"], json!(4711));
    let mut seen = Vec::new();
    for index in 0..60 {
        let body = body(&generator.random(operation, &known, Seed(1), index).expect("a case"));
        assert_eq!(body["team_id"], json!(4711));
        seen.extend(body.get("status").cloned());
    }
    let share = |value: &Value| seen.iter().filter(|seen| *seen == value).count() * 10 / seen.len();
    assert!(share(&json!("open")) >= 2 && share(&json!("shut")) >= 1, "{seen:?}");
    assert!(!seen.contains(&json!(7)));
}

#[test]
fn a_given_body_is_what_valid_requests_begin_with() {
    let (api, _, generator) = booking().build();
    let operation = &api.operations[0];
    let own = json!({"team_id": 1, "start_date": "2020-05-05", "end_date": "2020-05-05"});
    let known = given(json!({}), &[], &[json!({"team_id": "wrong"}), own.clone()]);
    assert_eq!(body(&generator.reach(operation, &known).expect("a case")), own);
    let examples = generator.examples(operation, &known);
    assert_eq!(examples.iter().map(body).collect::<Vec<_>>(), [own]);
}

#[test]
fn lessons_make_values_that_the_document_allows_too() {
    let schema = json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "rank": {"type": "integer", "maximum": 10},
        "kind": {"type": "string"}, "code": {"type": "string"}}});
    let (api, _, generator) = Model::new(Method::Post, "/things")
        .parameter(Location::Query, "dryRun", false, json!({"type": "boolean"}))
        .body(true, &[("application/json", schema)])
        .build();
    let mut lessons = Lessons::default();
    let wish = Wish::default;
    lessons.learn("Name", Wish { min_length: Some(12), ..wish() });
    lessons.learn("rank", Wish { minimum: Some(5.0), required: true, ..wish() });
    lessons
        .learn("kind", Wish { one_of: vec!["cat".to_owned(), "dog".to_owned()], required: true, ..wish() });
    lessons.learn("code", Wish { pattern: Some("^[A-Z]{3}$".to_owned()), required: true, ..wish() });
    lessons.learn("dry_run", Wish { required: true, ..wish() });
    let known = Known { lessons: Arc::new(lessons), ..Known::default() };
    let operation = &api.operations[0];
    let case = generator.reach(operation, &known).expect("a case");
    assert_eq!(body(&case), json!({"name": "sampleaaaaaa", "rank": 5, "kind": "cat", "code": "AAA"}));
    assert_eq!(case.parameter(Location::Query, "dryRun"), Some(&json!(true)));
    let without = generator.reach(operation, &Known::default()).expect("a case");
    assert_eq!(body(&without), json!({"name": "sample"}));
    let mut far = Lessons::default();
    far.learn("rank", Wish { minimum: Some(50.0), required: true, ..wish() });
    let known = Known { lessons: Arc::new(far), ..Known::default() };
    let rank = body(&generator.reach(operation, &known).expect("a case"))["rank"].clone();
    assert!(rank.as_i64().is_some_and(|rank| rank <= 10), "the document outranks a lesson: {rank}");
}
