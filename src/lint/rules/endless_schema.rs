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

/// How many schemas are looked at to find what leads back to itself: circles through thousands of endless schemas
/// would be walked thousands of times.
const MOST_STEPS: usize = 1_000_000;

/// Judges all schemas together.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let places: HashMap<&str, usize> =
        scene.nodes.iter().enumerate().map(|(index, node)| (node.at.as_str(), index)).collect();
    let ask = Ask { scene, places: &places };
    let finite = ask.finite();
    let (mut found, mut steps) = (Vec::new(), 0);
    for (index, node) in scene.nodes.iter().enumerate() {
        if finite[index] || !node.usage.referred || node.schema.contains_key("$ref") {
            continue;
        }
        if let Some(holder) = ask.holds_itself(index, &finite, &mut steps) {
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
    /// Which schemas have values that end: the least fixed point of "a schema is finite once everything that it must
    /// hold is". Each need is looked at once for each alternative, however long the chains are.
    fn finite(&self) -> Vec<bool> {
        let count = self.scene.nodes.len();
        // By schema: the needs that it meets when it is finite.
        let mut meets: Vec<Vec<usize>> = vec![Vec::new(); count];
        // By need: whose it is, until it is met.
        let mut needs: Vec<Option<usize>> = Vec::new();
        let mut unmet = vec![0_usize; count];
        for (index, node) in self.scene.nodes.iter().enumerate() {
            for alternatives in self.needs(node) {
                let known: Option<Vec<usize>> =
                    alternatives.iter().map(|at| self.places.get(at.as_str()).copied()).collect();
                // What is not known is taken to be finite.
                let Some(known) = known else { continue };
                unmet[index] += 1;
                for to in known {
                    meets[to].push(needs.len());
                }
                needs.push(Some(index));
            }
        }
        let mut finite = vec![false; count];
        let mut todo: Vec<usize> = (0..count).filter(|index| unmet[*index] == 0).collect();
        while let Some(index) = todo.pop() {
            finite[index] = true;
            for need in std::mem::take(&mut meets[index]) {
                if let Some(owner) = needs[need].take() {
                    unmet[owner] -= 1;
                    if unmet[owner] == 0 {
                        todo.push(owner);
                    }
                }
            }
        }
        finite
    }

    /// What must be finite for `node` to be: of each list one.
    fn needs(&self, node: &Node<'_>) -> Vec<Vec<Pointer>> {
        let mut needs: Vec<Vec<Pointer>> = self.must_hold(node).into_iter().map(|at| vec![at]).collect();
        if self.scene.counts(node.schema) {
            for key in ["anyOf", "oneOf"] {
                let at = node.at.push(key);
                let alternatives: Vec<Pointer> =
                    (0..branches(node.schema, key).len()).map(|index| at.push(index)).collect();
                if !alternatives.is_empty() {
                    needs.push(alternatives);
                }
            }
        }
        needs
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

    /// What the schema with this index must hold that leads back to it, if `steps` allow to tell.
    fn holds_itself(&self, index: usize, finite: &[bool], steps: &mut usize) -> Option<Pointer> {
        let mut first: Option<Pointer> = None;
        let mut seen = HashSet::new();
        let mut todo = vec![index];
        while let Some(here) = todo.pop() {
            *steps += 1;
            if *steps > MOST_STEPS {
                return None;
            }
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

    #[test]
    fn long_chains_end_and_long_circles_do_not() {
        const COUNT: usize = 2_000;
        let schemas = |last: &str| {
            let name = |n: usize| if n == COUNT { last.to_owned() } else { format!("S{n}") };
            let link = |n: usize| json!({"type": "object", "required": ["next"], "properties": {"next": {"$ref": format!("#/components/schemas/{}", name(n + 1))}}});
            let mut schemas: serde_json::Map<_, _> = (0..COUNT).map(|n| (name(n), link(n))).collect();
            schemas.insert("End".into(), json!({"type": "object"}));
            with_schemas(Value::Object(schemas))
        };
        silent(&schemas("End"));
        fires(&RULE, &schemas("S0"));
    }
}
