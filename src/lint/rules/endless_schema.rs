//! # endless-schema
//!
//! ## What it says
//!
//! Reports a recursive schema without a way out: each value must hold another value of the same schema, by
//! required properties, `minItems` or `allOf`.
//!
//! ## Why it matters
//!
//! No finite JSON text can satisfy it, so no request can be made and every answer breaks the schema.
//!
//! ## Example
//!
//! `Node: {type: object, required: [next], properties: {next: {$ref: Node}}}`
//!
//! ## How to fix
//!
//! Make the recursive property optional or nullable, or let the list be empty.

use crate::lint::keyword::{branches, is_nullable, property, required};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::schema::Pointer;
use crate::spec::Issue;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "endless-schema",
    "every value of the schema would have to be endless",
    "JSON Schema Core §9.4.1",
);

/// Judges all schemas together.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let places: HashMap<&str, usize> =
        scene.nodes.iter().enumerate().map(|(index, node)| (node.at.as_str(), index)).collect();
    let ask = Ask { scene, places: &places };
    let mut finite = vec![false; scene.nodes.len()];
    // The least fixed point: a schema is finite once everything that it must hold is.
    loop {
        let mut changed = false;
        for index in (0..scene.nodes.len()).rev() {
            if !finite[index] && ask.is_finite(&scene.nodes[index], &finite) {
                finite[index] = true;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut found = Vec::new();
    for (index, node) in scene.nodes.iter().enumerate() {
        if finite[index] || !node.usage.referred || node.schema.contains_key("$ref") {
            continue;
        }
        if let Some(holder) = ask.holds_itself(index, &finite) {
            let message = "every value of this schema must hold another one, without end";
            let hint = format!("make `#{}` optional, nullable or a list that may be empty", holder.as_str());
            found.push(RULE.at(&node.at, message, hint));
        }
    }
    found
}

struct Ask<'a, 'd> {
    scene: &'a Scene<'d>,
    places: &'a HashMap<&'a str, usize>,
}

impl Ask<'_, '_> {
    fn is_finite(&self, node: &Node<'_>, finite: &[bool]) -> bool {
        let known = |at: &Pointer| self.places.get(at.as_str()).is_none_or(|index| finite[*index]);
        if !self.must_hold(node).iter().all(known) {
            return false;
        }
        ["anyOf", "oneOf"].iter().all(|key| {
            let at = node.at.push(key);
            let branches = if self.scene.counts(node.schema) { branches(node.schema, key) } else { &[] };
            branches.is_empty() || (0..branches.len()).any(|index| known(&at.push(index)))
        })
    }

    /// The schemas of which every value of `node` holds a value.
    fn must_hold(&self, node: &Node<'_>) -> Vec<Pointer> {
        let schema = node.schema;
        let mut must = Vec::new();
        if let Some(to) = schema.get("$ref").and_then(Value::as_str).and_then(Pointer::from_fragment) {
            must.push(to);
        }
        if !self.scene.counts(schema) {
            return must;
        }
        if schema.contains_key("enum") || schema.contains_key("const") || is_nullable(schema) {
            return Vec::new();
        }
        let all = node.at.push("allOf");
        must.extend((0..branches(schema, "allOf").len()).map(|index| all.push(index)));
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => {
                let at = node.at.push("properties");
                let held = required(schema).filter(|name| property(schema, name).is_some_and(always_travels));
                must.extend(held.map(|name| at.push(name)));
            }
            Some("array") if schema.get("minItems").and_then(Value::as_u64).unwrap_or(0) > 0 => {
                must.push(node.at.push("items"));
            }
            _ => {}
        }
        must
    }

    /// What the schema with this index must hold that leads back to it.
    fn holds_itself(&self, index: usize, finite: &[bool]) -> Option<Pointer> {
        let mut first: Option<Pointer> = None;
        let mut seen = HashSet::new();
        let mut todo = vec![index];
        while let Some(here) = todo.pop() {
            let node = &self.scene.nodes[here];
            let mut next = self.must_hold(node);
            for key in ["anyOf", "oneOf"] {
                let at = node.at.push(key);
                next.extend((0..branches(node.schema, key).len()).map(|index| at.push(index)));
            }
            for at in next {
                let Some(to) = self.places.get(at.as_str()).copied().filter(|to| !finite[*to]) else {
                    continue;
                };
                if first.is_none() && at.as_str().contains("/properties/") {
                    first = Some(at.clone());
                }
                if to == index {
                    return first.or(Some(at));
                }
                if seen.insert(to) {
                    todo.push(to);
                }
            }
        }
        None
    }
}

fn always_travels(property: &Value) -> bool {
    ["readOnly", "writeOnly"].iter().all(|key| property.get(*key) != Some(&Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, silent, with_schemas};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(
            &RULE,
            &with_schemas(
                json!({"N": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/N"}}}}),
            ),
        );
        fires(
            &RULE,
            &with_schemas(
                json!({"N": {"type": "array", "minItems": 1, "items": {"anyOf": [{"$ref": "#/components/schemas/N"}]}}}),
            ),
        );
        silent(&with_schemas(
            json!({"N": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/N"}}}}),
        ));
        silent(&with_schemas(
            json!({"N": {"type": "object", "required": ["next"], "properties": {"next": {"nullable": true, "type": "object", "allOf": [{"$ref": "#/components/schemas/N"}]}}}}),
        ));
        silent(&with_schemas(json!({"N": {"type": "array", "items": {"$ref": "#/components/schemas/N"}}})));
    }
}
