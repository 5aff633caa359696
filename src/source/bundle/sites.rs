//! The places of one node, seen in its role, where a reference stands.

use crate::schema::Pointer;
use crate::source::bundle::role::Role;
use serde_json::Value;
use std::collections::HashSet;

/// A place where a reference stands.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The file.
    pub(super) file: usize,
    /// The object that holds the text.
    pub(super) at: Pointer,
    /// The member of it that is the text.
    pub(super) key: String,
    /// The text as written.
    pub(super) written: String,
    /// What the target is.
    pub(super) role: Role,
    pub(super) kind: Kind,
}

/// What becomes of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is rewritten, and nothing stands beside it.
    Bare,
    /// It is rewritten.
    Reference,
    /// Its target is put in its place: no reference may stand there.
    Substituted,
}

/// What was walked so far, over all files.
#[derive(Debug, Default)]
pub(super) struct Walked {
    seen: HashSet<(usize, Pointer, Role)>,
    pub(super) sites: Vec<Site>,
}

impl Walked {
    /// Whether the node was met as a schema.
    pub(super) fn is_schema(&self, file: usize, at: &Pointer) -> bool {
        self.seen.contains(&(file, at.clone(), Role::Schema))
    }

    /// Walks a node of the file `file`; what was walked in its role is not walked again.
    pub(super) fn walk(&mut self, file: usize, node: &Value, at: &Pointer, role: Role) {
        match node {
            Value::Array(items) => {
                let role = match role {
                    Role::List(role) => *role,
                    Role::Unknown => Role::Unknown,
                    _ => return,
                };
                let inner = items.iter().enumerate().filter(|(_, item)| item.is_object() || item.is_array());
                for (index, item) in inner {
                    self.walk(file, item, &at.push(index), role);
                }
            }
            Value::Object(members) => {
                if !self.seen.insert((file, at.clone(), role)) {
                    return;
                }
                let reference = members.get("$ref").and_then(Value::as_str);
                if let Some(written) = reference {
                    let kind = if !role.may_be_reference() {
                        Kind::Substituted
                    } else if members.len() == 1 {
                        Kind::Bare
                    } else {
                        Kind::Reference
                    };
                    let role = if role == Role::Unknown { Role::Schema } else { role };
                    self.site(file, at, "$ref", written, role, kind);
                }
                if role == Role::Discriminator {
                    self.mapping(file, node, at);
                }
                if role.is_own_schema(members) {
                    self.walk(file, node, at, Role::Schema);
                }
                for (key, value) in members.iter().filter(|(_, value)| value.is_object() || value.is_array())
                {
                    if let Some(role) = role.member(key, value) {
                        self.walk(file, value, &at.push(key), role);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The values of a discriminator's mapping are names of schemas or references (OpenAPI 3.0.3 §4.7.25).
    fn mapping(&mut self, file: usize, discriminator: &Value, at: &Pointer) {
        // OpenAPI 3.2 §4.25: for values that are mapped nowhere.
        let default = discriminator.get("defaultMapping").and_then(Value::as_str);
        if let Some(written) = default.filter(|written| is_reference(written)) {
            self.site(file, at, "defaultMapping", written, Role::Schema, Kind::Reference);
        }
        let at = at.push("mapping");
        for (name, value) in discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten() {
            if let Some(written) = value.as_str().filter(|written| is_reference(written)) {
                self.site(file, &at, name, written, Role::Schema, Kind::Reference);
            }
        }
    }

    fn site(&mut self, file: usize, at: &Pointer, key: &str, written: &str, role: Role, kind: Kind) {
        let (key, written) = (key.to_owned(), written.to_owned());
        self.sites.push(Site { file, at: at.clone(), key, written, role, kind });
    }
}

fn is_reference(text: &str) -> bool {
    let path = text.split('#').next().unwrap_or_default();
    text.contains(['#', '/']) || [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending))
}

/// Whether a document may refer to other files: a quick look that spares those that do not all further work.
pub(in crate::source) fn may_leave(node: &Value) -> bool {
    match node {
        Value::Array(items) => items.iter().any(may_leave),
        Value::Object(members) => members.iter().any(|(key, value)| match value {
            Value::String(text) => key == "$ref" && !text.starts_with('#'),
            Value::Array(_) | Value::Object(_) => may_leave(value),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(node: Value, role: Role, expected: &[&str]) {
        let mut walked = Walked::default();
        walked.walk(0, &node, &Pointer::root(), role);
        let found: Vec<&str> = walked.sites.iter().map(|site| site.written.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn references_are_where_nodes_may_be_and_not_in_data() {
        check(
            json!({"properties": {"$ref": {"$ref": "a"}, "example": {"$ref": "b"}}, "items": [{"$ref": "c"}],
                "example": {"$ref": "no"}, "default": {"$ref": "no"}, "enum": [{"$ref": "no"}], "const": {"$ref": "no"},
                "x-any": {"$ref": "no"}, "not": {"$ref": 5}, "dependencies": {"a": [{"$ref": "k"}]},
                "discriminator": {"propertyName": "p", "mapping": {"d": "d.yaml", "e": "Plain", "f": "#/f"}, "defaultMapping": "g.yaml"}}),
            Role::Schema,
            &["a", "b", "c", "k", "g.yaml", "d.yaml", "#/f"],
        );
        check(
            json!({"paths": {"x-note": {"$ref": "no"}, "/a": {"$ref": "a", "get": {"parameters": [{"$ref": "b"}],
                "responses": {"200": {"$ref": "c"}, "400": {"content": {"j": {"schema": {"$ref": "d"},
                    "example": {"$ref": "no"}, "examples": {"e": {"$ref": "e"}, "f": {"value": {"$ref": "no"},
                    "externalValue": "no"}}}}, "headers": {"h": {"$ref": "h"}}, "links": {"l": {"$ref": "l"}}}},
                "requestBody": {"$ref": "r"}, "callbacks": {"c": {"$ref": "k"}}}}},
                "components": {"schemas": {"x-odd": {"$ref": "s"}}, "securitySchemes": {"o": {"$ref": "o"}}}}),
            Role::Document,
            &["a", "b", "c", "d", "e", "h", "l", "r", "k", "s", "o"],
        );
    }

    #[test]
    fn every_schema_that_was_met_is_known_as_one() {
        let node = json!({"properties": {"a": {"items": {"type": "string"}}}, "x-own": {"type": "integer"}});
        let pointer = |text: &str| Pointer::parse(text).expect("a pointer");
        let inner = pointer("/properties/a/items");
        let other = pointer("/x-own");
        let mut walked = Walked::default();
        for at in [&inner, &other, &Pointer::root(), &pointer("/properties/a")] {
            walked.walk(1, node.pointer(at.as_str()).expect("a node"), at, Role::Schema);
        }
        assert!(walked.is_schema(1, &inner) && walked.is_schema(1, &other));
        assert!(!walked.is_schema(1, &pointer("/properties")) && !walked.is_schema(2, &inner));
    }

    #[test]
    fn local_documents_are_told_at_a_glance() {
        assert!(!may_leave(&json!({"a": [{"$ref": "#/b"}], "b": {"ref": "x.yaml", "$ref": 1}})));
        assert!(may_leave(&json!({"a": [{"b": {"$ref": "x.yaml"}}]})));
    }
}
