//! A server that speaks HTTP/2 alone, agreed on by ALPN, as most do behind TLS.

use crate::case::Credential;
use crate::client::{Client, ClientOptions};
use crate::exchange::{Body, Exchange, Method, Request, TransportErrorKind};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

struct Server {
    url: String,
    certificate: Vec<u8>,
    connections: Arc<AtomicUsize>,
}

/// `/reset` ends its stream at once, `/half` in the middle of the body, `/packed` packs, all else echoes.
async fn serve() -> Server {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = made.signing_key.serialize_der().try_into().unwrap();
    let mut config =
        builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, count) = (acceptor.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let Ok(mut connection) = h2::server::handshake(stream).await else { return };
                count.fetch_add(1, Ordering::SeqCst);
                while let Some(Ok((request, respond))) = connection.accept().await {
                    tokio::spawn(answer(request, respond));
                }
            });
        }
    });
    Server { url, certificate: made.cert.pem().into_bytes(), connections }
}

async fn answer(request: http::Request<h2::RecvStream>, mut respond: h2::server::SendResponse<Bytes>) {
    let (head, mut body) = request.into_parts();
    let mut sent = Vec::new();
    while let Some(Ok(chunk)) = body.data().await {
        let _ = body.flow_control().release_capacity(chunk.len());
        sent.extend_from_slice(&chunk);
    }
    let path = head.uri.path();
    if path == "/reset" {
        respond.send_reset(h2::Reason::INTERNAL_ERROR);
        return;
    }
    let said = |name: &str| head.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("-").to_owned();
    let text = format!(
        "{} {path} {:?} {} {}",
        head.method,
        head.version,
        said("accept-encoding"),
        String::from_utf8_lossy(&sent)
    );
    let mut bytes = text.into_bytes();
    let mut response = http::Response::builder().status(200);
    if path == "/packed" {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes).unwrap();
        bytes = encoder.finish().unwrap();
        response = response.header("content-encoding", "gzip");
    }
    let Ok(mut stream) = respond.send_response(response.body(()).unwrap(), false) else { return };
    let _ = stream.send_data(Bytes::from(bytes), path != "/half");
    if path == "/half" {
        stream.send_reset(h2::Reason::INTERNAL_ERROR);
    }
}

fn client(server: &Server) -> Client {
    let options = ClientOptions {
        root_certificates: vec![server.certificate.clone()],
        ..ClientOptions::new(&server.url)
    };
    Client::new(options).unwrap()
}

async fn send(client: &Client, server: &Server, method: Method, path: &str) -> Exchange {
    let body = (method == Method::Post).then(|| Body(b"hello".to_vec()));
    let request = Request { method, url: format!("{}{path}", server.url), headers: Vec::new(), body };
    client.send(&request, &Credential::Anonymous, None).await
}

#[tokio::test]
async fn requests_share_one_connection_of_http_2() {
    let server = serve().await;
    let client = client(&server);
    let first = send(&client, &server, Method::Post, "/echo").await;
    let text = first.response().and_then(|response| response.body.text());
    assert_eq!(text, Some("POST /echo HTTP/2.0 gzip hello"));
    let many = (0..20).map(|_| send(&client, &server, Method::Get, "/packed"));
    for exchange in futures_util::future::join_all(many).await {
        let response = exchange.response().expect("an answer");
        assert_eq!(response.body.text(), Some("GET /packed HTTP/2.0 gzip "));
        assert!(response.packed.as_ref().is_some_and(|packed| packed.fault.is_none()));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_stream_that_is_reset_is_a_connection_that_closes() {
    let server = serve().await;
    let client = client(&server);
    for path in ["/reset", "/half"] {
        let exchange = send(&client, &server, Method::Post, path).await;
        let error = exchange.outcome.expect_err("no answer");
        assert_eq!(error.kind, TransportErrorKind::Closed, "{path}: {}", error.message);
    }
    assert_eq!(send(&client, &server, Method::Get, "/echo").await.status(), Some(200));
}
