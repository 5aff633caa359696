//! Known findings, through the binary: added, told, expired, tidied, against an instance with one planted fault.

use crate::binary::{KEY, Place, Told, golden};
use specwarden::demo::{Demo, DemoOptions, FaultSet};

const DEMO: &str = include_str!("../../specs/demo/swagger.json");
const FILE: &str = "specwarden-baseline.toml";
/// A score that is text, and a group without its count.
const FAULTS: &str = "wrong-type-in-response,missing-required-property";

async fn demo(faults: &str) -> Demo {
    let faults = FaultSet::parse(faults).expect("known faults");
    Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts")
}

/// A folder for short nights on the operations with the faults and a neighbour without one.
fn place_for(demo: &Demo, more: &str) -> Place {
    let text = format!("spec = \"swagger.json\"\nbase_url = \"{}\"\n", demo.base_url())
        + "[http]\nworkers = 1\n[test]\nrandom_cases = 2\nsafety = \"read-only\"\n"
        + "[select]\ninclude = [\"GET /projects/{project_id}/riskscore\", \"GET /projects/{project_id}/assets/groups\", \"GET /projects/{project_id}/teams\"]\n"
        + more;
    let place = Place::new().with("swagger.json", DEMO).with("specwarden.toml", &text);
    place.variable(KEY, &demo.keys().user)
}

#[track_caller]
fn ends_with(told: &Told, code: i32) {
    assert_eq!(told.code, Some(code), "{}", told.transcript());
}

/// The part of a report that the baseline has a say in.
fn last_line(told: &Told) -> String {
    let at =
        ["PASSED", "FAILED", "UNDECIDED"].iter().find_map(|word| told.stdout.rfind(&format!("\n{word}")));
    told.stdout[at.expect("a verdict")..].trim().replace("\n        ", " ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_life_of_a_known_finding() {
    let faulty = demo(FAULTS).await;
    let place = place_for(&faulty, "");
    let text = std::cell::RefCell::new(String::new());
    let step = |place: &Place, line: &[&str], code: i32| {
        let told = place.run(line);
        ends_with(&told, code);
        text.borrow_mut().push_str(&(told.transcript() + "\n"));
    };
    let first = place.run(&["test", "--format", "json"]);
    ends_with(&first, 1);
    let findings = first.json()["findings"].clone();
    let found = findings.as_array().expect("a list").len();
    assert!(found >= 2, "{findings:#}");
    let fingerprint = findings[0]["fingerprint"].as_str().expect("a text").to_owned();

    step(&place, &["baseline", "list"], 0);
    let reason = "the importer writes text";
    let line =
        ["baseline", "add", &fingerprint, "--reason", reason, "--owner", "assets", "--expires", "2099-12-31"];
    step(&place, &line, 0);
    step(&place, &["baseline", "update", "--ticket", "NUC-17"], 0);
    step(&place, &["baseline", "update"], 0);
    let file = std::fs::read_to_string(place.path(FILE)).expect("written");
    text.borrow_mut().push_str(&format!("$ cat {FILE}\n{file}\n"));

    // The same run told again, then a night of its own: both pass, and say what is known.
    let again = place.run(&["report", "latest"]);
    ends_with(&again, 0);
    assert!(last_line(&again).starts_with("PASSED  0 findings in 75 operations"), "{}", last_line(&again));
    assert!(
        again.stdout.contains(&format!("known   {reason} (owner assets, until 2099-12-31)")),
        "{}",
        again.stdout
    );
    let loud = place.run(&["report", "latest", "--no-baseline"]);
    ends_with(&loud, 1);
    assert!(!loud.stdout.contains("── Known"), "{}", loud.stdout);
    place.age();
    let second = place.run(&["test", "--format", "json"]);
    ends_with(&second, 0);
    let report = second.json();
    for finding in report["findings"].as_array().expect("a list") {
        assert!(finding["known"]["reason"].is_string() && finding["fails"] == false, "{finding:#}");
    }
    assert_eq!(report["outcome"]["counts"]["errors"], 0);
    place.age();
    let replayed = place.run(&["replay", "latest"]);
    ends_with(&replayed, 0);
    assert!(replayed.stdout.contains("2 still failing"), "{}", replayed.stdout);
    assert!(
        replayed.stdout.contains("known: the importer writes text (owner assets, until 2099"),
        "{}",
        replayed.stdout
    );
    step(&place, &["baseline", "list"], 0);

    // An entry that has expired brings its finding back.
    std::fs::write(place.path(FILE), file.replace("2099-12-31", "2020-12-31")).expect("writable");
    let late = place.run(&["report", "latest"]);
    ends_with(&late, 1);
    assert!(
        late.stdout.contains(&format!("no longer: {reason} (owner assets, expired 2020-12-31)")),
        "{}",
        late.stdout
    );
    step(&place, &["baseline", "list"], 0);
    let line = ["baseline", "add", &fingerprint, "--reason", "it takes longer", "--expires", "2099-06-30"];
    step(&place, &line, 0);
    ends_with(&place.run(&["report", "latest"]), 0);
    place.age();
    faulty.stop().await;

    // Against an instance without the fault the entries are fixed, and may go.
    let mended = demo("none").await;
    let place = place.variable(KEY, &mended.keys().user);
    let clean = place.run(&["test", "--base-url", mended.base_url()]);
    ends_with(&clean, 0);
    assert!(clean.stdout.contains("  fixed          "), "{}", clean.stdout);
    step(&place, &["baseline", "prune", "--dry-run"], 0);
    assert!(std::fs::read_to_string(place.path(FILE)).expect("kept").contains(&fingerprint));
    step(&place, &["baseline", "prune"], 0);
    let left = std::fs::read_to_string(place.path(FILE)).expect("kept");
    assert!(!left.contains("[[known]]") && left.starts_with("# Findings that people know of"), "{left}");
    step(&place, &["baseline", "prune"], 0);
    mended.stop().await;
    golden("the_life_of_a_known_finding", &text.borrow());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_exercised_is_not_called_fixed() {
    let demo = demo("none").await;
    let known = "[[known]]\nrule = \"auth-ignored\"\noperation = \"GET /users\"\nreason = \"behind the gateway\"\n\n\
        [[known]]\nfingerprint = \"0123456789ab\"\nreason = \"from a chat\"\n\n\
        [[known]]\nrule = \"server-error\"\noperation = \"GET /projects/{project_id}/*\"\nreason = \"old\"\n\n\
        [[known]]\nrule = \"server-error\"\noperation = \"GET /projects/{project_id}/teams\"\nreason = \"gone\"\n\n\
        # Vendor.\n[[known]]\nrule = \"request-*\"\noperation = \"**\"\nreason = \"vendor\"\nexpires = 2099-12-31\n";
    let place = place_for(&demo, "").with(FILE, known);
    let told = place.run(&["test"]);
    ends_with(&told, 0);
    let begin = told.stdout.find("── Known, and not found").expect("a section");
    let section = &told.stdout[begin..];
    let end = section.find("── Exercised").expect("the next section");
    let listed = place.run(&["baseline", "list"]);
    ends_with(&listed, 0);
    let pruned = place.run(&["baseline", "prune"]);
    ends_with(&pruned, 0);
    let left = std::fs::read_to_string(place.path(FILE)).expect("kept");
    assert!(
        left.contains("# Vendor.")
            && left.contains("from a chat")
            && left.contains("old")
            && !left.contains("gone"),
        "{left}"
    );
    demo.stop().await;
    let text = [section[..end].to_owned(), listed.transcript(), pruned.transcript()].join("\n");
    golden("what_was_not_exercised_is_not_called_fixed", &text);
}

#[test]
fn a_breaking_change_can_be_known() {
    let next = include_str!("../../specs/demo/swagger-next.json");
    let place = Place::new().with("old.json", DEMO).with("new.json", next);
    let line = ["diff", "old.json", "new.json", "--format", "json"];
    let first = place.run(&line);
    ends_with(&first, 1);
    let all = first.json()["findings"].as_array().expect("a list").clone();
    // Each rule with its operation, as a person would write them; and one that no change breaks.
    let mut text = String::new();
    for finding in &all {
        for place in finding["places"].as_array().expect("a list") {
            let operation =
                place["operation"].as_str().map(|o| format!("operation = {o:?}\n")).unwrap_or_default();
            text += &format!("[[known]]\nrule = {}\n{operation}reason = \"announced\"\n\n", finding["rule"]);
        }
    }
    let gone =
        "[[known]]\nrule = \"operation-removed\"\noperation = \"GET /status/never\"\nreason = \"gone\"\n";
    let sent = "[[known]]\nrule = \"server-error\"\noperation = \"GET /status\"\nreason = \"of a run\"\n";
    let place = place.with(FILE, &(text + gone + sent));
    let told = place.run(&line);
    ends_with(&told, 0);
    let report = told.json();
    assert_eq!(report["outcome"]["counts"]["errors"], 0);
    let unobserved = report["baseline"]["unobserved"].as_array().expect("a list");
    let states: Vec<_> =
        unobserved.iter().map(|u| (u["entry"]["known"]["reason"].clone(), u["state"].clone())).collect();
    assert_eq!(states, [("gone".into(), "fixed".into())]);
    let shown = place.run(&["diff", "old.json", "new.json"]);
    ends_with(&shown, 0);
    assert!(
        shown.stdout.contains("── Known findings") && !shown.stdout.contains("── Breaking"),
        "{}",
        shown.stdout
    );
    ends_with(&place.run(&["diff", "old.json", "new.json", "--no-baseline"]), 1);
}

#[test]
fn mistakes_in_a_baseline_are_told_before_the_night() {
    let place = Place::new().with("swagger.json", DEMO).with("things.json", crate::transcripts::THINGS);
    let mut text = String::new();
    let mut step = |baseline: &str, line: &[&str]| {
        std::fs::write(place.path(FILE), baseline).expect("writable");
        let told = place.run(line);
        assert_eq!((told.code, told.stdout.as_str()), (Some(2), ""), "{}", told.transcript());
        text.push_str(&told.transcript());
        text.push('\n');
    };
    let night = ["test", "things.json", "--base-url", "http://127.0.0.1:1"];
    step("[[known]]\nrule = \"server-error\"\nreson = \"typo\"\n", &night);
    step("[[known]]\nrule = \"server-eror\"\nreason = \"typo\"\n", &night);
    step("[[known]]\nrule = \"server-error\"\nreason = \"r\"\nexpires = \"soon\"\n", &night);
    step("[[known]]\nreason = \"of what?\"\n", &["baseline", "list"]);
    step("", &["test", "things.json", "--base-url", "http://127.0.0.1:1", "--baseline", "other.toml"]);
    step("", &["baseline", "add", "latest", "--reason", "r"]);
    step("", &["baseline", "add", "latest", "--reason", "r", "--expires", "tomorrow"]);
    step("", &["baseline", "add", "latest"]);
    step("", &["baseline", "prune", "--baseline", "other.toml"]);
    golden("mistakes_in_a_baseline_are_told_before_the_night", &text);
}
