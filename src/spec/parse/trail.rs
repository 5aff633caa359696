//! The way down to a node, as a walk over a whole document carries it: a pointer is written only where one is needed.
//!
//! Large documents have millions of nodes and few bad corners. A trail borrows its tokens and costs nothing per node.

use crate::schema::Pointer;

/// How a walk came to the node where it is.
#[derive(Clone, Copy)]
pub(super) enum Trail<'t> {
    /// Here the walk began.
    Start(&'t Pointer),
    /// A member of the object before.
    Key(&'t Trail<'t>, &'t str),
    /// An item of the list before.
    Item(&'t Trail<'t>, usize),
}

impl Trail<'_> {
    /// The pointer of the node.
    pub(super) fn pointer(&self) -> Pointer {
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(before, key) => before.pointer().push(key),
            Self::Item(before, index) => before.pointer().push(index),
        }
    }
}
