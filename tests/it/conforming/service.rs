//! A server that keeps exactly to its document: what the document forbids is refused before a habit sees it.
//!
//! It reads the document by itself, so that a mistake in the tool's reading cannot hide in the server too.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// The one key that is let in.
pub(crate) const KEY: &str = "conforming-key-5e1d8c7a";

/// The key of somebody else, equal in rights and a stranger.
pub(crate) const PARTNER: &str = "conforming-partner-91b7f02d";

/// What a server does with requests that keep to its document.
pub(crate) trait Habit: Send + 'static {
    /// Its document.
    fn document(&self) -> Value;
    /// Whether it keeps what the partner may not see from the partner.
    fn knows_a_peer(&self) -> bool {
        false
    }
    /// In place of all the strictness below: the answer of a server that reads requests in its own way.
    fn instead(&mut self, _head: &Head, _bytes: &[u8]) -> Option<Reply> {
        None
    }
    /// Before anything is looked at: an answer that does not depend on the operation.
    fn gate(&mut self, _head: &Head) -> Option<Reply> {
        None
    }
    /// The answer to a valid request of somebody with the key.
    fn answer(&mut self, call: &Call) -> Reply;
    /// After the answer was made: how it travels.
    fn dress(&mut self, _head: &Head, _reply: &mut Reply) {}
}

/// What stands before a body.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// In capitals.
    pub(crate) method: String,
    /// As sent.
    pub(crate) path: String,
    /// As sent, without the question mark.
    pub(crate) query: String,
    /// Names in lower case; the last of several counts.
    pub(crate) headers: BTreeMap<String, String>,
}

/// A valid request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `GET /things/{id}`.
    pub(crate) operation: String,
    pub(crate) head: Head,
    pub(crate) path: BTreeMap<String, Value>,
    pub(crate) query: BTreeMap<String, Value>,
    pub(crate) body: Value,
}

impl Call {
    /// The whole number in the path under this name.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.path.get(name).and_then(Value::as_i64).unwrap_or(-1)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).map(String::as_str)
    }

    /// The members of the body.
    pub(crate) fn members(&self) -> Map<String, Value> {
        self.body.as_object().cloned().unwrap_or_default()
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Sent without a length.
    pub(crate) chunked: bool,
}

impl Reply {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), chunked: false }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { body: body.to_string().into_bytes(), ..Self::empty(status) }
            .header("content-type", "application/json")
    }

    pub(crate) fn problem(status: u16, message: &str) -> Self {
        Self::json(status, &json!({"error": {"code": status, "message": message}}))
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// A server under way. Dropping it ends it.
pub(crate) struct Service {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Service {
    /// Starts one on a port of its own; its document is at `/openapi.json`.
    pub(crate) async fn start(habit: impl Habit) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let document = Arc::new(habit.document());
        let habit = Arc::new(Mutex::new(habit));
        let router = axum::Router::new().fallback(move |request: Request| {
            let (document, habit) = (Arc::clone(&document), Arc::clone(&habit));
            async move {
                let (parts, body) = request.into_parts();
                let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
                wire(respond(&document, &habit, &Head::of(&parts), &bytes))
            }
        });
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves until it is dropped");
        });
        Self { address, task }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Head {
    /// What stands before this body.
    pub(crate) fn of(parts: &Parts) -> Self {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        }
    }
}

/// The answer to one request, however it came.
pub(crate) fn respond(document: &Value, habit: &Mutex<impl Habit>, head: &Head, bytes: &[u8]) -> Reply {
    let mut habit = habit.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reply = match habit.instead(head, bytes).or_else(|| habit.gate(head)) {
        Some(reply) => reply,
        None => match understand(document, head, bytes) {
            Ok(call) => habit.answer(&call),
            Err(reply) => reply,
        },
    };
    habit.dress(head, &mut reply);
    reply
}

fn wire(reply: Reply) -> Response {
    let body = if reply.chunked {
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
            reply.body.chunks(7).map(|piece| Ok(piece.to_vec())).collect();
        Body::from_stream(futures_util::stream::iter(pieces))
    } else {
        Body::from(reply.body)
    };
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).expect("a status"));
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(body).expect("an answer")
}

/// The request as its operation understands it, or the refusal.
fn understand(document: &Value, head: &Head, bytes: &[u8]) -> Result<Call, Reply> {
    if head.path == "/openapi.json" {
        return Err(Reply::json(200, document));
    }
    let (template, item, texts) = route(document, &head.path)
        .or_else(|reply| head.path.strip_suffix('/').map_or(Err(reply), |path| route(document, path)))?;
    let method = head.method.to_lowercase();
    let Some(operation) = item.get(&method) else {
        let allowed: Vec<String> = item.keys().map(|m| m.to_uppercase()).collect();
        return Err(Reply::problem(405, "no such method").header("allow", allowed.join(", ")));
    };
    let public = operation.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty);
    let known = head.headers.get("x-api-key").is_some_and(|key| key == KEY || key == PARTNER);
    if !known && !public {
        return Err(Reply::problem(401, "who are you?").header("www-authenticate", "ApiKey"));
    }
    let mut call = Call {
        operation: format!("{} {template}", head.method),
        head: head.clone(),
        path: BTreeMap::new(),
        query: BTreeMap::new(),
        body: Value::Null,
    };
    let shared = item.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let own = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let queries: Vec<(String, String)> =
        url::form_urlencoded::parse(head.query.as_bytes()).into_owned().collect();
    for parameter in shared.chain(own) {
        let named = parameter.get("$ref").and_then(Value::as_str).and_then(|to| document.pointer(&to[1..]));
        let parameter = named.unwrap_or(parameter);
        let name = parameter["name"].as_str().expect("a name");
        let schema = parameter.get("schema").unwrap_or(parameter);
        match parameter["in"].as_str().expect("a place") {
            "path" => {
                let value = read(document, schema, name, &texts[name])?;
                call.path.insert(name.to_owned(), value);
            }
            "query" => {
                let given: Vec<&String> = queries.iter().filter(|(n, _)| n == name).map(|(_, v)| v).collect();
                match given.as_slice() {
                    [] if parameter["required"] == true => {
                        return Err(Reply::problem(400, "a parameter is missing"));
                    }
                    [] => {}
                    [text] => {
                        let value = read(document, schema, name, text)?;
                        call.query.insert(name.to_owned(), value);
                    }
                    _ => return Err(Reply::problem(400, "a parameter was sent twice")),
                }
            }
            "header" => match head.headers.get(&name.to_lowercase()) {
                Some(text) => {
                    read(document, schema, name, text)?;
                }
                None if parameter["required"] == true => {
                    let status = if name == "If-Match" { 428 } else { 400 };
                    return Err(Reply::problem(status, "a header is missing"));
                }
                None => {}
            },
            _ => call.body = self::body(document, head, bytes, Some(schema), "application/json")?,
        }
    }
    if let Some(content) = operation.pointer("/requestBody/content").and_then(Value::as_object) {
        let (media_type, content) = content.iter().next().expect("a media type");
        call.body = body(document, head, bytes, content.get("schema"), media_type)?;
    }
    Ok(call)
}

type Route<'d> = (&'d str, &'d Map<String, Value>, BTreeMap<String, String>);

/// The path item that `path` leads to; fixed text wins over parameters.
fn route<'d>(document: &'d Value, path: &str) -> Result<Route<'d>, Reply> {
    let asked: Vec<String> = path
        .split('/')
        .map(|piece| percent_encoding::percent_decode_str(piece).decode_utf8_lossy().into_owned())
        .collect();
    let mut found: Vec<Route<'d>> = Vec::new();
    for (template, item) in document["paths"].as_object().expect("paths") {
        let pieces: Vec<&str> = template.split('/').collect();
        let mut texts = BTreeMap::new();
        let fits = pieces.len() == asked.len()
            && pieces.iter().zip(&asked).all(|(piece, text)| match piece.strip_prefix('{') {
                Some(name) if !text.is_empty() => {
                    texts.insert(name.trim_end_matches('}').to_owned(), text.clone());
                    true
                }
                Some(_) => false,
                None => piece == text,
            });
        if fits {
            found.push((template, item.as_object().expect("a path item"), texts));
        }
    }
    found.into_iter().min_by_key(|(.., texts)| texts.len()).ok_or_else(|| Reply::problem(404, "no such path"))
}

/// A text as its schema takes it.
fn read(document: &Value, schema: &Value, name: &str, text: &str) -> Result<Value, Reply> {
    let number = text.parse::<i64>().ok().filter(|n| n.to_string() == text).map(Value::from);
    let real = || serde_json::from_str::<Value>(text).ok().filter(Value::is_number);
    let truth = || text.parse::<bool>().ok().map(Value::from);
    let readings = [number.or_else(real), truth(), Some(Value::from(text))];
    // A parameter of a Swagger 2.0 document is its own schema.
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        for word in ["name", "in", "required", "example"] {
            map.remove(word);
        }
    }
    let found = readings.into_iter().flatten().find(|value| is_valid(document, &schema, value));
    found.ok_or_else(|| Reply::problem(400, &format!("{name} is not as it ought to be")))
}

fn body(
    document: &Value,
    head: &Head,
    bytes: &[u8],
    schema: Option<&Value>,
    media_type: &str,
) -> Result<Value, Reply> {
    let sent = head.headers.get("content-type").map_or("", String::as_str);
    let essence = sent.split(';').next().unwrap_or_default().trim();
    if bytes.is_empty() && media_type.ends_with("json") {
        return Err(Reply::problem(400, "the body is missing"));
    }
    if !essence.eq_ignore_ascii_case(media_type) {
        return Err(Reply::problem(415, "not of this media type"));
    }
    if !media_type.ends_with("json") {
        let text = std::str::from_utf8(bytes).map_err(|_| Reply::problem(400, "not UTF-8"))?;
        return Ok(Value::from(text));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Reply::problem(400, "not JSON"))?;
    match schema {
        Some(schema) if !is_valid(document, schema, &value) => {
            Err(Reply::problem(400, "the body is not as it ought to be"))
        }
        _ => Ok(value),
    }
}

fn is_valid(document: &Value, schema: &Value, value: &Value) -> bool {
    let old = document.get("swagger").is_some();
    let draft = if old { jsonschema::Draft::Draft4 } else { jsonschema::Draft::Draft202012 };
    let mut root = json!({"allOf": [schema]});
    for place in ["components", "definitions"] {
        if let Some(shared) = document.get(place) {
            root[place] = shared.clone();
        }
    }
    let options = jsonschema::options().with_draft(draft).should_validate_formats(true);
    options.build(&root).expect("a schema").is_valid(value)
}
