//! Properties: which must be there, which travel at all.

use crate::compat::node::{Node, Reader, View};
use crate::schema::Direction;

/// Whether a property of this view travels in `direction` (`readOnly`, `writeOnly`; OpenAPI 3.0.3 §4.7.24).
pub(crate) fn travels(reader: Reader<'_>, view: &View, direction: Direction) -> bool {
    let node = reader.node(view);
    match direction {
        Direction::Request => !node.read_only,
        Direction::Response => !node.write_only,
    }
}

/// Names that `to` requires and `from` does not.
pub(crate) fn newly_required<'n>(from: &'n Node, to: &'n Node) -> impl Iterator<Item = &'n String> {
    to.required.iter().filter(|name| !from.required.contains(*name))
}
