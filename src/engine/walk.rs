//! One walk from the first key to the last clean-up.

use crate::check::RULES;
use crate::client::Transport;
use crate::engine::state::State;
use crate::engine::{Emitter, EngineError, Night};
use crate::event::{Counts, Coverage, EventKind, IncidentKind, RunOutcome, Stop};
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
    walk.until(1.0);
    walk.prove_keys().await?;
    walk.skip_forbidden();
    let test = night.options.stages.test;
    walk.until(if test { 0.3 } else { 0.6 });
    walk.reach().await?;
    walk.check_health().await;
    walk.until(if test { 0.4 } else { 1.0 });
    walk.measure().await;
    if test {
        walk.until(0.7);
        walk.test().await;
        walk.check_health().await;
        walk.until(0.83);
        walk.settle(false).await;
        walk.until(0.88);
        walk.access().await;
        walk.ownership().await;
        walk.methods().await;
        walk.until(0.93);
        walk.sequences().await;
        walk.links().await;
        walk.check_health().await;
        walk.until(1.0);
        walk.settle(true).await;
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
    fn skip_forbidden(&mut self) {
        for job in &self.night.plan.jobs {
            if let Permission::Never { why } = &job.permission {
                self.state.tally(job.operation).not_exercised = Some(why.clone());
                let key = &self.night.api.operations[job.operation].key;
                self.incident(IncidentKind::NotExercised, Some(key), why.clone());
            }
        }
    }

    /// Answers of 429 judge nothing: how many cases they left undecided is told, never held against the target.
    fn tell_limited(&mut self) {
        let limited =
            self.state.tallies.iter().filter_map(|(index, tally)| Some((*index, *tally.statuses.get(&429)?)));
        for (index, count) in limited.collect::<Vec<_>>() {
            let key = self.night.api.operations[index].key.clone();
            let message =
                format!("{count} cases were answered 429 however slowly they were sent, and decide nothing");
            self.incident(IncidentKind::RateLimited, Some(&key), message);
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
        self.tell_limited();
        let mut reached = 0;
        for index in 0..self.night.api.operations.len() {
            let key = self.night.api.operations[index].key.clone();
            let exhausted = self.state.exhausted.clone();
            let tally = self.state.tallies.entry(index).or_default();
            if let Some(why) = exhausted.filter(|_| tally.cases.is_empty())
                && tally.not_exercised.is_none()
            {
                tally.not_exercised = Some(format!("never asked: {why}"));
                self.state.deprived = true;
            }
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
            stopped: state
                .stop
                .filter(|stop| *stop != Stop::Budget)
                .or(state.deprived.then_some(Stop::Budget)),
            elapsed_ms: self.emitter.elapsed_ms(),
        }
    }
}
