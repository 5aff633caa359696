//! Each fault visibly breaks its operation, alone and among all others, and touches no other operation.

use std::time::Duration;
use std::time::Instant;

use serde_json::json;

use crate::demo::DemoError;
use crate::demo::FAULTS;
use crate::demo::FaultSet;
use crate::demo::contract::Contract;
use crate::demo::tests::conformance::perform_example;
use crate::demo::tests::probe::Answer;
use crate::demo::tests::probe::Probe;
use crate::demo::tests::scenarios::ADMIN;
use crate::demo::tests::scenarios::EDITOR;
use crate::demo::tests::scenarios::PARTNER;
use crate::demo::tests::scenarios::REVOKED;
use crate::demo::tests::scenarios::Step;
use crate::demo::tests::scenarios::TEXT;
use crate::demo::tests::scenarios::VIEWER;
use crate::demo::tests::scenarios::scenarios;

/// What a caller can see of a scenario: status, headers that matter, body, whether it was slow.
type Seen = (u16, String, String, Vec<u8>, bool);

#[expect(clippy::disallowed_methods, reason = "slowness is told by a clock")]
async fn play(probe: &Probe, steps: &[Step]) -> Vec<Seen> {
    let keys = probe.demo.keys().clone();
    let mut seen = Vec::new();
    let mut location = String::new();
    for (name, method, path, body) in steps {
        let key = match *name {
            ADMIN => &keys.user,
            VIEWER => &keys.viewer,
            PARTNER => &keys.partner,
            EDITOR => &keys.editor,
            REVOKED => &keys.revoked,
            other => other,
        };
        let path = if *path == "@" { location.clone() } else { (*path).to_owned() };
        let begun = Instant::now();
        let (method, condition) = method.split_once(' ').unwrap_or((method, ""));
        let answer = if *name == TEXT {
            let request = probe.request(Some(&keys.user), method, &path);
            probe.send(request.header("content-type", "text/plain").body(body.to_string())).await
        } else if let Some((name, value)) = condition.split_once(": ") {
            let request = probe.request(Some(key), method, &path).header(name, value);
            let json = request.header("content-type", "application/json");
            probe.send(if body.is_null() { json } else { json.body(body.to_string()) }).await
        } else if key.is_empty() {
            probe.send(probe.request(None, method, &path)).await
        } else {
            probe.call_with(key, method, &path, body.clone()).await
        };
        let slow = begun.elapsed() >= Duration::from_millis(800);
        location = answer.header("location").trim_start_matches("/nucleus/api").to_owned();
        let content_type = answer.header("content-type").to_owned();
        let shown = [
            "x-total-count",
            "www-authenticate",
            "allow",
            "cache-control",
            "content-encoding",
            "x-item-id",
            "etag",
        ];
        let total = shown.map(|name| answer.header(name)).join(" ");
        seen.push((answer.status, content_type, total, answer.body.to_vec(), slow));
    }
    seen
}

#[tokio::test]
async fn each_fault_breaks_its_operation() {
    let scenarios = scenarios();
    let named: Vec<_> = scenarios.iter().map(|scenario| scenario.0).collect();
    assert_eq!(named, FAULTS.iter().map(|fault| fault.name).collect::<Vec<_>>());
    for (fault, steps, without, with) in &scenarios {
        let clean = play(&Probe::start("none").await, steps).await;
        let broken = play(&Probe::start(fault).await, steps).await;
        assert_eq!(clean.last().unwrap().0, *without, "{fault} off: {clean:?}");
        assert_eq!(broken.last().unwrap().0, *with, "{fault} on: {broken:?}");
        assert_ne!(clean, broken, "{fault} cannot be seen");
    }
}

#[tokio::test]
async fn all_faults_at_once_are_each_visible() {
    let together = Probe::start("all").await;
    for (fault, steps, _, with) in &scenarios() {
        let clean = play(&Probe::start("none").await, steps).await;
        let broken = play(&together, steps).await;
        assert_eq!(broken.last().unwrap().0, *with, "{fault}: {broken:?}");
        assert_ne!(clean, broken, "{fault} cannot be seen");
    }
}

/// Faults that change an answer to an ordinary call change it in exactly the way their rule names.
#[tokio::test]
async fn broken_answers_depart_from_the_document_as_their_rule_says() {
    let probe = Probe::start("all").await;
    let departure = |rule: &str| match rule {
        "undocumented-status" => "status",
        "undocumented-content-type" => "content type",
        "response-header-mismatch" => "header",
        _ => "schema",
    };
    for fault in FAULTS.iter().filter(|fault| {
        [
            "response-schema-mismatch",
            "undocumented-status",
            "undocumented-content-type",
            "response-header-mismatch",
        ]
        .contains(&fault.rule)
    }) {
        let (_, steps, _, _) = scenarios().into_iter().find(|scenario| scenario.0 == fault.name).unwrap();
        let (_, method, path, _) = steps[0].clone();
        let answer = probe.get(path).await;
        let template = fault.operation.split_once(' ').unwrap().1;
        let departures = probe.departures(method, template, &answer);
        let wanted =
            if fault.name == "malformed-json-response" { "body is not JSON" } else { departure(fault.rule) };
        assert!(!departures.is_empty(), "{}", fault.name);
        assert!(departures.iter().all(|text| text.starts_with(wanted)), "{}: {departures:?}", fault.name);
    }
}

/// What is accepted against the document is stored in a form that still fits it.
#[tokio::test]
async fn tolerated_input_does_not_spoil_later_answers() {
    let probe = Probe::start("ignored-max-length,ignored-enum,ignored-required,ignored-pattern").await;
    for fault in ["ignored-max-length", "ignored-enum", "ignored-required", "ignored-pattern"] {
        let (_, steps, _, _) = scenarios().into_iter().find(|scenario| scenario.0 == fault).unwrap();
        let (_, method, path, body) = steps[0].clone();
        let template = path.replace("/projects/1", "/projects/{project_id}");
        probe.conforms(method, &template, &probe.call(method, path, body).await);
        probe.conforms("GET", &template, &probe.get(path).await);
    }
}

#[tokio::test]
async fn a_fault_touches_no_other_operation() {
    let contract = Contract::load(&FaultSet::none()).unwrap();
    let (reads, writes): (Vec<_>, Vec<_>) = contract
        .operations()
        .iter()
        .filter(|operation| !operation.key.ends_with("/apikey"))
        .partition(|operation| operation.method == "GET");
    let ordered: Vec<_> = reads.into_iter().chain(writes).collect();
    let clean = Probe::start("none").await;
    let mut expected: Vec<Answer> = Vec::new();
    for operation in &ordered {
        expected.push(perform_example(&clean, operation).await);
    }
    for fault in FAULTS {
        // These leave something behind, or not, that a later write is meant to see.
        if ["delete-does-nothing", "create-not-stored", "valid-key-refused"].contains(&fault.name) {
            continue;
        }
        let probe = Probe::start(fault.name).await;
        for (operation, expected) in ordered.iter().zip(&expected) {
            // The broken operation is called all the same: it moves numbers and the clock.
            let answer = perform_example(&probe, operation).await;
            if operation.key != fault.operation {
                let (seen, wanted) = ((answer.status, &answer.body), (expected.status, &expected.body));
                assert_eq!(seen, wanted, "{} {}", fault.name, operation.key);
            }
        }
    }
}

#[tokio::test]
async fn a_volatile_field_still_fits_the_document() {
    let probe = Probe::start("volatile-field").await;
    let (one, two) = (probe.get("/users/me").await, probe.get("/users/me").await);
    assert_ne!(one.json()["last_seen"], two.json()["last_seen"]);
    probe.conforms("GET", "/users/me", &one);
}

#[tokio::test]
async fn an_overlapping_page_begins_with_the_last_item_of_the_page_before() {
    let probe = Probe::start("pagination-repeats-item").await;
    let first = probe.get("/projects/1/assets?start=0&limit=5").await.json();
    let second = probe.get("/projects/1/assets?start=5&limit=5").await.json();
    assert_eq!(first[4]["asset_id"], second[0]["asset_id"]);
}

#[tokio::test]
async fn a_repeated_put_moves_what_the_first_one_stored() {
    let probe = Probe::start("put-not-idempotent").await;
    let rule = json!({"rule_name": "r", "action": "ignore", "priority": 100});
    let path = "/projects/1/processing-rules/2";
    assert_eq!(probe.call("PUT", path, rule.clone()).await.json()["priority"], 100);
    assert_eq!(probe.get(path).await.json()["priority"], 100);
    assert_eq!(probe.call("PUT", path, rule).await.json()["priority"], 99);
}

#[test]
fn fault_names_are_read_with_suggestions() {
    assert_eq!(FaultSet::parse("all").unwrap().names().count(), FAULTS.len());
    assert_eq!(FaultSet::parse("none").unwrap(), FaultSet::none());
    let two = FaultSet::parse(" bad-header ,slow-operation,").unwrap();
    assert_eq!(two.names().collect::<Vec<_>>(), ["bad-header", "slow-operation"]);
    let error = FaultSet::parse("bad-heder").unwrap_err();
    assert_eq!(error.to_string(), "unknown fault `bad-heder`; did you mean `bad-header`?");
    assert!(matches!(FaultSet::parse("zzz"), Err(DemoError::UnknownFault { suggestion: None, .. })));
}

#[test]
fn faults_name_operations_of_the_document_and_none_breaks_one_in_the_same_way() {
    let contract = Contract::load(&FaultSet::none()).unwrap();
    assert!(FAULTS.len() >= 34);
    let mut broken: Vec<_> = FAULTS.iter().map(|fault| (fault.operation, fault.rule)).collect();
    for (operation, _) in &broken {
        assert!(contract.operations().iter().any(|known| known.key == *operation), "{operation}");
    }
    broken.sort_unstable();
    broken.dedup();
    assert_eq!(broken.len(), FAULTS.len());
}
