//! An answer as plain data, before it becomes HTTP. It decides nothing.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// HTTP status code.
    pub(crate) status: u16,
    /// Headers besides the content type.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Media type of the body.
    pub(crate) content_type: &'static str,
    /// The body.
    pub(crate) payload: Payload,
    /// How long to hold the answer back.
    pub(crate) delay: Duration,
}

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status code.
    pub(crate) status: u16,
    /// The reason for a program.
    pub(crate) code: &'static str,
    /// The reason for a person.
    pub(crate) message: String,
}

impl Refusal {
    /// A refusal with a reason.
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into() }
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Reply {
        let reply = Reply::refusal(refusal.status, refusal.code, &refusal.message);
        match refusal.status {
            401 => reply.with_header("WWW-Authenticate", "ApiKey realm=\"demo\""),
            _ => reply,
        }
    }
}

/// The body of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    /// No body and no content type.
    Empty,
    /// A JSON document.
    Json(Value),
    /// Text that is sent as it is.
    Text(String),
    /// Bytes that are sent as they are.
    Bytes(Vec<u8>),
}

impl Reply {
    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: Value) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            content_type: "application/json",
            payload: Payload::Json(body),
            delay: Duration::ZERO,
        }
    }

    /// A confirmation without a body.
    pub(crate) fn no_content() -> Reply {
        Reply { payload: Payload::Empty, ..Reply::json(204, Value::Null) }
    }

    /// A refusal, in the documented error shape.
    pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Reply {
        Reply::json(status, json!({"error": message, "code": code}))
    }

    /// The answer for something in the path that does not exist.
    pub(crate) fn not_found(what: &str) -> Reply {
        Reply::refusal(404, "not_found", &format!("no such {what}"))
    }

    /// The answer of a handler that broke down.
    pub(crate) fn breakdown() -> Reply {
        Reply::refusal(500, "internal", "something went wrong on our side")
    }

    /// The same answer with one more header.
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// The JSON body, if it is one, for a change in place.
    pub(crate) fn json_mut(&mut self) -> Option<&mut Value> {
        match &mut self.payload {
            Payload::Json(body) => Some(body),
            Payload::Empty | Payload::Text(_) | Payload::Bytes(_) => None,
        }
    }
}
