//! No key in anything that a run writes, however a target hands it back.

use crate::binary::{KEY, Place};
use crate::hostile::{Conduct, Hostile, json};
use crate::verbs::walk;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A key in which every encoding has something to do.
const SECRET: &str = "sw/live+0123\"4567<89>&'ab=cd%ef~gh";
/// What `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'\'').remove(b'!');

fn document(security: &str) -> String {
    // What the server echoes is of a wrong type, so that findings want to show it.
    let answer = "\"responses\": { \"200\": { \"description\": \"ok\", \
        \"headers\": { \"x-echo\": { \"schema\": { \"type\": \"integer\" } } }, \
        \"content\": { \"application/json\": { \"schema\": { \"type\": \"object\", \
        \"properties\": { \"you sent\": { \"type\": \"integer\" } } } } } } }";
    let paths: Vec<String> = ["raw", "url", "base64", "header", "crash", "away"]
        .iter()
        .map(|path| format!("\"/{path}\": {{ \"get\": {{ {answer} }} }}"))
        .collect();
    format!(
        "{{ \"openapi\": \"3.0.3\", \"info\": {{ \"title\": \"Echo\", \"version\": \"1\" }}, \
         \"components\": {{ \"securitySchemes\": {{ \"key\": {security} }} }}, \"security\": [{{ \"key\": [] }}], \
         \"paths\": {{ {} }} }}",
        paths.join(", ")
    )
}

/// Finds the key in a request as it was sent.
fn key_of(head: &str) -> String {
    let header = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        ["x-apikey", "authorization", "x-tenant"]
            .contains(&name.to_ascii_lowercase().as_str())
            .then(|| value.trim())
    });
    let query = head.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("apikey="));
    match (header, query) {
        (_, Some(encoded)) => percent_encoding::percent_decode_str(encoded).decode_utf8_lossy().into_owned(),
        (Some(value), None) => value.trim_start_matches("Bearer ").trim_start_matches("Basic ").to_owned(),
        (None, None) => "no key".to_owned(),
    }
}

/// Gives the key back in every way that servers do.
fn echo(head: &str) -> String {
    echo_of(head, &key_of(head))
}

/// Hands out a key of its own, and gives that back in every way.
fn hand_out(head: &str) -> String {
    if head.split([' ', '?']).nth(1) == Some("/raw") {
        return json(
            "200 OK",
            "",
            &serde_json::json!({ "client_secret": SECRET, "you sent": "x" }).to_string(),
        );
    }
    echo_of(head, SECRET)
}

fn echo_of(head: &str, key: &str) -> String {
    let text = |encoded: &str| json("200 OK", "", &serde_json::json!({ "you sent": encoded }).to_string());
    let path = head.split([' ', '?']).nth(1).unwrap_or_default();
    match path {
        "/raw" => text(key),
        "/url" => text(&utf8_percent_encode(key, COMPONENT).to_string().to_lowercase()),
        "/base64" => text(&BASE64URL_NOPAD.encode(key.as_bytes())),
        "/header" => json("200 OK", &format!("x-echo: {key}\r\netag: W/\"{key}\"\r\n"), "{}"),
        "/away" => {
            let target = utf8_percent_encode(key, COMPONENT);
            json("302 Found", &format!("location: http://127.0.0.1/?key={target}\r\n"), "")
        }
        _ => json(
            "500 Internal Server Error",
            "",
            &format!("failed for key {key}, {}", BASE64.encode(key.as_bytes())),
        ),
    }
}

/// Every way in which the key could stand in a text.
fn encodings() -> Vec<(&'static str, String)> {
    let bytes = SECRET.as_bytes();
    let quoted = serde_json::Value::from(SECRET).to_string();
    let percent = |set| utf8_percent_encode(SECRET, set).to_string();
    let xml = SECRET.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    vec![
        ("plain", SECRET.to_owned()),
        ("JSON", quoted.trim_matches('"').to_owned()),
        ("JSON in JSON", quoted.trim_matches('"').replace('\\', "\\\\").replace('"', "\\\"")),
        ("percent", percent(NON_ALPHANUMERIC)),
        ("percent, small", percent(NON_ALPHANUMERIC).to_lowercase()),
        ("URI component", percent(COMPONENT)),
        ("URI component, small", percent(COMPONENT).to_lowercase()),
        ("XML", xml.clone()),
        ("XML, quotes too", xml.replace('"', "&quot;").replace('\'', "&apos;")),
        ("shell", SECRET.replace('\'', "'\\''")),
        ("base64", BASE64.encode(bytes).trim_end_matches('=').to_owned()),
        ("base64 without padding", BASE64_NOPAD.encode(bytes)),
        ("base64url", BASE64URL.encode(bytes).trim_end_matches('=').to_owned()),
        ("base64url without padding", BASE64URL_NOPAD.encode(bytes)),
        ("hex", HEXLOWER.encode(bytes)),
        ("HEX", HEXUPPER.encode(bytes)),
        // The longest part that no encoding touches would give most of it away.
        ("a part", "live+0123".to_owned()),
    ]
}

#[track_caller]
fn clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let folded: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (name, encoded) in encodings() {
        assert!(!text.contains(&encoded), "{what} holds the key ({name})\n{text}");
        let encoded: String = encoded.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(!folded.contains(&encoded), "{what} holds the key over several lines ({name})\n{text}");
    }
}

#[track_caller]
fn check(place: &Place, url: &str, seen: &str) {
    check_night(place, url, seen);
    let tried = place.run(&["try", "echo.json", "GET /header", "--base-url", url]);
    clean("try", tried.transcript().as_bytes());
    assert!(tried.stdout.contains("x-echo: "), "{}", tried.stdout);
}

/// A whole night, everything that it says and everything that it leaves behind.
#[track_caller]
fn check_night(place: &Place, url: &str, seen: &str) {
    let told = place.run(&[
        "run",
        "echo.json",
        "--base-url",
        url,
        "--random-cases",
        "1",
        "--bench-requests",
        "2",
        "--verbose",
        "--report",
        "json=reports/report.json",
        "--report",
        "junit=reports/report.xml",
        "--report",
        "markdown=reports/report.md",
        "--report",
        "terminal=reports/report.txt",
    ]);
    assert_eq!(told.code, Some(1), "{}", told.transcript());
    assert!(told.stdout.contains(seen), "the echo must tempt the reports\n{}", told.stdout);
    clean("stdout", told.stdout.as_bytes());
    clean("stderr", told.stderr.as_bytes());
    let mut kinds = std::collections::BTreeSet::new();
    for path in walk(&place.path("")) {
        clean(&path.display().to_string(), &std::fs::read(&path).expect("readable"));
        kinds.extend(path.extension().map(|kind| kind.to_string_lossy().into_owned()));
    }
    for kind in ["jsonl", "json", "xml", "md", "txt", "new"] {
        assert!(kinds.contains(kind), "no file of kind `{kind}` was looked at: {kinds:?}");
    }
    for line in [&["snapshot", "list"][..], &["report", "latest", "--format", "json"]] {
        let told = place.run(line);
        clean("stdout", told.stdout.as_bytes());
        clean("stderr", told.stderr.as_bytes());
    }
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for (name, encoded) in encodings() {
        let found = std::panic::catch_unwind(|| clean("a text", format!("<<{encoded}>>").as_bytes()));
        assert!(found.is_err(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_in_a_header() {
    let server = Hostile::start(Conduct::Answers(echo)).await;
    let scheme = "{ \"type\": \"apiKey\", \"in\": \"header\", \"name\": \"x-apikey\" }";
    let place = Place::new().with("echo.json", &document(scheme)).variable(KEY, SECRET);
    check(&place, &server.url(), "[secret]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_in_the_query() {
    let server = Hostile::start(Conduct::Answers(echo)).await;
    let scheme = "{ \"type\": \"apiKey\", \"in\": \"query\", \"name\": \"apikey\" }";
    let place = Place::new().with("echo.json", &document(scheme)).variable(KEY, SECRET);
    check(&place, &server.url(), "[secret]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bearer_token() {
    let server = Hostile::start(Conduct::Answers(echo)).await;
    let scheme = "{ \"type\": \"http\", \"scheme\": \"bearer\" }";
    let place = Place::new().with("echo.json", &document(scheme)).variable(KEY, SECRET);
    check(&place, &server.url(), "[secret]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_filled_from_the_environment() {
    let server = Hostile::start(Conduct::Answers(echo)).await;
    let document = document("{ \"type\": \"http\", \"scheme\": \"bearer\" }")
        .replace("\"security\": [{ \"key\": [] }], ", "");
    let place = Place::new().with("echo.json", &document).variable("TENANT", SECRET);
    let place = place.with("specwarden.toml", "[http.headers]\nx-tenant = \"${TENANT}\"\n");
    check(&place, &server.url(), "[secret]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_the_target_hands_out() {
    let server = Hostile::start(Conduct::Answers(hand_out)).await;
    let scheme = "{ \"type\": \"http\", \"scheme\": \"bearer\" }";
    let place = Place::new().with("echo.json", &document(scheme)).variable(KEY, "main-key-5a1b7c9d");
    check_night(&place, &server.url(), "[secret]");
}
