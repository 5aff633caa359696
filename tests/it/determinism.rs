//! Equal seeds send equal cases and tell the same night, whatever the number of workers.

use crate::night::settings;
use serde_json::Value;
use specwarden::demo::{Demo, DemoOptions, FaultSet};
use specwarden::event::{Event, EventKind};
use specwarden::report::{Format, Night, Options, write};
use specwarden::session::{Stages, run};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;

/// A night as two texts: the cases in the order in which they were judged, and the JSON report.
struct Heard {
    cases: Vec<String>,
    report: String,
}

async fn heard(faults: &str, seed: u64, workers: usize) -> Heard {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = FaultSet::parse(faults).expect("known faults");
    let demo = Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts");
    let mut settings = settings(&demo, folder.path(), seed);
    settings.http.workers = workers;
    settings.bench.requests = 2;
    let mut night = Night::default();
    let mut cases = Vec::new();
    let mut listen = |event: &Event| {
        if let EventKind::CaseFinished { case, exchange, .. } = &event.kind {
            let body =
                exchange.request.body.as_ref().map(|body| String::from_utf8_lossy(body.bytes()).into_owned());
            let request = (&exchange.request.method, &exchange.request.url, body);
            cases.push(format!("{} {} {request:?}", case.operation, case.name()));
        }
    };
    let observers: Vec<&mut dyn specwarden::event::Observer> = vec![&mut night, &mut listen];
    run(&settings, Stages::ALL, &[], &CancellationToken::new(), observers).await.expect("a night");
    let mut report = Vec::new();
    write(Format::Json, &night, &mut report, &Options::default()).expect("a vector takes everything");
    let mut report: Value = serde_json::from_slice(&report).expect("JSON");
    timeless(&mut report);
    let host = demo.base_url().split('/').nth(2).expect("an authority").to_owned();
    let plain = |text: &str| text.replace(&host, "HOST");
    let heard = Heard {
        cases: cases.iter().map(|case| plain(case)).collect(),
        report: plain(&serde_json::to_string_pretty(&report).expect("JSON")),
    };
    demo.stop().await;
    heard
}

/// Takes out what the clock says: when, how long, and the id that comes from it.
fn timeless(report: &mut Value) {
    for (place, keys) in [("/run", &["id", "started"][..]), ("/outcome", &["elapsed_ms", "summary"])] {
        let entries = report.pointer_mut(place).and_then(Value::as_object_mut).expect("an object");
        for key in keys {
            entries.remove(*key).unwrap_or_else(|| panic!("{place}/{key}"));
        }
    }
    // The slowest come first; which were measured is no matter of luck.
    let rows = report["latency"].as_array().expect("a list").clone();
    let names: BTreeSet<String> =
        rows.iter().map(|row| row["operation"].as_str().expect("a name").to_owned()).collect();
    assert!(!names.is_empty());
    report["latency"] = Value::from_iter(names);
}

#[track_caller]
fn same(what: &str, one: &str, other: &str) {
    if let Some((at, (a, b))) = one.lines().zip(other.lines()).enumerate().find(|(_, (a, b))| a != b) {
        panic!("{what}, line {at}:\n{a}\n{b}");
    }
    assert_eq!(one.lines().count(), other.lines().count(), "{what}");
}

async fn check(faults: &str, seed: u64) {
    let one = heard(faults, seed, 1).await;
    assert!(one.cases.len() > 2000, "{}", one.cases.len());
    for workers in [4, 16] {
        let many = heard(faults, seed, workers).await;
        let what = |what: &str| format!("{what} of seed {seed} with {workers} workers");
        same(&what("cases"), &one.cases.join("\n"), &many.cases.join("\n"));
        same(&what("report"), &one.report, &many.report);
    }
    let other = heard(faults, seed + 1, 4).await;
    assert_ne!(one.cases, other.cases, "another seed sends other cases");
}

/// `SPECWARDEN_NIGHTS=full` asks for more of them (`just nights`).
fn seeds() -> std::ops::RangeInclusive<u64> {
    match std::env::var("SPECWARDEN_NIGHTS") {
        Ok(size) if size == "full" => 1..=20,
        _ => 1..=1,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clean_night_is_the_same_with_any_number_of_workers() {
    for seed in seeds() {
        check("none", seed).await;
    }
}

/// A fault that shows at every fifth call meets other calls with other workers, and answers carry the time of day:
/// what a faulty night says is the same, the answers that prove it are not to the byte.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faulty_night_finds_the_same_with_any_number_of_workers() {
    let identities = |heard: &Heard| -> BTreeSet<String> {
        let report: Value = serde_json::from_str(&heard.report).expect("JSON");
        let findings = report["findings"].as_array().expect("a list").iter();
        findings
            .map(|f| format!("{} {} {} {}", f["fingerprint"], f["rule"], f["operation"], f["severity"]))
            .collect()
    };
    let one = identities(&heard("all", 1, 1).await);
    assert!(one.len() > 35, "{one:?}");
    assert_eq!(one, identities(&heard("all", 1, 16).await));
}
