//! Parameters in path, query, header and cookie.

use crate::exchange::MediaType;
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
    /// Whether reserved characters stay unescaped (OpenAPI 3.x: in a query; since 3.2 wherever values are escaped).
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

impl Parameter {
    /// Whether the key of `paths` spells it out, as `/pets?kind=cat` does: it belongs to the operation's address,
    /// so it is always sent with that value, never left out and never broken.
    pub fn is_spelled_out(&self) -> bool {
        let above = self.pointer.parent().and_then(|above| above.last());
        self.schema.is_none() && matches!(above.as_deref(), Some("paths" | "x-ms-paths"))
    }

    /// Whether its value keeps its JSON types on the wire, as JSON `content` does; all else arrives as text.
    pub fn keeps_types(&self) -> bool {
        let media_type = self.content_type.as_deref().and_then(MediaType::parse);
        self.content_type.is_some() && media_type.is_none_or(|media_type| !media_type.is_form())
    }
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As the query string, the whole of it (OpenAPI 3.2 §4.12.1). Its name never travels.
    Querystring,
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
            Self::Querystring => "querystring",
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
    /// `id=1; id=2` in cookies, nothing escaped (OpenAPI 3.2 §4.12.3).
    Cookie,
}
