//! Why a document could not be read.

use crate::source::Format;
use crate::spec::SpecError;
use std::io;

/// A document could not be read. Each message says where, [`SourceError::hint`] how to fix it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// No such file.
    #[error("read `{path}`: no such file")]
    NotFound {
        /// The path as given.
        path: String,
        /// A sibling with a similar name.
        near: Option<String>,
    },
    /// The path names a directory.
    #[error("read `{path}`: it is a directory")]
    Directory {
        /// The path as given.
        path: String,
        /// A document inside it.
        near: Option<String>,
    },
    /// The path names something that is no file: a device, a pipe.
    #[error("read `{path}`: it is not a plain file")]
    NotPlain {
        /// The path as given.
        path: String,
    },
    /// The file or standard input cannot be read.
    #[error("read `{location}`")]
    Unreadable {
        /// The path, or `-`.
        location: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The document is larger than allowed.
    #[error("read `{location}`: larger than {limit} bytes")]
    TooLarge {
        /// Where it is.
        location: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The document is not text.
    #[error("read `{location}`: not UTF-8 at byte {offset}")]
    NotText {
        /// Where it is.
        location: String,
        /// The first wrong byte, from 0.
        offset: usize,
    },
    /// Nothing but white space.
    #[error("read `{location}`: the document is empty")]
    Empty {
        /// Where it is.
        location: String,
    },
    /// An HTML page in place of a document.
    #[error("read `{location}`: it is an HTML page, not an API document")]
    HtmlPage {
        /// Where it is.
        location: String,
    },
    /// Neither JSON nor YAML.
    #[error("parse {location}:{line}:{column} as {format}: {reason}")]
    Syntax {
        /// Where the document is.
        location: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1, in characters.
        column: usize,
        /// What it was read as.
        format: Format,
        /// What is wrong.
        reason: String,
    },
    /// JSON or YAML, but not an API document that can be used.
    #[error("read `{location}`: {source}")]
    Spec {
        /// Where the document is.
        location: String,
        /// Why it cannot be used.
        #[source]
        source: SpecError,
    },
    /// The location is not a URL that can be fetched.
    #[error("fetch `{location}`: {reason}")]
    Url {
        /// The location.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A header from the options cannot be sent.
    #[error("fetch `{location}`: header `{name}` cannot be sent")]
    Header {
        /// The location.
        location: String,
        /// The header's name; its value stays secret.
        name: String,
    },
    /// No answer.
    #[error("fetch `{location}`: {reason}")]
    Unreachable {
        /// The location.
        location: String,
        /// What went wrong, down to its cause.
        reason: String,
    },
    /// A public document refers to a private address.
    #[error("fetch `{location}`: it leads to {address}, which is not a public address")]
    Private {
        /// The location.
        location: String,
        /// The address.
        address: String,
    },
    /// An answer other than a document.
    #[error("fetch `{location}`: the server answered {status}")]
    Status {
        /// The location.
        location: String,
        /// The HTTP status.
        status: u16,
    },
    /// A redirect that is not followed.
    #[error("fetch `{location}`: redirected to `{target}`, which is not followed")]
    Redirect {
        /// The location.
        location: String,
        /// Where it leads.
        target: String,
    },
}

impl SourceError {
    /// How to fix it, a lower-case fragment.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::NotFound { .. } => Some("give a file, a URL or `-` for standard input".into()),
            Self::Directory { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::Directory { .. } => Some("give the document itself".into()),
            Self::NotPlain { .. } => Some("refer to a JSON or YAML file".into()),
            Self::Unreadable { .. } => None,
            Self::TooLarge { .. } => Some("an API document is seldom so large; check the location".into()),
            Self::NotText { .. } => Some("save the document as UTF-8".into()),
            Self::Empty { location } if location == "-" => Some("pipe a document to standard input".into()),
            Self::Empty { .. } => Some("check that the document was written completely".into()),
            Self::HtmlPage { .. } => Some(
                "give the document that the page shows, often /v2/api-docs, /v3/api-docs, /swagger.json or /openapi.json; a log-in page means that a key is missing"
                    .into(),
            ),
            Self::Syntax { format: Format::Yaml, .. } => {
                Some("check the indentation, and quote texts that hold `: ` or ` #`".into())
            }
            Self::Syntax { format: Format::Json, .. } => Some("check commas, quotes and brackets there".into()),
            Self::Spec { source, .. } => Some(source.hint().to_owned()),
            Self::Url { .. } => Some("write it as `https://host/path`".into()),
            Self::Header { .. } => Some("header names and values are visible ASCII without line breaks".into()),
            Self::Unreachable { .. } => Some("check that the server runs and can be reached from here".into()),
            Self::Private { .. } => Some(
                "save the file beside the document; only documents from such an address may refer to one".into(),
            ),
            Self::Status { status: 401 | 403, .. } => {
                Some("the document is protected: give a key that may read it".into())
            }
            Self::Status { status: 404 | 410, .. } => Some(
                "check the path; documents are often at /v2/api-docs, /v3/api-docs, /swagger.json or /openapi.json"
                    .into(),
            ),
            Self::Status { .. } => Some("try again, or save the document to a file".into()),
            Self::Redirect { target, .. } => {
                Some(format!("if you trust it, give `{target}` itself; keys are not carried to another host"))
            }
        }
    }
}
