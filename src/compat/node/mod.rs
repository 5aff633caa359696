//! One schema node in normal form, shallow: what the rules compare.
//!
//! `allOf` is merged, `nullable` and type lists become one set of kinds, single alternatives dissolve.
//! It must never descend on its own: children stay [`View`]s until the walk asks for them.

mod kinds;
mod member;
mod merge;
mod model;
mod read;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use kinds::Kinds;
pub(crate) use member::{Member, equal};
pub(crate) use model::{Additional, Bounds, Limit, Node};
pub(crate) use read::Reader;
pub(crate) use view::View;
