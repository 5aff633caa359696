//! Keywords that are only compared for equality.

use crate::compat::node::Node;

/// The keywords of `to` that `from` does not have in the same words: they may leave values out.
pub(crate) fn lost_opaque(from: &Node, to: &Node) -> Vec<String> {
    to.opaque
        .iter()
        .filter(|(keyword, value)| from.opaque.get(*keyword) != Some(*value))
        .map(|(keyword, _)| keyword.clone())
        .collect()
}
