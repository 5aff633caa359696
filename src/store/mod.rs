//! The disk: run folders, event logs, history, snapshot files.
//!
//! One of the three gates to the world. It must never write outside the folders it is given, nor lose what was there:
//! whatever is rewritten is written beside and renamed into place.

mod baseline_file;
mod error;
mod event_log;
mod history;
mod retention;
mod run_log;
mod scan;
mod snapshot_folder;
mod workspace;
mod write;

#[cfg(test)]
mod tests;

pub use baseline_file::{read_baseline, write_baseline};
pub use error::StoreError;
pub use event_log::{Events, read_events};
pub use history::{History, Night};
pub use run_log::RunLog;
pub use scan::scan_for_secrets;
pub use snapshot_folder::{DOCUMENT, Pending, SnapshotFolder};
pub use workspace::{EVENTS, RunFolder, Workspace, run_id};
pub use write::{ensure_writable, write_report};
