//! Representative answers, normalised, in `insta`'s file format.
//!
//! A snapshot says what an operation really answers, with everything masked that changes by itself:
//! ids, moments, tokens, and whatever differs between two answers to the same request.
//! Pure: it turns answers into text and compares texts; it must never touch the disk.

mod body;
mod catalogue;
mod compare;
mod file;
mod headers;
mod mask;
mod name;
mod normalise;
mod options;
mod plain;
pub(crate) mod rules;

#[cfg(test)]
mod tests;

pub use catalogue::RULES;
pub use compare::{Difference, compare};
pub use file::{Metadata, Snapshot, SnapshotError};
pub use name::name;
pub use normalise::{Normalised, normalise};
pub use options::SnapshotOptions;
pub use rules::snapshot_changed::judge;
