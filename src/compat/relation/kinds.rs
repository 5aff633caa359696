//! Kinds of values that are not held.

use crate::compat::node::{Kinds, Node};
use crate::compat::pair::Wire;

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
