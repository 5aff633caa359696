//! A server on a raw socket that says exactly what a test tells it to.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What to do with one request.
#[derive(Clone)]
pub(super) enum Reply {
    /// Write this and read the next request on the same connection.
    Keep(Vec<u8>),
    /// Write this and close.
    Close(Vec<u8>),
    /// Write this, then the second again and again, with this pause, until the client goes away.
    Forever(Vec<u8>, Vec<u8>, Duration),
}

/// An answer with the right length.
pub(super) fn answer(status: u16, headers: &str, body: &str) -> Reply {
    Reply::Keep(
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes(),
    )
}

/// A running server: its base URL and the requests that reached it, as text.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics with it").clone()
    }
}

/// Serves on a free port of the loopback; `script` gets the number of the request, from 0, and its text.
pub(super) async fn serve(script: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Server {
    serve_by(move |number, _, text| script(number, text)).await
}

/// The same, but each connection counts its own requests.
pub(super) async fn serve_each(script: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Server {
    serve_by(move |_, here, text| script(here, text)).await
}

async fn serve_by(script: impl Fn(usize, usize, &str) -> Reply + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}", listener.local_addr().expect("has an address"));
    let requests = Arc::new(Mutex::new(Vec::new()));
    let (script, seen) = (Arc::new(script), Arc::clone(&requests));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
            tokio::spawn(async move { talk(stream, &*script, &seen).await });
        }
    });
    Server { url, requests }
}

#[expect(clippy::disallowed_methods, reason = "a slow server is slow")]
async fn talk(
    mut stream: TcpStream,
    script: &(impl Fn(usize, usize, &str) -> Reply + Sync),
    seen: &Mutex<Vec<String>>,
) {
    let mut here = 0;
    while let Some(request) = read(&mut stream).await {
        let reply = {
            let mut seen = seen.lock().expect("no test panics with it");
            seen.push(request.clone());
            script(seen.len() - 1, here, &request)
        };
        here += 1;
        match reply {
            Reply::Keep(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reply::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Forever(first, again, pause) => {
                let mut open = stream.write_all(&first).await.is_ok();
                while open {
                    tokio::time::sleep(pause).await;
                    open = stream.write_all(&again).await.is_ok();
                }
                return;
            }
        }
    }
}

/// One request, head and body; `None` once the client is gone.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned)
                })
                .and_then(|length| length.parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Some(text);
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}
