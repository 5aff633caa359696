//! The printed command sends the very same request, with the real `curl` in a real shell.

use specwarden::exchange::{Body, Exchange, Method, Request, curl};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

/// What a server saw of one request.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Answers everything with 204 and remembers the last request.
async fn recorder() -> (String, Arc<Mutex<Option<Seen>>>) {
    let seen: Arc<Mutex<Option<Seen>>> = Arc::default();
    let kept = Arc::clone(&seen);
    let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
        let kept = Arc::clone(&kept);
        async move {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default().to_vec();
            let text = |v: &axum::http::HeaderValue| String::from_utf8_lossy(v.as_bytes()).into_owned();
            let mut headers: Vec<(String, String)> =
                parts.headers.iter().map(|(n, v)| (n.to_string(), text(v))).collect();
            // Whether an answer travels packed is not recorded: the reader of a printed command wants text.
            let silent = ["host", "user-agent", "accept", "accept-encoding"];
            headers.retain(|(name, _)| !silent.contains(&name.as_str()));
            headers.sort();
            let line = format!("{} {}", parts.method, parts.uri);
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { line, headers, body });
            axum::http::StatusCode::NO_CONTENT
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_command_sends_the_very_same_request() {
    if Command::new("curl").arg("--version").output().is_err() {
        // The shape of the line has its own tests in `exchange`.
        return;
    }
    let (url, seen) = recorder().await;
    let client =
        specwarden::client::Client::new(specwarden::client::ClientOptions::new(&url)).expect("a client");
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("application/json", br#"{"a":"it's \"quoted\" \\ and $HOME `id` !x !!"}"#.to_vec()),
        ("text/plain", b"two\nlines\r\nand a tab\t.\n\n".to_vec()),
        ("text/plain; charset=utf-8", "grüße, 日本, \u{1f980}, \u{feff}".as_bytes().to_vec()),
        ("application/octet-stream", vec![0, 1, 2, b'a', 0, 0xff, 0xfe]),
        ("text/plain", b"a\0b".to_vec()),
        ("text/plain", b"@/etc/hostname".to_vec()),
        ("text/plain", b"@".to_vec()),
        ("text/plain", b"-d --data".to_vec()),
        ("text/plain", b"%41+&=;|<>()*?[]{}~#".to_vec()),
        ("application/x-www-form-urlencoded", b"a=1&b=%20+'".to_vec()),
        ("multipart/form-data; boundary=x'y", b"--x'y\r\n\r\n\0\r\n--x'y--\r\n".to_vec()),
        ("application/json", vec![b' '; 70_000]),
        ("application/json", Vec::new()),
    ];
    let mut requests: Vec<Request> = Vec::new();
    for (media_type, body) in bodies {
        for method in [Method::Post, Method::Put, Method::Delete] {
            requests.push(Request {
                method,
                url: format!("{url}/a%20b/%27/$x/[z]/!?q=!&r=%22&s={{1,2}}[0-9]&t=%00"),
                headers: vec![("content-type".to_owned(), media_type.to_owned())],
                body: Some(Body(body.clone())),
            });
        }
    }
    for (name, value) in
        [("x-a", "it's"), ("x-b", "$HOME `id` \\ \"!"), ("x-c", ""), ("if-match", "*"), ("x-d", "@x")]
    {
        for method in [Method::Get, Method::Post, Method::Patch, Method::Options] {
            let headers = vec![(name.to_owned(), value.to_owned())];
            requests.push(Request { method, url: format!("{url}/h"), headers, body: None });
        }
    }
    let take = || seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    for mut request in requests {
        let exchange = client.send(&request, &specwarden::case::Credential::Main, None).await;
        assert_eq!(exchange.status(), Some(204), "{request:?}: {:?}", exchange.outcome);
        let sent = take().expect("it arrived");
        request.headers.push(("x-key".to_owned(), "$THE_KEY".to_owned()));
        let line = curl(&request, &["$THE_KEY"]);
        let shell = line.clone();
        let ran = tokio::task::spawn_blocking(move || {
            Command::new("sh").arg("-c").arg(shell).env("THE_KEY", "k!e$y 'x'").output().expect("a shell")
        });
        let ran = ran.await.expect("it ran");
        let again = take();
        let mut again = again.unwrap_or_else(|| panic!("nothing arrived: {line}\n{ran:?}"));
        let key = again.headers.iter().position(|(name, _)| name == "x-key").expect("the key");
        assert_eq!(again.headers.remove(key).1, "k!e$y 'x'", "{line}");
        assert_eq!(again, sent, "{}", line.chars().take(400).collect::<String>());
    }
}

/// What the shell says to the commands of a finding: the statuses, in order.
async fn statuses(commands: String, key: String) -> Vec<u16> {
    let ran = tokio::task::spawn_blocking(move || {
        Command::new("sh").arg("-c").arg(commands).env("SPECWARDEN_API_KEY", key).output().expect("a shell")
    });
    let told = String::from_utf8_lossy(&ran.await.expect("it ran").stdout).into_owned();
    // A body need not end with its line.
    told.split("HTTP/1.1 ").skip(1).filter_map(|head| head.get(..3)?.parse().ok()).collect()
}

/// A finding of several calls is shown again by its commands, though every id and version is another one by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_commands_show_a_finding_of_several_calls_again() {
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let faults = [
        "patch-wipes-unsent",
        "refused-patch-applied",
        "deleted-still-listed",
        "stale-write-accepted",
        "not-modified-for-ever",
        "delete-does-nothing",
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let options = specwarden::demo::DemoOptions {
        port: 0,
        faults: specwarden::demo::FaultSet::parse(&faults.join(",")).expect("known faults"),
    };
    let demo = specwarden::demo::Demo::start(options).await.expect("the demo starts");
    let settings = crate::night::settings(&demo, folder.path(), 1);
    let stages = specwarden::session::Stages { test: true, snapshot: false, bench: false, diff: false };
    let mut night = specwarden::report::Night::default();
    let cancel = tokio_util::sync::CancellationToken::new();
    specwarden::session::run(&settings, stages, &[], &cancel, vec![&mut night]).await.expect("a night");
    assert!(night.findings.len() >= faults.len(), "{:#?}", night.findings);
    for finding in night.findings {
        assert!(finding.evidence.len() > 2, "{}: {}", finding.rule, finding.reproduce);
        let seen: Vec<u16> = finding.evidence.iter().filter_map(Exchange::status).collect();
        let again = statuses(finding.reproduce.clone(), demo.keys().user.clone()).await;
        assert_eq!(again, seen, "{}: {}", finding.rule, finding.reproduce);
    }
    demo.stop().await;
}
