//! Why no client can be made.

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The base URL cannot be used.
    #[error("use `{url}` as the base URL: {reason}")]
    BaseUrl {
        /// The URL, without any credential in it.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The document declares no security scheme of this name.
    #[error("use security scheme `{name}`: the document declares {known}")]
    UnknownScheme {
        /// The name that was asked for.
        name: String,
        /// What there is, for a person to read.
        known: String,
    },
    /// An extra header, a proxy or a rate that cannot be used.
    #[error("use {what}: {reason}")]
    Option {
        /// Which option.
        what: String,
        /// Why not.
        reason: String,
    },
    /// The HTTP library refused.
    #[error("set up the HTTP client")]
    Library(#[source] reqwest::Error),
}
