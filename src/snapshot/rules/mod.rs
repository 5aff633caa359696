//! The room's rules, one file each.

pub(crate) mod snapshot_changed;
