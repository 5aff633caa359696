//! Small worlds for this room's tests: one API of a few operations, made by hand.
//!
//! For tests alone; it must never know what a rule expects.

use crate::case::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
use crate::check::{CheckOptions, Context, Role, Step};
use crate::exchange::{
    Body, Exchange, Method, Request, Response, Timing, TransportError, TransportErrorKind,
};
use crate::schema::{Dialect, Document, Pointer, Validators};
use crate::spec::{
    Api, Content, HeaderSpec, Location, Operation, OperationKey, Parameter, PathTemplate, RequestBody,
    Requirement, ResponseSpec, SpecVersion, StatusPattern, Style,
};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// An API whose first operation is the one under test.
pub(crate) struct World {
    pub(crate) api: Api,
    pub(crate) options: CheckOptions,
    validators: Validators,
    schemas: Map<String, Value>,
}

impl World {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        let document = Document::new(json!({}), Dialect::Draft4);
        let api = Api {
            title: String::new(),
            version: String::new(),
            spec_version: SpecVersion::OpenApi30,
            servers: Vec::new(),
            operations: vec![operation(method, path)],
            links: Vec::new(),
            security_schemes: IndexMap::new(),
            document: document.clone(),
        };
        let validators = Validators::new(&document);
        Self { api, options: CheckOptions::default(), validators, schemas: Map::new() }
    }

    /// `GET /pets`.
    pub(crate) fn get() -> Self {
        Self::new(Method::Get, "/pets")
    }

    pub(crate) fn schema(mut self, name: &str, schema: Value) -> Self {
        self.schemas.insert(name.to_owned(), schema);
        let document = Document::new(json!({"definitions": self.schemas}), Dialect::Draft4);
        self.validators = Validators::new(&document);
        self.api.document = document;
        self
    }

    /// One more operation; the builders below speak of the last one.
    pub(crate) fn and(mut self, method: Method, path: &str) -> Self {
        self.api.operations.push(operation(method, path));
        self
    }

    /// Documents a status; an empty media type documents no content.
    pub(crate) fn response(mut self, status: &str, media_type: &str, schema: Option<&str>) -> Self {
        let responses = &mut self.api.operations.last_mut().expect("one").responses;
        let status = StatusPattern::parse(status).expect("a status pattern");
        let at = responses.iter().position(|r| r.status == status).unwrap_or_else(|| {
            let pointer = Pointer::root().push("responses").push(status);
            responses.push(ResponseSpec { status, contents: Vec::new(), headers: Vec::new(), pointer });
            responses.len() - 1
        });
        if !media_type.is_empty() {
            responses[at].contents.push(content(media_type, schema));
        }
        self
    }

    pub(crate) fn header(mut self, name: &str, schema: &str, required: bool) -> Self {
        let responses = &mut self.api.operations.last_mut().expect("one").responses;
        let pointer = Pointer::root().push("headers").push(name);
        let schema = Some(definition(schema));
        let header = HeaderSpec { name: name.to_owned(), required, schema, delimiter: ',', pointer };
        responses.last_mut().expect("a response").headers.push(header);
        self
    }

    pub(crate) fn parameter(mut self, location: Location, name: &str, schema: &str) -> Self {
        let required = location == Location::Path;
        let style = if location == Location::Query { Style::Form } else { Style::Simple };
        self.api.operations.last_mut().expect("one").parameters.push(Parameter {
            name: name.to_owned(),
            location,
            required,
            style,
            explode: false,
            allow_reserved: false,
            allow_empty: false,
            schema: Some(definition(schema)),
            content_type: None,
            examples: Vec::new(),
            pointer: Pointer::root().push("parameters").push(name),
        });
        self
    }

    pub(crate) fn body(mut self, media_type: &str, schema: &str) -> Self {
        let contents = vec![content(media_type, Some(schema))];
        let body = RequestBody { required: true, contents, pointer: Pointer::root().push("requestBody") };
        self.api.operations.last_mut().expect("one").body = Some(body);
        self
    }

    pub(crate) fn secured(mut self) -> Self {
        let requirement = Requirement { schemes: vec![("key".to_owned(), Vec::new())] };
        self.api.operations.last_mut().expect("one").security.push(requirement);
        self
    }

    pub(crate) fn operation(&self) -> &Operation {
        &self.api.operations[0]
    }

    pub(crate) fn operation_mut(&mut self) -> &mut Operation {
        &mut self.api.operations[0]
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            api: &self.api,
            operation: self.operation(),
            validators: &self.validators,
            options: &self.options,
        }
    }
}

fn operation(method: Method, path: &str) -> Operation {
    Operation {
        key: OperationKey::new(method, path),
        id: None,
        method,
        path: PathTemplate::parse(path),
        summary: None,
        tags: Vec::new(),
        deprecated: false,
        parameters: Vec::new(),
        body: None,
        responses: Vec::new(),
        security: Vec::new(),
        servers: Vec::new(),
        doubles: Arc::default(),
        pointer: Pointer::root().push("paths").push(path).push(method.as_str().to_lowercase()),
    }
}

fn content(media_type: &str, schema: Option<&str>) -> Content {
    Content {
        media_type: media_type.to_owned(),
        schema: schema.map(definition),
        examples: Vec::new(),
        encoding: IndexMap::new(),
        sequence: None,
        annotated: None,
        pointer: Pointer::root().push("content"),
    }
}

pub(crate) fn definition(name: &str) -> Pointer {
    Pointer::root().push("definitions").push(name)
}

pub(crate) fn positive() -> Case {
    Case {
        operation: OperationKey::new(Method::Get, "/pets"),
        mode: Mode::Positive,
        phase: Phase::Reach,
        index: 0,
        reason: reason("", "", ""),
        parameters: Vec::new(),
        body: None,
        credential: Credential::Main,
    }
}

pub(crate) fn negative(part: &str, keyword: &str, how: &str) -> Case {
    let reason = reason(part, keyword, how);
    Case { mode: Mode::Negative, phase: Phase::Negative, reason, ..positive() }
}

pub(crate) fn boundary(part: &str, keyword: &str, how: &str) -> Case {
    Case { phase: Phase::Boundary, reason: reason(part, keyword, how), ..positive() }
}

fn reason(part: &str, keyword: &str, how: &str) -> Reason {
    let pointer = Pointer::root().push("schema of").push(part);
    Reason { pointer, keyword: keyword.to_owned(), how: how.to_owned(), part: part.to_owned() }
}

pub(crate) fn with_parameter(mut case: Case, location: Location, name: &str, value: Value) -> Case {
    case.parameters.push(ParameterValue { name: name.to_owned(), location, payload: Payload::Json(value) });
    case
}

pub(crate) fn with_body(mut case: Case, media_type: &str, value: Value) -> Case {
    case.body = Some(BodyValue { media_type: media_type.to_owned(), payload: Payload::Json(value) });
    case
}

pub(crate) fn response(status: u16, media_type: &str, body: &str) -> Response {
    let mut headers = Vec::new();
    if !media_type.is_empty() {
        headers.push(("content-type".to_owned(), media_type.to_owned()));
    }
    Response { status, headers, body: Body(body.as_bytes().to_vec()), truncated: false, packed: None }
}

pub(crate) fn answer(status: u16, media_type: &str, body: &str) -> Exchange {
    exchange(Ok(response(status, media_type, body)))
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Exchange {
    answer(status, "application/json", &body.to_string())
}

pub(crate) fn no_answer(kind: TransportErrorKind) -> Exchange {
    exchange(Err(TransportError { kind, message: kind.to_string() }))
}

fn exchange(outcome: Result<Response, TransportError>) -> Exchange {
    let request = Request {
        method: Method::Get,
        url: "http://127.0.0.1:1/api/pets".to_owned(),
        headers: Vec::new(),
        body: None,
    };
    Exchange { request, outcome, timing: Timing { head_us: 900, total_us: 1_000 }, attempts: 1 }
}

pub(crate) fn at(url: &str, mut exchange: Exchange) -> Exchange {
    exchange.request.url = format!("http://127.0.0.1:1/api{url}");
    exchange
}

pub(crate) fn header(mut exchange: Exchange, name: &str, value: &str) -> Exchange {
    let response = exchange.outcome.as_mut().expect("an answer");
    response.headers.push((name.to_owned(), value.to_owned()));
    exchange
}

pub(crate) fn step(role: Role, method: Method, path: &str, case: Case, exchange: Exchange) -> Step {
    Step { role, operation: OperationKey::new(method, path), case, exchange }
}
