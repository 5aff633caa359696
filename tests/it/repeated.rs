//! Twenty nights in a row on a server that does not change: each says the same, to the byte but for times.
//!
//! To the byte on a server in the same state and with one request at a time. Ids that go on counting are other values,
//! which meet other limits; and with several requests at once a list holds what the others had
//! made by then. The verdicts are the same all the same.

use crate::night::settings;
use serde_json::Value;
use specwarden::config::Settings;
use specwarden::demo::{Demo, DemoOptions, FaultSet};
use specwarden::report::{Format, Night, Options, write};
use specwarden::session::{Stages, run};
use std::collections::BTreeSet;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// How many nights.
const NIGHTS: usize = 20;

/// Faults of every family but those that show by the clock or by the number of the call.
const FAULTS: &str = "wrong-type-in-response,undocumented-status,bad-header,error-on-boundary-value,ignored-enum,\
    valid-enum-value-rejected,auth-ignored,create-not-stored,put-drops-fields,link-leads-nowhere,role-ignored";

/// How much of a night is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// A few cases of each operation.
    Short,
    /// What a night is by default.
    Full,
}

impl Size {
    /// `SPECWARDEN_NIGHTS=full` asks for whole nights (`just nights`).
    fn asked() -> Self {
        match std::env::var("SPECWARDEN_NIGHTS") {
            Ok(size) if size == "full" => Self::Full,
            _ => Self::Short,
        }
    }
}

async fn instance(faults: &str) -> Demo {
    let faults = FaultSet::parse(faults).expect("known faults");
    Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts")
}

fn prepared(demo: &Demo, root: &Path, size: Size, workers: usize) -> Settings {
    let mut settings = settings(demo, root, 1);
    settings.http.workers = workers;
    settings.bench.requests = 2;
    settings.test.max_response = None;
    if size == Size::Short {
        settings.test.random_cases = 1;
        settings.test.max_cases = 24;
    }
    settings
}

/// One night: its JSON report without what the clock and the port say, and the identities of its findings.
async fn night(demo: &Demo, root: &Path, size: Size, workers: usize) -> (String, BTreeSet<String>) {
    let mut night = Night::default();
    let settings = prepared(demo, root, size, workers);
    run(&settings, Stages::ALL, &[], &CancellationToken::new(), vec![&mut night]).await.expect("a night");
    let mut report = Vec::new();
    write(Format::Json, &night, &mut report, &Options::default()).expect("a vector takes everything");
    let mut report: Value = serde_json::from_slice(&report).expect("JSON");
    let verdicts = report["findings"].as_array().expect("a list").iter();
    let verdicts = verdicts
        .map(|f| {
            format!("{} {} {} {}", f["fingerprint"], f["rule"], f["operation"], f["classification"]["kind"])
        })
        .collect();
    timeless(&mut report);
    let host = demo.base_url().split('/').nth(2).expect("an authority");
    let text = serde_json::to_string_pretty(&report).expect("JSON").replace(host, "HOST");
    (undated(&text), verdicts)
}

/// The text with `TIME` for each moment in it, in the forms of RFC 3339 and of HTTP.
fn undated(text: &str) -> String {
    const SHAPES: [&str; 2] = ["0000-00-00T00:00:00", "00 Aaa 0000 00:00:00 GMT"];
    let fits = |rest: &[u8], shape: &str| {
        let alike = |byte: u8, shape: u8| match shape {
            b'0' => byte.is_ascii_digit(),
            b'a' => byte.is_ascii_lowercase(),
            b'A' => byte.is_ascii_uppercase(),
            other => byte == other,
        };
        // The last letters of the second shape stand for themselves.
        let fixed = shape.len() - if shape.ends_with("GMT") { 3 } else { 0 };
        rest.len() >= shape.len()
            && rest.iter().zip(shape.bytes()).take(fixed).all(|(byte, shape)| alike(*byte, shape))
            && rest[fixed..shape.len()] == shape.as_bytes()[fixed..]
    };
    let (mut out, mut at) = (Vec::new(), 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        let Some(shape) = SHAPES.iter().find(|shape| fits(&bytes[at..], shape)) else {
            out.push(*byte);
            at += 1;
            continue;
        };
        out.extend(b"TIME");
        at += shape.len();
        // Fractions of a second.
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
            at += 1;
        }
    }
    String::from_utf8(out).expect("whole characters were taken")
}

/// Takes out how long everything took, when it was, and the id that comes from it.
fn timeless(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for key in ["id", "started", "summary", "elapsed_ms", "timing", "latency"] {
                let timed = match key {
                    "id" | "started" => members.contains_key("tool_version"),
                    "summary" => members.contains_key("elapsed_ms"),
                    _ => true,
                };
                if timed {
                    members.remove(key);
                }
            }
            members.values_mut().for_each(timeless);
        }
        Value::Array(items) => items.iter_mut().for_each(timeless),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[track_caller]
fn same(night: usize, first: &str, other: &str) {
    if let Some((at, (a, b))) = first.lines().zip(other.lines()).enumerate().find(|(_, (a, b))| a != b) {
        panic!("night {night}, line {at}:\n{a}\n{b}");
    }
    assert_eq!(first.len(), other.len(), "night {night}");
}

/// One instance and one folder: history and pending snapshots of the nights before are there, and ids go on counting.
async fn on_one_instance(size: Size) {
    let (demo, folder) = (instance("none").await, tempfile::tempdir().expect("a folder"));
    for number in 1..=NIGHTS {
        let (_, verdicts) = night(&demo, folder.path(), size, 4).await;
        assert_eq!(verdicts, BTreeSet::new(), "night {number}");
    }
    demo.stop().await;
}

/// An instance that was set up anew each evening, as staging often is: what proves a defect is the same, too.
async fn on_equal_instances(faults: &str, least: usize, size: Size) {
    let workers = 1;
    let mut first: Option<(String, BTreeSet<String>)> = None;
    for number in 1..=NIGHTS {
        let (demo, folder) = (instance(faults).await, tempfile::tempdir().expect("a folder"));
        let (report, verdicts) = night(&demo, folder.path(), size, workers).await;
        demo.stop().await;
        let Some((known, expected)) = &first else {
            assert!(verdicts.len() >= least && (least > 0 || verdicts.is_empty()), "{verdicts:#?}");
            first = Some((report, verdicts));
            continue;
        };
        assert_eq!(verdicts, *expected, "night {number}");
        same(number, known, &report);
    }
}

/// One instance with defects: its ids go on counting, the verdicts stay.
async fn of_one_faulty_instance(size: Size) {
    let workers = 4;
    let (demo, folder) = (instance(FAULTS).await, tempfile::tempdir().expect("a folder"));
    let (_, expected) = night(&demo, folder.path(), size, workers).await;
    for number in 2..=NIGHTS {
        let (_, verdicts) = night(&demo, folder.path(), size, workers).await;
        assert_eq!(verdicts, expected, "night {number}");
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_nights_on_a_clean_server_say_the_same() {
    on_equal_instances("none", 0, Size::asked()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_nights_on_one_clean_server_find_nothing() {
    on_one_instance(Size::asked()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_nights_on_a_faulty_server_say_the_same() {
    on_equal_instances(FAULTS, 8, Size::asked()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_nights_on_one_faulty_server_have_the_same_verdicts() {
    of_one_faulty_instance(Size::asked()).await;
}
