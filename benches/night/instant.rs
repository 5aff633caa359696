//! A server that answers at once: six collections of records, each with list, create, read, replace and remove.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

const KEY: &str = "bench-key-4c1d9e77";
const COLLECTIONS: [&str; 6] = ["assets", "findings", "teams", "scans", "tickets", "notes"];

/// The document: thirty operations.
fn document() -> Value {
    let problem = json!({"description": "no", "content": {"application/json": {"schema": {
        "type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}}});
    let record = json!({"$ref": "#/components/schemas/Record"});
    let one = |text: &str| json!({"description": text, "content": {"application/json": {"schema": record}}});
    let sent = json!({"required": true, "content": {"application/json": {"schema": record}}});
    let mut paths = Map::new();
    for name in COLLECTIONS {
        let list = json!({"description": "all", "content": {"application/json": {"schema": {"type": "array", "items": record}}}});
        paths.insert(format!("/{name}"), json!({
            "get": {"parameters": [
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}},
                {"name": "state", "in": "query", "schema": {"type": "string", "enum": ["open", "closed"]}}],
                "responses": {"200": list, "400": problem, "401": problem}},
            "post": {"requestBody": sent, "responses": {"201": one("made"), "400": problem, "401": problem, "415": problem}}}));
        paths.insert(format!("/{name}/{{id}}"), json!({
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}}],
            "get": {"responses": {"200": one("it"), "400": problem, "401": problem, "404": problem}},
            "put": {"requestBody": sent, "responses": {
                "200": one("replaced"), "400": problem, "401": problem, "404": problem, "415": problem}},
            "delete": {"responses": {"204": {"description": "gone"}, "400": problem, "401": problem, "404": problem}}}));
    }
    json!({"openapi": "3.0.3", "info": {"title": "Instant", "version": "1"}, "paths": paths,
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-apikey"}},
            "schemas": {"Record": schema()}}})
}

/// A record of ten fields.
fn schema() -> Value {
    json!({"type": "object", "additionalProperties": false, "required": ["name", "email", "state", "score"], "properties": {
        "id": {"type": "integer", "minimum": 1, "readOnly": true},
        "name": {"type": "string", "minLength": 1, "maxLength": 50},
        "email": {"type": "string", "pattern": "^[a-z]{3,12}@[a-z]{3,10}\\.(com|org)$"},
        "state": {"type": "string", "enum": ["open", "closed"]},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "active": {"type": "boolean"},
        "zip": {"type": "string", "pattern": "^[0-9]{5}$"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 10}, "maxItems": 5},
        "labels": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 20}, "maxProperties": 3},
        "address": {"type": "object", "additionalProperties": false, "required": ["street"], "properties": {
            "street": {"type": "string", "maxLength": 30}, "floor": {"type": "integer", "minimum": -3, "maximum": 90}}}}})
}

struct Shelf {
    document: String,
    incoming: jsonschema::Validator,
    records: Mutex<Records>,
}

#[derive(Default)]
struct Records {
    next: u64,
    by_place: BTreeMap<(String, u64), Value>,
}

/// Serves until the process ends.
pub(crate) async fn serve() {
    let mut records = Records { next: 100, ..Records::default() };
    for name in COLLECTIONS {
        for id in 1..=3 {
            let record = json!({"id": id, "name": "first", "email": "someone@example.com", "state": "open", "score": 7.5});
            records.by_place.insert((name.to_owned(), id), record);
        }
    }
    let shelf = Shelf {
        document: document().to_string(),
        incoming: jsonschema::draft4::new(&schema()).expect("the schema compiles"),
        records: Mutex::new(records),
    };
    let app = Router::new().fallback(answer).with_state(Arc::new(shelf));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    println!("{base} {base}/openapi.json {KEY}");
    axum::serve(listener, app).await.expect("it serves");
}

async fn answer(
    State(shelf): State<Arc<Shelf>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path() == "/openapi.json" {
        return ([(header::CONTENT_TYPE, "application/json")], shelf.document.clone()).into_response();
    }
    if headers.get_all("x-apikey").iter().map(HeaderValue::as_bytes).ne([KEY.as_bytes()]) {
        return no(StatusCode::UNAUTHORIZED);
    }
    let mut segments = uri.path().split('/').skip(1);
    let name = segments.next().unwrap_or_default();
    if !COLLECTIONS.contains(&name) {
        return no(StatusCode::NOT_FOUND);
    }
    let record = if method == Method::POST || method == Method::PUT {
        let media = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        if media != b"application/json" {
            return no(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        match serde_json::from_slice::<Value>(&body) {
            Ok(value) if shelf.incoming.is_valid(&value) => Some(value),
            _ => return no(StatusCode::BAD_REQUEST),
        }
    } else {
        None
    };
    let mut records = shelf.records.lock().unwrap_or_else(PoisonError::into_inner);
    let id = match segments.next() {
        None => return collection(&mut records, name, &method, uri.query().unwrap_or_default(), record),
        Some(text) => match text.parse::<u64>() {
            Ok(id) if id > 0 && id.to_string() == text => id,
            _ => return no(StatusCode::BAD_REQUEST),
        },
    };
    let place = (name.to_owned(), id);
    match (method.as_str(), record, records.by_place.contains_key(&place)) {
        (_, _, false) => no(StatusCode::NOT_FOUND),
        ("GET", _, true) => yes(StatusCode::OK, &records.by_place[&place]),
        ("PUT", Some(mut record), true) => {
            record["id"] = json!(id);
            records.by_place.insert(place, record.clone());
            yes(StatusCode::OK, &record)
        }
        ("DELETE", _, true) => {
            records.by_place.remove(&place);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => no(StatusCode::METHOD_NOT_ALLOWED),
    }
}

fn collection(
    records: &mut Records,
    name: &str,
    method: &Method,
    query: &str,
    record: Option<Value>,
) -> Response {
    if let Some(mut record) = record {
        records.next += 1;
        record["id"] = json!(records.next);
        records.by_place.insert((name.to_owned(), records.next), record.clone());
        return yes(StatusCode::CREATED, &record);
    }
    if method != Method::GET {
        return no(StatusCode::METHOD_NOT_ALLOWED);
    }
    let mut most = 20;
    let mut seen = Vec::new();
    for (key, value) in
        query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('='))
    {
        let fits = match key {
            _ if seen.contains(&key) => false,
            "limit" => value.parse().is_ok_and(|limit: usize| {
                most = limit;
                (1..=50).contains(&limit) && limit.to_string() == value
            }),
            "state" => matches!(value, "open" | "closed"),
            _ => true,
        };
        if !fits {
            return no(StatusCode::BAD_REQUEST);
        }
        seen.push(key);
    }
    let from = (name.to_owned(), 0);
    let all = records.by_place.range(from..).take_while(|((of, _), _)| of == name).map(|(_, record)| record);
    yes(StatusCode::OK, &json!(all.take(most).collect::<Vec<_>>()))
}

fn yes(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn no(status: StatusCode) -> Response {
    yes(status, &json!({"error": status.as_str()}))
}
