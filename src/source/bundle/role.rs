//! What a node of an API document is, and by that what its members are: where a `$ref` is a reference.
//!
//! Members that are not named here hold data (examples, defaults, extensions), in which `$ref` means nothing.

use crate::schema::DATA;
use serde_json::{Map, Value};

/// Keywords whose value is one schema.
const ONE: &[&str] = &[
    "items",
    "additionalProperties",
    "additionalItems",
    "not",
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value maps names to schemas.
const MAP: &[&str] = &["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"];

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Document,
    Components,
    /// A host with parameters, as Azure writes it.
    Host,
    PathItem,
    Operation,
    Parameter,
    Body,
    Response,
    Header,
    Media,
    Encoding,
    Example,
    Link,
    Callback,
    Scheme,
    Schema,
    /// Something in a schema that no keyword we know holds: a keyword of an older or newer dialect.
    Unknown,
    Discriminator,
    /// Names of the user's choice mapped to nodes of one role.
    Map(&'static Role),
    /// A list of nodes of one role.
    List(&'static Role),
    /// An object or list that holds nothing of interest, unless it is a reference.
    Leaf,
}

const SCHEMAS: Role = Role::Map(&Role::Schema);
const PARAMETERS: Role = Role::List(&Role::Parameter);
const RESPONSES: Role = Role::Map(&Role::Response);
const HEADERS: Role = Role::Map(&Role::Header);
const EXAMPLES: Role = Role::Map(&Role::Example);
const CONTENT: Role = Role::Map(&Role::Media);
const PATHS: Role = Role::Map(&Role::PathItem);
const CALLBACKS: Role = Role::Map(&Role::Callback);
const SCHEMES: Role = Role::Map(&Role::Scheme);
const LEAVES: Role = Role::List(&Role::Leaf);

impl Role {
    /// Whether a Reference Object may stand in the place of such a node; elsewhere its target is put there.
    pub(super) fn may_be_reference(self) -> bool {
        match self {
            Self::PathItem
            | Self::Operation
            | Self::Parameter
            | Self::Body
            | Self::Response
            | Self::Header
            | Self::Example
            | Self::Link
            | Self::Callback
            | Self::Scheme
            | Self::Schema
            | Self::Unknown => true,
            Self::Document
            | Self::Components
            | Self::Host
            | Self::Media
            | Self::Encoding
            | Self::Discriminator
            | Self::Map(_)
            | Self::List(_)
            | Self::Leaf => false,
        }
    }

    /// What the member `key` is; `None` if it holds data.
    pub(super) fn member(self, key: &str, value: &Value) -> Option<Self> {
        match self {
            Self::Document => of_document(key),
            Self::Components => of_components(key),
            Self::Host => (key == "parameters").then_some(PARAMETERS),
            Self::PathItem => match key {
                "parameters" => Some(PARAMETERS),
                "servers" => Some(LEAVES),
                "additionalOperations" => Some(Self::Map(&Self::Operation)),
                key => (value.is_object() && !key.starts_with("x-")).then_some(Self::Operation),
            },
            Self::Operation => match key {
                "parameters" => Some(PARAMETERS),
                "requestBody" => Some(Self::Body),
                "responses" => Some(RESPONSES),
                "callbacks" => Some(CALLBACKS),
                "servers" => Some(LEAVES),
                _ => None,
            },
            Self::Parameter | Self::Header => match key {
                "schema" => Some(Self::Schema),
                "content" => Some(CONTENT),
                "examples" => Some(EXAMPLES),
                _ => None,
            },
            Self::Body => (key == "content").then_some(CONTENT),
            Self::Response => match key {
                "schema" => Some(Self::Schema),
                "content" => Some(CONTENT),
                "headers" => Some(HEADERS),
                "links" => Some(Self::Map(&Self::Link)),
                _ => None,
            },
            Self::Media => match key {
                "schema" | "itemSchema" => Some(Self::Schema),
                "examples" => Some(EXAMPLES),
                "encoding" => Some(Self::Map(&Self::Encoding)),
                "prefixEncoding" => Some(Self::List(&Self::Encoding)),
                "itemEncoding" => Some(Self::Encoding),
                _ => None,
            },
            Self::Encoding => (key == "headers").then_some(HEADERS),
            Self::Callback => (!key.starts_with("x-")).then_some(Self::PathItem),
            Self::Schema => of_schema(key, value),
            Self::Unknown => of_unknown(key),
            // Extensions stand among paths and responses, but a schema may be called anything.
            Self::Map(Self::PathItem | Self::Response | Self::Operation) if key.starts_with("x-") => None,
            Self::Map(role) => Some(*role),
            Self::Example | Self::Link | Self::Scheme | Self::Discriminator | Self::List(_) | Self::Leaf => {
                None
            }
        }
    }

    /// Whether a node of this role is a schema as well: a parameter or header in the manner of Swagger 2.0.
    pub(super) fn is_own_schema(self, node: &Map<String, Value>) -> bool {
        let plain = !node.contains_key("schema") && !node.contains_key("content");
        match self {
            Self::Parameter => {
                plain
                    && node.get("name").is_some_and(Value::is_string)
                    && node.get("in").and_then(Value::as_str).is_some_and(|place| place != "body")
            }
            Self::Header => plain && node.contains_key("type"),
            _ => false,
        }
    }
}

fn of_document(key: &str) -> Option<Role> {
    match key {
        "paths" | "webhooks" | "x-ms-paths" => Some(PATHS),
        "x-ms-parameterized-host" => Some(Role::Host),
        "components" => Some(Role::Components),
        "definitions" => Some(SCHEMAS),
        "parameters" => Some(Role::Map(&Role::Parameter)),
        "responses" => Some(RESPONSES),
        "securityDefinitions" => Some(SCHEMES),
        "servers" | "tags" | "security" => Some(LEAVES),
        "info" | "externalDocs" => Some(Role::Leaf),
        _ => None,
    }
}

fn of_components(key: &str) -> Option<Role> {
    match key {
        "schemas" => Some(SCHEMAS),
        "responses" => Some(RESPONSES),
        "parameters" => Some(Role::Map(&Role::Parameter)),
        "examples" => Some(EXAMPLES),
        "requestBodies" => Some(Role::Map(&Role::Body)),
        "headers" => Some(HEADERS),
        "securitySchemes" => Some(SCHEMES),
        "links" => Some(Role::Map(&Role::Link)),
        "callbacks" => Some(CALLBACKS),
        "pathItems" => Some(PATHS),
        "mediaTypes" => Some(CONTENT),
        _ => None,
    }
}

fn of_schema(key: &str, value: &Value) -> Option<Role> {
    if ONE.contains(&key) {
        // A tuple `items` (draft 4).
        return Some(if value.is_array() { Role::List(&Role::Schema) } else { Role::Schema });
    }
    if LIST.contains(&key) {
        return Some(Role::List(&Role::Schema));
    }
    if MAP.contains(&key) {
        return Some(SCHEMAS);
    }
    if key == "discriminator" { Some(Role::Discriminator) } else { of_unknown(key) }
}

fn of_unknown(key: &str) -> Option<Role> {
    (!DATA.contains(&key) && !key.starts_with("x-")).then_some(Role::Unknown)
}
