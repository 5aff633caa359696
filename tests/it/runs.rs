//! Stored runs, through the binary: each night removes what is old, and nothing that somebody may still want.

use crate::binary::{Place, Told};
use crate::hostile::{Conduct, Hostile, json};

const DOCUMENT: &str = r#"{
    "openapi": "3.0.3", "info": {"title": "Two", "version": "1"},
    "paths": {
        "/fine": {"get": {"responses": {"200": {"description": ""}}}},
        "/broken": {"get": {"responses": {"200": {"description": ""}}}}
    }
}"#;

/// The logs of runs that are over, as far as their end goes.
const ENDED: &str = "{\"kind\":{\"type\":\"run-finished\"}}\n";

/// `/fine` is, `/broken` answers 500.
async fn server() -> Hostile {
    Hostile::start(Conduct::Answers(|head| {
        if head.starts_with("GET /broken") {
            json("500 Internal Server Error", "", "{}")
        } else {
            json("200 OK", "", "{}")
        }
    }))
    .await
}

fn place(keep: &str) -> Place {
    Place::new().with("api.json", DOCUMENT).with("specwarden.toml", &format!("[store]\nkeep = {keep}\n"))
}

/// With runs of these days in November 2020, all of them over.
fn with_runs(place: Place, days: std::ops::RangeInclusive<u32>) -> Place {
    days.fold(place, |place, day| place.with(&log(day), ENDED))
}

fn id(day: u32) -> String {
    format!("202011{day:02}-010203-ab{day:02}")
}

fn log(day: u32) -> String {
    format!(".specwarden/runs/{}/events.jsonl", id(day))
}

/// The folders of runs, sorted.
fn stored(place: &Place) -> Vec<String> {
    let entries = std::fs::read_dir(place.path(".specwarden/runs")).expect("runs");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[track_caller]
fn ends_with(told: &Told, code: i32) {
    assert_eq!(told.code, Some(code), "{}", told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_removes_what_is_old_and_keeps_what_shows_a_known_finding() {
    let (server, place) = (server().await, with_runs(place("2"), 1..=3));
    let url = server.url();
    let night = |select: &[&str], code: i32| {
        let line = [&["test", "api.json", "--base-url", &url, "--random-cases", "1"], select].concat();
        let told = place.run(&line);
        ends_with(&told, code);
        told
    };
    let first = night(&["--include", "GET /broken"], 1);
    assert!(first.stderr.contains("removed 2 runs: the newest 2 stay"), "{}", first.transcript());
    let [old, evidence] = stored(&place).try_into().expect("two runs");
    assert_eq!(old, id(3));
    ends_with(&place.run(&["baseline", "add", "latest", "--reason", "ticket 17"]), 0);

    // Nights that see nothing of it: its run stays though others are newer, and takes no other's place.
    let fine = ["--include", "GET /fine"];
    for _ in 0..3 {
        night(&fine, 0);
    }
    let runs = stored(&place);
    assert_eq!((runs.len(), &runs[0]), (3, &evidence));
    let list = place.run(&["runs", "list"]);
    ends_with(&list, 0);
    let last = list.stdout.lines().last().expect("lines");
    assert!(
        last.starts_with(&evidence) && last.ends_with("stays: it shows what the baseline knows"),
        "{last}"
    );
    assert!(
        list.stderr.contains("3 runs, ") && list.stderr.contains("; the newest 2 stay"),
        "{}",
        list.stderr
    );

    // A newer run that shows it takes over, and without an entry nobody needs either.
    night(&["--include", "GET /broken"], 4);
    assert!(!stored(&place).contains(&evidence), "{:?}", stored(&place));
    std::fs::remove_file(place.path("specwarden-baseline.toml")).expect("it was written");
    night(&fine, 0);
    let told = night(&fine, 0);
    assert!(told.stderr.contains("removed 1 run: the newest 2 stay"), "{}", told.transcript());
    assert_eq!(stored(&place).len(), 2);
}

#[test]
fn what_is_not_over_what_was_renamed_and_what_is_named_stays() {
    let place = with_runs(place("1"), 3..=9)
        .with(&log(1), "{\"kind\":{\"type\":\"run-started\"}}\n")
        .with(".specwarden/runs/before-the-move/events.jsonl", ENDED)
        .with(".specwarden/latency.jsonl", &format!(
            "{{\"version\":1,\"night\":{{\"run\":\"{}\",\"started\":\"2020-11-04T01:02:03Z\",\"accepted\":true,\"title\":\"Two\",\"base_url\":\"http://127.0.0.1\",\"operations\":{{}}}}}}\n",
            id(4)
        ))
        .with("specwarden-baseline.toml", &format!(
            "[[known]]\nrule = \"server-error\"\nreason = \"found by run {}\"\n", id(5)
        ));
    let everything = stored(&place);
    let dry = place.run(&["runs", "prune", "--keep", "2", "--dry-run"]);
    ends_with(&dry, 0);
    let shown: Vec<&str> = dry.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(shown, [id(7), id(6), id(3)], "{}", dry.transcript());
    assert!(dry.stderr.contains("3 runs, ") && dry.stderr.contains("would go"), "{}", dry.stderr);
    assert_eq!(stored(&place), everything);

    ends_with(&place.run(&["runs", "prune"]), 0);
    assert_eq!(stored(&place), [id(1), id(4), id(5), id(9), "before-the-move".to_owned()]);
    let list = place.run(&["runs", "list"]);
    for (name, why) in [
        (id(1), "it has no end yet"),
        (id(4), "latency is compared with it"),
        (id(5), "it shows what the baseline knows"),
        ("before-the-move".to_owned(), "it does not bear a run's name"),
    ] {
        let line = list.stdout.lines().find(|line| line.starts_with(&name)).expect("a line");
        assert!(line.ends_with(&format!("stays: {why}")), "{line}");
    }
    // A baseline that cannot be read may name any of them.
    let place = with_runs(place, 10..=11).with("specwarden-baseline.toml", "[[known]]\nrule = 5\n");
    ends_with(&place.run(&["runs", "prune"]), 2);
    assert_eq!(stored(&place).len(), 7);
}

#[test]
fn all_runs_stay_if_that_is_wanted_and_a_demo_removes_none() {
    let place = with_runs(place("0"), 1..=5);
    let told = place.run(&["runs", "prune"]);
    ends_with(&told, 0);
    assert!(told.stderr.contains("`[store] keep = 0` keeps every run"), "{}", told.stderr);
    assert_eq!(stored(&place).len(), 5);
    ends_with(&place.run(&["runs", "prune", "--keep", "0"]), 2);

    // Whatever is configured here was not read.
    let place = with_runs(place, 6..=28).with("specwarden.toml", "[store]\nkeep = 1\n");
    let place = (0..10).fold(place, |place, n| {
        place.with(&format!(".specwarden/runs/20201201-010203-000{n}/events.jsonl"), ENDED)
    });
    ends_with(&place.run(&["test", "--demo=clean", "--include", "GET /nowhere"]), 4);
    assert_eq!(stored(&place).len(), 39);
}

#[test]
fn typing_mistakes_are_understood() {
    let place = place("3\nkeeep = 4");
    let told = place.run(&["runs", "list"]);
    ends_with(&told, 2);
    assert!(told.stderr.contains("did you mean `keep`?"), "{}", told.stderr);
    let told = place.run(&["runs", "prun"]);
    ends_with(&told, 2);
    assert!(told.stderr.contains("similar") && told.stderr.contains("'prune'"), "{}", told.stderr);
}
