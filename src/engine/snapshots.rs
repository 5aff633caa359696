//! Takes a representative answer of each operation, twice, and compares it with the accepted one.

use crate::case::{Case, Phase};
use crate::client::Transport;
use crate::engine::sending::{left, shoot};
use crate::engine::walk::Walk;
use crate::event::{EventKind, IncidentKind, SnapshotState};
use crate::exchange::Exchange;
use crate::finding::Classification;
use crate::plan::Job;
use crate::snapshot::{Metadata, Snapshot, SnapshotOptions, compare, judge, name, normalise};
use crate::spec::OperationKey;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Snapshots of these operations: the answer that first reached them, asked for once more.
    pub(super) async fn take_snapshots(&mut self, jobs: &[&Job]) {
        let night = self.night;
        let (Some(folder), true) = (night.snapshots, night.options.stages.snapshot) else { return };
        self.stage("snapshot", jobs.len());
        for job in jobs {
            if self.over() {
                return;
            }
            let operation = &night.api.operations[job.operation];
            let Some((case, first)) = self.state.tally(job.operation).control.clone() else { continue };
            let case = Case { phase: Phase::Reach, ..case };
            // What it creates gets another name, so that a name shows itself as what changes.
            let case = self.renamed(job.operation, case);
            let second = shoot(night, operation, &case).await;
            if !left(&second) {
                continue;
            }
            self.state.requests += u64::from(second.attempts.max(1));
            self.note_creation(job.operation, &case, &second);
            // What is stored beside the document must hold no key, tonight's or any other.
            self.emitter.learn(&first);
            self.emitter.learn(&second);
            let (first, second) = (self.emitter.masked(first), self.emitter.masked(second));
            let Some(snapshot) = picture(&first, &second, &operation.key, &night.options.document) else {
                continue;
            };
            let text = snapshot.to_text();
            let file = snapshot.name.clone();
            let accepted =
                folder.accepted(&file).ok().flatten().and_then(|text| Snapshot::parse(&file, &text).ok());
            let difference = accepted.as_ref().and_then(|accepted| compare(accepted, &snapshot));
            let state = match (&accepted, &difference) {
                (None, _) => SnapshotState::New,
                (Some(_), None) => SnapshotState::Unchanged,
                (Some(_), Some(_)) => SnapshotState::Changed,
            };
            let kept = match state {
                SnapshotState::Unchanged => folder.clear_pending(&file).map(drop),
                SnapshotState::Changed | SnapshotState::New => folder.write_pending(&file, &text).map(drop),
            };
            if let Err(error) = kept {
                self.incident(IncidentKind::Environment, Some(&operation.key), error.to_string());
            }
            self.emitter.emit(EventKind::SnapshotTaken {
                operation: operation.key.clone(),
                name: file.clone(),
                state,
            });
            if let Some(difference) = difference {
                let mut finding = judge(&operation.key, &file, &difference);
                finding.classification = Classification::Persistent;
                finding.case = Some(case);
                finding.evidence = vec![second];
                self.state.changed.push(finding);
            }
        }
    }
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Reports changed snapshots, but for those that another finding about the same answers explains:
    /// one cause is told once.
    pub(super) fn report_changed(&mut self) {
        for finding in std::mem::take(&mut self.state.changed) {
            let explained = finding.operation.as_ref().is_some_and(|key| self.explained.contains(key));
            if !explained {
                self.report(finding);
            }
        }
    }
}

fn picture(first: &Exchange, second: &Exchange, key: &OperationKey, source: &str) -> Option<Snapshot> {
    let response = first.response()?;
    let normalised = normalise(response, second.response(), &SnapshotOptions::default());
    let metadata = Metadata {
        source: Some(source.to_owned()),
        description: Some(format!("{key} → {}", response.status)),
        expression: Some(key.to_string()),
        info: std::iter::once(("status".to_owned(), response.status.into())).collect(),
    };
    Some(Snapshot::new(name(key, response.status), metadata, normalised.contents))
}
