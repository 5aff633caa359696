//! The rules of reading: each is told where a document is parsed, by its id, and has a page under `pages/`.

use crate::lint::catalogue::{Judge, Row};
use crate::lint::rule::LintRule;

macro_rules! page {
    ($severity:ident $id:literal, $title:literal, $reference:literal) => {
        Row {
            rule: &LintRule::$severity($id, $title, $reference),
            #[cfg(test)]
            source: include_str!(concat!("pages/", $id, ".md")),
            judge: Judge::Reading,
        }
    };
}

/// One row per rule, by id.
pub(crate) const ROWS: &[Row] = &[
    page!(error "body-without-content", "a request body describes no usable media type", "OpenAPI 3.0.3 §4.7.13"),
    page!(warning "body-without-meaning", "a GET or HEAD has a body", "RFC 9110 §9.3.1"),
    page!(warning "body-without-schema", "a body of Swagger 2.0 has no schema", "Swagger 2.0, Parameter Object"),
    page!(warning "duplicate-key", "a key stands twice in one object", "RFC 8259 §4"),
    page!(error "duplicate-operation", "one operation is described twice", "OpenAPI 3.0.3 §4.7.8"),
    page!(warning "duplicate-operation-id", "an `operationId` is used twice", "OpenAPI 3.0.3 §4.7.10"),
    page!(error "duplicate-parameter", "a parameter is described twice", "OpenAPI 3.0.3 §4.7.10"),
    page!(error "duplicate-status", "a status is described twice", "OpenAPI 3.0.3 §4.7.16"),
    page!(warning "flag-not-boolean", "a flag such as `required` is not true or false", "OpenAPI 3.0.3 §4.7.12"),
    page!(warning "foreign-dialect", "schemas are written in a dialect that is not read", "OpenAPI 3.1.0 §4.1"),
    page!(error "invalid-media-type", "a media type cannot be read", "RFC 9110 §8.3.1"),
    page!(warning "invalid-self", "`$self` is no URI that can name a document", "OpenAPI 3.2.0 §4.1"),
    page!(error "invalid-status-code", "a key of `responses` is no status", "OpenAPI 3.0.3 §4.7.16"),
    page!(warning "invalid-style", "a style does not exist in this location", "OpenAPI 3.0.3 §4.7.12.2"),
    page!(warning "invalid-type-name", "a type name is not one of JSON Schema", "JSON Schema Validation §6.1.1"),
    page!(error "malformed-content", "`content` is not an object", "OpenAPI 3.0.3 §4.7.14"),
    page!(error "malformed-encoding", "the encoding of a form field cannot be read", "OpenAPI 3.0.3 §4.7.15"),
    page!(error "malformed-header", "a response header cannot be read", "OpenAPI 3.0.3 §4.7.21"),
    page!(error "malformed-media-type", "the description of a media type cannot be read", "OpenAPI 3.0.3 §4.7.14"),
    page!(error "malformed-operation", "an operation is not an object", "OpenAPI 3.0.3 §4.7.10"),
    page!(error "malformed-parameter", "a parameter cannot be read", "OpenAPI 3.0.3 §4.7.12"),
    page!(error "malformed-path-item", "a path item is not an object", "OpenAPI 3.0.3 §4.7.9"),
    page!(error "malformed-request-body", "a request body cannot be read", "OpenAPI 3.0.3 §4.7.13"),
    page!(error "malformed-response", "a response is not an object", "OpenAPI 3.0.3 §4.7.17"),
    page!(warning "malformed-security", "a security requirement cannot be read", "OpenAPI 3.0.3 §4.7.30"),
    page!(warning "malformed-servers", "a server cannot be read", "OpenAPI 3.0.3 §4.7.5"),
    page!(warning "misindented-flow-collection", "a line between brackets is indented less than its block", "YAML 1.2 §7.4"),
    page!(warning "misplaced-item-schema", "the schema of a sequence and the schema of its items are mixed up", "OpenAPI 3.2.0 §4.14"),
    page!(error "no-paths", "the document describes no paths", "OpenAPI 3.0.3 §4.7.8"),
    page!(warning "no-responses", "an operation documents no answers", "OpenAPI 3.0.3 §4.7.16"),
    page!(warning "optional-path-parameter", "a path parameter is not marked as required", "OpenAPI 3.0.3 §4.7.12.2"),
    page!(warning "parameter-keywords-outside-schema", "keywords of a schema stand beside the parameter", "OpenAPI 3.0.3 §4.7.12"),
    page!(warning "parameter-without-schema", "a parameter has neither `schema` nor `content`", "OpenAPI 3.0.3 §4.7.12"),
    page!(warning "part-of-another-version", "a part belongs to another version of the format", "OpenAPI 3.0.3 §4.7"),
    page!(error "path-too-long", "a path is longer than any server takes", "RFC 9112 §3"),
    page!(warning "path-without-slash", "a path does not begin with `/`", "OpenAPI 3.0.3 §4.7.8"),
    page!(warning "query-in-path", "a path holds a query string or fragment", "OpenAPI 3.0.3 §4.7.8"),
    page!(warning "querystring-beside-query", "a `querystring` parameter stands beside `query` parameters", "OpenAPI 3.2.0 §4.12"),
    page!(warning "repeated-path-parameter", "a parameter stands in a path twice", "OpenAPI 3.0.3 §4.7.8.1"),
    page!(warning "schema-not-an-object", "a schema is neither an object nor a boolean", "JSON Schema Core §4.3"),
    page!(warning "schema-outside-content", "a `schema` stands where `content` belongs", "OpenAPI 3.0.3 §4.7.13"),
    page!(warning "second-document", "the file holds a second YAML document", "YAML 1.2 §9.2"),
    page!(warning "server-variable-without-default", "a variable of a server has no default", "OpenAPI 3.0.3 §4.7.6"),
    page!(error "several-bodies", "a request of Swagger 2.0 has several bodies", "Swagger 2.0, Parameter Object"),
    page!(error "too-large-document", "references multiply the document beyond what can be kept", "OpenAPI 3.0.3 §4.7.23"),
    page!(warning "too-many-issues", "more of a kind is wrong than is told one by one", "OpenAPI 3.0.3 §4.7"),
    page!(error "too-many-parameters", "a list holds more parameters than anyone sends", "OpenAPI 3.0.3 §4.7.12"),
    page!(warning "twin-path-templates", "two paths differ in the names of their parameters alone", "OpenAPI 3.0.3 §4.7.8"),
    page!(warning "undeclared-path-parameter", "a parameter of the path is not declared", "OpenAPI 3.0.3 §4.7.8.1"),
    page!(warning "undefined-security-scheme", "a security requirement names no declared scheme", "OpenAPI 3.0.3 §4.7.30"),
    page!(error "unknown-method", "an operation has a method that cannot be tested", "RFC 9110 §9"),
    page!(warning "unreadable-pattern", "a pattern cannot be read", "JSON Schema Validation §6.3.3"),
    page!(error "unresolvable-link", "a link names no operation, or what the operation does not take", "OpenAPI 3.0.3 §4.7.20"),
    page!(error "unresolvable-reference", "a reference cannot be followed", "OpenAPI 3.0.3 §4.7.23"),
    page!(error "unusable-security-scheme", "a security scheme cannot be read", "OpenAPI 3.0.3 §4.7.27"),
    page!(error "unused-path-parameter", "a path parameter does not occur in its path", "OpenAPI 3.0.3 §4.7.12.1"),
    page!(warning "upper-case-method", "a method is not written in lower case", "OpenAPI 3.0.3 §4.7.9"),
];
