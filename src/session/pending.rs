//! Snapshots that wait for a decision.

use crate::config::Settings;
use crate::session::SessionError;
use crate::store::{Pending, SnapshotFolder};

/// What is decided about pending snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They become the accepted ones.
    Accept,
    /// They are thrown away; the accepted ones stay.
    Reject,
}

/// Every pending snapshot, by the folder of its API.
pub fn pending(settings: &Settings) -> Result<Vec<(SnapshotFolder, Vec<Pending>)>, SessionError> {
    let masker = settings.masker();
    let mut all = Vec::new();
    for folder in SnapshotFolder::below(&settings.snapshots.folder)? {
        let folder = folder.masking(masker.clone());
        let pending = folder.pending()?;
        if !pending.is_empty() {
            all.push((folder, pending));
        }
    }
    Ok(all)
}

/// Accepts or rejects pending snapshots by name; all of them if none is named. Gives the names.
pub fn settle(
    settings: &Settings,
    decision: Decision,
    names: &[String],
) -> Result<Vec<String>, SessionError> {
    let mut settled = Vec::new();
    let mut missing: Vec<String> = names.to_vec();
    let folders = pending(settings)?;
    for (folder, pending) in &folders {
        let here: Vec<String> = pending
            .iter()
            .map(|p| p.name.clone())
            .filter(|name| names.is_empty() || names.contains(name))
            .collect();
        match decision {
            Decision::Accept => folder.accept(&here)?,
            Decision::Reject => folder.reject(&here)?,
        }
        missing.retain(|name| !here.contains(name));
        settled.extend(here);
    }
    if !missing.is_empty() {
        // The folder's own words say which name is unknown and what is near it.
        match folders.first() {
            Some((folder, _)) => folder.accept(&missing)?,
            None => SnapshotFolder::open(&settings.snapshots.folder)?.accept(&missing)?,
        }
    }
    Ok(settled)
}
