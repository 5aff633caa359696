//! Every rule of this room.

use crate::finding::Rule;
use crate::snapshot::rules::snapshot_changed;

/// Every rule of this room, by id.
pub const RULES: &[&Rule] = &[&snapshot_changed::RULE];
