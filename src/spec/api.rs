//! The whole API, as the rest of the house sees it.

use crate::schema::Document;
use crate::spec::{Link, Operation, OperationKey, SecurityScheme};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An API as its document describes it, whatever version the document is written in.
#[derive(Debug, Clone)]
pub struct Api {
    /// `info.title`, or an empty text.
    pub title: String,
    /// `info.version`: the version of the API, not of the document format.
    pub version: String,
    /// The format of the document.
    pub spec_version: SpecVersion,
    /// Where the API is served, in the document's order. May be empty or relative.
    pub servers: Vec<Server>,
    /// Every operation that could be understood, in the document's order.
    pub operations: Vec<Operation>,
    /// Every link between operations that could be understood.
    pub links: Vec<Link>,
    /// Declared security schemes by name.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// The raw document. All pointers of the model point into it.
    pub document: Document,
}

impl Api {
    /// The operation with this key.
    pub fn operation(&self, key: &OperationKey) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.key == *key)
    }
}

/// The format of an API document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpecVersion {
    /// Swagger 2.0.
    #[serde(rename = "2.0")]
    Swagger2,
    /// OpenAPI 3.0.x.
    #[serde(rename = "3.0")]
    OpenApi30,
    /// OpenAPI 3.1.x.
    #[serde(rename = "3.1")]
    OpenApi31,
    /// OpenAPI 3.2.x.
    #[serde(rename = "3.2")]
    OpenApi32,
}

impl fmt::Display for SpecVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Swagger2 => "Swagger 2.0",
            Self::OpenApi30 => "OpenAPI 3.0",
            Self::OpenApi31 => "OpenAPI 3.1",
            Self::OpenApi32 => "OpenAPI 3.2",
        })
    }
}

/// One place where the API is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// `name`, by which people choose a server (OpenAPI 3.2).
    #[serde(default)]
    pub name: Option<String>,
    /// The URL as written, perhaps relative, with `{variables}`.
    pub url: String,
    /// The default of each variable.
    pub variables: IndexMap<String, String>,
}

impl Server {
    /// The URL with each variable replaced by its default.
    pub fn url(&self) -> String {
        self.variables
            .iter()
            .fold(self.url.clone(), |url, (name, value)| url.replace(&format!("{{{name}}}"), value))
    }
}
