//! Parameters in path, query, header and cookie.

use crate::schema::Pointer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// One parameter of an operation, path-level ones merged in.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name as it travels.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether a request without it is invalid. Always true in a path.
    pub required: bool,
    /// How arrays and objects are written.
    pub style: Style,
    /// Whether arrays and objects spread over several `name=value` pairs.
    pub explode: bool,
    /// Whether reserved characters stay unescaped (OpenAPI 3.x, query).
    pub allow_reserved: bool,
    /// Whether an empty value is allowed (query).
    pub allow_empty: bool,
    /// Its schema. For a `content` parameter, the schema of that content.
    pub schema: Option<Pointer>,
    /// The media type of a `content` parameter: its value is serialised so, not by style.
    pub content_type: Option<String>,
    /// Examples from the document, best first.
    pub examples: Vec<Value>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// How a parameter's value is written (OpenAPI 3.x §4.8.12.2), with Swagger 2.0's `tsv` besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// `1,2` in paths and headers.
    Simple,
    /// `.1.2` in paths.
    Label,
    /// `;id=1;id=2` in paths.
    Matrix,
    /// `id=1&id=2` in queries and cookies.
    Form,
    /// `id=1%202` in queries; `collectionFormat: ssv`.
    SpaceDelimited,
    /// `id=1|2` in queries; `collectionFormat: pipes`.
    PipeDelimited,
    /// `id=1\t2`: `collectionFormat: tsv` of Swagger 2.0.
    TabDelimited,
    /// `id[a]=1` in queries.
    DeepObject,
}
