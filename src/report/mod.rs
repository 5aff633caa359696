//! Folds events into output, each format its own folder, into an `io::Write`.
//!
//! [`Night`] is the fold that all formats share: a whole run as one value, sorted and ready to be told.
//! This room must never ask the engine, open a file or read a clock: it works from a replayed log as from a live run.
//! It must never let a secret through: [`write()`] masks the model before it is laid out and the bytes after.

mod cause;
mod coverage;
mod format;
mod json;
mod junit;
mod markdown;
mod night;
mod standing;
pub mod terminal;
mod text;
mod verdict;

pub use cause::{Cause, causes};
pub use coverage::{Demands, DocumentCoverage, Share};
pub use format::{Format, Options, UnknownFormat, write};
pub use json::schema as json_schema;
pub use night::{LatencyRow, Night, SnapshotRow, Trouble};
pub use standing::{EntryState, Standing};
pub use verdict::{Gate, IntermittentPolicy, Tally, Verdict};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
