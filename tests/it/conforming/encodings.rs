//! Packs some answers whether asked or not, cuts others up, answers `HEAD`, conditions and ranges.
//!
//! Over HTTP/1.1 alone; `http2` speaks the other one.

use crate::conforming::document::{id, object, openapi, operation, with};
use crate::conforming::service::{Call, Habit, Head, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Encodings {
    docs: Shelf,
}

impl Habit for Encodings {
    fn document(&self) -> Value {
        let condition = json!({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}});
        let range = json!({"name": "Range", "in": "header", "schema": {"type": "string"}});
        let bytes = json!({"description": "bytes", "content": {"application/octet-stream": {
            "schema": {"type": "string", "format": "binary"},
        }}});
        let mut content = operation("", &[("416", "")]);
        content["responses"]["200"] = bytes.clone();
        content["responses"]["206"] = bytes;
        content["responses"]["206"]["headers"] =
            json!({"Content-Range": {"required": true, "schema": {"type": "string"}}});
        let mut store = operation("", &[("204", ""), ("415", "Problem")]);
        store["requestBody"] =
            json!({"required": true, "content": {"text/plain": {"schema": {"type": "string"}}}});
        openapi(
            "Encodings",
            json!({
                "/docs": {
                    "get": operation("", &[("200", "[Doc]")]),
                    "post": operation("DocInput", &[("201", "Doc")]),
                    "head": operation("", &[("200", "")]),
                },
                "/docs/{id}": {
                    "parameters": [id()],
                    "get": with(operation("", &[("200", "Doc"), ("304", "")]), json!([condition])),
                    "head": operation("", &[("200", "")]),
                    "put": operation("DocInput", &[("204", "")]),
                    "delete": operation("", &[("204", "")]),
                },
                "/docs/{id}/content": {
                    "parameters": [id()],
                    "get": with(content, json!([range])),
                    "put": store,
                },
                "/summary": {"get": operation("", &[("200", "Summary")])},
                "/ping": {"get": operation("", &[("204", "")])},
            }),
            json!({
                "DocInput": object(1, json!({"title": {"type": "string", "minLength": 1, "maxLength": 50}})),
                "Doc": object(2, json!({"id": {"type": "integer"}, "title": {"type": "string"}})),
                "Summary": object(1, json!({"docs": {"type": "integer"}})),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let there = self.docs.get(id);
        if call.path.contains_key("id") && there.is_none() {
            return Reply::problem(404, "no such document");
        }
        let mut doc = only(&call.members(), &["title"]);
        match call.operation.as_str() {
            "GET /docs" => {
                let shown =
                    self.docs.all().into_iter().map(|doc| json!({"id": doc["id"], "title": doc["title"]}));
                Reply::json(200, &shown.collect())
            }
            "POST /docs" => {
                let doc = self.docs.add(doc);
                Reply::json(201, &doc)
            }
            "HEAD /docs" | "HEAD /docs/{id}" => Reply::empty(200).header("content-type", "application/json"),
            "PUT /docs/{id}" => {
                doc.insert("text".to_owned(), there.map(|doc| doc["text"].clone()).unwrap_or_default());
                self.docs.put(id, doc);
                Reply::empty(204)
            }
            "DELETE /docs/{id}" => {
                self.docs.remove(id);
                Reply::empty(204)
            }
            "GET /docs/{id}" => {
                let doc = there.unwrap_or_default();
                let shown = json!({"id": doc["id"], "title": doc["title"]});
                let tag = format!("\"{:08x}\"", crc32(shown.to_string().as_bytes()));
                let asked = call.header("if-none-match").unwrap_or_default();
                if asked.trim() == "*" || asked.split(',').any(|one| one.trim() == tag) {
                    return Reply::empty(304).header("etag", tag);
                }
                Reply::json(200, &shown).header("etag", tag)
            }
            "GET /docs/{id}/content" => content(call, &there.unwrap_or_default()),
            "PUT /docs/{id}/content" => {
                if let Some(doc) = self.docs.things.get_mut(&id) {
                    doc.insert("text".to_owned(), call.body.clone());
                }
                Reply::empty(204)
            }
            "GET /summary" => Reply::json(200, &json!({"docs": self.docs.things.len()})),
            _ => Reply::empty(204),
        }
    }

    fn dress(&mut self, head: &Head, reply: &mut Reply) {
        let json = reply.headers.iter().any(|(_, value)| value == "application/json");
        if !json || reply.status >= 400 || reply.body.is_empty() || head.path == "/openapi.json" {
            return;
        }
        reply.chunked = head.method == "POST";
        let packed = match head.path.as_str() {
            "/summary" => Some(("deflate", zlib(&reply.body))),
            _ if head.method == "GET" => Some(("gzip", gzip(&reply.body))),
            _ => None,
        };
        if let Some((name, bytes)) = packed {
            reply.headers.push(("content-encoding".to_owned(), name.to_owned()));
            reply.body = bytes;
        }
    }
}

/// The text of a document, or the part of it that was asked for. A range that makes no sense is passed over.
fn content(call: &Call, doc: &Value) -> Reply {
    let bytes = doc["text"].as_str().unwrap_or("nothing yet").as_bytes().to_vec();
    let asked = call.header("range").and_then(|range| range.strip_prefix("bytes="));
    let first = asked.and_then(|range| range.strip_suffix('-')?.parse::<usize>().ok());
    let whole = Reply::empty(200).header("content-type", "application/octet-stream");
    match first {
        Some(first) if first >= bytes.len() => {
            Reply::empty(416).header("content-range", format!("bytes */{}", bytes.len()))
        }
        Some(first) => {
            let range = format!("bytes {first}-{}/{}", bytes.len() - 1, bytes.len());
            let part = Reply { status: 206, body: bytes[first..].to_vec(), ..whole };
            part.header("content-range", range)
        }
        None => Reply { body: bytes, ..whole },
    }
}

/// RFC 1952, one stored block.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend(stored(bytes));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend(u32::try_from(bytes.len()).expect("small").to_le_bytes());
    out
}

/// RFC 1950, as `deflate` means it (RFC 9110 §8.4.1.2).
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    let mut out = vec![0x78, 0x01];
    out.extend(stored(bytes));
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

fn stored(bytes: &[u8]) -> Vec<u8> {
    let blocks: Vec<&[u8]> = if bytes.is_empty() { vec![bytes] } else { bytes.chunks(0xffff).collect() };
    let mut out = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).expect("at most 65535");
        out.push(u8::from(at + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}
