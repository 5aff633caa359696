//! What can go wrong when the staging instance is asked for. It never describes what a request got as an answer.

use std::io;

/// Why the embedded instance could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A fault was asked for that does not exist.
    #[error("unknown fault `{name}`{}", suggestion.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default())]
    UnknownFault {
        /// The name as it was given.
        name: String,
        /// The known name that is closest to it, if any is close.
        suggestion: Option<&'static str>,
    },
    /// The port could not be listened on.
    #[error("cannot listen on `127.0.0.1:{port}`")]
    Bind {
        /// The port that was asked for; 0 means any.
        port: u16,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The instance's own document is not JSON.
    #[error("the demo's own document is not JSON")]
    Document {
        /// Where the JSON breaks.
        #[source]
        source: serde_json::Error,
    },
    /// A schema in the instance's own document cannot be used.
    #[error("the demo's own document has an unusable schema at `{place}`")]
    Schema {
        /// Operation and parameter.
        place: String,
        /// What the validator said.
        #[source]
        source: Box<jsonschema::ValidationError<'static>>,
    },
}
