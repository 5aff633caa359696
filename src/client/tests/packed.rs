//! Servers that pack what they answer, well or badly.

use super::server::{Reply, Server, serve};
use crate::case::Credential;
use crate::client::{Client, ClientOptions, Key, Keyring};
use crate::exchange::{Exchange, Method, Request};
use crate::secret::Secret;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const CAP: usize = 100_000;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn answer(headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 200 X\r\n{headers}content-length: {}\r\n\r\n", body.len());
    Reply::Keep([head.as_bytes(), body].concat())
}

async fn ask(server: &Server, headers: &[(&str, &str)]) -> Exchange {
    let key = Key {
        name: "main".to_owned(),
        secret: Secret::new("s3cret-key".to_owned()),
        placeholder: "$SPECWARDEN_API_KEY".to_owned(),
    };
    let options = ClientOptions {
        keys: Keyring::new(Some(key), vec![]),
        auth_header: Some("x-apikey".to_owned()),
        max_body: CAP,
        ..ClientOptions::new(&server.url)
    };
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let request = Request { method: Method::Get, url: format!("{}/", server.url), headers, body: None };
    Client::new(options).unwrap().send(&request, &Credential::Main, None).await
}

#[tokio::test]
async fn a_packed_answer_is_read_and_its_size_on_the_wire_is_kept() {
    let body = "{\"name\": \"Zürich\"}".repeat(100);
    let packed = gzip(body.as_bytes());
    let size = packed.len() as u64;
    let server =
        serve(move |_, _| answer("Content-Encoding: gzip\r\nvary: accept-encoding\r\n", &packed)).await;
    let exchange = ask(&server, &[]).await;
    let response = exchange.response().unwrap();
    assert_eq!(response.body.text(), Some(body.as_str()));
    let packed = response.packed.as_ref().unwrap();
    assert_eq!((packed.wire_bytes, &packed.fault, response.truncated), (size, &None, false));
    // What was sent stays to be seen.
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert_eq!(response.header("content-length"), Some(size.to_string().as_str()));
    assert!(exchange.request.headers.iter().all(|(name, _)| name != "accept-encoding"));
}

#[tokio::test]
async fn a_bomb_is_held_under_the_cap() {
    let bomb = gzip(&vec![b' '; 60_000_000]);
    let server = serve(move |_, _| answer("content-encoding: gzip\r\n", &bomb)).await;
    let exchange = ask(&server, &[]).await;
    let response = exchange.response().unwrap();
    assert_eq!((response.body.bytes().len(), response.truncated), (CAP, true));
    assert!(response.is_readable());
}

#[tokio::test]
async fn data_that_breaks_off_is_an_answer_with_a_fault() {
    let mut packed = gzip(b"{\"a\": 1}");
    packed.truncate(packed.len() - 9);
    let bytes = packed.clone();
    let server = serve(move |_, _| answer("content-encoding: gzip\r\n", &packed)).await;
    let exchange = ask(&server, &[]).await;
    let response = exchange.response().unwrap();
    assert!(!response.is_readable());
    assert_eq!(response.body.bytes(), bytes);
    let fault = response.packed.as_ref().and_then(|packed| packed.fault.as_deref());
    assert_eq!(fault, Some("the gzip data ends in the middle"));
}

#[tokio::test]
async fn a_key_that_was_packed_is_masked() {
    let server =
        serve(|_, _| answer("content-encoding: gzip\r\n", &gzip(b"{\"key\": \"s3cret-key\"}"))).await;
    let shown = serde_json::to_string(&ask(&server, &[]).await).unwrap();
    assert!(!shown.contains("s3cret") && shown.contains("$SPECWARDEN_API_KEY"), "{shown}");
}

#[tokio::test]
async fn packing_is_asked_for_unless_a_part_or_something_else_is() {
    let server = serve(|_, _| answer("", b"ok")).await;
    for headers in [vec![], vec![("range", "bytes=0-")], vec![("accept-encoding", "identity")]] {
        assert_eq!(ask(&server, &headers).await.status(), Some(200));
    }
    let said: Vec<Option<String>> = server
        .requests()
        .iter()
        .map(|text| text.lines().find_map(|line| line.strip_prefix("accept-encoding: ").map(str::to_owned)))
        .collect();
    assert_eq!(said, [Some("gzip".to_owned()), None, Some("identity".to_owned())]);
}

#[tokio::test]
async fn a_204_that_carries_content_shows_in_its_headers() {
    let head = b"HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello".to_vec();
    let server = serve(move |_, _| Reply::Close(head.clone())).await;
    let exchange = ask(&server, &[]).await;
    let response = exchange.response().unwrap();
    assert_eq!((response.header("content-length"), response.body.bytes()), (Some("5"), b"".as_slice()));
}
