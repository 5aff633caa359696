//! How deep a compiler of schemas will go: it recurses through subschemas and references, and a stack is finite.
//!
//! Real documents stay below a hundred levels; a hostile one chains thousands of small schemas.

use crate::schema::{Pointer, find};
use serde_json::Value;
use std::collections::HashSet;

/// The deepest schema that is compiled, in levels of subschemas and references.
pub(super) const DEEPEST: usize = 400;

/// Whether the schema at `pointer` leads deeper than [`DEEPEST`]. Its own stack is a list, so it cannot overflow.
pub(super) fn is_too_deep(root: &Value, pointer: &Pointer) -> bool {
    let Some(start) = find(root, pointer.as_str()) else { return false };
    let mut seen: HashSet<&str> = HashSet::new();
    // What is still to be visited on each level.
    let mut levels: Vec<Vec<&Value>> = vec![vec![start]];
    while let Some(level) = levels.last_mut() {
        let Some(node) = level.pop() else {
            levels.pop();
            continue;
        };
        let mut below: Vec<&Value> = match node {
            Value::Object(members) => members.values().filter(|value| is_inner(value)).collect(),
            Value::Array(items) => items.iter().filter(|value| is_inner(value)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => continue,
        };
        if let Some(reference) = node.get("$ref").and_then(Value::as_str)
            && seen.insert(reference)
            && let Some(to) = Pointer::from_fragment(reference)
        {
            below.extend(find(root, to.as_str()));
        }
        if !below.is_empty() {
            levels.push(below);
        }
        if levels.len() > DEEPEST {
            return true;
        }
    }
    false
}

fn is_inner(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(count: usize, link: impl Fn(Value) -> Value, expected: bool) {
        let next = |n: usize| json!({"$ref": format!("#/S{n}")});
        let mut root: serde_json::Map<_, _> =
            (0..count).map(|n| (format!("S{n}"), link(next(n + 1)))).collect();
        root.insert(format!("S{count}"), json!({"type": "object"}));
        assert_eq!(is_too_deep(&Value::Object(root), &Pointer::root().push("S0")), expected, "{count}");
    }

    #[test]
    fn chains_are_measured() {
        check(100, |next| json!({"allOf": [next]}), false);
        check(10_000, |next| json!({"allOf": [next]}), true);
        check(100, |next| json!({"properties": {"n": next}}), false);
        check(10_000, |next| json!({"properties": {"n": next}}), true);
    }

    #[test]
    fn circles_have_an_end() {
        let root = json!({"A": {"properties": {"b": {"$ref": "#/B"}, "a": {"$ref": "#/A"}}}, "B": {"items": {"$ref": "#/A"}}});
        assert!(!is_too_deep(&root, &Pointer::root().push("A")));
    }
}
