//! Documents over HTTP, from a scripted server on this machine.

use crate::secret::Secret;
use crate::source::{ReadOptions, SourceError, read};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const DOCUMENT: &str = "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"Far\"}, \"paths\": {}}";

/// A server that answers each path with a fixed text and keeps what it was asked. With a header `x-stall` the last
/// byte never comes.
pub(super) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answers` maps a path to status, further header lines and body.
    pub(super) async fn start(answers: &[(&str, u16, &str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let answers: HashMap<String, String> = answers
            .iter()
            .map(|(path, status, headers, body)| {
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n");
                ((*path).to_owned(), format!("{head}{headers}\r\n{body}"))
            })
            .collect();
        tokio::spawn(async move {
            let mut stalled = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => request.push(byte),
                        Err(_) => break,
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                seen.lock().expect("unpoisoned").push(request);
                if let Some(answer) = answers.get(&path) {
                    let stalls = answer.contains("x-stall");
                    let sent = answer.len() - usize::from(stalls);
                    _ = stream.write_all(&answer.as_bytes()[..sent]).await;
                    if stalls {
                        stalled.push(stream);
                    }
                }
            }
        });
        Self { address, asked }
    }

    /// What it was asked so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("unpoisoned").clone()
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn options() -> ReadOptions {
    let key = Secret::new("s3cr3t-key".to_owned());
    ReadOptions { headers: vec![("x-apikey".into(), key)], ..ReadOptions::default() }
}

#[tokio::test]
async fn a_key_is_sent_and_redirects_on_the_same_origin_are_followed() {
    let server = Server::start(&[
        ("/docs?token=t0p", 302, "location: /v1/openapi.json\r\n", ""),
        ("/v1/openapi.json", 200, "", DOCUMENT),
    ])
    .await;
    let loaded = read(&server.url("/docs?token=t0p"), &options()).await.expect("loads");
    assert_eq!(
        (loaded.api.title.as_str(), loaded.location.as_str()),
        ("Far", server.url("/v1/openapi.json").as_str())
    );
    assert_eq!(loaded.api.servers[0].url, format!("http://{}", server.address));
    let asked = server.asked.lock().expect("unpoisoned");
    assert_eq!(
        asked.iter().filter(|request| request.contains("x-apikey: s3cr3t-key")).count(),
        2,
        "{asked:?}"
    );
}

#[tokio::test]
async fn redirects_to_another_origin_are_not_followed() {
    let other = Server::start(&[("/x", 200, "", DOCUMENT)]).await;
    let location = format!("location: {}\r\n", other.url("/x"));
    let server =
        Server::start(&[("/a", 301, &location, ""), ("/loop", 302, "location: /loop\r\n", "")]).await;
    let error = read(&server.url("/a"), &options()).await.expect_err("an error");
    assert!(
        matches!(&error, SourceError::Redirect { target, .. } if *target == other.url("/x")),
        "{error:?}"
    );
    assert!(other.asked.lock().expect("unpoisoned").is_empty());
    let error = read(&server.url("/loop"), &options()).await.expect_err("an error");
    assert!(error.to_string().contains("more than 5 redirects"), "{error}");
}

#[tokio::test]
async fn refusals_say_what_to_do_and_show_no_secret() {
    let page = "<html>log in</html>";
    let server = Server::start(&[
        ("/a?api_key=hush-hush", 401, "", ""),
        ("/gone", 404, "", ""),
        ("/page", 200, "", page),
        ("/big", 200, "", DOCUMENT),
    ])
    .await;
    let check = async |path: &str, options: &ReadOptions, words: &str| {
        let error = read(&server.url(path), options).await.expect_err("an error");
        let told = format!("{error} {error:?} hint: {}", error.hint().expect("a hint"));
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("hush") && !told.contains("s3cr3t"), "{told}");
    };
    check("/a?api_key=hush-hush", &options(), "give a key").await;
    check("/gone", &options(), "/openapi.json").await;
    check("/page", &options(), "HTML page").await;
    check("/big", &ReadOptions { max_bytes: 10, ..options() }, "larger than 10 bytes").await;
    check("/silent", &options(), "check that the server runs").await;
    let bad = Secret::new("s3cr3t\nkey".to_owned());
    let bad = ReadOptions { headers: vec![("x-apikey".into(), bad)], ..ReadOptions::default() };
    check("/page", &bad, "header `x-apikey` cannot be sent").await;
}
