//! Each fault visibly breaks its operation, alone and among all others, and touches no other operation.

use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use serde_json::json;

use crate::demo::DemoError;
use crate::demo::FAULTS;
use crate::demo::FaultSet;
use crate::demo::contract::Contract;
use crate::demo::tests::conformance::perform_example;
use crate::demo::tests::probe::Answer;
use crate::demo::tests::probe::Probe;

const ADMIN: &str = "admin";
const VIEWER: &str = "viewer";
const PARTNER: &str = "partner";
const REVOKED: &str = "revoked";
/// The administrator, who sends JSON under another name.
const TEXT: &str = "text";

/// One request: key (or its name), method (with a header behind it, if one is needed), path, body. `@` stands for the path in the last `Location`.
type Step = (&'static str, &'static str, &'static str, Value);

fn get(path: &'static str) -> Vec<Step> {
    vec![(ADMIN, "GET", path, Value::Null)]
}

fn send(method: &'static str, path: &'static str, body: Value) -> Vec<Step> {
    vec![(ADMIN, method, path, body)]
}

/// For each fault: what to do, the last status without the fault, and the last status with it.
fn scenarios() -> Vec<(&'static str, Vec<Step>, u16, u16)> {
    let rule = json!({"rule_name": "r", "action": "ignore", "priority": 7});
    let asset = json!({"asset_name": "a", "asset_type": "Host", "asset_notes": "n", "asset_location": "x"});
    vec![
        ("wrong-type-in-response", get("/projects/1/riskscore"), 200, 200),
        ("missing-required-property", get("/projects/1/assets/groups"), 200, 200),
        ("null-in-response", get("/service-accounts"), 200, 200),
        ("enum-value-undocumented", get("/projects/1/issues"), 200, 200),
        ("extra-property-in-response", get("/projects/1/findings/overview"), 200, 200),
        ("wrong-error-shape", get("/projects/1/scans/99"), 404, 404),
        ("malformed-json-response", get("/projects/1/findings/frameworks"), 200, 200),
        ("undocumented-status", get("/projects/1/findings/metrics"), 200, 206),
        ("undocumented-error-status", get("/projects/1/assets/1/findings?limit=1"), 200, 409),
        ("wrong-content-type", get("/mitigation-statuses"), 200, 200),
        ("bad-header", get("/projects/1/teams"), 200, 200),
        ("error-on-boundary-value", get("/projects/1/findings?limit=1000"), 200, 500),
        (
            "error-on-missing-optional-field",
            send("POST", "/projects/1/exports", json!({"name": "e"})),
            201,
            500,
        ),
        (
            "error-on-invalid-input",
            send("POST", "/projects/1/findings/search", json!({"finding_filters": 1})),
            422,
            500,
        ),
        ("error-on-unknown-id", get("/projects/1/jobs/99"), 404, 500),
        (
            "error-on-empty-string",
            send("PUT", "/projects/1/findings/bulk", json!({"finding_numbers": ["F-1001"], "comment": ""})),
            200,
            500,
        ),
        (
            "ignored-max-length",
            send("POST", "/projects/1/tags", json!({"tag_name": "t".repeat(41)})),
            422,
            201,
        ),
        (
            "ignored-enum",
            send(
                "POST",
                "/projects/1/processing-rules",
                json!({"rule_name": "r", "action": "x", "priority": 1}),
            ),
            422,
            201,
        ),
        ("ignored-required", send("POST", "/projects/1/issues", json!({"issue_type": "Bug"})), 422, 201),
        ("ignored-minimum", get("/projects/1/scans?start=-1"), 422, 200),
        (
            "ignored-pattern",
            send(
                "POST",
                "/projects/1/findings",
                json!({"finding_name": "f", "finding_severity": "Low", "finding_cve": "CVE-1"}),
            ),
            422,
            201,
        ),
        ("ignored-format", get("/projects/1/findings/trend?start_date=soon&end_date=2026-03-31"), 422, 200),
        ("ignored-query-type", get("/projects/1/tags?limit=abc"), 422, 200),
        (
            "valid-enum-value-rejected",
            send("POST", "/projects/1/assets/groups", json!({"asset_group": "g", "criticality": "Critical"})),
            201,
            422,
        ),
        ("maximum-off-by-one", get("/projects/1/exports?limit=200"), 200, 422),
        ("auth-ignored", vec![("", "GET", "/projects/1/assets/groups/metrics", Value::Null)], 401, 200),
        ("stack-trace-in-error", get("/projects/1/tags/none"), 422, 422),
        ("refusal-without-challenge", vec![("", "GET", "/projects/1/teams/1", Value::Null)], 401, 401),
        ("malformed-key-accepted", vec![("nonsense", "GET", "/users", Value::Null)], 401, 200),
        ("role-ignored", vec![(VIEWER, "PUT", "/projects/1/tags/1", json!({"tag_name": "t"}))], 403, 200),
        ("project-scope-ignored", vec![(VIEWER, "GET", "/projects/2/assets/13", Value::Null)], 403, 200),
        ("revoked-key-accepted", vec![(REVOKED, "GET", "/projects/1", Value::Null)], 401, 200),
        (
            "delete-does-nothing",
            vec![
                (ADMIN, "DELETE", "/projects/1/assets/2", Value::Null),
                get("/projects/1/assets/2").remove(0),
            ],
            404,
            200,
        ),
        (
            "create-not-stored",
            vec![(ADMIN, "POST", "/projects/1/teams", json!({"team_name": "t"})), get("@").remove(0)],
            200,
            404,
        ),
        ("put-drops-fields", send("PUT", "/projects/1/assets/3", asset.clone()), 200, 200),
        (
            "put-not-idempotent",
            vec![
                (ADMIN, "PUT", "/projects/1/processing-rules/1", rule.clone()),
                (ADMIN, "PUT", "/projects/1/processing-rules/1", rule),
            ],
            200,
            200,
        ),
        (
            "location-leads-nowhere",
            vec![
                (ADMIN, "POST", "/projects/1/findings/details/F-1001/comments", json!({"text": "t"})),
                get("@").remove(0),
            ],
            200,
            404,
        ),
        ("link-leads-nowhere", send("POST", "/projects/1/assets", asset), 201, 201),
        ("pagination-repeats-item", get("/projects/1/assets?start=5&limit=5"), 200, 200),
        (
            "patch-wipes-unsent",
            vec![
                (ADMIN, "PATCH", "/projects/1/tags/1", json!({"color": "#00aa55"})),
                get("/projects/1/tags/1").remove(0),
            ],
            200,
            200,
        ),
        (
            "put-keeps-omitted",
            vec![
                (ADMIN, "PUT", "/projects/1/tags/2", json!({"tag_name": "old"})),
                get("/projects/1/tags/2").remove(0),
            ],
            200,
            200,
        ),
        (
            "refused-patch-applied",
            vec![
                (
                    ADMIN,
                    "PATCH",
                    "/projects/1/processing-rules/2",
                    json!({"rule_name": "new", "priority": 1000}),
                ),
                get("/projects/1/processing-rules/2").remove(0),
            ],
            200,
            200,
        ),
        (
            "refused-creation-kept",
            vec![
                (
                    ADMIN,
                    "POST",
                    "/projects/1/assets",
                    json!({"asset_name": "half", "asset_type": "Host", "active": "perhaps"}),
                ),
                get("/projects/1/assets?asset_name=half").remove(0),
            ],
            200,
            200,
        ),
        (
            "deleted-still-listed",
            vec![
                (ADMIN, "DELETE", "/projects/1/tags/3", Value::Null),
                get("/projects/1/tags/3").remove(0),
                get("/projects/1/tags").remove(0),
            ],
            200,
            200,
        ),
        ("page-limit-exceeded", get("/projects/1/processing-rules?limit=1"), 200, 200),
        (
            "pagination-skips-item",
            vec![
                (ADMIN, "POST", "/projects/1/findings/details/F-1002/comments", json!({"text": "t"})),
                get("/projects/1/findings/details/F-1002/comments?start=1&limit=1").remove(0),
            ],
            200,
            200,
        ),
        ("total-of-another", get("/projects/1/findings/mitigated"), 200, 200),
        ("filter-ignored", get("/projects/1/scans?scan_type=Network"), 200, 200),
        (
            "stale-write-accepted",
            vec![(
                ADMIN,
                "PUT if-match: \"0000000000000000\"",
                "/projects/1/findings/details/F-1001/comments/1",
                json!({"text": "late"}),
            )],
            412,
            200,
        ),
        ("etag-never-changes", get("/projects/1/processing-rules/1"), 200, 200),
        (
            "not-modified-for-ever",
            vec![(
                ADMIN,
                "GET if-none-match: \"0000000000000000\"",
                "/projects/1/findings/details/F-1001/comments/1",
                Value::Null,
            )],
            200,
            304,
        ),
        ("slow-operation", get("/projects/1/issues/NUC-1"), 200, 200),
        ("intermittent-error", (0..5).flat_map(|_| get("/projects/1/exports/1")).collect(), 200, 500),
        (
            "head-without-length",
            vec![(ADMIN, "HEAD", "/projects/1/findings/overview", Value::Null)],
            405,
            200,
        ),
        ("trace-echoes", vec![("", "TRACE", "/projects/1/findings/metrics", Value::Null)], 405, 200),
        ("get-beside-post", get("/projects/1/findings/search"), 405, 200),
        ("refusal-without-allow", send("TRACE", "/projects", Value::Null), 405, 405),
        ("wrong-type-of-nothing", get("/projects/1/issues?limit=none"), 422, 415),
        ("cache-told-both-ways", get("/service-accounts"), 200, 200),
        (
            "packed-by-name-alone",
            get("/projects/1/findings/trend?start_date=2026-03-01&end_date=2026-03-31"),
            200,
            200,
        ),
        ("packed-and-cut", get("/projects/1/assets/groups/metrics"), 200, 200),
        ("latin-1-in-json", get("/scan-types"), 200, 200),
        ("charset-of-another", get("/users"), 200, 200),
        (
            "content-type-not-looked-at",
            vec![(TEXT, "POST", "/projects/1/teams", json!({"team_name": "t"}))],
            415,
            201,
        ),
        ("volatile-field", get("/users/me"), 200, 200),
        ("changed-answer", get("/scan-types"), 200, 200),
        (
            "foreign-object-read",
            vec![(PARTNER, "GET", "/projects/1/findings/details/F-1001", Value::Null)],
            403,
            200,
        ),
        (
            "foreign-objects-listed",
            vec![(PARTNER, "GET", "/projects/1/processing-rules", Value::Null)],
            403,
            200,
        ),
        (
            "foreign-object-changed",
            vec![(PARTNER, "PUT", "/projects/1/findings/details/F-1001/comments/1", json!({"text": "t"}))],
            403,
            200,
        ),
        ("foreign-object-deleted", vec![(PARTNER, "DELETE", "/projects/1/tags/2", Value::Null)], 403, 204),
        (
            "comment-of-another-finding",
            vec![
                (ADMIN, "POST", "/projects/1/findings/details/F-1002/comments", json!({"text": "t"})),
                (ADMIN, "GET", "/projects/1/findings/details/F-1001/comments/2", Value::Null),
            ],
            404,
            200,
        ),
        ("group-of-another-project", get("/projects/2/assets/groups/1"), 404, 200),
        (
            "read-only-property-set",
            send(
                "POST",
                "/projects/1/assets",
                json!({"asset_name": "a", "asset_type": "Host", "asset_last_scanned": "2001-01-01 00:00:00"}),
            ),
            422,
            201,
        ),
        (
            "read-only-property-changed",
            send(
                "PUT",
                "/projects/1/findings/details/F-1001/comments/1",
                json!({"text": "t", "created": "2001-01-01 00:00:00"}),
            ),
            422,
            200,
        ),
        ("valid-key-refused", send("POST", "/projects/1/scans", json!({})), 415, 401),
        (
            "existence-revealed",
            vec![(PARTNER, "GET", "/projects/1/processing-rules/99", Value::Null)],
            403,
            404,
        ),
    ]
}

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
        if ["delete-does-nothing", "create-not-stored"].contains(&fault.name) {
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
