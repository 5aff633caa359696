//! Why a verb could not do what it was asked to.

use crate::client::ClientError;
use crate::config::ConfigError;
use crate::engine::EngineError;
use crate::generate::GenerateError;
use crate::source::SourceError;
use crate::store::StoreError;
use jiff::civil::Date;
use std::path::PathBuf;

/// Why a verb could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// No document was named.
    #[error("find the API document: none was named")]
    NoDocument,
    /// The document does not say where the API is served, or not in a way that can be trusted.
    #[error("find the base URL: {reason}")]
    NoBaseUrl {
        /// Why.
        reason: String,
    },
    /// No operation goes by that name.
    #[error("find the operation `{wanted}`: the document has none of that name")]
    NoSuchOperation {
        /// What was asked for.
        wanted: String,
        /// The nearest name.
        suggestion: Option<String>,
    },
    /// No schema lies at that pointer.
    #[error("find the schema `{pointer}`: nothing lies there")]
    NoSuchSchema {
        /// What was asked for.
        pointer: String,
    },
    /// No finding has that fingerprint.
    #[error("find `{wanted}`: it is neither a run nor a finding of one")]
    NoSuchFinding {
        /// What was asked for.
        wanted: String,
    },
    /// A check that does not exist was named.
    #[error("choose checks: there is no check `{wanted}`")]
    NoSuchCheck {
        /// What was asked for.
        wanted: String,
        /// The nearest id.
        suggestion: Option<String>,
    },
    /// Not a single case can be made.
    #[error("make cases: {reason}")]
    NoCases {
        /// Why the first one cannot.
        reason: GenerateError,
    },
    /// A value given for one call does not fit.
    #[error("make the call: {reason}")]
    BadCall {
        /// Why.
        reason: String,
    },
    /// Runs that cannot be one.
    #[error("merge: {reason}")]
    BadMerge {
        /// Why.
        reason: String,
    },
    /// The baseline that was named is not there.
    #[error("read the baseline `{}`: there is no such file", path.display())]
    NoBaseline {
        /// The file.
        path: PathBuf,
    },
    /// An entry would have expired before it is written.
    #[error("let an entry hold until {expires}: that day is over")]
    ExpiredAlready {
        /// The day.
        expires: Date,
    },
    /// The baseline says what means nothing.
    #[error(transparent)]
    Baseline(#[from] ConfigError),
    /// The document cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The run cannot go on.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The disk says no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who has to act on an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The call, the configuration or the document.
    Usage,
    /// The target: unreachable, or it refused the key.
    Target,
    /// The disk.
    Disk,
}

impl SessionError {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Engine(_) => Blame::Target,
            Self::Store(StoreError::Io { .. }) => Blame::Disk,
            Self::NoDocument
            | Self::NoBaseUrl { .. }
            | Self::NoSuchOperation { .. }
            | Self::NoSuchSchema { .. }
            | Self::NoSuchFinding { .. }
            | Self::NoSuchCheck { .. }
            | Self::NoCases { .. }
            | Self::BadCall { .. }
            | Self::BadMerge { .. }
            | Self::NoBaseline { .. }
            | Self::ExpiredAlready { .. }
            | Self::Baseline(_)
            | Self::Source(_)
            | Self::Client(_)
            | Self::Store(_) => Blame::Usage,
        }
    }

    /// How to fix it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoDocument => {
                Some("give a file, a URL or `-`, or put `spec = \"…\"` into specwarden.toml".to_owned())
            }
            Self::NoBaseUrl { .. } => Some("say where the API is served with `--base-url`".to_owned()),
            Self::NoSuchOperation { suggestion, .. } | Self::NoSuchCheck { suggestion, .. } => {
                suggestion.as_ref().map(|name| format!("did you mean `{name}`?"))
            }
            Self::NoSuchSchema { .. } => {
                Some("a pointer looks like `/components/schemas/Pet` or `/definitions/Pet`".to_owned())
            }
            Self::NoSuchFinding { .. } => Some(
                "name a run (`latest` is one) or the fingerprint of a finding of the latest run".to_owned(),
            ),
            Self::NoCases { .. } => {
                Some("look at what the schema requires: parts that demand each other never end".to_owned())
            }
            Self::BadCall { .. } | Self::BadMerge { .. } => None,
            Self::NoBaseline { .. } => {
                Some("`specwarden baseline add` begins one; `--no-baseline` goes without".to_owned())
            }
            Self::ExpiredAlready { .. } => Some("give a day from today on to `--expires`".to_owned()),
            Self::Baseline(error) => error.hint(),
            Self::Source(error) => error.hint(),
            Self::Client(error) => client_hint(error),
            Self::Engine(error) => error.hint(),
            Self::Store(error) => error.hint(),
        }
    }
}

fn client_hint(error: &ClientError) -> Option<String> {
    match error {
        ClientError::BaseUrl { .. } => {
            Some("a base URL looks like `https://staging.example.com/api`".to_owned())
        }
        ClientError::UnknownScheme { .. } => Some("name one of them with `scheme` under `[auth]`".to_owned()),
        _ => None,
    }
}
