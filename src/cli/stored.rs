//! Stored runs, told again.

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::event::Observer;
use crate::report::Night;
use crate::store::Workspace;
use std::path::Path;

/// The night of one stored run, or of several together.
pub(super) fn night(root: &Path, runs: &[String], output: &mut Output<'_>) -> Result<Night, Failure> {
    let workspace = Workspace::at(root);
    let mut night = Night::default();
    for wanted in runs {
        let run = workspace.open_run(wanted)?;
        let mut events = run.events()?;
        for event in events.by_ref() {
            match event {
                Ok(event) => night.observe(&event),
                // One damaged line costs one event, not the report.
                Err(error) => output.talk(&format!("warning: {error}")),
            }
        }
        if events.was_cut() {
            output.talk(&format!("warning: the log of {} ends in the middle of a line", run.id()));
        }
    }
    Ok(night)
}
