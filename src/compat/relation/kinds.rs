//! Kinds of values that are not held.

use crate::compat::node::{Kinds, Node};
use crate::compat::pair::Wire;
use crate::compat::relation::witness::{allows, candidates};
use serde_json::Value;

/// The kinds of `from` that `to` does not hold; `null` counts like any other.
pub(crate) fn lost_kinds(from: &Node, to: &Node, wire: Wire) -> Kinds {
    let mut held = to.kinds;
    let mut given = from.effective_kinds();
    if wire == Wire::Text {
        given = given.without(Kinds::NULL);
        // Where nothing is said of a text, nobody means lists (`type: file` is bytes).
        if from.kinds == Kinds::ALL {
            given = given.and(Kinds::SCALAR);
        }
        // On the wire every scalar is text, and a list of one is a scalar.
        if held.meets(Kinds::STRING) || held.meets(Kinds::ARRAY) {
            held = held.or(Kinds::SCALAR);
        }
    } else if given.meets(Kinds::NULL) && !to.allows_null() {
        held = held.without(Kinds::NULL);
    }
    given.without(held)
}

/// A value of `from` of one of the lost kinds, where it is easily built.
pub(crate) fn lost_value(from: &Node, lost: Kinds) -> Option<Value> {
    if from.branches.is_some() || !from.opaque.is_empty() {
        return None;
    }
    let structured = Kinds::ARRAY.or(Kinds::OBJECT);
    let empty_fits = from.bounds.min_items.is_none()
        && from.bounds.min_properties.is_none()
        && from.required.is_empty()
        && from.members.is_none();
    let mut values = candidates(from);
    values.push(Value::Null);
    // A format may refuse any text of ours.
    let text = from.format.is_none() || from.members.is_some();
    let scalar = values.into_iter().find(|value| {
        lost.meets(Kinds::of(value)) && (text || !value.is_string()) && allows(from, value) == Some(true)
    });
    scalar.or_else(|| lost.and(structured).example().filter(|_| empty_fits))
}
