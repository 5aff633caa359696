//! Documents spread over several files and URLs, made one.
//!
//! Every file that a reference leads to is embedded under `/x-specwarden/files/<name>`, and the reference becomes a
//! pointer there; so everybody else knows but one document. [`Tree`](tree::Tree) follows references through the
//! files at hand, [`bundle`] reads those that are missing. A reference is rewritten only where it is one:
//! examples and other data stay as they are. A file that cannot be had is told and costs no more than itself.
//! Nothing here may fetch what the options do not allow.

mod address;
mod embed;
mod gather;
mod identity;
mod role;
mod sites;
mod substitute;
mod tree;

pub(super) use gather::{Bundle, bundle};
pub(super) use sites::may_leave;
pub(super) use substitute::{Moved, inside, is_within};
