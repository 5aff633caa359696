//! Every verb once, through the binary, as its help text promises.

use crate::binary::{KEY, Place, Told, golden};
use crate::hostile::{Conduct, Hostile, json};
use specwarden::demo::{Demo, DemoOptions, FaultSet};

const DEMO: &str = include_str!("../../specs/demo/swagger.json");
const NEXT: &str = include_str!("../../specs/demo/swagger-next.json");
const PETS: &str = include_str!("../../specs/samples/pets.json");
const BROKEN: &str = include_str!("../../specs/samples/broken.yaml");
const DOUBTFUL: &str = include_str!("../../specs/samples/doubtful.yaml");

async fn demo(faults: &str) -> Demo {
    let faults = FaultSet::parse(faults).expect("known faults");
    Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts")
}

/// A folder with the demo's document, its key, and settings for a short night on one project.
fn place_for(demo: &Demo) -> Place {
    let text = format!("spec = \"swagger.json\"\nbase_url = \"{}\"\n", demo.base_url())
        + "[http]\nworkers = 1\n[test]\nrandom_cases = 2\nsafety = \"full\"\n[bench]\nenabled = false\n"
        + "[select]\ninclude = [\"GET /projects/{project_id}\", \"GET /projects/{project_id}/teams\"]\n";
    let place = Place::new().with("swagger.json", DEMO).with("specwarden.toml", &text);
    place.variable(KEY, &demo.keys().user)
}

#[track_caller]
fn ends_with(told: &Told, code: i32) {
    assert_eq!(told.code, Some(code), "{}", told.transcript());
}

#[test]
fn inspect() {
    let place = Place::new().with("broken.yaml", BROKEN);
    let told = place.run(&["inspect", "broken.yaml"]);
    ends_with(&told, 0);
    golden("inspect", &told.transcript());
    let value = place.run(&["inspect", "broken.yaml", "--json"]).json();
    let keys: Vec<&str> = value["operations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|o| o["operation"].as_str())
        .collect();
    assert!(
        keys.contains(&"GET /declared") && value["issues"].as_array().expect("a list").len() > 5,
        "{value}"
    );
    let lines: Vec<&str> = told.stdout.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(lines.len(), keys.len(), "text and JSON tell the same operations");
}

#[test]
fn inspect_tells_doubtful_meanings() {
    let place = Place::new().with("doubtful.yaml", DOUBTFUL).with("pets.json", PETS);
    let told = place.run(&["inspect", "doubtful.yaml"]);
    ends_with(&told, 0);
    golden("inspect_tells_doubtful_meanings", &told.transcript());
    let value = place.run(&["inspect", "doubtful.yaml", "--json"]).json();
    let issue =
        value["issues"].as_array().expect("a list").iter().find(|issue| issue["rule"] == "default-mismatch");
    let issue = issue.expect("the default");
    assert_eq!(
        (&issue["severity"], &issue["line"], &issue["column"]),
        (&"warning".into(), &12.into(), &81.into())
    );
    assert_eq!(issue["pointer"], "/paths/~1pets/get/parameters/1/schema/default");
    assert!(issue["message"].is_string() && issue["hint"].is_string());
    assert_eq!(value["summary"]["errors"], 0);
    // Doubts never change what is tested.
    assert_eq!(value["summary"]["operations"], 2);

    ends_with(&place.run(&["inspect", "doubtful.yaml", "--strict", "--quiet"]), 1);
    ends_with(&place.run(&["inspect", "pets.json", "--strict"]), 0);
    let one = place.run(&["inspect", "doubtful.yaml", "--strict", "--rule", "format-type-mismatch"]);
    ends_with(&one, 0);
    assert!(one.stderr.ends_with("2 operations understood; 1 note\n"), "{}", one.stderr);
}

#[test]
fn inspect_folds_what_repeats() {
    let schema = |index: usize| format!("\"S{index}\": {{\"type\": \"array\"}}");
    let schemas: Vec<String> = (0..5).map(schema).collect();
    let text = format!(
        "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"t\", \"version\": \"1\"}}, \"paths\": {{}},\n\"components\": {{\"schemas\": {{\n{}\n}}}}}}",
        schemas.join(",\n")
    );
    let place = Place::new().with("lists.json", &text);
    let folded = place.run(&["inspect", "lists.json"]);
    golden("inspect_folds_what_repeats", &folded.transcript());
    let all = place.run(&["inspect", "lists.json", "--all"]);
    assert_eq!(all.stderr.matches("[array-without-items]").count(), 5, "{}", all.stderr);
}

#[test]
fn explain() {
    let place = Place::new();
    let mut text = String::new();
    for line in [&["explain", "example-mismatch"][..], &["explain", "exmple-mismatch"]] {
        text.push_str(&place.run(line).transcript());
        text.push('\n');
    }
    golden("explain", &text);
    let list = place.run(&["explain"]);
    ends_with(&list, 0);
    for id in ["server-error", "operation-removed", "duplicate-key", "unsatisfiable-schema"] {
        assert!(list.stdout.lines().any(|line| line.split(' ').next() == Some(id)), "{id}");
    }
    ends_with(&place.run(&["inspect", "x.json", "--rule", "no-such"]), 2);
}

#[test]
fn inspect_a_document_in_several_files() {
    let file = |name: &str| format!("{}/specs/samples/split-broken/{name}", env!("CARGO_MANIFEST_DIR"));
    let names = ["openapi.yaml", "paths.yaml", "schemas/thing.json"];
    let place = names.iter().fold(Place::new(), |place, name| {
        let text = std::fs::read_to_string(file(name)).expect("a sample");
        place.with(&format!("api/{name}"), &text)
    });
    let told = place.run(&["inspect", "api/openapi.yaml"]);
    ends_with(&told, 0);
    golden("inspect-split", &told.transcript());
    let value = place.run(&["inspect", "api/openapi.yaml", "--json", "--remote-refs", "off"]).json();
    let issues = value["issues"].as_array().expect("a list");
    let doubled = issues.iter().find(|issue| issue["file"] == "api/schemas/thing.json").expect("an issue");
    assert_eq!(
        (&doubled["file_pointer"], &doubled["line"], &doubled["column"]),
        (&"/properties/id".into(), &5.into(), &5.into())
    );
}

#[test]
fn diff() {
    let place = Place::new().with("old.json", DEMO).with("new.json", NEXT);
    let told = place.run(&["diff", "old.json", "new.json"]);
    ends_with(&told, 1);
    golden("diff", &told.transcript());
    let machine = place.run(&["diff", "old.json", "new.json", "--format", "json"]);
    ends_with(&machine, 1);
    let report = machine.json();
    let findings = report["findings"].as_array().expect("a list");
    for finding in findings {
        let fingerprint = finding["fingerprint"].as_str().expect("a text");
        assert!(told.stdout.contains(fingerprint), "{fingerprint} is in the JSON alone");
    }
    let shown = told.stdout.lines().filter(|line| line.trim_start().starts_with(['✗', '▲', '·'])).count();
    assert_eq!(shown, findings.len());
    let same = place.run(&["diff", "old.json", "old.json"]);
    ends_with(&same, 0);
    assert!(same.stdout.ends_with("PASSED  no breaking change\n"), "{}", same.stdout);
}

#[test]
fn generate() {
    let place = Place::new().with("pets.json", PETS);
    let lines = |seed: &str, mode: &str| {
        let told = place.run(&["generate", "pets.json", "--mode", mode, "-n", "3", "--seed", seed]);
        ends_with(&told, 0);
        told.stdout
    };
    let (first, again, other) = (lines("7", "all"), lines("7", "all"), lines("8", "positive"));
    assert_eq!(first, again);
    assert_ne!(lines("7", "positive"), other);
    let head: Vec<&str> = first.lines().take(5).collect();
    for line in first.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        assert!(case["operation"].is_string() && case["wire"].is_object(), "{line}");
    }
    golden("generate", &head.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn try_one_call() {
    let demo = demo("none").await;
    let place = place_for(&demo);
    let told = place.run(&["try", "swagger.json", "GET /projects/{project_id}", "--param", "project_id=1"]);
    ends_with(&told, 0);
    let body = "{\"name\": 5}";
    let refused = place.run(&["try", "swagger.json", "POST /projects/{project_id}/teams", "--body", body]);
    let unknown = place.run(&["try", "swagger.json", "GET /projects/{project_id}", "--param", "projectid=1"]);
    ends_with(&unknown, 2);
    demo.stop().await;
    let text = [&told, &refused, &unknown].map(Told::transcript).join("\n");
    assert!(!text.contains(&demo_key(&place)), "{text}");
    golden("try", &text);
}

fn demo_key(place: &Place) -> String {
    place.value(KEY)
}

#[test]
fn a_clean_instance_passes() {
    let place = Place::new();
    let told = place.run(&["run", "--demo=clean", "--random-cases", "2", "--bench-requests", "3", "--quiet"]);
    ends_with(&told, 0);
    let last = told.stdout.lines().rev().find(|line| line.starts_with("PASSED")).expect("a verdict");
    assert!(last.starts_with("PASSED  0 findings in 75 operations, "), "{last}");
    assert_eq!(told.stderr, "");
    assert!(
        told.stdout.contains(" new answers; decide with `specwarden snapshot review`"),
        "{}",
        told.stdout
    );
}

#[test]
fn nothing_selected_is_nothing_decided() {
    let told = Place::new().run(&["test", "--demo=clean", "--include", "GET /nowhere"]);
    ends_with(&told, 4);
    golden("nothing_selected_is_nothing_decided", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_is_told_again_and_replayed() {
    let faulty = demo("all").await;
    let place = place_for(&faulty).variable("SPECWARDEN_REVOKED", &faulty.keys().revoked);
    let text = std::fs::read_to_string(place.path("specwarden.toml")).expect("written");
    let text = text + "[[keys]]\nname = \"revoked\"\nenv = \"SPECWARDEN_REVOKED\"\nrole = \"revoked\"\n";
    let place = place.with("specwarden.toml", &text);
    let first = place.run(&["test"]);
    ends_with(&first, 1);
    golden("a_night", &first.transcript());

    let again = place.run(&["report", "latest"]);
    ends_with(&again, 1);
    assert_eq!(again.stdout, first.stdout, "a stored run tells the same night");
    let machine = place.run(&["report", "--format", "json"]);
    let fingerprint = machine.json()["findings"][0]["fingerprint"].as_str().expect("a finding").to_owned();
    for (format, name) in [("junit", "a_night_as_junit"), ("markdown", "a_night_as_markdown")] {
        let told = place.run(&["report", "latest", "--format", format]);
        ends_with(&told, 1);
        golden(name, &told.stdout);
    }

    let run = place.age();
    let replayed = place.run(&["replay", &fingerprint]);
    ends_with(&replayed, 1);
    golden("a_replay", &replayed.transcript());
    let unknown = place.run(&["replay", "000000000000"]);
    ends_with(&unknown, 2);
    place.age();

    // The same run against an instance without the faults: what was found is gone.
    let mended = demo("none").await;
    let place =
        place.variable(KEY, &mended.keys().user).variable("SPECWARDEN_REVOKED", &mended.keys().revoked);
    let fixed = place.run(&["replay", &run, "--base-url", mended.base_url()]);
    ends_with(&fixed, 0);
    golden("a_replay_after_the_repair", &format!("{}\n{}", unknown.transcript(), fixed.stdout));
    faulty.stop().await;
    mended.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_life_of_a_snapshot() {
    let demo = demo("none").await;
    let place = place_for(&demo);
    let mut text = String::new();
    let mut step = |line: &[&str], code: i32| {
        let told = place.run(line);
        ends_with(&told, code);
        text.push_str(&told.transcript());
        text.push('\n');
    };
    step(&["snapshot", "list"], 0);
    step(&["snapshot", "--seed", "1"], 0);
    step(&["snapshot", "list"], 0);
    step(&["snapshot", "reject", "get-projects-_project_id-200"], 0);
    step(&["snapshot", "accept", "--all"], 0);
    step(&["snapshot", "list"], 0);
    step(&["snapshot", "--seed", "2"], 0);
    let folder = place.path("snapshots");
    let accepted = walk(&folder).into_iter().find(|path| path.to_string_lossy().ends_with("teams-200.snap"));
    let accepted = accepted.expect("an accepted answer");
    let before = std::fs::read_to_string(&accepted).expect("text");
    assert!(before.contains("\"members\""), "{before}");
    std::fs::write(&accepted, before.replace("\"members\"", "\"people\"")).expect("writable");
    step(&["snapshot", "--seed", "3"], 1);
    step(&["snapshot", "list"], 0);
    step(&["snapshot", "reject", "--all"], 0);
    step(&["snapshot", "list"], 0);
    demo.stop().await;
    golden("the_life_of_a_snapshot", &text);
}

/// Every file below a folder, sorted.
pub(crate) fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            all.extend(walk(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shards_become_one_run() {
    let demo = demo("none").await;
    let place = place_for(&demo);
    let shards = [("GET /projects/{project_id}", "1"), ("GET /users", "2")].map(|(include, seed)| {
        let told = place.run(&["test", "--include", include, "--seed", seed]);
        ends_with(&told, 0);
        place.age()
    });
    let told = place.run(&["merge", &shards[0], &shards[1]]);
    ends_with(&told, 0);
    assert!(told.stdout.contains("; 2 of 75 operations reached a 2xx"), "{}", told.stdout);
    let merged = place.run(&["report", "latest"]);
    assert_eq!(merged.stdout, told.stdout);
    demo.stop().await;
    golden("shards_become_one_run", &told.transcript());
}

#[test]
fn init_does_not_overwrite() {
    let place = Place::new();
    let (first, second) = (place.run(&["init", "--ci", "github"]), place.run(&["init"]));
    ends_with(&first, 0);
    ends_with(&second, 2);
    golden("init_does_not_overwrite", &format!("{}\n{}", first.transcript(), second.transcript()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strictness_asks_for_all_that_was_selected() {
    let server = Hostile::start(Conduct::Answers(|head| {
        if head.starts_with("GET /open") { json("200 OK", "", "[]") } else { json("404 Not Found", "", "{}") }
    }))
    .await;
    let operation =
        "{\"get\":{\"responses\":{\"200\":{\"description\":\"\"},\"404\":{\"description\":\"\"}}}}";
    let document = format!(
        "{{\"openapi\":\"3.0.3\",\"info\":{{\"title\":\"T\",\"version\":\"1\"}},\
          \"paths\":{{\"/open\":{operation},\"/gone\":{operation}}}}}"
    );
    let place = Place::new().with("api.json", &document);
    let url = server.url();
    let run = |more: &[&str]| {
        let line = [&["test", "api.json", "--base-url", &url, "--random-cases", "1"], more].concat();
        place.run(&line)
    };
    ends_with(&run(&["--seed", "1"]), 0);
    ends_with(&run(&["--seed", "2", "--strict"]), 4);
    ends_with(&run(&["--seed", "3", "--strict", "--exclude", "GET /gone"]), 0);
    ends_with(&run(&["--seed", "4", "--strict", "--include", "GET /open"]), 0);
}
