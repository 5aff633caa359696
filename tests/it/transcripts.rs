//! What people read, through the binary: documents that cannot be read, targets that do not answer, typing mistakes.

use crate::binary::{KEY, Place, finish, golden};
use crate::hostile::{Conduct, Hostile, nobody};
use specwarden::demo::{Demo, DemoOptions, FaultSet};

/// The demo's own document.
const DEMO: &str = include_str!("../../specs/demo/swagger.json");

/// One harmless operation without a key.
pub(crate) const THINGS: &str = r#"{
  "openapi": "3.0.3",
  "info": { "title": "Things", "version": "1" },
  "paths": {
    "/things": {
      "get": {
        "operationId": "listThings",
        "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 9 } }],
        "responses": {
          "200": {
            "description": "things",
            "content": { "application/json": { "schema": { "type": "array", "items": { "type": "integer" } } } }
          }
        }
      }
    }
  }
}
"#;

/// A night against a server that does not behave, short and in a fixed order.
fn night(place: &Place, verb: &str, base_url: &str, more: &[&str]) -> crate::binary::Told {
    let mut arguments =
        vec![verb, "things.json", "--base-url", base_url, "--workers", "1", "--random-cases", "1"];
    arguments.extend(more);
    place.run(&arguments)
}

fn things() -> Place {
    Place::new().with("things.json", THINGS)
}

#[test]
fn documents_that_cannot_be_read() {
    let place = Place::new()
        .with("swagger.json", DEMO)
        .with("page.html", "<!doctype html><html><body>API</body></html>")
        .with("empty.json", "")
        .with("broken.yaml", "openapi: 3.0.3\ninfo:\n  title: x\n bad: [1\n")
        .with("broken.json", "{\"openapi\": \"3.0.3\",}")
        .with("package.json", "{\"name\": \"x\", \"version\": \"1\"}")
        .with("old.json", "{\"swaggerVersion\": \"1.2\", \"apis\": []}");
    let mut text = String::new();
    for name in
        ["swager.json", "page.html", "empty.json", "broken.yaml", "broken.json", "package.json", "old.json"]
    {
        let told = place.run(&["inspect", name]);
        assert_eq!((told.code, told.stdout.as_str()), (Some(2), ""), "{name}");
        text.push_str(&told.transcript());
        text.push('\n');
    }
    golden("documents_that_cannot_be_read", &text);
}

#[test]
fn typing_mistakes() {
    let place = Place::new().with("things.json", THINGS);
    let mut text = String::new();
    for line in [
        &["run", "--bas-url", "http://127.0.0.1:1"][..],
        &["inspct", "things.json"],
        &["run", "--safety", "readonly"],
        &["run", "--report", "html=x"],
        &["test", "things.json", "--disable", "server-eror"],
        &["test", "things.json", "--header", "x-apikey: sw-live-1234567890"],
        &["try", "things.json", "listThing", "--base-url", "http://127.0.0.1:1"],
        &["try", "things.json", "listThings", "--param", "limt=1", "--base-url", "http://127.0.0.1:1"],
        &["generate", "things.json", "--operation", "GET /thing"],
        &["snapshot", "accept"],
        &["snapshot", "accept", "get-thing-200"],
        &["report", "20261123-010203-ab12"],
        &["merge", "one", "two"],
        &["run"],
        &["run", "things.json"],
        &["demo", "--faults", "nonsense"],
        &["demo", "--faults", "slow-operaton"],
    ] {
        let told = place.run(line);
        assert_eq!((told.code, told.stdout.as_str()), (Some(2), ""), "{line:?}\n{}", told.transcript());
        assert!(!told.stderr.contains("sw-live"), "{}", told.stderr);
        text.push_str(&told.transcript());
        text.push('\n');
    }
    let place = place.with("specwarden.toml", "spec = \"things.json\"\n\n[http]\nworker = 3\n");
    text.push_str(&place.run(&["run"]).transcript());
    golden("typing_mistakes", &text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_do_not_open() {
    let demo = Demo::start(DemoOptions { port: 0, faults: FaultSet::none() }).await.expect("the demo starts");
    let wrong = "sw-live-wrong-0123456789";
    let place = Place::new().with("swagger.json", DEMO);
    let arguments = ["test", "swagger.json", "--base-url", demo.base_url()];
    let none = place.run(&arguments);
    let place = Place::new().with("swagger.json", DEMO).variable(KEY, wrong);
    let refused = place.run(&arguments);
    assert_eq!((none.code, refused.code), (Some(3), Some(3)));
    let text = format!("{}\n{}", none.transcript(), refused.transcript());
    assert!(!text.contains(wrong), "{text}");
    demo.stop().await;
    golden("keys_that_do_not_open", &text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_not_there() {
    let told = night(&things(), "test", &nobody().await, &[]);
    assert_eq!(told.code, Some(3));
    golden("a_host_that_is_not_there", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_an_end() {
    let server = Hostile::start(Conduct::Endless).await;
    let place = things().with("specwarden.toml", "[http]\nmax_body_bytes = 65536\n");
    let told = night(&place, "test", &server.url(), &[]);
    golden("a_body_without_an_end", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_closed_without_an_answer() {
    let server = Hostile::start(Conduct::Closes).await;
    let told = night(&things(), "test", &server.url(), &[]);
    golden("a_connection_that_is_closed_without_an_answer", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_in_place_of_http() {
    let server = Hostile::start(Conduct::Garbage).await;
    let told = night(&things(), "test", &server.url(), &[]);
    golden("garbage_in_place_of_http", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_elsewhere_is_not_followed() {
    let elsewhere = Hostile::start(Conduct::HangsAfter(usize::MAX)).await;
    let server = Hostile::start(Conduct::Redirects(format!("{}/things", elsewhere.url()))).await;
    let place = things().variable(KEY, "sw-live-0123456789");
    let told = night(&place, "test", &server.url(), &["--auth-header", "x-apikey"]);
    assert_eq!(elsewhere.requests(), 0, "{}", told.transcript());
    assert!(server.requests() > 0);
    golden("a_redirect_elsewhere_is_not_followed", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_drips_for_ever() {
    let server = Hostile::start(Conduct::Drips).await;
    let told = night(&things(), "test", &server.url(), &["--timeout", "200", "--max-cases", "4"]);
    golden("an_answer_that_drips_for_ever", &told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_night_tells_what_it_learned() {
    // The proof of the key and the first requests are answered; the suite meets a wall.
    let server = Hostile::start(Conduct::HangsAfter(6)).await;
    let place = things();
    let arguments =
        ["test", "things.json", "--base-url", &server.url(), "--workers", "1", "--random-cases", "1"];
    let child = place.start(&arguments);
    server.hung().await;
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-INT", &id]).status().expect("a kill");
    assert!(sent.success());
    let told = finish(child, &arguments);
    let again = place.run(&["report", "latest"]);
    assert_eq!((told.code, again.code), (Some(130), Some(130)), "{}", told.transcript());
    assert_eq!(told.stdout, again.stdout, "the stored run tells the same");
    golden("an_interrupted_night_tells_what_it_learned", &told.transcript());
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_cannot_be_written() {
    let server = Hostile::start(Conduct::HangsAfter(usize::MAX)).await;
    let place = things().with("file", "not a folder");
    let full = night(&place, "test", &server.url(), &["--report", "json=/dev/full", "--quiet"]);
    let before = server.requests();
    let folder = night(&place, "test", &server.url(), &["--seed", "2", "--report", "json=file/report.json"]);
    assert_eq!(server.requests(), before, "a night whose report has no place is not begun");
    assert_eq!((full.code, folder.code), (Some(3), Some(3)));
    assert!(full.stderr.contains("No space left"), "{}", full.stderr);
    golden("a_report_that_cannot_be_written", &format!("{}\n{}", full.stderr, folder.transcript()));
}
