//! Tests of shrinking: smaller, of the same class, the same every time, and at an end.

use crate::case::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
use crate::exchange::{Body, Method};
use crate::schema::{Dialect, Direction, Document, Pointer, Validators};
use crate::shrink::Shrinker;
use crate::shrink::measure::Measure;
use crate::spec::{Content, Location, Operation, OperationKey, Parameter, PathTemplate, RequestBody, Style};
use indexmap::IndexMap;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn validators() -> Validators {
    Validators::new(&Document::new(
        json!({"definitions": {
            "limit": {"type": "integer", "minimum": 3, "maximum": 1000},
            "name": {"type": "string", "maxLength": 20},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "id": {"type": "integer"},
            "Pet": {
                "type": "object", "required": ["name"], "additionalProperties": false,
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "born": {"type": "string", "format": "date"},
                    "owner_id": {"type": "integer"},
                    "weight": {"type": "number"},
                    "tags": {"type": "array", "items": {"type": "string", "maxLength": 5}},
                    "parent": {"$ref": "#/definitions/Pet"},
                },
            },
        }}),
        Dialect::Draft4,
    ))
}

fn schema(name: &str) -> Pointer {
    Pointer::root().push("definitions").push(name)
}

fn operation(method: Method) -> Operation {
    let parameter = |name: &str, location, required| Parameter {
        name: name.to_owned(),
        location,
        required,
        style: if location == Location::Query { Style::Form } else { Style::Simple },
        explode: location == Location::Query,
        allow_reserved: false,
        allow_empty: false,
        schema: Some(schema(name)),
        content_type: None,
        examples: vec![],
        pointer: Pointer::root().push(name),
    };
    let content = Content {
        media_type: "application/json".to_owned(),
        schema: Some(schema("Pet")),
        examples: vec![],
        encoding: IndexMap::new(),
        sequence: None,
        annotated: None,
        pointer: Pointer::root(),
    };
    Operation {
        key: OperationKey::new(method, "/pets/{id}"),
        id: None,
        method,
        path: PathTemplate::parse("/pets/{id}"),
        summary: None,
        tags: vec![],
        deprecated: false,
        parameters: vec![
            parameter("id", Location::Path, true),
            parameter("limit", Location::Query, false),
            parameter("name", Location::Query, true),
            parameter("tags", Location::Query, false),
        ],
        body: Some(RequestBody { required: true, contents: vec![content], pointer: Pointer::root() }),
        responses: vec![],
        security: vec![],
        servers: vec![],
        doubles: Arc::default(),
        pointer: Pointer::root(),
    }
}

fn case(mode: Mode, part: &str, parameters: &[(Location, &str, Value)], body: Value) -> Case {
    Case {
        operation: OperationKey::new(Method::Get, "/pets/{id}"),
        mode,
        phase: Phase::Random,
        index: 0,
        reason: Reason {
            pointer: Pointer::root(),
            keyword: String::new(),
            how: String::new(),
            part: part.to_owned(),
        },
        parameters: parameters
            .iter()
            .map(|(location, name, value)| ParameterValue {
                name: (*name).to_owned(),
                location: *location,
                payload: Payload::Json(value.clone()),
            })
            .collect(),
        body: Some(BodyValue { media_type: "application/json".to_owned(), payload: Payload::Json(body) }),
        credential: Credential::Main,
    }
}

/// A case of valid values everywhere.
fn full(body: Value) -> Case {
    case(
        Mode::Positive,
        "",
        &[
            (Location::Path, "id", json!(1234)),
            (Location::Query, "limit", json!(800)),
            (Location::Query, "name", json!("Grüße aus X")),
            (Location::Query, "tags", json!(["one", "two", "three"])),
        ],
        body,
    )
}

fn body(case: &Case) -> &Value {
    match &case.body.as_ref().expect("has a body").payload {
        Payload::Json(value) => value,
        Payload::Raw(_) => panic!("raw"),
    }
}

fn shrink(case: Case, method: Method, fails: impl Fn(&Case) -> bool) -> (Case, Vec<Case>) {
    let (operation, validators) = (operation(method), validators());
    let mut shrinker = Shrinker::new(case, &operation, &validators, 10_000);
    let mut proposals = Vec::new();
    while let Some(smaller) = shrinker.next() {
        let still = fails(&smaller);
        proposals.push(smaller);
        shrinker.answer(still);
    }
    assert!(proposals.len() < 10_000, "ends by itself");
    (shrinker.best().clone(), proposals)
}

fn pet() -> Value {
    json!({
        "name": "Mimi", "born": "2019-11-05", "weight": 4.75, "owner_id": 77, "tags": ["ab", "cd", "ex", "fg"],
        "parent": {"name": "Old Mimi", "tags": ["q", "w"], "parent": {"name": "Oldest", "weight": -17}},
    })
}

#[test]
fn an_unconditional_failure_is_smallest_after_one_proposal() {
    let (best, proposals) = shrink(full(pet()), Method::Get, |_| true);
    assert_eq!(proposals.len(), 1);
    assert_eq!(best.parameter(Location::Path, "id"), Some(&json!(0)));
    assert_eq!(best.parameter(Location::Query, "name"), Some(&json!("a")));
    assert_eq!(best.parameters.len(), 2);
    assert_eq!(body(&best), &json!({"name": "a"}));
}

#[test]
fn what_matters_is_kept_and_all_else_goes() {
    let (best, proposals) = shrink(full(pet()), Method::Get, |case| {
        body(case)["tags"].as_array().is_some_and(|t| t.contains(&json!("ex")))
    });
    assert_eq!(body(&best), &json!({"name": "a", "tags": ["ex"]}));
    assert_eq!(best.parameters.len(), 2);
    assert!(proposals.len() < 60, "{} proposals", proposals.len());
    let (best, _) = shrink(full(pet()), Method::Get, |case| !body(case)["parent"]["parent"].is_null());
    assert_eq!(body(&best), &json!({"name": "a", "parent": {"name": "a", "parent": {"name": "a"}}}));
}

#[test]
fn numbers_end_at_the_threshold() {
    let above = |limit: i64| {
        move |case: &Case| {
            case.parameter(Location::Query, "limit").and_then(Value::as_i64).is_some_and(|n| n > limit)
        }
    };
    let (best, proposals) = shrink(full(pet()), Method::Get, above(57));
    assert_eq!(best.parameter(Location::Query, "limit"), Some(&json!(58)));
    assert!(proposals.len() < 60, "{} proposals", proposals.len());
    // The schema's own minimum holds where the failure does not care.
    let (best, _) = shrink(full(pet()), Method::Get, above(0));
    assert_eq!(best.parameter(Location::Query, "limit"), Some(&json!(3)));
    let (best, _) = shrink(full(pet()), Method::Get, |case| body(case)["born"].is_string());
    assert_eq!(body(&best), &json!({"name": "a", "born": "2000-01-01"}));
}

#[test]
fn a_changing_request_keeps_what_it_addresses() {
    let (best, _) = shrink(full(pet()), Method::Delete, |_| true);
    assert_eq!(best, full(pet()));
    let (best, _) = shrink(full(pet()), Method::Put, |_| true);
    assert_eq!(best.parameters, full(pet()).parameters);
    assert_eq!(body(&best), &json!({"name": "a", "owner_id": 77}));
}

#[test]
fn a_negative_case_keeps_the_rule_it_breaks() {
    let parameters = [(Location::Path, "id", json!(1)), (Location::Query, "name", json!("n"))];
    let broken = |part, body| case(Mode::Negative, part, &parameters, body);
    let too_long = json!({"name": "Mimi", "weight": 3, "tags": ["ok", "much too long"]});
    let (best, _) = shrink(broken("body /tags/1", too_long), Method::Get, |_| true);
    assert_eq!(body(&best), &json!({"name": "a", "tags": ["aaaaaa"]}));
    let missing = json!({"born": "2019-11-05", "parent": {"name": "x"}});
    let (best, _) = shrink(broken("body", missing), Method::Get, |_| true);
    assert_eq!(body(&best), &json!({}));
    let mistyped = case(
        Mode::Negative,
        "query parameter limit",
        &[parameters[0].clone(), parameters[1].clone(), (Location::Query, "limit", json!("seven"))],
        json!({"name": "x"}),
    );
    let (best, proposals) = shrink(mistyped, Method::Get, |_| true);
    assert_eq!(best.parameter(Location::Query, "limit"), Some(&json!("a")));
    let limits: Vec<_> = proposals.iter().filter_map(|p| p.parameter(Location::Query, "limit")).collect();
    assert!(!limits.contains(&&json!("0")), "valid on the wire: {limits:?}");
}

#[test]
fn what_only_the_generator_understands_is_left_alone() {
    let mut raw = full(pet());
    raw.mode = Mode::Negative;
    raw.reason.part = "body".to_owned();
    raw.body = Some(BodyValue {
        media_type: "application/json".to_owned(),
        payload: Payload::Raw(Body(b"{\"name\": ".to_vec())),
    });
    let (best, _) = shrink(raw.clone(), Method::Get, |_| true);
    assert_eq!((best.body, best.parameters.len()), (raw.body, 2));
    let mut unseen = full(pet());
    unseen.mode = Mode::Negative;
    assert_eq!(shrink(unseen.clone(), Method::Get, |_| true).0, unseen);
    unseen.reason.part = "query parameter tags".to_owned();
    let (best, _) = shrink(unseen.clone(), Method::Get, |_| true);
    assert_eq!(best.parameter(Location::Query, "tags"), unseen.parameter(Location::Query, "tags"));
    assert_eq!(body(&best), &json!({"name": "a"}));
}

#[test]
fn a_giant_body_does_not_stall() {
    let tags: Vec<Value> = (0..5_000).map(|n| json!(format!("t{n}"))).collect();
    let (best, proposals) = shrink(full(json!({"name": "x", "tags": tags})), Method::Get, |case| {
        body(case)["tags"].as_array().is_some_and(|tags| tags.contains(&json!("t777")))
    });
    assert!(body(&best)["tags"].as_array().is_some_and(|tags| tags.len() < 100), "{}", body(&best));
    assert!(proposals.len() < 400, "{} proposals", proposals.len());
}

#[test]
fn a_shrinker_may_wait_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let (operation, validators) = (operation(Method::Get), validators());
    is_send(&Shrinker::new(full(pet()), &operation, &validators, 1));
}

#[test]
fn the_budget_is_kept() {
    let (operation, validators) = (operation(Method::Get), validators());
    let mut shrinker = Shrinker::new(full(pet()), &operation, &validators, 3);
    for _ in 0..3 {
        assert!(shrinker.next().is_some());
        shrinker.answer(false);
    }
    assert_eq!(shrinker.next(), None);
    assert_eq!(shrinker.best(), &full(pet()));
}

fn pets() -> impl Strategy<Value = Value> {
    let leaf = ("[a-zA-Zé0-9 ]{1,6}", proptest::option::of(-1e3..1e3f64), proptest::option::of(any::<i32>()));
    let pet = (leaf, proptest::option::of(proptest::collection::vec("[a-z]{0,5}", 0..4)), any::<bool>())
        .prop_map(|((name, weight, owner), tags, born)| {
            let mut pet = json!({ "name": name });
            let members = pet.as_object_mut().expect("an object");
            members.extend(weight.map(|w| ("weight".to_owned(), json!(w))));
            members.extend(owner.map(|o| ("owner_id".to_owned(), json!(o))));
            members.extend(tags.map(|t| ("tags".to_owned(), json!(t))));
            members.extend(born.then(|| ("born".to_owned(), json!("2021-03-04"))));
            pet
        });
    (pet.clone(), proptest::option::of(pet)).prop_map(|(mut pet, parent)| {
        if let Some(parent) = parent {
            pet["parent"] = parent;
        }
        pet
    })
}

/// Breaks one rule of a pet, or of its parent.
fn broken(mut pet: Value, rule: usize, inside: bool) -> Value {
    let place = if inside && pet.get("parent").is_some() { &mut pet["parent"] } else { &mut pet };
    match rule {
        0 => place["name"] = json!(""),
        1 => place["name"] = json!(12),
        2 => place["born"] = json!("2021-02-30"),
        3 => place["weight"] = json!("heavy"),
        4 => place["tags"] = json!(["fine", "by far too long", "ok"]),
        5 => place["colour"] = json!({"red": [1, 2, 3]}),
        6 => _ = place.as_object_mut().expect("an object").shift_remove("name"),
        _ => place["tags"] = json!([1, "x"]),
    }
    pet
}

/// What a body breaks: the keyword's place and name, and how often.
fn faults(validators: &Validators, value: &Value) -> Vec<(Pointer, String)> {
    let errors = validators.validate(&schema("Pet"), Direction::Request, value).expect("compiles");
    let mut faults: Vec<_> = errors.into_iter().map(|error| (error.schema, error.keyword)).collect();
    faults.sort();
    faults
}

/// An arbitrary but fixed opinion about a case.
fn opinion(case: &Case, salt: u64) -> bool {
    let text = serde_json::to_string(case).expect("serialises");
    let hash = text.bytes().fold(salt, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash >> 32).is_multiple_of(3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_proposal_is_smaller_and_of_the_class(pet in pets(), salt: u64, too_long: bool, put: bool) {
        let validators = validators();
        let method = if put { Method::Put } else { Method::Get };
        let mut start = full(pet.clone());
        if too_long {
            start = full(pet);
            start.mode = Mode::Negative;
            start.parameters[2].payload = Payload::Json(json!("a name of more than twenty"));
        }
        let operation = operation(method);
        let mut shrinker = Shrinker::new(start.clone(), &operation, &validators, 10_000);
        let mut again = Shrinker::new(start, &operation, &validators, 10_000);
        while let Some(smaller) = shrinker.next() {
            let same = again.next();
            prop_assert_eq!(Some(&smaller), same.as_ref());
            prop_assert!(Measure::of(&smaller) < Measure::of(shrinker.best()));
            prop_assert!(smaller.render(&operation, "http://127.0.0.1").is_ok());
            let valid = |name: &str, value: &Value| validators.is_valid(&schema(name), Direction::Request, value).expect("compiles");
            prop_assert!(valid("Pet", body(&smaller)));
            for parameter in &smaller.parameters {
                let value = smaller.parameter(parameter.location, &parameter.name).expect("a value");
                prop_assert_eq!(valid(&parameter.name, value), !(too_long && parameter.name == "name"));
            }
            prop_assert!(smaller.parameter(Location::Query, "name").is_some());
            let still = opinion(&smaller, salt);
            shrinker.answer(still);
            again.answer(still);
        }
        prop_assert_eq!(again.next(), None);
    }

    #[test]
    fn the_only_broken_rule_stays_the_only_one_within_the_budget(
        pet in pets(), salt: u64, rule in 0..8_usize, inside: bool, budget in 0..60_u32
    ) {
        let (operation, validators) = (operation(Method::Get), validators());
        let start = Case { mode: Mode::Negative, ..full(broken(pet, rule, inside)) };
        let wrong = faults(&validators, body(&start));
        prop_assert!(!wrong.is_empty());
        let mut shrinker = Shrinker::new(start, &operation, &validators, budget);
        let mut sent = 0;
        while let Some(smaller) = shrinker.next() {
            sent += 1;
            prop_assert_eq!(faults(&validators, body(&smaller)), wrong.clone());
            for parameter in &smaller.parameters {
                let value = smaller.parameter(parameter.location, &parameter.name).expect("a value");
                prop_assert_eq!(validators.is_valid(&schema(&parameter.name), Direction::Request, value), Ok(true));
            }
            shrinker.answer(opinion(&smaller, salt));
        }
        prop_assert!(sent <= budget);
        prop_assert_eq!(faults(&validators, body(shrinker.best())), wrong);
    }
}
