//! Servers that misbehave, and a client that stays calm.

use super::server::{Reply, Server, answer, serve, serve_each};
use crate::case::Credential;
use crate::client::{Client, ClientOptions, Key, Keyring, Scripted, Transport};
use crate::exchange::{Body, Exchange, Method, Request, TransportErrorKind};
use crate::secret::Secret;
use crate::spec::SecurityScheme;
use std::sync::Arc;
use std::time::Duration;

const KEY: &str = "s3cret/kéy+1";

fn options(url: &str) -> ClientOptions {
    let key = Key {
        name: "main".to_owned(),
        secret: Secret::new(KEY.to_owned()),
        placeholder: "$SPECWARDEN_API_KEY".to_owned(),
    };
    ClientOptions {
        keys: Keyring::new(Some(key), vec![]),
        auth_header: Some("X-ApiKey".to_owned()),
        connect_pause: Duration::from_millis(1),
        total_timeout: Duration::from_secs(5),
        ..ClientOptions::new(url)
    }
}

fn client(url: &str) -> Client {
    Client::new(options(url)).expect("a client")
}

fn request(method: Method, url: &str, path: &str) -> Request {
    Request { method, url: format!("{url}{path}"), headers: vec![], body: None }
}

async fn get(client: &Client, server: &Server, path: &str) -> Exchange {
    client.send(&request(Method::Get, &server.url, path), &Credential::Main, None).await
}

#[track_caller]
fn check(exchange: &Exchange, kind: TransportErrorKind) {
    let found = exchange.outcome.as_ref().expect_err("no answer");
    assert_eq!(found.kind, kind, "{}", found.message);
    assert!(!found.message.contains("s3cret"), "{}", found.message);
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let server = serve(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
        Reply::Forever(head, vec![b'x'; 8192], Duration::ZERO)
    })
    .await;
    let client = Client::new(ClientOptions { max_body: 10_000, ..options(&server.url) }).expect("a client");
    let exchange = get(&client, &server, "/").await;
    let response = exchange.response().expect("an answer");
    assert!(response.truncated);
    assert_eq!(response.body.bytes().len(), 10_000);
}

#[tokio::test]
async fn a_slow_drip_ends_with_the_total_timeout() {
    let server = serve(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
        Reply::Forever(head, vec![b'x'], Duration::from_millis(20))
    })
    .await;
    let total_timeout = Duration::from_millis(150);
    let client = Client::new(ClientOptions { total_timeout, ..options(&server.url) }).expect("a client");
    let exchange = get(&client, &server, "/").await;
    check(&exchange, TransportErrorKind::Timeout);
    assert!(exchange.timing.total_us >= 150_000 && exchange.timing.head_us < exchange.timing.total_us);
}

#[tokio::test]
async fn silence_ends_with_the_read_timeout() {
    let server = serve(|_, _| Reply::Forever(vec![], vec![], Duration::from_millis(50))).await;
    let read_timeout = Duration::from_millis(100);
    let client = Client::new(ClientOptions { read_timeout, ..options(&server.url) }).expect("a client");
    check(&get(&client, &server, "/").await, TransportErrorKind::Timeout);
}

#[tokio::test]
async fn broken_answers_have_their_kinds() {
    let server = serve(|_, text| {
        let path = text.split(' ').nth(1).unwrap_or_default();
        Reply::Close(match path {
            "/short" => b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc".to_vec(),
            "/chunked" => b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab".to_vec(),
            "/nothing" => vec![],
            "/half" => b"HTTP/1.1 200 OK\r\nx-a: ".to_vec(),
            "/badchunk" => b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab".to_vec(),
            _ => b"\x16\x03garbage garbage\r\n\r\n".to_vec(),
        })
    })
    .await;
    let client = client(&server.url);
    for (path, kind) in [
        ("/short", TransportErrorKind::Closed),
        ("/chunked", TransportErrorKind::Closed),
        ("/nothing", TransportErrorKind::Closed),
        ("/half", TransportErrorKind::Closed),
        ("/badchunk", TransportErrorKind::Protocol),
        ("/garbage", TransportErrorKind::Protocol),
    ] {
        let exchange = get(&client, &server, path).await;
        check(&exchange, kind);
        assert_eq!(exchange.attempts, 1, "{path}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_reported() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}", listener.local_addr().expect("has an address"));
    drop(listener);
    let client = client(&url);
    let exchange = client.send(&request(Method::Post, &url, "/"), &Credential::Main, None).await;
    check(&exchange, TransportErrorKind::Connect);
    assert_eq!((exchange.attempts, client.stats().reconnected), (3, 2));
}

#[tokio::test]
async fn a_reused_connection_that_closes_is_tried_once_more_for_safe_methods_alone() {
    let script = |n: usize, _: &str| match n {
        0 | 2 => answer(200, "", "ok"),
        _ => Reply::Close(vec![]),
    };
    for (method, attempts) in [(Method::Get, 2), (Method::Post, 1)] {
        let server = serve(script).await;
        let client = client(&server.url);
        assert_eq!(get(&client, &server, "/").await.status(), Some(200));
        let exchange = client.send(&request(method, &server.url, "/"), &Credential::Main, None).await;
        assert_eq!((exchange.attempts, exchange.status().is_some()), (attempts, method == Method::Get));
    }
}

#[tokio::test]
async fn what_found_its_connection_closed_gets_one_of_its_own_when_it_is_sent_again() {
    // A server that closes each connection at its second request, as one does whose idle time is just over.
    let server = serve_each(|on_this_connection, _| match on_this_connection {
        0 => answer(200, "", "ok"),
        _ => Reply::Close(vec![]),
    })
    .await;
    let client = client(&server.url);
    let post = request(Method::Post, &server.url, "/things");
    assert_eq!(get(&client, &server, "/").await.status(), Some(200));
    check(&client.send(&post, &Credential::Main, None).await, TransportErrorKind::Closed);
    for _ in 0..5 {
        assert_eq!(client.send(&post, &Credential::Main, None).await.status(), Some(200));
    }
    // A crash is one over any connection.
    let server =
        serve(|_, text| if text.starts_with("GET") { answer(200, "", "ok") } else { Reply::Close(vec![]) })
            .await;
    let client = self::client(&server.url);
    assert_eq!(get(&client, &server, "/").await.status(), Some(200));
    let post = request(Method::Post, &server.url, "/things");
    for _ in 0..3 {
        check(&client.send(&post, &Credential::Main, None).await, TransportErrorKind::Closed);
    }
}

#[tokio::test]
async fn redirects_are_answers_and_foreign_origins_are_never_contacted() {
    let other = serve(|_, _| answer(200, "", "stolen")).await;
    let location = format!("location: {}/\r\n", other.url);
    let server = serve(move |_, _| answer(302, &location, "")).await;
    let client = client(&server.url);
    assert_eq!(get(&client, &server, "/").await.status(), Some(302));
    let exchange = client.send(&request(Method::Get, &other.url, "/"), &Credential::Main, None).await;
    check(&exchange, TransportErrorKind::Unsendable);
    assert_eq!(exchange.outcome.expect_err("refused").message, "outside the base URL's origin");
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn an_echoed_key_is_masked_even_across_the_cap() {
    let echo = serde_json::json!({ "key": KEY }).to_string();
    let body = format!("{echo} s3cret%2Fk%C3%A9y%2B1 {}", "y".repeat(50));
    let server = serve(move |_, _| answer(401, "x-seen: s3cret%2Fk%C3%A9y%2B1\r\n", &body)).await;
    for max_body in [1_000, 30, 12] {
        let client = Client::new(ClientOptions { max_body, ..options(&server.url) }).expect("a client");
        let exchange = get(&client, &server, "/").await;
        let shown = serde_json::to_string(&exchange).expect("serialises");
        assert!(!shown.contains("s3cr"), "{shown}");
        assert!(shown.contains("$SPECWARDEN_API_KEY"), "{shown}");
    }
    assert!(server.requests()[0].contains("x-apikey: s3cret/k"), "{:?}", server.requests());
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says() {
    let server = serve(|n, _| match n {
        0 => answer(429, "retry-after: 0\r\n", ""),
        1 => answer(503, "retry-after: 0\r\n", ""),
        _ => answer(200, "", "ok"),
    })
    .await;
    let client = client(&server.url);
    let exchange = get(&client, &server, "/").await;
    assert_eq!((exchange.status(), exchange.attempts), (Some(200), 3));
    assert_eq!(client.stats().throttled, 2);
}

#[tokio::test]
async fn a_server_that_stays_busy_gets_its_answer_recorded() {
    let server = serve(|_, text| {
        let after =
            if text.starts_with("GET /long") { "retry-after: 3600\r\n" } else { "retry-after: 0\r\n" };
        answer(
            if text.starts_with("GET /plain") { 503 } else { 429 },
            if text.starts_with("GET /plain") { "" } else { after },
            "",
        )
    })
    .await;
    for (path, status, attempts) in [("/short", 429, 3), ("/long", 429, 1), ("/plain", 503, 1)] {
        let exchange = get(&client(&server.url), &server, path).await;
        assert_eq!((exchange.status(), exchange.attempts), (Some(status), attempts), "{path}");
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the rate is a matter of time")]
async fn the_rate_is_kept_between_workers() {
    let server = serve(|_, _| answer(200, "", "")).await;
    let client = Client::new(ClientOptions { rate: Some(50.0), ..options(&server.url) }).expect("a client");
    let start = std::time::Instant::now();
    futures_util::future::join_all((0..6).map(|_| get(&client, &server, "/"))).await;
    assert!(start.elapsed() >= Duration::from_millis(95), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_would_be_rewritten_is_not_sent() {
    let server = serve(|_, _| answer(200, "", "")).await;
    let client = client(&server.url);
    for path in ["/a/../b", "/a/%2e%2E/b", "/a/./b", "/a\\b", "/a\tb", "/a#b"] {
        check(&get(&client, &server, path).await, TransportErrorKind::Unsendable);
    }
    for path in ["/a/%2F/b", "//a", "/a;b=1,2", "/%20", "/...", "", "/?q=%27"] {
        let exchange = get(&client, &server, path).await;
        assert_eq!(exchange.status(), Some(200), "{path}");
    }
    let lines = server.requests().into_iter().map(|r| r.split(' ').nth(1).expect("a path").to_owned());
    assert_eq!(lines.collect::<Vec<_>>(), ["/a/%2F/b", "//a", "/a;b=1,2", "/%20", "/...", "/", "/?q=%27"]);
    let bad = Request {
        headers: vec![("x-a".to_owned(), "a\nb".to_owned())],
        ..request(Method::Get, &server.url, "/")
    };
    check(&client.send(&bad, &Credential::Main, None).await, TransportErrorKind::Unsendable);
}

#[tokio::test]
async fn the_request_goes_out_as_recorded() {
    let server =
        serve(|_, _| answer(200, "Set-Cookie: a=1\r\nset-cookie: b=2\r\nX-Bytes: \u{e9}\r\n", "ok")).await;
    let client = client(&server.url);
    let asked = Request {
        headers: vec![("accept".to_owned(), "a/b".to_owned()), ("content-type".to_owned(), "c/d".to_owned())],
        body: Some(Body(b"hello".to_vec())),
        ..request(Method::Get, &server.url, "/x?y=1")
    };
    let exchange = client.send(&asked, &Credential::Anonymous, None).await;
    assert_eq!(exchange.request, asked);
    let sent = server.requests().remove(0).to_ascii_lowercase();
    let agent = format!("user-agent: specwarden/{}", env!("CARGO_PKG_VERSION"));
    for line in [
        "get /x?y=1 http/1.1",
        "accept: a/b",
        "content-type: c/d",
        "content-length: 5",
        "accept-encoding: gzip",
        "\r\n\r\nhello",
        &agent,
    ] {
        assert!(sent.contains(line), "{line}: {sent}");
    }
    for absent in ["referer", "x-apikey", "cookie"] {
        assert!(!sent.contains(absent), "{absent}: {sent}");
    }
    let headers = &exchange.response().expect("an answer").headers;
    assert_eq!(headers.iter().filter(|(n, _)| n == "set-cookie").count(), 2);
    assert!(exchange.timing.head_us > 0 && exchange.timing.total_us >= exchange.timing.head_us);
}

#[tokio::test]
async fn a_key_echoed_as_basic_authentication_is_masked() {
    let server = serve(|_, text| {
        let header = text.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or("none");
        answer(401, "", header)
    })
    .await;
    for secret in ["just-a-key", "user:password"] {
        let key = Key {
            name: "main".to_owned(),
            secret: Secret::new(secret.to_owned()),
            placeholder: "$KEY".to_owned(),
        };
        let mut options = options(&server.url);
        options.auth_header = None;
        options.keys = Keyring::new(Some(key), vec![]);
        options.security_schemes.insert("basic".to_owned(), SecurityScheme::Basic);
        let exchange = get(&Client::new(options).expect("a client"), &server, "/").await;
        assert_eq!(exchange.response().and_then(|r| r.body.text()), Some("Basic [secret]"));
    }
}

#[tokio::test]
async fn any_transport_serves_behind_the_trait() {
    let server = serve(|_, _| answer(204, "", "")).await;
    let scripted = Scripted::queue([Scripted::json(204, &serde_json::Value::Null)]);
    let transports: Vec<Arc<dyn Transport>> = vec![Arc::new(client(&server.url)), Arc::new(scripted)];
    for transport in transports {
        let asked = request(Method::Get, &server.url, "/");
        let task = tokio::spawn(async move { transport.send(&asked, &Credential::Main, None).await });
        assert_eq!(task.await.expect("no panic").status(), Some(204));
    }
}

#[tokio::test]
async fn a_missing_body_is_said_where_one_belongs() {
    let server = serve(|_, _| answer(204, "", "")).await;
    let client = client(&server.url);
    for method in [Method::Post, Method::Put, Method::Patch, Method::Get, Method::Delete] {
        for body in [None, Some(Body::default())] {
            let asked = Request { body, ..request(method, &server.url, "/") };
            assert_eq!(client.send(&asked, &Credential::Main, None).await.status(), Some(204));
        }
    }
    for text in server.requests() {
        let says = text.matches("content-length: 0").count();
        assert_eq!(says, usize::from(text.starts_with('P')), "{text}");
    }
}
