//! Security schemes and requirements.

use crate::spec::Location;
use serde::{Deserialize, Serialize};

/// A declared way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecurityScheme {
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// Where it travels.
        location: Location,
        /// The name of the header, parameter or cookie.
        name: String,
    },
    /// `Authorization: Basic …` (RFC 7617).
    Basic,
    /// `Authorization: Bearer …` (RFC 6750); OAuth 2 and OpenID Connect tokens travel so too.
    Bearer,
    /// Another `Authorization` scheme, or one that the tool cannot use (mutual TLS, digest).
    Other {
        /// Its name in the document's words.
        name: String,
    },
}

/// One alternative of `security`: all named schemes together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Scheme names with the scopes asked for.
    pub schemes: Vec<(String, Vec<String>)>,
}

impl Requirement {
    /// Whether this alternative asks for nothing (`{}`).
    pub fn is_anonymous(&self) -> bool {
        self.schemes.is_empty()
    }
}
