//! The one relation behind all schema rules: which values of one node does the other not hold?
//!
//! Each file answers for one aspect, with a witness value where one is easily built.
//! It must never know which side is old: rules turn it round for responses.

mod bounds;
mod format;
mod kinds;
mod members;
mod objects;
mod opaque;
#[cfg(test)]
mod tests;
mod witness;

pub(crate) use bounds::lost_bounds;
pub(crate) use format::lost_format;
pub(crate) use kinds::{lost_kinds, lost_value};
pub(crate) use members::{MemberLoss, lost_members};
pub(crate) use objects::{newly_required, travels};
pub(crate) use opaque::lost_opaque;
pub(crate) use witness::{shown, shown_list, shown_member};
