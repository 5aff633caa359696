//! Faults of HTTP itself: methods, codings, charsets, headers for caches. Off, it does nothing.
//!
//! What an answer says stays as it was, so that these faults hide none of the others.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use serde_json::json;

use crate::demo::check::Cargo;
use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::reply::Payload;
use crate::demo::reply::Reply;

/// Changes what a request is taken for.
pub(crate) fn of_cargo<'a>(faults: &FaultSet, operation: &Operation, mut cargo: Cargo<'a>) -> Cargo<'a> {
    if operation.key == "POST /projects/{project_id}/teams" && faults.contains("content-type-not-looked-at") {
        cargo.content_type = cargo.content_type.map(|_| "application/json");
    }
    cargo
}

/// Changes the refusal of a method that the path does not know.
pub(crate) fn of_other_method(faults: &FaultSet, method: &str, template: &str, mut refusal: Reply) -> Reply {
    match (method, template) {
        ("HEAD", "/projects/{project_id}/findings/overview") if faults.contains("head-without-length") => {
            Reply { payload: Payload::Empty, headers: Vec::new(), ..Reply::json(200, Value::Null) }
                .with_header("Content-Length", "0")
        }
        ("TRACE", "/projects/{project_id}/findings/metrics") if faults.contains("trace-echoes") => Reply {
            content_type: "message/http",
            payload: Payload::Text(format!("TRACE {template} HTTP/1.1\r\n\r\n")),
            ..Reply::json(200, Value::Null)
        },
        ("GET", "/projects/{project_id}/findings/search") if faults.contains("get-beside-post") => {
            Reply::json(200, json!([]))
        }
        (_, "/projects") if faults.contains("refusal-without-allow") => {
            refusal.headers.retain(|(name, _)| *name != "Allow");
            refusal
        }
        _ => refusal,
    }
}

/// Changes how the answer of an operation travels.
pub(crate) fn of_answer(faults: &FaultSet, operation: &Operation, mut reply: Reply) -> Reply {
    let done = (200..300).contains(&reply.status);
    match operation.key.as_str() {
        "GET /projects/{project_id}/issues"
            if reply.status == 422 && faults.contains("wrong-type-of-nothing") =>
        {
            reply.status = 415;
        }
        "GET /service-accounts" if done && faults.contains("cache-told-both-ways") => {
            return reply.with_header("Cache-Control", "no-store, max-age=3600");
        }
        "GET /projects/{project_id}/findings/trend" if done && faults.contains("packed-by-name-alone") => {
            return reply.with_header("Content-Encoding", "gzip");
        }
        "GET /projects/{project_id}/assets/groups/metrics" if done && faults.contains("packed-and-cut") => {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            // Writing into memory does not fail.
            let _ = packed.write_all(&bytes(&reply.payload));
            let mut packed = packed.finish().unwrap_or_default();
            packed.truncate(packed.len().saturating_sub(9));
            reply.payload = Payload::Bytes(packed);
            return reply.with_header("Content-Encoding", "gzip");
        }
        "GET /scan-types" if done && faults.contains("latin-1-in-json") => {
            accent(&mut reply, "description");
            let text = bytes(&reply.payload);
            let latin_1 =
                String::from_utf8_lossy(&text).chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
            reply.payload = Payload::Bytes(latin_1);
        }
        "GET /users" if done && faults.contains("charset-of-another") => {
            accent(&mut reply, "username");
            reply.content_type = "application/json; charset=iso-8859-1";
        }
        _ => {}
    }
    reply
}

/// Adds a letter beyond ASCII to a text of the first item.
fn accent(reply: &mut Reply, name: &str) {
    if let Some(text) = reply.json_mut().and_then(|body| body.get_mut(0)).and_then(|item| item.get_mut(name))
    {
        *text = json!(format!("{}é", text.as_str().unwrap_or_default()));
    }
}

fn bytes(payload: &Payload) -> Vec<u8> {
    match payload {
        Payload::Empty => Vec::new(),
        Payload::Json(body) => body.to_string().into_bytes(),
        Payload::Text(text) => text.clone().into_bytes(),
        Payload::Bytes(bytes) => bytes.clone(),
    }
}
