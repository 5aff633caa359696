//! A night with a little of everything, for the tests of all formats.

use crate::case::{Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
use crate::event::{
    CheckCount, Counts, Coverage, Event, EventKind, Incident, IncidentKind, LatencySummary, OperationReport,
    RunInfo, RunOutcome, Sides, SnapshotState, VERSION,
};
use crate::exchange::{Body, Exchange, Method, Request, Response, Timing};
use crate::finding::{Classification, Family, Finding, Place, Rule, Severity, Site};
use crate::plan::Seed;
use crate::schema::Pointer;
use crate::spec::{Issue, IssueKind, Location, OperationKey};
use serde_json::json;
use std::collections::BTreeMap;

/// A key that the night's events carelessly hold in an answer, a header and a command.
pub(super) const LEAK: &str = "sw-live-0123456789abcdef";

pub(super) fn operation(method: Method, path: &str) -> OperationKey {
    OperationKey::new(method, path)
}

pub(super) fn rule(id: &'static str, family: Family, severity: Severity) -> Rule {
    Rule { id, title: id, severity, family, since: "0.1", reference: "", fault_code: None, default_on: true }
}

pub(super) fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).expect("a pointer")
}

pub(super) fn events(kinds: Vec<EventKind>) -> Vec<Event> {
    (0..).zip(kinds).map(|(seq, kind)| Event { seq, at_ms: seq * 10, kind }).collect()
}

pub(super) fn full() -> Vec<Event> {
    let list = operation(Method::Get, "/projects/{project_id}/assets");
    let create = operation(Method::Post, "/projects/{project_id}/assets");
    let teams = operation(Method::Get, "/teams");
    let mut kinds = vec![EventKind::RunStarted { run: run() }, EventKind::IssueFound { issue: issue() }];
    kinds.push(EventKind::StageStarted { stage: "test".to_owned(), steps: 40 });
    kinds.push(EventKind::CaseFinished {
        case: case(&list),
        exchange: exchange(500),
        candidates: Vec::new(),
    });
    kinds.extend(findings(&list, &create).into_iter().map(|finding| EventKind::FindingReported { finding }));
    for (kind, about, message) in [
        (IncidentKind::NotConfirmed, Some(&list), "status 503 did not show again"),
        (IncidentKind::NotConfirmed, Some(&list), "status 503 did not show again"),
        (IncidentKind::Leftover, Some(&create), "asset 7 could not be removed: 409"),
        (IncidentKind::Budget, None, "2,000 requests are spent"),
    ] {
        let incident = Incident { kind, operation: about.cloned(), message: message.to_owned() };
        kinds.push(EventKind::IncidentHappened { incident });
    }
    for (operation, name, state) in [
        (&list, "get-projects-assets-200", SnapshotState::Changed),
        (&create, "post-projects-assets-201", SnapshotState::New),
        (&teams, "get-teams-200", SnapshotState::Unchanged),
    ] {
        kinds.push(EventKind::SnapshotTaken { operation: operation.clone(), name: name.to_owned(), state });
    }
    let slow = LatencySummary {
        count: 200,
        errors: 0,
        min_us: 900,
        p50_us: 8_400,
        p90_us: 21_000,
        p99_us: 1_204_000,
        max_us: 1_300_000,
    };
    let before = LatencySummary { p50_us: 4_000, ..slow };
    let fast = LatencySummary { p99_us: 5_000, max_us: 6_100, errors: 2, ..slow };
    kinds.push(EventKind::LatencyMeasured { operation: teams.clone(), latency: fast, accepted: None });
    kinds.push(EventKind::LatencyMeasured { operation: list.clone(), latency: slow, accepted: Some(before) });
    kinds.extend(
        accounts(&list, &create, &teams).into_iter().map(|report| EventKind::OperationFinished { report }),
    );
    kinds.push(EventKind::RunFinished { outcome: outcome() });
    events(kinds)
}

fn run() -> RunInfo {
    RunInfo {
        id: "20261123-010203-ab12".to_owned(),
        version: VERSION,
        tool_version: "0.1.0".to_owned(),
        started: "2026-11-23T01:02:03Z".to_owned(),
        document: "http://127.0.0.1:4010/swagger.json".to_owned(),
        title: "Asset API".to_owned(),
        api_version: "2.1".to_owned(),
        base_url: "http://127.0.0.1:4010/api".to_owned(),
        seed: Seed(1),
        safety: "own-resources".to_owned(),
        keys: vec!["main".to_owned(), "viewer".to_owned()],
        operations: 3,
        arguments: vec!["run".to_owned(), "--seed".to_owned(), "1".to_owned()],
    }
}

pub(super) fn outcome() -> RunOutcome {
    let counts = Counts { operations: 3, reached: 2, cases: 2000, requests: 2345, created: 4, removed: 3 };
    RunOutcome { counts, interrupted: false, stopped: None, elapsed_ms: 12_345 }
}

fn issue() -> Issue {
    Issue {
        rule: "malformed-parameter".to_owned(),
        kind: IssueKind::OperationSkipped,
        pointer: pointer("/paths/~1broken/get"),
        message: "the parameter has no name".to_owned(),
        hint: Some("give it a `name`".to_owned()),
        file: None,
        file_pointer: None,
        line: Some(12),
        column: Some(9),
    }
}

pub(super) fn case(operation: &OperationKey) -> Case {
    Case {
        operation: operation.clone(),
        mode: Mode::Positive,
        phase: Phase::Boundary,
        index: 12,
        reason: Reason {
            pointer: pointer("/paths/~1projects~1{project_id}~1assets/get/parameters/1"),
            keyword: "maximum".to_owned(),
            how: "largest allowed".to_owned(),
            part: "query parameter limit".to_owned(),
        },
        parameters: vec![ParameterValue {
            name: "limit".to_owned(),
            location: Location::Query,
            payload: Payload::Json(json!(1000)),
        }],
        body: None,
        credential: Credential::Main,
    }
}

pub(super) fn exchange(status: u16) -> Exchange {
    Exchange {
        request: Request {
            method: Method::Get,
            url: "http://127.0.0.1:4010/api/projects/1/assets?limit=1000".to_owned(),
            headers: vec![("x-apikey".to_owned(), LEAK.to_owned())],
            body: None,
        },
        outcome: Ok(Response {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Body(format!("{{\"error\":\"key {LEAK} \u{1b}[31mcrashed\"}}").into_bytes()),
            truncated: false,
            packed: None,
        }),
        timing: Timing { head_us: 900, total_us: 1000 },
        attempts: 1,
    }
}

fn findings(list: &OperationKey, create: &OperationKey) -> Vec<Finding> {
    let crash = Finding {
        classification: Classification::Persistent,
        case: Some(case(list)),
        evidence: vec![exchange(500)],
        reproduce: format!(
            "curl -i -g -X GET 'http://127.0.0.1:4010/api/projects/1/assets?limit=1000&order=name&from={}' \
             -H \"x-apikey: $SPECWARDEN_API_KEY\" -H 'x-note: {LEAK}'",
            "2026-11-23T00%3A00%3A00Z".repeat(4)
        ),
        ..Finding::new(
            &rule("server-error", Family::Response, Severity::Error),
            Some(list),
            &Site::new(&["500"]),
            "500 for a valid request",
        )
    }
    .detail(format!("the answer says:\n  {{\"error\":\"key {LEAK} \u{1b}[31mcrashed ]]> \u{0}\"}}"))
    .place(Place {
        document: Some(pointer("/paths/~1projects~1{project_id}~1assets/get/responses")),
        ..Place::default()
    });
    let flaky = Finding {
        classification: Classification::Intermittent { shown: 2, sent: 5 },
        ..Finding::new(
            &rule("response-schema-mismatch", Family::Response, Severity::Error),
            Some(create),
            &Site::new(&["201", "/id"]),
            "`/id` is a string | not an integer",
        )
    }
    .place(Place {
        document: Some(pointer("/definitions/Asset/properties/id/type")),
        instance: Some(pointer("/id")),
        label: String::new(),
    });
    let gateway = Finding {
        classification: Classification::Environment,
        ..Finding::new(
            &rule("server-error", Family::Response, Severity::Error),
            Some(create),
            &Site::new(&["502"]),
            "502 for a valid request",
        )
    };
    let snapshot = Finding::new(
        &rule("snapshot-changed", Family::Snapshot, Severity::Error),
        Some(list),
        &Site::new(&["get-projects-assets-200"]),
        "the answer changed against the accepted one",
    )
    .detail("-  \"total\": 3\n+  \"total\": \"3\"");
    let breaking = Finding::new(
        &rule("operation-removed", Family::Breaking, Severity::Error),
        Some(&operation(Method::Delete, "/teams/{id}")),
        &Site::new(&[]),
        "the operation is gone",
    );
    let mild = Finding {
        classification: Classification::Persistent,
        ..Finding::new(
            &rule("undocumented-status", Family::Response, Severity::Warning),
            Some(list),
            &Site::new(&["206"]),
            "206 is not documented",
        )
    };
    vec![mild, crash, flaky, gateway, snapshot, breaking]
}

fn covered(statuses: &[(&str, u64)], constraints: &[(&str, bool, bool)]) -> Coverage {
    let json = |(status, seen): &(&str, u64)| (format!("{status} application/json"), *seen);
    let sides = |(at, obeyed, broken): &(&str, bool, bool)| {
        ((*at).to_owned(), Sides { obeyed: *obeyed, broken: *broken })
    };
    Coverage {
        statuses: statuses.iter().map(|(status, seen)| ((*status).to_owned(), *seen)).collect(),
        media_types: statuses.iter().take(1).map(json).collect(),
        constraints: constraints.iter().map(sides).collect(),
    }
}

fn accounts(list: &OperationKey, create: &OperationKey, teams: &OperationKey) -> Vec<OperationReport> {
    let fired = |exercised, findings| CheckCount { exercised, findings, why_not: None };
    let idle = |why: &str| CheckCount { exercised: 0, findings: 0, why_not: Some(why.to_owned()) };
    let no_pages = "no operation is paged";
    vec![
        OperationReport {
            operation: teams.clone(),
            cases: BTreeMap::new(),
            statuses: BTreeMap::new(),
            checks: BTreeMap::from([("server-error".to_owned(), idle("excluded by configuration"))]),
            coverage: covered(&[("200", 0)], &[]),
            not_exercised: Some("excluded by configuration".to_owned()),
        },
        OperationReport {
            operation: list.clone(),
            cases: BTreeMap::from([(Phase::Reach, 1), (Phase::Boundary, 1200), (Phase::Negative, 90)]),
            statuses: BTreeMap::from([(0, 1), (200, 1180), (422, 90), (500, 20)]),
            checks: BTreeMap::from([
                ("server-error".to_owned(), fired(1290, 1)),
                ("undocumented-status".to_owned(), fired(1290, 1)),
                ("pagination-repeats-item".to_owned(), idle(no_pages)),
            ]),
            coverage: covered(
                &[("200", 1180), ("404", 0), ("422", 90)],
                &[("/parameters/limit/maximum", true, true), ("/parameters/limit/type", true, false)],
            ),
            not_exercised: None,
        },
        OperationReport {
            operation: create.clone(),
            cases: BTreeMap::from([(Phase::Reach, 1), (Phase::Boundary, 300)]),
            statuses: BTreeMap::from([(201, 301)]),
            checks: BTreeMap::from([
                ("response-schema-mismatch".to_owned(), fired(301, 1)),
                ("location-broken".to_owned(), fired(301, 0)),
            ]),
            coverage: covered(&[("201", 301)], &[("/definitions/Asset/required", true, true)]),
            not_exercised: None,
        },
    ]
}
