//! Small documents, said shortly. Only builds values; what a server does with them is `service`'s.

use serde_json::{Map, Value, json};

/// An OpenAPI 3.1 document whose operations all want `x-api-key`.
pub(crate) fn openapi(title: &str, paths: Value, mut schemas: Value) -> Value {
    schemas["Problem"] = json!({
        "type": "object",
        "required": ["error"],
        "properties": {"error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
        }},
    });
    json!({
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
            "schemas": schemas,
        },
    })
}

/// An operation: the schema of its body (`""` for none), and its answers as status and schema.
///
/// A schema is `Name`, `[Name]` for a list of them, or `""` for an answer without content. 400, 401 and 404 are
/// added, as is 415 where there is a body.
pub(crate) fn operation(body: &str, answers: &[(&str, &str)]) -> Value {
    let mut responses = Map::new();
    for (status, schema) in answers {
        responses.insert((*status).to_owned(), response(schema));
    }
    let more: &[&str] = if body.is_empty() { &["400", "401", "404"] } else { &["400", "401", "404", "415"] };
    for status in more {
        responses.entry(*status).or_insert_with(|| response("Problem"));
    }
    let mut operation = json!({"responses": responses});
    if !body.is_empty() {
        operation["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": named(body)}}});
    }
    operation
}

/// The same operation with these parameters.
pub(crate) fn with(mut operation: Value, parameters: Value) -> Value {
    operation["parameters"] = parameters;
    operation
}

/// A query parameter.
pub(crate) fn query(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "schema": schema})
}

/// The path parameter `id`, a whole number from 1.
pub(crate) fn id() -> Value {
    path_parameter("id")
}

/// A path parameter of that name, a whole number from 1.
pub(crate) fn path_parameter(name: &str) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}})
}

/// An object: all of these properties, the first `required` of which must be there.
pub(crate) fn object(required: usize, properties: Value) -> Value {
    let names: Vec<String> =
        properties.as_object().expect("properties").keys().take(required).cloned().collect();
    if names.is_empty() {
        return json!({"type": "object", "properties": properties});
    }
    json!({"type": "object", "required": names, "properties": properties})
}

fn response(schema: &str) -> Value {
    if schema.is_empty() {
        return json!({"description": "without content"});
    }
    json!({"description": schema, "content": {"application/json": {"schema": named(schema)}}})
}

fn named(schema: &str) -> Value {
    match schema.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(item) => json!({"type": "array", "items": named(item)}),
        None => json!({"$ref": format!("#/components/schemas/{schema}")}),
    }
}
