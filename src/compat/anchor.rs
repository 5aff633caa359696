//! Where in a contract a change is, in words that survive unrelated edits.

use crate::schema::Direction;
use crate::spec::{Location, StatusPattern};
use std::fmt::Write as _;

/// A place in the contract: a part of an operation or a shared schema, and a path of steps below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    base: Base,
    steps: Vec<Step>,
}

/// What the steps start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    /// The operation as a whole.
    Operation,
    /// A parameter; path parameters go by position, since their names do not travel.
    Parameter { location: Location, name: String, position: Option<usize> },
    /// The request body.
    RequestBody,
    /// The body of a response.
    Response(StatusPattern),
    /// A response header.
    ResponseHeader(StatusPattern, String),
    /// A named schema, in one direction.
    Schema(String, Direction),
}

/// One step into a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a named property.
    Property(String),
    /// Into properties whose name matches.
    Pattern(String),
    /// Into properties without a name of their own.
    Additional,
    /// Into the items of an array.
    Items,
    /// Into one position of an array.
    Position(usize),
    /// Into one alternative, by name or index.
    Branch(String),
}

impl Anchor {
    pub(crate) fn new(base: Base) -> Self {
        Self { base, steps: Vec::new() }
    }

    /// This anchor, one step deeper.
    pub(crate) fn push(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { base: self.base.clone(), steps }
    }

    /// The shared schema's name, if it starts from one.
    pub(crate) fn shared(&self) -> Option<&str> {
        match &self.base {
            Base::Schema(name, _) => Some(name),
            _ => None,
        }
    }

    /// The text for fingerprints: `request body /properties/severity`.
    pub(crate) fn site(&self) -> String {
        let mut text = match &self.base {
            Base::Operation => "operation".to_owned(),
            Base::Parameter { location, position: Some(position), .. } => {
                format!("{location} parameter #{position}")
            }
            Base::Parameter { location: Location::Header, name, position: None } => {
                format!("header parameter {}", name.to_ascii_lowercase())
            }
            Base::Parameter { location, name, position: None } => format!("{location} parameter {name}"),
            Base::RequestBody => "request body".to_owned(),
            Base::Response(status) => format!("response {status} body"),
            Base::ResponseHeader(status, name) => {
                format!("response {status} header {}", name.to_ascii_lowercase())
            }
            Base::Schema(name, direction) => format!("{} schema {name}", direction_word(*direction)),
        };
        if !self.steps.is_empty() {
            text.push(' ');
        }
        for step in &self.steps {
            // Writing to a `String` cannot fail.
            let _ = match step {
                Step::Property(name) => write!(text, "/properties/{name}"),
                Step::Pattern(pattern) => write!(text, "/patternProperties/{pattern}"),
                Step::Additional => write!(text, "/additionalProperties"),
                Step::Items => write!(text, "/items"),
                Step::Position(index) => write!(text, "/prefixItems/{index}"),
                Step::Branch(name) => write!(text, "/anyOf/{name}"),
            };
        }
        text
    }

    /// The text for people, without the owner: ``request property `severity` ``.
    pub(crate) fn subject(&self) -> String {
        let path = self.path();
        let (word, whole) = match &self.base {
            Base::Operation => return "the operation".to_owned(),
            Base::Parameter { location, name, .. } => {
                let whole = format!("{location} parameter `{name}`");
                (whole.clone(), whole)
            }
            Base::RequestBody => ("request".to_owned(), "request body".to_owned()),
            Base::Response(StatusPattern::Code(200)) => ("response".to_owned(), "response body".to_owned()),
            Base::Response(status) => (format!("{status} response"), format!("{status} response body")),
            Base::ResponseHeader(_, name) => {
                let whole = format!("response header `{name}`");
                (whole.clone(), whole)
            }
            Base::Schema(name, direction) => {
                let word = direction_word(*direction);
                (word.to_owned(), format!("{word} schema `{name}`"))
            }
        };
        if path.is_empty() {
            whole
        } else if self.steps.iter().any(|step| matches!(step, Step::Property(_))) {
            format!("{word} property `{path}`")
        } else {
            format!("{whole} at `{path}`")
        }
    }

    fn path(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            let piece = match step {
                Step::Property(name) if text.is_empty() => name.clone(),
                Step::Property(name) => format!(".{name}"),
                Step::Pattern(pattern) => format!("[/{pattern}/]"),
                Step::Additional => "[*]".to_owned(),
                Step::Items => "[]".to_owned(),
                Step::Position(index) => format!("[{index}]"),
                Step::Branch(name) => format!("<{name}>"),
            };
            text.push_str(&piece);
        }
        text
    }
}

fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "request",
        Direction::Response => "response",
    }
}
