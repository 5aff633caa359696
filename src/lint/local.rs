//! One schema as a small text of its own, for the question whether any value satisfies it.
//!
//! What would make it large or foreign is left out, always so that the copy allows more than the original:
//! that nothing satisfies the copy proves it of the original, and nothing else does.

use crate::lint::keyword::is_nullable;
use crate::lint::scene::Scene;
use crate::schema::Pointer;
use jsonschema::canonical::Satisfiability;
use jsonschema::{Draft, canonical};
use serde_json::{Map, Value, json};

/// How many schemas one copy may hold.
const LARGEST: usize = 48;
/// How many branches of a combinator are looked at: each multiplies the work.
const WIDEST: usize = 6;
/// How many members of an enumeration are looked at.
const LONGEST_ENUM: usize = 64;
/// How far inner values are followed.
const DEEPEST: usize = 2;
/// Keywords that are taken as they stand if their value is a number.
const NUMBERS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

/// Whether it is proven that no value satisfies the schema at `at`. Unknown is no proof.
pub(crate) fn is_empty(scene: &Scene<'_>, at: &Pointer, schema: &Map<String, Value>) -> bool {
    let mut copier = Copier { scene, left: LARGEST, chain: vec![at.clone()] };
    let (copy, _) = copier.object(schema, 0);
    let canonical = canonical::options().with_draft(Draft::Draft202012).should_validate_formats(false);
    canonical.canonicalize(&copy).is_ok_and(|schema| schema.satisfiability() == Satisfiability::No)
}

struct Copier<'s, 'd> {
    scene: &'s Scene<'d>,
    left: usize,
    /// References that are being followed.
    chain: Vec<Pointer>,
}

impl Copier<'_, '_> {
    /// The copy, and whether it allows exactly what the original does.
    fn schema(&mut self, value: &Value, depth: usize) -> (Value, bool) {
        match value {
            Value::Bool(_) => (value.clone(), true),
            Value::Object(schema) => self.object(schema, depth),
            _ => (json!({}), false),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> (Value, bool) {
        if self.left == 0 || depth > DEEPEST {
            return (json!({}), schema.is_empty());
        }
        self.left -= 1;
        let mut exact = true;
        let mut copy = Map::new();
        let mut all = Vec::new();
        if schema.contains_key("$ref") {
            // A contradiction in a schema that an inner value refers to is told there.
            match self.scene.target(schema).filter(|(to, _)| depth == 0 && !self.chain.contains(to)) {
                Some((to, target)) => {
                    self.chain.push(to);
                    let (target, same) = self.object(target, depth);
                    self.chain.pop();
                    exact &= same;
                    all.push(target);
                }
                None => exact = false,
            }
            if self.scene.is_draft4() {
                return (all.pop().unwrap_or_else(|| json!({})), exact);
            }
        }
        for (key, value) in schema {
            exact &= self.keyword(&mut copy, &mut all, (key, value), schema, depth);
        }
        if !all.is_empty() {
            copy.insert("allOf".into(), Value::Array(all));
        }
        if self.scene.is_draft4() && is_nullable(schema) {
            return (json!({"anyOf": [{"type": "null"}, copy]}), exact);
        }
        (Value::Object(copy), exact)
    }

    fn keyword(
        &mut self,
        copy: &mut Map<String, Value>,
        all: &mut Vec<Value>,
        (key, value): (&str, &Value),
        schema: &Map<String, Value>,
        depth: usize,
    ) -> bool {
        match (key, value) {
            ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(false)) => true,
            ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(true)) => false,
            (_, Value::Number(_)) if NUMBERS.contains(&key) => take(copy, key, value),
            ("type", Value::String(name)) if name != "file" => take(copy, key, value),
            ("type", Value::Array(names)) if !names.is_empty() => take(copy, key, value),
            ("enum", Value::Array(values)) if (1..=LONGEST_ENUM).contains(&values.len()) => {
                take(copy, key, value)
            }
            ("const", _) if !self.scene.is_draft4() => take(copy, key, value),
            ("required", Value::Array(_)) => take(copy, key, value),
            ("properties", Value::Object(members)) => {
                let mut exact = true;
                let mut copies = Map::new();
                for (name, member) in members {
                    let (member, same) = self.schema(member, depth + 1);
                    exact &= same;
                    copies.insert(name.clone(), member);
                }
                copy.insert("properties".into(), Value::Object(copies));
                exact
            }
            ("additionalProperties", Value::Bool(_)) if !schema.contains_key("patternProperties") => {
                take(copy, key, value)
            }
            ("allOf", Value::Array(branches)) => {
                let mut exact = true;
                for branch in branches {
                    let (branch, same) = self.schema(branch, depth);
                    exact &= same;
                    all.push(branch);
                }
                exact
            }
            ("anyOf" | "oneOf", Value::Array(branches)) if (1..=WIDEST).contains(&branches.len()) => {
                let copies: Vec<(Value, bool)> =
                    branches.iter().map(|branch| self.schema(branch, depth)).collect();
                let exact = copies.iter().all(|(_, same)| *same);
                // "Exactly one" of branches that allow more than they should proves nothing.
                let key = if exact { key } else { "anyOf" };
                all.push(json!({ key: copies.into_iter().map(|(copy, _)| copy).collect::<Vec<_>>() }));
                exact
            }
            ("not", inner) => {
                let (inner, exact) = self.schema(inner, depth);
                if exact {
                    copy.insert("not".into(), inner);
                }
                exact
            }
            _ => is_silent(key),
        }
    }
}

/// Copies a keyword as it stands, which is exact.
fn take(copy: &mut Map<String, Value>, key: &str, value: &Value) -> bool {
    copy.insert(key.to_owned(), value.clone());
    true
}

/// Whether the keyword restricts nothing.
fn is_silent(key: &str) -> bool {
    key.starts_with("x-")
        || matches!(
            key,
            "title"
                | "description"
                | "example"
                | "examples"
                | "default"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "nullable"
                | "xml"
                | "externalDocs"
                | "discriminator"
                | "$ref"
                | "$comment"
        )
}
