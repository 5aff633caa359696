//! One operation: a method on a path, and everything that belongs to it.

use crate::exchange::{MediaType, Method};
use crate::schema::{Doubles, Pointer};
use crate::spec::{
    Annotated, HeaderSpec, Location, Parameter, PathTemplate, Requirement, ResponseSpec, Server, Style,
};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// What names an operation everywhere: `GET /pets/{petId}`. Stable over document edits elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationKey(String);

impl OperationKey {
    /// The key of `method` on `path`.
    pub fn new(method: Method, path: impl fmt::Display) -> Self {
        Self(format!("{method} {path}"))
    }

    /// The text, e.g. `GET /pets/{petId}`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OperationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name in this house.
    pub key: OperationKey,
    /// `operationId`, if the document gives one.
    pub id: Option<String>,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: PathTemplate,
    /// `summary`, or the first line of `description`.
    pub summary: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// Whether it is marked `deprecated`.
    pub deprecated: bool,
    /// Parameters, those of the path item included, an operation's own winning.
    pub parameters: Vec<Parameter>,
    /// The request body, if one is described.
    pub body: Option<RequestBody>,
    /// Documented responses, in the document's order.
    pub responses: Vec<ResponseSpec>,
    /// Alternatives of which one must hold; empty means that no credential is needed.
    pub security: Vec<Requirement>,
    /// Servers of this operation or its path item; empty means the API's.
    pub servers: Vec<Server>,
    /// Numbers of the document that values do not hold, so that they are sent as written.
    pub doubles: Arc<Doubles>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

impl Operation {
    /// The documented response that covers `status`: exact, then range, then default (OpenAPI 3.0.3 §4.7.16).
    pub fn response(&self, status: u16) -> Option<&ResponseSpec> {
        self.responses.iter().filter(|r| r.status.covers(status)).max_by_key(|r| r.status.precision())
    }

    /// The parameter with this name and location.
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.location == location && p.name == name)
    }

    /// What the document says of a body that is sent as this media type, see [`RequestBody::content`].
    pub fn body_content(&self, media_type: &str) -> Option<&Content> {
        self.body.as_ref()?.content(media_type)
    }

    /// Whether some alternative asks for a credential and none is empty.
    pub fn needs_credentials(&self) -> bool {
        !self.security.is_empty() && !self.security.iter().any(Requirement::is_anonymous)
    }
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// Whether a request without it is invalid.
    pub required: bool,
    /// One entry per media type, in the document's order.
    pub contents: Vec<Content>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

impl RequestBody {
    /// What the document says of a body of this media type: under the same text, else under the same type or a range
    /// that covers it.
    pub fn content(&self, media_type: &str) -> Option<&Content> {
        let sent = MediaType::parse(media_type);
        let covers = |content: &&Content| match (MediaType::parse(&content.media_type), &sent) {
            (Some(documented), Some(sent)) => documented.covers(sent),
            _ => false,
        };
        let contents = &self.contents;
        contents
            .iter()
            .find(|content| content.media_type == media_type)
            .or_else(|| contents.iter().find(covers))
    }
}

/// A body in one media type, of a request or a response.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// The media type or range as written, e.g. `application/json; charset=utf-8` or `image/*`.
    pub media_type: String,
    /// Its schema, if one is given.
    pub schema: Option<Pointer>,
    /// Examples from the document, best first.
    pub examples: Vec<Value>,
    /// `encoding` by property, for form and multipart bodies.
    pub encoding: IndexMap<String, Encoding>,
    /// What is said of its items, if the media type is sequential and `schema` speaks of the list of them.
    pub sequence: Option<Sequence>,
    /// Where the `xml` keywords of its schema stand, if it is a request body in XML.
    pub annotated: Option<Annotated>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

/// A body that is a row of items (OpenAPI 3.2 §4.14.2).
///
/// What is said of each item is also part of [`Content::schema`], which is the schema of the whole list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sequence {
    /// `itemSchema`: the schema of each item.
    pub item_schema: Option<Pointer>,
    /// `prefixEncoding`: how the first parts of a multipart body are written, by position.
    pub prefix_encoding: Vec<Encoding>,
    /// `itemEncoding`: how the parts after those are written.
    pub item_encoding: Option<Encoding>,
}

impl Sequence {
    /// How the part at `index` is written, if the document says it.
    pub fn encoding(&self, index: usize) -> Option<&Encoding> {
        self.prefix_encoding.get(index).or(self.item_encoding.as_ref())
    }
}

/// How one property of a form or multipart body is written (OpenAPI 3.0.3 §4.7.15).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encoding {
    /// The part's media type: `contentType`, or the default of the property's type where that is not `text/plain`,
    /// which goes without saying (RFC 7578 §4.4).
    pub content_type: Option<String>,
    /// The part's headers.
    pub headers: Vec<HeaderSpec>,
    /// Name and text of those headers that are sent with the part; only in multipart bodies.
    pub sent: Vec<(String, String)>,
    /// How arrays and objects are written in a form.
    pub style: Option<Style>,
    /// Whether they spread over several pairs.
    pub explode: Option<bool>,
    /// Whether reserved characters stay unescaped in a form.
    pub allow_reserved: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_found_under_its_media_type_or_a_range() {
        let content = |media_type: &str| Content { media_type: media_type.to_owned(), ..Content::default() };
        let contents = ["application/*", "application/json; charset=utf-8", "application/json", "text/plain"]
            .map(content);
        let body = RequestBody { required: true, contents: contents.to_vec(), pointer: Pointer::root() };
        let found = |sent: &str| body.content(sent).map(|content| content.media_type.as_str());
        assert_eq!(found("application/json"), Some("application/json"));
        assert_eq!(found("Application/XML"), Some("application/*"));
        assert_eq!(found("text/plain; charset=utf-16"), Some("text/plain"));
        assert_eq!((found("image/png"), found("json")), (None, None));
    }
}
