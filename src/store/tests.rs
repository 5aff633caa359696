//! The event log, written and read again.

#![expect(clippy::disallowed_methods, reason = "what `store` wrote is looked at")]

use super::*;
use crate::bench::Summary;
use crate::case::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
use crate::event::{
    CheckCount, Counts, Coverage, Event, EventKind, Incident, IncidentKind, Observer, OperationReport,
    RunInfo, RunOutcome, SnapshotState, VERSION,
};
use crate::exchange::{
    Body, Exchange, Method, Request, Response, Timing, TransportError, TransportErrorKind,
};
use crate::finding::{Classification, Family, Finding, Fingerprint, Place, Rule, Severity, Site};
use crate::plan::Seed;
use crate::schema::Pointer;
use crate::secret::{Masker, Secret};
use crate::spec::{Issue, IssueKind, Location, OperationKey};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

const FIXTURE: &str = include_str!("fixtures/events-v1.jsonl");

const RULE: Rule = Rule {
    id: "server-error",
    title: "The server failed",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "",
    fault_code: Some(100),
    default_on: true,
};

fn operation() -> OperationKey {
    OperationKey::new(Method::Post, "/pets/{id}")
}

fn case() -> Case {
    Case {
        operation: operation(),
        mode: Mode::Negative,
        phase: Phase::Boundary,
        index: 3,
        reason: Reason {
            pointer: Pointer::parse("/paths/~1pets").unwrap(),
            keyword: "maxLength".to_owned(),
            how: "one character too long".to_owned(),
            part: "body /name".to_owned(),
        },
        parameters: vec![ParameterValue {
            name: "id".to_owned(),
            location: Location::Path,
            payload: Payload::Json(json!(1.5)),
        }],
        body: Some(BodyValue {
            media_type: "application/json".to_owned(),
            payload: Payload::Raw(Body(b"{broken".to_vec())),
        }),
        credential: Credential::Named("reader".to_owned()),
    }
}

fn exchange(outcome: Result<Response, TransportError>) -> Exchange {
    Exchange {
        request: Request {
            method: Method::Post,
            url: "http://127.0.0.1:8080/pets/1.5".to_owned(),
            headers: vec![("x-apikey".to_owned(), "$SPECWARDEN_API_KEY".to_owned())],
            body: Some(Body(b"{broken".to_vec())),
        },
        outcome,
        timing: Timing { head_us: 1200, total_us: 1500 },
        attempts: 1,
    }
}

fn answer(body: &[u8]) -> Exchange {
    let headers = vec![("content-type".to_owned(), "text/plain".to_owned())];
    exchange(Ok(Response { status: 500, headers, body: Body(body.to_vec()), truncated: false, packed: None }))
}

fn run_info(version: u32) -> RunInfo {
    RunInfo {
        id: "20261123-080102-00ff".to_owned(),
        version,
        tool_version: "0.1.0".to_owned(),
        started: "2026-11-23T08:01:02Z".to_owned(),
        document: "pets.yaml".to_owned(),
        title: "Pets".to_owned(),
        api_version: "1".to_owned(),
        base_url: "http://127.0.0.1:8080".to_owned(),
        seed: Seed(u64::MAX),
        safety: "own-resources".to_owned(),
        keys: vec!["main".to_owned()],
        operations: 2,
        arguments: vec!["run".to_owned(), "pets.yaml".to_owned()],
    }
}

/// A short run in which everything happens that can.
fn every_kind() -> Vec<Event> {
    let summary = Summary { count: 60, errors: 1, min_us: 1, p50_us: 2, p90_us: 3, p99_us: 4, max_us: 5 };
    let refused = TransportError { kind: TransportErrorKind::Closed, message: "reset".to_owned() };
    let mut finding = Finding::new(&RULE, Some(&operation()), &Site::new(&["500"]), "answered 500")
        .detail("a stack trace\nin two lines")
        .place(Place { document: Some(Pointer::root()), instance: None, label: String::new() });
    finding.classification = Classification::Intermittent { shown: 2, sent: 3 };
    finding.case = Some(case());
    finding.evidence = vec![answer(b"\xff\x00")];
    finding.reproduce = "curl …".to_owned();
    let kinds = vec![
        EventKind::RunStarted { run: run_info(VERSION) },
        EventKind::IssueFound {
            issue: Issue {
                rule: String::new(),
                kind: IssueKind::PartSkipped,
                pointer: Pointer::root(),
                message: "no such reference".to_owned(),
                hint: None,
                file: None,
                file_pointer: None,
                line: Some(3),
                column: None,
            },
        },
        EventKind::StageStarted { stage: "test".to_owned(), steps: 2 },
        EventKind::CaseFinished {
            case: case(),
            exchange: answer("grüße".as_bytes()),
            candidates: vec![Fingerprint::of(&["a"])],
        },
        EventKind::CaseFinished { case: case(), exchange: exchange(Err(refused)), candidates: Vec::new() },
        EventKind::FindingReported { finding },
        EventKind::IncidentHappened {
            incident: Incident {
                kind: IncidentKind::Leftover,
                operation: None,
                message: "`/pets/7` is still there".to_owned(),
            },
        },
        EventKind::SnapshotTaken {
            operation: operation(),
            name: "post-pets-_id-500".to_owned(),
            state: SnapshotState::Changed,
        },
        EventKind::LatencyMeasured { operation: operation(), latency: summary, accepted: Some(summary) },
        EventKind::OperationFinished {
            report: OperationReport {
                operation: operation(),
                cases: [(Phase::Boundary, 2)].into(),
                statuses: [(0, 1), (500, 1)].into(),
                checks: [(
                    "server-error".to_owned(),
                    CheckCount { exercised: 1, findings: 1, why_not: None },
                )]
                .into(),
                coverage: Coverage::default(),
                not_exercised: None,
            },
        },
        EventKind::RunFinished {
            outcome: RunOutcome {
                stopped: None,
                counts: Counts { operations: 2, reached: 1, cases: 2, requests: 9, created: 1, removed: 0 },
                interrupted: true,
                elapsed_ms: 4_200,
            },
        },
    ];
    let numbered = kinds.into_iter().zip(0..);
    numbered.map(|(kind, seq)| Event { seq, at_ms: seq * 10, kind }).collect()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn log(&self) -> PathBuf {
        self.0.path().join(EVENTS)
    }

    fn write(&self, text: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.log(), text).unwrap();
        self.log()
    }
}

fn keeping(keys: &[&str]) -> Masker {
    let mut masker = Masker::default();
    for key in keys {
        masker.learn(&Secret::new((*key).to_owned()));
    }
    masker
}

fn read_all(path: &Path) -> Vec<Event> {
    read_events(path).unwrap().map(Result::unwrap).collect()
}

#[test]
fn what_is_logged_is_read_again() {
    let folder = Folder::new();
    let events = every_kind();
    let mut log = RunLog::create(&folder.log(), Masker::default()).unwrap();
    for (count, event) in events.iter().enumerate() {
        log.observe(event);
        // Each event is on disk before the next one happens.
        assert_eq!(read_all(&folder.log()).len(), count + 1);
    }
    log.finish().unwrap();
    assert!(log.error().is_none() && log.lost() == 0);
    assert_eq!(read_all(&folder.log()), events);
}

#[test]
fn the_first_stored_format_still_reads_and_is_still_written() {
    let folder = Folder::new();
    assert_eq!(read_all(&folder.write(FIXTURE)), every_kind());
    let mut again = RunLog::create(&folder.0.path().join("again.jsonl"), Masker::default()).unwrap();
    for event in &every_kind() {
        again.observe(event);
    }
    assert_eq!(fs::read_to_string(folder.0.path().join("again.jsonl")).unwrap(), FIXTURE);
}

#[test]
fn a_run_that_died_in_the_middle_of_a_line_is_readable() {
    let folder = Folder::new();
    let path = folder.write(&FIXTURE[..FIXTURE.len() - 30]);
    let mut events = read_events(&path).unwrap();
    let read: Vec<Event> = events.by_ref().map(Result::unwrap).collect();
    assert_eq!(read, every_kind()[..10]);
    assert!(events.was_cut());
    // Cut exactly before the line end: nothing is missing.
    let path = folder.write(FIXTURE.trim_end());
    let mut events = read_events(&path).unwrap();
    assert_eq!(events.by_ref().count(), 11);
    assert!(!events.was_cut());
    // Even in the very first line, and in the middle of a letter.
    for end in [1, FIXTURE.find('ü').unwrap() + 1] {
        let mut events = read_events(&folder.write(&FIXTURE.as_bytes()[..end])).unwrap();
        assert!(events.by_ref().all(|event| event.is_ok()));
        assert!(events.was_cut());
    }
    assert_eq!(read_all(&folder.write("")), []);
}

#[test]
fn a_damaged_line_is_told_and_reading_goes_on() {
    let folder = Folder::new();
    let path = folder.write(FIXTURE.replacen("\"stage-started\"", "\"stage-sta", 1));
    let read: Vec<_> = read_events(&path).unwrap().collect();
    assert_eq!(read.len(), 11);
    let error = read[2].as_ref().unwrap_err();
    assert_eq!(error.to_string(), format!("read `{}`, line 3", path.display()));
    assert!(error.hint().is_some());
    assert_eq!(read.iter().filter(|event| event.is_err()).count(), 1);
}

#[test]
fn a_newer_format_is_told_even_if_its_events_are_strange() {
    let folder = Folder::new();
    let newer = "{\"seq\":0,\"kind\":{\"type\":\"run-began\",\"run\":{\"version\":2}}}\n{\"strange\":true}\n";
    let read: Vec<_> = read_events(&folder.write(newer)).unwrap().collect();
    assert_eq!(read.len(), 1);
    let error = read[0].as_ref().unwrap_err();
    assert!(error.to_string().ends_with("its format is version 2, this program reads up to 1"), "{error}");
    assert_eq!(error.hint().as_deref(), Some("use the version of specwarden that wrote it, or a newer one"));
    assert!(matches!(read_events(&folder.0.path().join("none")), Err(StoreError::Io { .. })));
}

#[test]
fn a_log_is_never_mixed_with_an_older_one() {
    let folder = Folder::new();
    let path = folder.write(FIXTURE);
    assert!(matches!(RunLog::create(&path, Masker::default()), Err(StoreError::RunExists { .. })));
    assert_eq!(fs::read_to_string(path).unwrap(), FIXTURE);
}

#[test]
fn secrets_do_not_get_in_whatever_they_look_like() {
    let folder = Folder::new();
    let masker = keeping(&["quo\"ted-key", "1234567", "raw-key-in-bytes"]);
    let mut log = RunLog::create(&folder.log(), masker.clone()).unwrap();
    let with = |body: &[u8], at_ms| Event {
        seq: 0,
        at_ms,
        kind: EventKind::CaseFinished { case: case(), exchange: answer(body), candidates: Vec::new() },
    };
    log.observe(&with(br#"you sent quo"ted-key and 1234567"#, 0));
    log.observe(&with(b"\xff\xfe raw-key-in-bytes \x00", 0));
    log.observe(&with(b"a number that is a key", 1_234_567));
    log.finish().unwrap();
    let body = |event: &Event| match &event.kind {
        EventKind::CaseFinished { exchange, .. } => {
            exchange.response().unwrap().body.text().unwrap().to_owned()
        }
        _ => panic!("only cases were logged"),
    };
    let read = read_all(&folder.log());
    assert_eq!(body(&read[0]), "you sent [secret] and [secret]");
    assert_eq!(body(&read[1]), "[bytes with a secret in them]");
    // A figure that happens to look like a key stays a number: the log must remain readable.
    assert_eq!(read[2].at_ms, 1_234_567);
    let text = fs::read_to_string(folder.log()).unwrap();
    assert!(!text.contains("ted-key") && !text.contains("raw-key-in-bytes"));
}

#[test]
fn a_value_nested_too_deep_does_not_make_the_log_unreadable() {
    let folder = Folder::new();
    let deep = (0..300).fold(json!(1), |inner, _| json!([inner]));
    let mut case = case();
    case.parameters[0].payload = Payload::Json(deep);
    let exchange = answer(b"\"[[[[[\\\"[[[[[\"");
    let kind = EventKind::CaseFinished { case, exchange: exchange.clone(), candidates: Vec::new() };
    let mut log = RunLog::create(&folder.log(), Masker::default()).unwrap();
    log.observe(&Event { seq: 0, at_ms: 0, kind });
    let read = read_all(&folder.log());
    let EventKind::CaseFinished { case, exchange: kept, .. } = &read[0].kind else { panic!("not a case") };
    assert_eq!(*kept, exchange);
    assert!(serde_json::to_string(case).unwrap().contains("[[\"[nested too deep to be logged]\"]]"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_remembered_and_does_not_stop_the_run() {
    let mut log = RunLog::create(Path::new("/dev/full"), Masker::default()).unwrap();
    for event in &every_kind() {
        log.observe(event);
    }
    let error = log.error().unwrap();
    assert_eq!(error.to_string(), "write `/dev/full`");
    assert_eq!(error.hint().as_deref(), Some("free some space and run again"));
    assert_eq!(log.lost(), 0);
    assert!(log.finish().is_err());
}
