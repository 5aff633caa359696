//! Documented responses.

use crate::schema::Pointer;
use crate::spec::Content;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One documented response of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseSpec {
    /// Which statuses it covers.
    pub status: StatusPattern,
    /// Its bodies; empty means that the document describes none.
    pub contents: Vec<Content>,
    /// Its headers.
    pub headers: Vec<HeaderSpec>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

/// A documented header.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderSpec {
    /// Its name as written; compare without regard to letter case.
    pub name: String,
    /// Whether a response without it is wrong (OpenAPI 3.x; never in 2.0).
    pub required: bool,
    /// Its schema.
    pub schema: Option<Pointer>,
    /// Swagger 2.0: the delimiter of arrays; `,` otherwise.
    pub delimiter: char,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

/// A key of the `responses` object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusPattern {
    /// `default`.
    Default,
    /// `4XX`: the first digit.
    Range(u8),
    /// `404`.
    Code(u16),
}

impl StatusPattern {
    /// Reads a key such as `200`, `4XX` or `default`.
    pub fn parse(key: &str) -> Option<Self> {
        if key.eq_ignore_ascii_case("default") {
            return Some(Self::Default);
        }
        if let [digit @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] = key.as_bytes() {
            return Some(Self::Range(digit - b'0'));
        }
        key.parse().ok().filter(|code| (100..=599).contains(code)).map(Self::Code)
    }

    /// Whether this pattern speaks of `status`.
    pub fn covers(self, status: u16) -> bool {
        match self {
            Self::Default => true,
            Self::Range(digit) => status / 100 == u16::from(digit),
            Self::Code(code) => code == status,
        }
    }

    /// Whether it speaks of successes that have a body: 204 and 205 have none (RFC 9110 §15.3.5, §15.3.6).
    pub fn has_body(self) -> bool {
        matches!(self, Self::Range(2) | Self::Code(200..=203 | 206..=299))
    }

    /// Exact codes before ranges before `default`.
    pub fn precision(self) -> u8 {
        match self {
            Self::Default => 0,
            Self::Range(_) => 1,
            Self::Code(_) => 2,
        }
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Code(code) => write!(f, "{code}"),
        }
    }
}
