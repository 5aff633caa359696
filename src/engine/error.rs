//! Why a run cannot go on.

/// A run that cannot begin, or cannot go on with any honesty.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Nothing answers at the base URL.
    #[error("reach `{base_url}`: {reason}")]
    Unreachable {
        /// The base URL.
        base_url: String,
        /// What the connection said.
        reason: String,
    },
    /// The target answers, and knows nothing of the document.
    #[error("find the API at `{base_url}`: all {asked} operations that were asked first answered 404")]
    NotServed {
        /// The base URL.
        base_url: String,
        /// How many operations were asked.
        asked: usize,
    },
    /// The target refused a key before the run began.
    #[error("use key `{key}`: `{operation}` answered {status}, so the key was refused")]
    KeyRefused {
        /// The key's name, never its value.
        key: String,
        /// The operation that was asked.
        operation: String,
        /// The status.
        status: u16,
    },
    /// The document asks for a key and none was given.
    #[error("authenticate: `{operation}` needs a key and none was given")]
    KeyMissing {
        /// An operation that needs one.
        operation: String,
    },
}

impl EngineError {
    /// How to fix it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unreachable { .. } => "is the instance up, and is `--base-url` right?".to_owned(),
            Self::NotServed { base_url, .. } => format!(
                "is this the right base URL? The API may lie below another path; say where with `--base-url`, \
                 for instance `--base-url {}/api`",
                base_url.trim_end_matches('/')
            ),
            Self::KeyRefused { .. } => {
                "the key may have been regenerated, disabled, or belong to another instance; \
                 put a valid one into the variable named by `--api-key-env`"
                    .to_owned()
            }
            Self::KeyMissing { .. } => {
                "put the key into `SPECWARDEN_API_KEY` (or name another variable with `--api-key-env`), \
                 or give a file with `--api-key-file`"
                    .to_owned()
            }
        })
    }
}
