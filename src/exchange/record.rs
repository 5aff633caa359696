//! One request and what came of it.

use crate::exchange::{Body, MediaType, Method};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What `accept-encoding` says in every request that does not say it itself, and is not recorded with it.
pub const ACCEPTED_CODINGS: &str = "gzip";

/// A request as it goes over the wire, credentials left out or shown as placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL, already encoded.
    pub url: String,
    /// Headers in order, names as sent.
    pub headers: Vec<(String, String)>,
    /// The body; `None` sends none at all.
    pub body: Option<Body>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers in order, names in lower case, values that are not UTF-8 replaced lossily.
    pub headers: Vec<(String, String)>,
    /// The body, up to the size cap.
    pub body: Body,
    /// Whether the body was cut at the size cap.
    pub truncated: bool,
    /// How the body travelled, if it was packed (`Content-Encoding`); `body` is what was packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
}

/// A packed body on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// How many bytes of it were received.
    pub wire_bytes: u64,
    /// Why it could not be unpacked, in words; the body is then what was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl Response {
    /// The first header with this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the body is what the server meant: not packed, or unpacked without a fault.
    pub fn is_readable(&self) -> bool {
        self.packed.as_ref().is_none_or(|packed| packed.fault.is_none())
    }

    /// The parsed `Content-Type`.
    pub fn media_type(&self) -> Option<MediaType> {
        self.header("content-type").and_then(MediaType::parse)
    }

    /// The body as JSON, if it is.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(self.body.bytes()).ok()
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// When things happened, in microseconds from sending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Until the answer's head was there, µs.
    pub head_us: u64,
    /// Until the answer was read to its end, µs. A packed body is unpacked after that.
    pub total_us: u64,
}

/// One request and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What came back, or why nothing did.
    pub outcome: Result<Response, TransportError>,
    /// How long it took.
    pub timing: Timing,
    /// How often it was tried: above 1 only after connection failures that were safe to repeat, and after
    /// answers that asked to come back later (429, 503 with `Retry-After`). 0 if it could not be sent at all.
    pub attempts: u32,
}

impl Exchange {
    /// The answer, if there was one.
    pub fn response(&self) -> Option<&Response> {
        self.outcome.as_ref().ok()
    }

    /// The answer's status, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }

    /// The call and what came of it in one line: `GET http://127.0.0.1/pets → 200`.
    pub fn told(&self) -> String {
        let outcome = match &self.outcome {
            Ok(response) => response.status.to_string(),
            Err(error) => error.kind.to_string(),
        };
        format!("{} {} → {outcome}", self.request.method, self.request.url)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransportError {
    /// What kind of failure.
    pub kind: TransportErrorKind,
    /// In words.
    pub message: String,
}

/// Kinds of failure between request and answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransportErrorKind {
    /// No connection could be made: nothing reached the server.
    Connect,
    /// No complete answer within the time limit.
    Timeout,
    /// The connection was closed or reset before the answer was complete.
    Closed,
    /// The answer is not HTTP.
    Protocol,
    /// The request cannot be sent as HTTP at all.
    Unsendable,
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "no connection",
            Self::Timeout => "timed out",
            Self::Closed => "connection closed without a complete answer",
            Self::Protocol => "not a valid HTTP answer",
            Self::Unsendable => "not sendable",
        })
    }
}
