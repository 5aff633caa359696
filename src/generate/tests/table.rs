//! One schema per keyword and per way in which keywords meet.

use crate::schema::Dialect;
use serde_json::{Value, json};

/// Definitions that the schemas refer to.
pub(super) fn definitions() -> Value {
    json!({
        "Leaf": {"type": "string", "minLength": 2, "maxLength": 5},
        "Node": {"type": "object", "required": ["name"], "properties": {
            "name": {"$ref": "#/definitions/Leaf"},
            "parent": {"$ref": "#/definitions/Node"},
            "children": {"type": "array", "items": {"$ref": "#/definitions/Node"}, "maxItems": 3}}},
        "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {
            "kind": {"type": "string"}, "lives": {"type": "integer", "minimum": 1, "maximum": 9}}},
        "Dog": {"type": "object", "required": ["kind", "tricks"], "properties": {
            "kind": {"type": "string"}, "tricks": {"type": "array", "items": {"type": "string"}}}},
        "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1}}},
        "Hub": {"type": "object", "required": ["spokes"], "properties": {
            "spokes": {"type": "array", "minItems": 1, "items": {"oneOf": [
                {"$ref": "#/definitions/Hub"}, {"$ref": "#/definitions/Leaf"}]}}}}
    })
}

/// A name, the dialect, the schema, and the keywords that negative values must break.
pub(super) fn table() -> Vec<(&'static str, Dialect, Value, &'static [&'static str])> {
    use Dialect::{Draft4 as D4, Draft202012 as D20};
    vec![
        ("boolean", D4, json!({"type": "boolean"}), &["type"]),
        ("integer", D4, json!({"type": "integer"}), &["type"]),
        (
            "integer limits",
            D4,
            json!({"type": "integer", "minimum": 3, "maximum": 9}),
            &["minimum", "maximum"],
        ),
        (
            "draft 4 exclusive",
            D4,
            json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true}),
            &["exclusiveMinimum", "exclusiveMaximum"],
        ),
        (
            "2020 exclusive",
            D20,
            json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
            &["exclusiveMinimum", "exclusiveMaximum"],
        ),
        (
            "numeric exclusive in draft 4",
            D4,
            json!({"type": "integer", "exclusiveMinimum": 4}),
            &["exclusiveMinimum"],
        ),
        (
            "multiple",
            D4,
            json!({"type": "integer", "multipleOf": 7, "minimum": 1, "maximum": 100}),
            &["multipleOf", "minimum", "maximum"],
        ),
        (
            "cents",
            D4,
            json!({"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 10}),
            &["multipleOf", "minimum"],
        ),
        ("half integers", D4, json!({"type": "integer", "multipleOf": 2.5}), &["type"]),
        ("number", D4, json!({"type": "number", "minimum": -1.5, "maximum": 1.25}), &["minimum", "maximum"]),
        (
            "tiny range",
            D4,
            json!({"type": "number", "minimum": 0.001, "maximum": 0.002}),
            &["minimum", "maximum"],
        ),
        ("int32", D4, json!({"type": "integer", "format": "int32"}), &["type"]),
        ("int64", D4, json!({"type": "integer", "format": "int64", "minimum": 0}), &["minimum"]),
        ("double", D4, json!({"type": "number", "format": "double"}), &["type"]),
        ("large", D4, json!({"type": "integer", "minimum": 9_000_000_000_000_000_000_i64}), &["minimum"]),
        ("string", D4, json!({"type": "string"}), &["type"]),
        (
            "lengths",
            D4,
            json!({"type": "string", "minLength": 3, "maxLength": 5}),
            &["minLength", "maxLength"],
        ),
        (
            "fixed length",
            D4,
            json!({"type": "string", "minLength": 4, "maxLength": 4}),
            &["minLength", "maxLength"],
        ),
        ("pattern", D4, json!({"type": "string", "pattern": "^CVE-\\d{4}-\\d{4,7}$"}), &["pattern"]),
        (
            "pattern and lengths",
            D4,
            json!({"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$", "minLength": 10, "maxLength": 12}),
            &["pattern", "minLength", "maxLength"],
        ),
        (
            "unanchored pattern",
            D4,
            json!({"type": "string", "pattern": "[0-9]{3}", "minLength": 8}),
            &["pattern", "minLength"],
        ),
        ("look-ahead", D4, json!({"type": "string", "pattern": "^(?=.*[A-Z])(?=.*\\d).{8,}$"}), &["pattern"]),
        (
            "negative look-ahead",
            D4,
            json!({"type": "string", "pattern": "^(?!admin)[a-z]{3,8}$"}),
            &["pattern"],
        ),
        ("date", D20, json!({"type": "string", "format": "date"}), &["format"]),
        ("date-time", D4, json!({"type": "string", "format": "date-time"}), &["format"]),
        (
            "email",
            D4,
            json!({"type": "string", "format": "email", "maxLength": 40}),
            &["format", "maxLength"],
        ),
        ("uuid", D20, json!({"type": "string", "format": "uuid"}), &["format"]),
        ("uri", D4, json!({"type": "string", "format": "uri"}), &["type"]),
        ("hostname", D4, json!({"type": "string", "format": "hostname"}), &["type"]),
        ("ipv4", D4, json!({"type": "string", "format": "ipv4"}), &["format"]),
        ("ipv6", D4, json!({"type": "string", "format": "ipv6"}), &["format"]),
        ("byte", D4, json!({"type": "string", "format": "byte"}), &["type"]),
        ("time", D20, json!({"type": "string", "format": "time"}), &["type"]),
        ("unknown format", D4, json!({"type": "string", "format": "cvss-vector"}), &["type"]),
        ("enum", D4, json!({"type": "string", "enum": ["Critical", "High", "Low"]}), &["enum", "type"]),
        ("mixed enum", D4, json!({"enum": [1, "a", null, true]}), &["enum"]),
        ("const", D20, json!({"const": {"a": 1}}), &["const"]),
        ("nullable", D4, json!({"type": "string", "nullable": true, "maxLength": 3}), &["type", "maxLength"]),
        ("nullable enum", D4, json!({"type": "string", "x-nullable": true, "enum": ["a", "b"]}), &["enum"]),
        (
            "nullable reference",
            D4,
            json!({"nullable": true, "allOf": [{"$ref": "#/definitions/Leaf"}]}),
            &["anyOf"],
        ),
        ("type list", D20, json!({"type": ["integer", "null"], "minimum": 5}), &["type", "minimum"]),
        (
            "array",
            D4,
            json!({"type": "array", "items": {"type": "integer", "minimum": 0}}),
            &["type", "minimum"],
        ),
        (
            "array limits",
            D4,
            json!({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 4}),
            &["minItems", "maxItems"],
        ),
        (
            "unique",
            D4,
            json!({"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 5}, "uniqueItems": true, "minItems": 5}),
            &["uniqueItems", "minItems"],
        ),
        (
            "tuple in draft 4",
            D4,
            json!({"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "additionalItems": false}),
            &["type", "additionalItems"],
        ),
        (
            "prefix items",
            D20,
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"type": "boolean"}, "minItems": 3}),
            &["type", "minItems"],
        ),
        (
            "contains",
            D20,
            json!({"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 100}}),
            &["type", "contains"],
        ),
        (
            "object",
            D4,
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "minLength": 1}, "b": {"type": "integer", "maximum": 3}}}),
            &["required", "minLength", "maximum"],
        ),
        (
            "closed",
            D4,
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}),
            &["additionalProperties"],
        ),
        (
            "map",
            D4,
            json!({"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}),
            &["minimum"],
        ),
        (
            "property counts",
            D4,
            json!({"type": "object", "minProperties": 2, "maxProperties": 3, "additionalProperties": {"type": "boolean"}}),
            &["minProperties", "maxProperties"],
        ),
        (
            "pattern properties",
            D20,
            json!({"type": "object", "patternProperties": {"^x-[a-z]+$": {"type": "integer"}}, "additionalProperties": false, "minProperties": 1}),
            &["additionalProperties", "type", "minProperties"],
        ),
        (
            "property names",
            D20,
            json!({"type": "object", "propertyNames": {"pattern": "^[A-Z]{3}$"}, "minProperties": 1}),
            &["propertyNames"],
        ),
        ("required without properties", D4, json!({"type": "object", "required": ["free"]}), &["required"]),
        (
            "read-only",
            D4,
            json!({"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "integer", "readOnly": true}, "name": {"type": "string"}, "pin": {"type": "string", "writeOnly": true}}}),
            &["required"],
        ),
        (
            "all of",
            D4,
            json!({"allOf": [{"$ref": "#/definitions/Base"}, {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 8}}}]}),
            &["required", "minimum", "maxLength"],
        ),
        (
            "narrowed",
            D4,
            json!({"allOf": [{"type": "integer", "minimum": 1}, {"minimum": 5}, {"maximum": 9}]}),
            &["minimum", "maximum"],
        ),
        (
            "beside a reference",
            D20,
            json!({"$ref": "#/definitions/Leaf", "maxLength": 3}),
            &["maxLength", "minLength"],
        ),
        (
            "any of",
            D4,
            json!({"anyOf": [{"type": "integer", "minimum": 10}, {"type": "string", "maxLength": 3}]}),
            &["anyOf"],
        ),
        (
            "one of overlapping",
            D4,
            json!({"oneOf": [{"type": "integer", "minimum": 0, "maximum": 10}, {"type": "integer", "minimum": 5, "maximum": 20}]}),
            &["oneOf"],
        ),
        (
            "one of with siblings",
            D4,
            json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}, "oneOf": [{"required": ["a"], "properties": {"a": {"type": "string"}}}, {"required": ["b"], "properties": {"b": {"type": "string"}}}]}),
            &["oneOf", "type", "required"],
        ),
        (
            "one of that differ in optional parts",
            D4,
            json!({"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": {"type": "string"}}}]}),
            &["oneOf"],
        ),
        ("an array that may contain nothing", D20, json!({"contains": false}), &[]),
        (
            "pattern that nobody reads",
            D4,
            json!({"type": "string", "pattern": "^[\\p{Alnum}]+$", "maxLength": 9}),
            &["type", "maxLength"],
        ),
        (
            "format within a length",
            D4,
            json!({"type": "string", "format": "email", "maxLength": 12}),
            &["format", "maxLength"],
        ),
        (
            "dependencies in draft 4",
            D4,
            json!({"type": "object", "properties": {"card": {"type": "string"}, "address": {"type": "string"}}, "dependencies": {"card": ["address"]}}),
            &["type", "dependencies"],
        ),
        (
            "discriminated",
            D4,
            json!({"oneOf": [{"$ref": "#/definitions/Cat"}, {"$ref": "#/definitions/Dog"}], "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/definitions/Cat", "dog": "#/definitions/Dog"}}}),
            &["oneOf"],
        ),
        ("not", D4, json!({"type": "string", "not": {"enum": ["sample", "root"]}}), &["not"]),
        (
            "if then else",
            D20,
            json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["a", "b"]}}, "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["x"], "properties": {"x": {"type": "integer"}}}, "else": {"required": ["y"], "properties": {"y": {"type": "string"}}}}),
            &["required"],
        ),
        (
            "dependent",
            D20,
            json!({"type": "object", "properties": {"card": {"type": "string"}, "address": {"type": "string"}}, "dependentRequired": {"card": ["address"]}}),
            &["type", "dependentRequired"],
        ),
        ("recursive", D4, json!({"$ref": "#/definitions/Node"}), &["required", "minLength", "maxLength"]),
        ("recursive through a choice", D4, json!({"$ref": "#/definitions/Hub"}), &["required", "minItems"]),
        ("untyped", D4, json!({}), &[]),
        ("untyped with limits", D4, json!({"minimum": 4, "maximum": 8}), &["minimum", "maximum"]),
        (
            "nested",
            D4,
            json!({"type": "object", "required": ["list"], "properties": {"list": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["port"], "properties": {"port": {"type": "integer", "minimum": 1, "maximum": 65535}}}}}}),
            &["minItems", "required", "minimum", "maximum"],
        ),
    ]
}
