//! Nights that are over: load one again, or several shards as one.

use crate::config::Settings;
use crate::event::{Event, EventKind};
use crate::session::SessionError;
use crate::store::{Workspace, run_id};
use std::collections::BTreeSet;

/// The events of a stored run: an id, `latest`, or a path.
pub fn load(settings: &Settings, run: &str) -> Result<Vec<Event>, SessionError> {
    let folder = Workspace::at(&settings.root).open_run(run)?;
    Ok(folder.events()?.collect::<Result<Vec<Event>, _>>()?)
}

/// Several runs of one document as one new run; gives its id and events.
///
/// Findings that several runs report are kept once. Totals add up; the run counts as interrupted if any was.
pub fn merge(settings: &Settings, runs: &[String]) -> Result<(String, Vec<Event>), SessionError> {
    let bad = |reason: String| SessionError::BadMerge { reason };
    let loaded = runs.iter().map(|run| load(settings, run)).collect::<Result<Vec<_>, _>>()?;
    let mut info = None;
    let mut outcome: Option<crate::event::RunOutcome> = None;
    let mut seen = BTreeSet::new();
    let mut middle = Vec::new();
    for (name, events) in runs.iter().zip(&loaded) {
        for event in events {
            match &event.kind {
                EventKind::RunStarted { run } => match &info {
                    None => info = Some(run.clone()),
                    Some(first) if first.title == run.title && first.api_version == run.api_version => {}
                    Some(first) => {
                        return Err(bad(format!(
                            "`{name}` is of {} {}, the first of {} {}",
                            run.title, run.api_version, first.title, first.api_version
                        )));
                    }
                },
                EventKind::RunFinished { outcome: one } => {
                    outcome = Some(outcome.map_or_else(|| one.clone(), |sum| add(sum, one)));
                }
                EventKind::FindingReported { finding } => {
                    if seen.insert(finding.fingerprint.clone()) {
                        middle.push(event.kind.clone());
                    }
                }
                EventKind::IssueFound { issue } => {
                    if seen_issue(&middle, issue) {
                        continue;
                    }
                    middle.push(event.kind.clone());
                }
                EventKind::StageStarted { .. }
                | EventKind::CaseFinished { .. }
                | EventKind::IncidentHappened { .. }
                | EventKind::SnapshotTaken { .. }
                | EventKind::LatencyMeasured { .. }
                | EventKind::OperationFinished { .. } => middle.push(event.kind.clone()),
            }
        }
    }
    let mut info = info.ok_or_else(|| bad("no run has a beginning".to_owned()))?;
    let workspace = Workspace::open(&settings.root)?;
    let folder = workspace.create_run(&run_id(&info.started, info.seed))?;
    info.id = folder.id().to_owned();
    let kinds = std::iter::once(EventKind::RunStarted { run: info })
        .chain(middle)
        .chain(outcome.map(|outcome| EventKind::RunFinished { outcome }));
    let events: Vec<Event> =
        kinds.enumerate().map(|(seq, kind)| Event { seq: seq as u64, at_ms: 0, kind }).collect();
    let mut log = folder.log(settings.masker())?;
    for event in &events {
        crate::event::Observer::observe(&mut log, event);
    }
    log.finish()?;
    Ok((folder.id().to_owned(), events))
}

fn seen_issue(kinds: &[EventKind], issue: &crate::spec::Issue) -> bool {
    kinds.iter().any(|kind| matches!(kind, EventKind::IssueFound { issue: known } if known == issue))
}

fn add(mut sum: crate::event::RunOutcome, one: &crate::event::RunOutcome) -> crate::event::RunOutcome {
    sum.interrupted |= one.interrupted;
    sum.stopped = sum.stopped.max(one.stopped);
    sum.elapsed_ms += one.elapsed_ms;
    sum.counts.operations = sum.counts.operations.max(one.counts.operations);
    sum.counts.reached += one.counts.reached;
    sum.counts.cases += one.counts.cases;
    sum.counts.requests += one.counts.requests;
    sum.counts.created += one.counts.created;
    sum.counts.removed += one.counts.removed;
    sum
}
