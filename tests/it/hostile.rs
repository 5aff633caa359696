//! Servers that do not behave: each on a port of its own, all connections treated alike.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What a server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Conduct {
    /// Sends a body that never ends.
    Endless,
    /// Closes the connection without an answer.
    Closes,
    /// Sends something that is not HTTP.
    Garbage,
    /// Sends the caller elsewhere.
    Redirects(String),
    /// Sends one byte after another, for ever.
    Drips,
    /// Answers well this many times, and then not at all.
    HangsAfter(usize),
    /// Answers with what this makes of the request's head.
    Answers(fn(&str) -> String),
}

/// A server under way. Dropping it ends it.
pub(crate) struct Hostile {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    hung: Arc<Notify>,
    task: tokio::task::JoinHandle<()>,
}

impl Hostile {
    /// Starts one.
    pub(crate) async fn start(conduct: Conduct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (requests, hung) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (counter, bell) = (Arc::clone(&requests), Arc::clone(&hung));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that goes away is what these servers are made for.
                tokio::spawn(serve(stream, conduct.clone(), Arc::clone(&counter), Arc::clone(&bell)));
            }
        });
        Self { address, requests, hung, task }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came in.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Waits for the first request that is left without an answer.
    pub(crate) async fn hung(&self) {
        self.hung.notified().await;
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A URL at which nothing listens: its port was bound and is free again.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// An answer with a JSON body.
pub(crate) fn json(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

async fn serve(
    mut stream: TcpStream,
    conduct: Conduct,
    requests: Arc<AtomicUsize>,
    hung: Arc<Notify>,
) -> std::io::Result<()> {
    while let Some(head) = head(&mut stream).await? {
        let number = requests.fetch_add(1, Ordering::SeqCst);
        match &conduct {
            Conduct::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[0").await?;
                loop {
                    stream.write_all(&b",0".repeat(4096)).await?;
                }
            }
            Conduct::Closes => return Ok(()),
            Conduct::Garbage => {
                stream.write_all(b"\x16\x03\x01 this is no answer\r\n\r\n").await?;
                return Ok(());
            }
            Conduct::Redirects(target) => {
                let answer = format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await?;
            }
            Conduct::Drips => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[0").await?;
                let mut beat = tokio::time::interval(Duration::from_millis(20));
                loop {
                    beat.tick().await;
                    stream.write_all(b" ").await?;
                }
            }
            Conduct::HangsAfter(answers) if number >= *answers => {
                hung.notify_one();
                // The client alone ends this: it closes the connection.
                let mut rest = [0; 64];
                while stream.read(&mut rest).await? > 0 {}
                return Ok(());
            }
            Conduct::HangsAfter(_) => stream.write_all(json("200 OK", "", "[1]").as_bytes()).await?,
            Conduct::Answers(answer) => stream.write_all(answer(&head).as_bytes()).await?,
        }
    }
    Ok(())
}

/// The next request's head; its body, if it has one, is read and forgotten. `None` at the end of the connection.
async fn head(stream: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return Ok(None),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    Ok(Some(head))
}
