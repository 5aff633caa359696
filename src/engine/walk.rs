//! One walk from the first key to the last clean-up.

use crate::check::RULES;
use crate::client::Transport;
use crate::engine::state::State;
use crate::engine::{Emitter, EngineError, Night};
use crate::event::{Counts, Coverage, EventKind, Incident, IncidentKind, RunOutcome};
use crate::plan::{Permission, is_deselected};
use crate::secret::password_names;
use crate::spec::OperationKey;
use std::collections::{BTreeMap, BTreeSet};

/// Goes through the plan, telling observers what happens.
///
/// The caller has emitted the run's beginning. What the walk gives is for the caller's `RunFinished`,
/// so that it can add what it does itself. An interrupted walk cleans up and ends like any other.
pub async fn walk<T: Transport>(
    night: Night<'_, T>,
    emitter: &mut Emitter<'_>,
) -> Result<RunOutcome, EngineError> {
    let mut walk = Walk {
        night,
        emitter,
        state: State::default(),
        reported: BTreeMap::new(),
        explained: BTreeSet::new(),
    };
    walk.emitter.expect_passwords(password_names(night.api.document.root()));
    walk.prove_keys().await?;
    walk.skip_forbidden();
    walk.reach().await;
    walk.measure().await;
    if night.options.stages.test {
        walk.test().await;
        walk.settle().await;
        walk.access().await;
        walk.ownership().await;
        walk.methods().await;
        walk.sequences().await;
        walk.settle().await;
    }
    walk.report_changed();
    walk.prove_key_again().await;
    walk.clean_up().await;
    Ok(walk.account())
}

/// A walk under way.
pub(super) struct Walk<'n, 'e, 'o, T> {
    pub(super) night: Night<'n, T>,
    pub(super) emitter: &'e mut Emitter<'o>,
    pub(super) state: State,
    /// Findings reported, by operation and rule.
    pub(super) reported: BTreeMap<(OperationKey, String), u64>,
    /// Operations with a finding about what they answer.
    pub(super) explained: BTreeSet<OperationKey>,
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether no further request may be sent, because of the user, the clock or the budget.
    pub(super) fn over(&mut self) -> bool {
        if self.night.cancel.is_cancelled() {
            return true;
        }
        if self.state.exhausted.is_some() {
            return true;
        }
        let options = self.night.options;
        let why = if self.state.requests >= options.max_requests {
            format!("the budget of {} requests is spent", options.max_requests)
        } else if options
            .max_time
            .is_some_and(|limit| u128::from(self.emitter.elapsed_ms()) >= limit.as_millis())
        {
            "the time is up".to_owned()
        } else {
            return false;
        };
        self.incident(IncidentKind::Budget, None, why.clone());
        self.state.exhausted = Some(why);
        true
    }

    pub(super) fn stage(&mut self, name: &str, steps: usize) {
        self.emitter.emit(EventKind::StageStarted { stage: name.to_owned(), steps: steps as u64 });
    }

    pub(super) fn incident(
        &mut self,
        kind: IncidentKind,
        operation: Option<&OperationKey>,
        message: impl Into<String>,
    ) {
        let incident = Incident { kind, operation: operation.cloned(), message: message.into() };
        self.emitter.emit(EventKind::IncidentHappened { incident });
    }

    fn skip_forbidden(&mut self) {
        for job in &self.night.plan.jobs {
            if let Permission::Never { why } = &job.permission {
                self.state.tally(job.operation).not_exercised = Some(why.clone());
                let key = &self.night.api.operations[job.operation].key;
                self.incident(IncidentKind::NotExercised, Some(key), why.clone());
            }
        }
    }

    /// Tells what was exercised and sums up.
    fn account(&mut self) -> RunOutcome {
        let options = self.night.options;
        let rules: Vec<(&'static str, Option<String>)> = RULES
            .iter()
            .map(|rule| {
                let off = !options.checks.enabled.contains(rule.id) || !options.stages.test;
                (rule.id, off.then(|| "not enabled".to_owned()).or_else(|| self.unasked(rule.id)))
            })
            .collect();
        let mut reached = 0;
        for index in 0..self.night.api.operations.len() {
            let key = self.night.api.operations[index].key.clone();
            let tally = self.state.tallies.entry(index).or_default();
            reached += u64::from(tally.reached());
            let taken_out = tally.not_exercised.as_deref().is_some_and(is_deselected);
            let coverage = if options.stages.test && !taken_out {
                let operation = &self.night.api.operations[index];
                tally.seen.coverage(self.night.generator, operation, &tally.statuses, tally.reached())
            } else {
                Coverage::default()
            };
            let report = tally.report(&key, &rules, coverage, &self.reported);
            self.emitter.emit(EventKind::OperationFinished { report });
        }
        let state = &self.state;
        RunOutcome {
            counts: Counts {
                operations: self.night.api.operations.len() as u64,
                reached,
                cases: state.cases,
                requests: state.requests,
                created: state.created,
                removed: state.removed,
            },
            interrupted: self.night.cancel.is_cancelled(),
            elapsed_ms: self.emitter.elapsed_ms(),
        }
    }
}
