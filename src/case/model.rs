//! What a case says.

use crate::exchange::Body;
use crate::schema::Pointer;
use crate::spec::{Location, OperationKey};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// One operation with chosen values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Which operation.
    pub operation: OperationKey,
    /// Whether the server ought to accept it.
    pub mode: Mode,
    /// Which part of the plan asked for it.
    pub phase: Phase,
    /// Its number within operation and phase; with the run's seed it makes the case again.
    pub index: u32,
    /// Why it is as it is.
    pub reason: Reason,
    /// The parameters that are sent, in the document's order.
    pub parameters: Vec<ParameterValue>,
    /// The body that is sent.
    pub body: Option<BodyValue>,
    /// As whom it is sent.
    pub credential: Credential,
}

impl Case {
    /// The chosen value of a parameter.
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|p| p.location == location && p.name == name).and_then(|p| {
            match &p.payload {
                Payload::Json(value) => Some(value),
                Payload::Raw(_) => None,
            }
        })
    }

    /// A short stable name, e.g. `boundary-12`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.phase, self.index)
    }
}

/// Whether a case obeys its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Valid: the server ought to accept it.
    Positive,
    /// One rule of the document is broken: the server ought to refuse it.
    Negative,
    /// Valid by the document and strange: the server may accept or refuse it, and must bear it.
    Robustness,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Robustness => "robustness",
        })
    }
}

/// The parts of a plan, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The simplest valid case of each operation, to learn what exists.
    Reach,
    /// Cases made of the document's own examples.
    Examples,
    /// Every constraint at and inside its limits: valid cases, exhaustive, not random.
    Boundary,
    /// Every constraint broken, one at a time.
    Negative,
    /// Random valid cases.
    Random,
    /// The same request as somebody else: anonymous, a bad key, another role.
    Access,
    /// Several calls that belong together: create, read, replace, delete.
    Sequence,
    /// Valid by the document and strange: ranges the wrong way round, texts that programs stumble over.
    Robustness,
    /// As refusals said that the server wants it besides.
    Learned,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reach => "reach",
            Self::Examples => "examples",
            Self::Boundary => "boundary",
            Self::Negative => "negative",
            Self::Random => "random",
            Self::Access => "access",
            Self::Sequence => "sequence",
            Self::Robustness => "robustness",
            Self::Learned => "learned",
        })
    }
}

/// Why a case is as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// The place in the document that the case is about: a schema, a parameter, an operation.
    pub pointer: Pointer,
    /// The keyword that it exercises or breaks, e.g. `maxLength`; empty for none in particular.
    pub keyword: String,
    /// In words: `longest allowed`, `one character too long`, `without the required property name`.
    pub how: String,
    /// Which part of the request: `path parameter id`, `body`, `body /tags/0`; empty for the whole.
    pub part: String,
}

/// One parameter with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParameterValue {
    /// Its name.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// What is sent.
    pub payload: Payload,
}

/// A value, or the very text that goes over the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    /// A value, serialised by the parameter's style or the body's media type.
    Json(Value),
    /// Exactly these bytes, for what no value can say: malformed JSON, a repeated parameter.
    /// In a query it is the whole `name=value&…` text, already encoded.
    Raw(Body),
}

/// A body with its media type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BodyValue {
    /// The `Content-Type` to send; empty sends none.
    pub media_type: String,
    /// What is sent.
    pub payload: Payload,
}

/// As whom a request is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// With the run's main key.
    #[default]
    Main,
    /// With the key of this name from the configuration.
    Named(String),
    /// With no credential at all.
    Anonymous,
    /// With a well-formed key that nobody issued.
    Malformed,
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str("the main key"),
            Self::Named(name) => write!(f, "key `{name}`"),
            Self::Anonymous => f.write_str("no key"),
            Self::Malformed => f.write_str("a key nobody issued"),
        }
    }
}
