//! Findings of a stored run, looked for again.

use crate::config::Settings;
use crate::event::{Event, EventKind};
use crate::finding::{Family, Finding};
use crate::session::night::{Stages, walk_night};
use crate::session::{SessionError, load};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;

/// How a finding stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It shows again.
    StillFailing,
    /// The same rule fires on the same operation, elsewhere or otherwise.
    Changed,
    /// It does not show any more.
    Fixed,
    /// The replay could not try it.
    NotTried,
}

/// A finding and how it stands now.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// The finding as it was stored.
    pub before: Finding,
    /// What shows now, if anything does.
    pub now: Option<Finding>,
    /// How it stands.
    pub standing: Standing,
}

/// Sends what showed the findings of a run again: all of them, or the one with the fingerprint `what`.
///
/// The operations concerned are tested again with the run's seed, each failure confirmed as in any run, so a
/// finding of several calls is shown by the same calls. `settings` say where and with which key.
pub async fn replay(
    settings: &Settings,
    what: &str,
    cancel: &CancellationToken,
) -> Result<Vec<Replayed>, SessionError> {
    let (events, wanted) = match load(settings, what) {
        Ok(events) => (events, None),
        Err(_) => (load(settings, "latest")?, Some(what)),
    };
    let before = stored(&events, wanted);
    if before.is_empty() {
        return match wanted {
            Some(wanted) => Err(SessionError::NoSuchFinding { wanted: wanted.to_owned() }),
            None => Ok(Vec::new()),
        };
    }
    let mut settings = settings.clone();
    if let Some(run) = events.iter().find_map(|event| match &event.kind {
        EventKind::RunStarted { run } => Some(run),
        _ => None,
    }) {
        settings.test.seed = run.seed;
        if settings.target.base_url.is_none() {
            settings.target.base_url = Some(run.base_url.clone());
        }
        if settings.target.spec.is_none() {
            settings.target.spec = Some(run.document.clone());
        }
    }
    let focus: BTreeSet<_> = before.iter().filter_map(|finding| finding.operation.clone()).collect();
    let has = |family: Family| before.iter().any(|finding| finding.family == family);
    let stages =
        Stages { test: true, snapshot: has(Family::Snapshot), bench: false, diff: has(Family::Breaking) };
    let mut found: Vec<Finding> = Vec::new();
    let mut tried = BTreeSet::new();
    let mut collect = |event: &Event| match &event.kind {
        EventKind::FindingReported { finding } => found.push(finding.clone()),
        EventKind::CaseFinished { case, .. } => {
            tried.insert(case.operation.clone());
        }
        _ => {}
    };
    walk_night(&settings, stages, &[], Some(focus), cancel, vec![&mut collect]).await?;
    Ok(before
        .into_iter()
        .map(|before| {
            let same = found.iter().find(|finding| finding.fingerprint == before.fingerprint);
            let alike = found.iter().find(|f| f.rule == before.rule && f.operation == before.operation);
            let was_tried = before.operation.as_ref().is_none_or(|key| tried.contains(key));
            let standing = match (same, alike, was_tried) {
                (Some(_), _, _) => Standing::StillFailing,
                (None, Some(_), _) => Standing::Changed,
                (None, None, true) => Standing::Fixed,
                (None, None, false) => Standing::NotTried,
            };
            Replayed { now: same.or(alike).cloned(), before, standing }
        })
        .collect())
}

fn stored(events: &[Event], wanted: Option<&str>) -> Vec<Finding> {
    let findings = events.iter().filter_map(|event| match &event.kind {
        EventKind::FindingReported { finding } => Some(finding),
        _ => None,
    });
    findings.filter(|f| wanted.is_none_or(|w| f.fingerprint.as_str() == w)).cloned().collect()
}
