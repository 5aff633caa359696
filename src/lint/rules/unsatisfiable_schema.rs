//! # unsatisfiable-schema
//!
//! ## What it says
//!
//! Reports a schema that no value at all satisfies: parts of an `allOf` of different types, an enumeration none
//! of whose members has the type, branches that exclude each other. It is told only where it is proven; schemas
//! that are too large to decide are passed over.
//!
//! ## Why it matters
//!
//! No valid request can be made, and every answer breaks the schema. Nothing of the operation can be tested.
//!
//! ## Example
//!
//! `allOf: [{type: string}, {type: integer}]`
//!
//! ## How to fix
//!
//! Decide which of the contradicting parts is meant, or write `anyOf`.

use crate::lint::keyword::{branches, is_one_of, kind_of, kinds};
use crate::lint::local::is_empty;
use crate::lint::rule::LintRule;
use crate::lint::rules::{contradicting_bounds, required_property_forbidden};
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::{Map, Value};

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("unsatisfiable-schema", "no value satisfies the schema", "JSON Schema Core §4.3.1");

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let combined = ["allOf", "anyOf", "oneOf", "not"].iter().any(|key| node.schema.contains_key(*key));
    let listed = node.schema.contains_key("enum") && node.schema.contains_key("type");
    if !(combined || listed) || !scene.counts(node.schema) {
        return Vec::new();
    }
    // Contradictions that have a rule of their own are told there.
    let parts = scene.parts(&node.at, node.schema).unwrap_or_default();
    let told = parts.iter().any(|part| {
        let part = Node { at: part.at.clone(), schema: part.schema, usage: node.usage };
        !contradicting_bounds::judge(&part, scene).is_empty()
            || !required_property_forbidden::judge(&part, scene).is_empty()
    });
    let inherited = parts.iter().any(|part| part.at != node.at && listed_in_vain(part.schema));
    if told || inherited || !scene.budget.relation() || !is_empty(scene, &node.at, node.schema) {
        return Vec::new();
    }
    // Nor is a contradiction told again wherever the schema that holds it is used.
    if parts.iter().any(|part| part.at != node.at && is_empty(scene, &part.at, part.schema)) {
        return Vec::new();
    }
    let kinds: Vec<String> = parts
        .iter()
        .filter_map(|part| kinds(part.schema))
        .map(|kinds| kinds.join(" or "))
        .fold(Vec::new(), |mut all, kind| {
            if !all.contains(&kind) {
                all.push(kind);
            }
            all
        });
    let (why, hint) = if listed && !combined {
        let hint = if kinds.iter().any(|kind| kind == "array") {
            "put `enum` into `items`"
        } else {
            "quote the members or not, as the type wants, or correct `type`"
        };
        (format!("no member of its `enum` is of type {}", kinds.join(" and ")), hint)
    } else if kinds.len() > 1 {
        (format!("its parts ask for {} at once", kinds.join(" and ")), "drop one of the types")
    } else if node.schema.contains_key("oneOf") {
        let hint = "tell the branches apart by a required property, or write `anyOf`";
        ("none fits exactly one branch of `oneOf`".to_owned(), hint)
    } else {
        ("its parts exclude each other".to_owned(), "make the parts agree")
    };
    vec![RULE.at(&node.at, format!("no value satisfies this schema: {why}"), hint)]
}

/// Whether no member of `enum` has the type.
fn listed_in_vain(schema: &Map<String, Value>) -> bool {
    let Some(kinds) = kinds(schema) else { return false };
    let values = branches(schema, "enum");
    !values.is_empty() && !values.iter().any(|value| is_one_of(kind_of(value), &kinds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, issues, request, silent, with_schemas};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"allOf": [{"type": "string"}, {"type": "integer"}]})));
        fires(&RULE, &request("3.1.0", json!({"type": "string", "not": {"type": "string"}})));
        fires(
            &RULE,
            &request(
                "3.0.3",
                json!({"allOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]}),
            ),
        );
        silent(&request("3.0.3", json!({"allOf": [{"type": "number"}, {"type": "integer"}]})));
        silent(&request("3.0.3", json!({"anyOf": [{"type": "string"}, {"type": "integer"}]})));
        silent(&request("3.0.3", json!({"not": {"type": "string"}})));
    }

    #[test]
    fn what_a_property_refers_to_is_told_once() {
        let found = issues(&with_schemas(json!({
            "Inner": {"allOf": [{"type": "string"}, {"type": "integer"}]},
            "Outer": {"allOf": [{"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Inner"}}}]}
        })));
        let places: Vec<&str> = found.iter().map(|issue| issue.pointer.as_str()).collect();
        assert_eq!(places, ["/components/schemas/Inner"]);
    }
}
