//! Which JSON Schema a document speaks, and in which direction a value travels.

use serde::{Deserialize, Serialize};

/// A dialect of JSON Schema, oldest first.
///
/// ```
/// use specwarden::schema::Dialect;
/// assert_eq!(Dialect::from_uri("http://json-schema.org/draft-07/schema#"), Some(Dialect::Draft7));
/// assert_eq!(Dialect::from_uri("https://spec.openapis.org/oas/3.1/dialect/base"), Some(Dialect::Draft202012));
/// assert!(Dialect::Draft7.reference_hides_siblings());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Dialect {
    /// JSON Schema draft 4 with OpenAPI's own keywords, as Swagger 2.0 and OpenAPI 3.0 use it.
    Draft4,
    /// Draft 6, where an OpenAPI 3.1 document names it.
    Draft6,
    /// Draft 7, where an OpenAPI 3.1 document names it.
    Draft7,
    /// JSON Schema 2019-09, where an OpenAPI 3.1 document names it.
    Draft201909,
    /// JSON Schema 2020-12, as OpenAPI 3.1 and later use it.
    Draft202012,
}

impl Dialect {
    /// The dialect that a `$schema` or `jsonSchemaDialect` names, if it can be judged here.
    ///
    /// OpenAPI's own dialects are 2020-12 with more annotations (OpenAPI 3.1.1 §4.24.3).
    pub fn from_uri(uri: &str) -> Option<Self> {
        let uri = uri.trim();
        let name = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))?;
        match name.trim_end_matches(['#', '/']) {
            // Draft 5 rewrote the text of draft 4 and changed no keyword.
            "json-schema.org/draft-04/schema" | "json-schema.org/draft-05/schema" => Some(Self::Draft4),
            "json-schema.org/draft-06/schema" => Some(Self::Draft6),
            "json-schema.org/draft-07/schema" => Some(Self::Draft7),
            "json-schema.org/draft/2019-09/schema" => Some(Self::Draft201909),
            "json-schema.org/draft/2020-12/schema" | "json-schema.org/schema" => Some(Self::Draft202012),
            name if name.starts_with("spec.openapis.org/oas/3.") && name.contains("/dialect/") => {
                Some(Self::Draft202012)
            }
            _ => None,
        }
    }

    /// Whether nothing beside a `$ref` counts (until draft 7: core §8.3).
    pub fn reference_hides_siblings(self) -> bool {
        self <= Self::Draft7
    }
}

/// The direction of a value: `readOnly` and `writeOnly` mean different things in each (OpenAPI 3.0.3 §4.7.24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}
