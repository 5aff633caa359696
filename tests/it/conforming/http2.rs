//! Speaks HTTP/2 alone, over TLS with a certificate of its own, and packs every answer.
//!
//! The night runs in a process of its own: which certificates hold is a matter of its surroundings (`SSL_CERT_FILE`).

use crate::conforming::document::{id, object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Head, KEY, Reply, respond};
use crate::conforming::shelf::{Shelf, only};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;

/// Parcels, whose every answer is packed for those who ask for it.
#[derive(Default)]
struct Packed {
    parcels: Shelf,
}

impl Habit for Packed {
    fn document(&self) -> Value {
        openapi(
            "Parcels",
            json!({
                "/parcels": {
                    "get": with(
                        operation("", &[("200", "[Parcel]")]),
                        json!([query("weight", json!({"type": "integer", "minimum": 0}))]),
                    ),
                    "head": operation("", &[("200", "")]),
                    "post": operation("ParcelInput", &[("201", "Parcel")]),
                },
                "/parcels/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Parcel")]),
                    "put": operation("ParcelInput", &[("200", "Parcel")]),
                    "delete": operation("", &[("204", "")]),
                },
            }),
            json!({
                "ParcelInput": object(1, json!({
                    "to": {"type": "string", "minLength": 1, "maxLength": 60},
                    "weight": {"type": "integer", "minimum": 0, "maximum": 1000},
                })),
                "Parcel": object(2, json!({
                    "id": {"type": "integer"}, "to": {"type": "string"}, "weight": {"type": ["integer", "null"]},
                })),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let number = call.number("id");
        if call.path.contains_key("id") && self.parcels.get(number).is_none() {
            return Reply::problem(404, "no such parcel");
        }
        let parcel = only(&call.members(), &["to", "weight"]);
        match call.operation.as_str() {
            "GET /parcels" => {
                let weight = call.query.get("weight");
                let heavy =
                    self.parcels.all().into_iter().filter(|p| weight.is_none_or(|w| p["weight"] == *w));
                Reply::json(200, &heavy.collect())
            }
            "HEAD /parcels" => Reply::empty(200).header("content-type", "application/json"),
            "POST /parcels" => {
                let made = self.parcels.add(parcel);
                let at = format!("/parcels/{}", made["id"]);
                Reply::json(201, &made).header("location", at)
            }
            "PUT /parcels/{id}" => Reply::json(200, &self.parcels.put(number, parcel)),
            "DELETE /parcels/{id}" => {
                self.parcels.remove(number);
                Reply::empty(204)
            }
            _ => Reply::json(200, &self.parcels.get(number).unwrap_or_default()),
        }
    }

    fn dress(&mut self, head: &Head, reply: &mut Reply) {
        let asked = head.headers.get("accept-encoding").is_some_and(|names| names.contains("gzip"));
        if asked && !reply.body.is_empty() {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&reply.body).expect("memory takes all");
            reply.body = encoder.finish().expect("memory takes all");
            reply.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            reply.headers.push(("vary".to_owned(), "accept-encoding".to_owned()));
        }
    }
}

/// What was seen by the server.
#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    connections: AtomicU64,
}

async fn serve(habit: impl Habit, acceptor: TlsAcceptor, listener: TcpListener, seen: Arc<Seen>) {
    let document = Arc::new(habit.document());
    let habit = Arc::new(Mutex::new(habit));
    while let Ok((stream, _)) = listener.accept().await {
        let (document, habit) = (Arc::clone(&document), Arc::clone(&habit));
        tokio::spawn(talk(document, habit, acceptor.clone(), stream, Arc::clone(&seen)));
    }
}

async fn talk<H: Habit>(
    document: Arc<Value>,
    habit: Arc<Mutex<H>>,
    acceptor: TlsAcceptor,
    stream: TcpStream,
    seen: Arc<Seen>,
) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    seen.connections.fetch_add(1, Ordering::SeqCst);
    while let Some(Ok((request, mut respond_to))) = connection.accept().await {
        seen.requests.fetch_add(1, Ordering::SeqCst);
        let (document, habit) = (Arc::clone(&document), Arc::clone(&habit));
        tokio::spawn(async move {
            let (parts, mut body) = request.into_parts();
            let mut bytes = Vec::new();
            while let Some(Ok(chunk)) = body.data().await {
                let _ = body.flow_control().release_capacity(chunk.len());
                bytes.extend_from_slice(&chunk);
            }
            let reply = respond(&document, &habit, &Head::of(&parts), &bytes);
            let mut response = http::Response::builder().status(reply.status);
            for (name, value) in &reply.headers {
                response = response.header(name, value);
            }
            let bare = reply.body.is_empty() || parts.method == http::Method::HEAD;
            let head = response.body(()).expect("an answer");
            let Ok(mut stream) = respond_to.send_response(head, bare) else { return };
            if !bare {
                let _ = stream.send_data(Bytes::from(reply.body), true);
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_may_speak_http_2_alone_and_pack_everything() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions of TLS");
    let key = made.signing_key.serialize_der().try_into().expect("a key");
    let mut config =
        builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).expect("fits");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let seen = Arc::new(Seen::default());
    let server = tokio::spawn(serve(
        Packed::default(),
        TlsAcceptor::from(Arc::new(config)),
        listener,
        Arc::clone(&seen),
    ));

    let folder = tempfile::tempdir().expect("a folder");
    let certificate = folder.path().join("certificate.pem");
    std::fs::write(&certificate, made.cert.pem()).expect("writes");
    std::fs::write(folder.path().join("parcels.json"), Packed::default().document().to_string())
        .expect("writes");
    let mut command = assert_cmd::Command::cargo_bin("specwarden").expect("the binary");
    command
        .current_dir(folder.path())
        .args(["test", "parcels.json", "--base-url", &url, "--format", "json", "--seed", "1"])
        .env("SSL_CERT_FILE", &certificate)
        .env("SPECWARDEN_API_KEY", KEY);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("runs").expect("runs");
    server.abort();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {talk}"));
    assert_eq!(report["findings"], json!([]), "{talk}");
    assert_eq!(output.status.code(), Some(0), "{talk}");
    let (requests, connections) =
        (seen.requests.load(Ordering::SeqCst), seen.connections.load(Ordering::SeqCst));
    assert!(requests > 100 && connections <= 2, "{requests} requests over {connections} connections");
}
