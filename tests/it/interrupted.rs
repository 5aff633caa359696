//! Ctrl-C once more: whoever is asked to clean up by a target that no longer answers need not wait for it.
#![cfg(target_os = "linux")]

use crate::binary::{Place, finish};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Requests that are answered before the target hangs.
const ANSWERED: usize = 20;

fn document() -> String {
    let id =
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}});
    let thing = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
    let answer = json!({"description": "", "content": {"application/json": {"schema": thing}}});
    let limit =
        json!({"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 99}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things": {
                "get": {"parameters": [limit], "responses": {"200": {"description": ""}}},
                "post": {"responses": {"201": answer}},
            },
            "/things/{id}": {
                "parameters": [id],
                "get": {"responses": {"200": answer}},
                "delete": {"responses": {"204": {"description": ""}}},
            },
        },
    })
    .to_string()
}

/// Hangs after a while, and at each deletion; rings when it does.
async fn serve(hung: Arc<Notify>, deleting: Arc<Notify>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let router = axum::Router::new().fallback(move |request: Request| {
        let (hung, deleting, count) = (Arc::clone(&hung), Arc::clone(&deleting), Arc::clone(&count));
        async move {
            let number = count.fetch_add(1, Ordering::SeqCst);
            if request.method() == "DELETE" {
                deleting.notify_one();
                std::future::pending::<()>().await;
            }
            if number >= ANSWERED {
                hung.notify_one();
                std::future::pending::<()>().await;
            }
            let answer: Response = match (request.method().as_str(), request.uri().path()) {
                ("POST", _) => (StatusCode::CREATED, Json(json!({"id": number + 1}))).into_response(),
                ("GET", "/things") => Json(json!([])).into_response(),
                _ => Json(json!({"id": 1})).into_response(),
            };
            answer
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn interrupt(id: u32) {
    let sent = std::process::Command::new("kill").args(["-INT", &id.to_string()]).status().expect("a kill");
    assert!(sent.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_interruption_ends_at_once_and_leaves_nothing_half_written() {
    let (hung, deleting) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let url = serve(Arc::clone(&hung), Arc::clone(&deleting)).await;
    let place = Place::new().with("things.json", &document());
    let arguments = ["test", "things.json", "--base-url", &url, "--workers", "1", "--random-cases", "1"];
    let child = place.start(&arguments);
    let id = child.id();
    hung.notified().await;
    interrupt(id);
    // What was created is being removed: the first interruption was understood.
    deleting.notified().await;
    interrupt(id);
    let wanted: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let ended = tokio::task::spawn_blocking(move || {
        finish(child, &wanted.iter().map(String::as_str).collect::<Vec<_>>())
    });
    let told =
        tokio::time::timeout(Duration::from_secs(20), ended).await.expect("it ends").expect("no panic");
    assert_eq!(told.code, Some(130), "{}", told.transcript());
    let mut logs = 0;
    let runs = std::fs::read_dir(place.path(".specwarden/runs")).expect("runs");
    for file in runs.flat_map(|run| std::fs::read_dir(run.expect("a run").path()).expect("files")) {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(path.extension().is_none_or(|extension| extension != "tmp"), "{name}");
        if name == "events.jsonl" {
            logs += 1;
            let text = std::fs::read_to_string(&path).expect("readable");
            assert!(text.ends_with('\n'), "half a line: {text}");
            for line in text.lines() {
                serde_json::from_str::<Value>(line).expect("an event");
            }
        }
    }
    assert_eq!(logs, 1);
    let again = place.run(&["report", "latest"]);
    assert!(
        again.code.is_some_and(|code| code != 0),
        "an unfinished night is not clean: {}",
        again.transcript()
    );
}
