//! Stored runs: which of them stay, and why; the others may go.
//!
//! What somebody may still want to look at stays: the newest runs, those that show a finding of the baseline as nothing
//! newer does or that the baseline names, and those with which latency is compared. Snapshots refer to no run.

use crate::config::Settings;
use crate::session::baseline::fingerprints;
use crate::session::{DryRun, SessionError};
use crate::store::{History, RunFolder, Workspace};
use std::collections::BTreeSet;

/// Why a stored run stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// It is one of the newest.
    Newest,
    /// The baseline names it, or it is the newest that shows a finding of the baseline.
    Known,
    /// Latency is compared with it.
    Latency,
    /// It is not over yet, as far as can be told.
    UnderWay,
    /// It does not bear a run's name: somebody put it there.
    Renamed,
}

/// A run in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// Its id.
    pub id: String,
    /// How much room it takes, bytes.
    pub bytes: u64,
    /// Why it stays; `None` if it may go.
    pub stays: Option<Stays>,
}

/// Every stored run, the newest first, and which of them stay if the newest `keep` do; `None` keeps all.
pub fn stored_runs(settings: &Settings, keep: Option<usize>) -> Result<Vec<StoredRun>, SessionError> {
    let told = sorted(settings, keep)?
        .into_iter()
        .map(|(folder, stays)| Ok(StoredRun { id: folder.id().to_owned(), bytes: folder.bytes()?, stays }));
    told.collect()
}

/// Removes the runs that do not stay if the newest `keep` do, and gives them, the newest first. With `dry` they are
/// only told.
pub fn prune_runs(
    settings: &Settings,
    keep: Option<usize>,
    dry: DryRun,
) -> Result<Vec<StoredRun>, SessionError> {
    let mut gone = Vec::new();
    for (folder, _) in sorted(settings, keep)?.into_iter().filter(|(_, stays)| stays.is_none()) {
        gone.push(StoredRun { id: folder.id().to_owned(), bytes: folder.bytes()?, stays: None });
        if dry == DryRun::No {
            folder.remove()?;
        }
    }
    Ok(gone)
}

fn sorted(settings: &Settings, keep: Option<usize>) -> Result<Vec<(RunFolder, Option<Stays>)>, SessionError> {
    let workspace = Workspace::at(&settings.root);
    let mut runs = workspace.list()?;
    runs.reverse();
    let newest = keep.unwrap_or(usize::MAX);
    // What somebody put there takes no run's place.
    let mut plain = 0;
    let mut sorted = Vec::new();
    for run in runs {
        let stays = if !run.is_plain() {
            Some(Stays::Renamed)
        } else if plain < newest {
            Some(Stays::Newest)
        } else if run.is_under_way()? {
            Some(Stays::UnderWay)
        } else {
            None
        };
        plain += usize::from(stays != Some(Stays::Renamed));
        sorted.push((run, stays));
    }
    if sorted.iter().all(|(_, stays)| stays.is_some()) {
        return Ok(sorted);
    }
    let compared = History::open(&workspace).compared()?;
    let (text, mut unseen): (String, BTreeSet<String>) = fingerprints(settings)?;
    for (run, stays) in &mut sorted {
        let shown = run.reported(&unseen)?;
        unseen.retain(|fingerprint| !shown.contains(fingerprint));
        if stays.is_some() {
            continue;
        }
        if !shown.is_empty() || text.contains(run.id()) {
            *stays = Some(Stays::Known);
        } else if compared.iter().any(|id| id == run.id()) {
            *stays = Some(Stays::Latency);
        }
    }
    Ok(sorted)
}
