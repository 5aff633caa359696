//! What must have been tested, through the binary: gates on operations, statuses, constraints and checks.

use crate::binary::{Place, Told, golden};
use crate::hostile::{Conduct, Hostile, json};

/// Two operations, of which the server knows one; a status that never comes; a constraint that is tested both ways.
const DOCUMENT: &str = r#"{
  "openapi": "3.0.3",
  "info": { "title": "T", "version": "1" },
  "paths": {
    "/open": {
      "get": {
        "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 9 } }],
        "responses": {
          "200": {
            "description": "",
            "content": { "application/json": { "schema": { "type": "array" } }, "text/csv": {} }
          },
          "400": { "description": "" },
          "418": { "description": "" }
        }
      }
    },
    "/gone": { "get": { "responses": { "200": { "description": "" }, "404": { "description": "" } } } }
  }
}"#;

#[track_caller]
fn ends_with(told: &Told, code: i32) {
    assert_eq!(told.code, Some(code), "{}", told.transcript());
}

/// The verdict and its sentence, in one line.
fn verdict(told: &Told) -> String {
    let at = ["PASSED", "FAILED", "UNDECIDED"].iter().find_map(|word| told.stdout.rfind(word));
    let at = at.unwrap_or_else(|| panic!("no verdict in\n{}", told.transcript()));
    told.stdout[at..].split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gate_says_what_must_have_been_tested() {
    let server = Hostile::start(Conduct::Answers(|head| {
        let target = head.split(' ').nth(1).unwrap_or_default();
        let limit = target.split_once("limit=").map(|(_, limit)| limit.parse::<u32>());
        match (target.starts_with("/open"), limit) {
            (false, _) => json("404 Not Found", "", "{}"),
            (true, None | Some(Ok(1..=9))) => json("200 OK", "", "[]"),
            (true, Some(_)) => json("400 Bad Request", "", "{}"),
        }
    }))
    .await;
    let place = Place::new().with("api.json", DOCUMENT);
    let url = server.url();
    let mut text = String::new();
    let mut seed = 0;
    let mut run = |code: i32, more: &[&str]| {
        seed += 1;
        let number = seed.to_string();
        let line =
            [&["test", "api.json", "--base-url", &url, "--random-cases", "1", "--seed", &number], more]
                .concat();
        let told = place.run(&line);
        ends_with(&told, code);
        text.push_str(&format!(
            "$ specwarden test … {}\n[exit {code}]\n{}\n\n",
            more.join(" "),
            verdict(&told)
        ));
        told
    };
    let told = run(0, &[]);
    let sentence = "tested: 1 of 2 operations, 3 of 5 documented statuses, 1 of 2 media types, 3 of 3 constraints both ways";
    assert!(told.stdout.contains(sentence), "{}", told.stdout);
    run(0, &["--gate-operations", "50", "--gate-statuses", "60", "--gate-constraints", "100"]);
    run(4, &["--gate-operations", "51"]);
    run(4, &["--gate-statuses", "61", "--gate-checks", "server-error,auth-ignored"]);
    run(0, &["--gate-operations", "100", "--exclude", "GET /gone"]);
    run(0, &["--gate-checks", "server-error"]);
    let report =
        run(4, &["--gate-operations", "51", "--format", "markdown", "--report", "json=r.json"]).stdout;
    assert!(report.contains(&format!("\nT{}.\n", &sentence[1..])), "{report}");
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(place.path("r.json")).expect("written")).expect("JSON");
    assert_eq!(report["coverage"]["statuses"], serde_json::json!({ "seen": 3, "all": 5 }));
    assert_eq!(
        report["coverage"]["unmet"],
        serde_json::json!(["1 of 2 operations reached a 2xx: 50 %, 51 % are asked for"])
    );
    assert_eq!(report["operations"][1]["documented_statuses"]["418"], 0);
    // A stored run is held against the gate of the day on which it is told; only what tests owes anything.
    let place = place.with("specwarden.toml", "[gate]\nconstraints = 100\noperations = 90\n");
    ends_with(&place.run(&["report", "latest"]), 4);
    let asked = ["snapshot", "api.json", "--base-url", &url, "--seed", "99"];
    ends_with(&place.run(&asked), 0);
    for (line, says) in [
        (["test", "--gate-operations", "101"], "`gate.operations`: 101 is too large"),
        (
            ["test", "--gate-checks", "auth-ignore"],
            "`gate.checks` names the rule `auth-ignore`, which does not exist",
        ),
    ] {
        let told = place.run(&line);
        ends_with(&told, 2);
        assert!(told.stderr.contains(says), "{}", told.stderr);
    }
    golden("the_gate_says_what_must_have_been_tested", &text);
}
