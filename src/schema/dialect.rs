//! Which JSON Schema a document speaks, and in which direction a value travels.

use serde::{Deserialize, Serialize};

/// The JSON Schema dialect of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// JSON Schema draft 4 with OpenAPI's own keywords, as Swagger 2.0 and OpenAPI 3.0 use it.
    Draft4,
    /// JSON Schema 2020-12, as OpenAPI 3.1 and later use it.
    Draft202012,
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
