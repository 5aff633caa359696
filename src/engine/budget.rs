//! How much may still be sent, and by when: budgets are split over the stages, so that none starves the next.
//!
//! A stage that comes to its share leaves the rest out and says so; what it does not use, later stages have. Cleaning
//! up is not counted: it has a reserve of its own (see `clean_up`). Nothing here may send.

use crate::case::Case;
use crate::client::Transport;
use crate::engine::walk::Walk;
use crate::event::{EventKind, Incident, IncidentKind, Stop};
use crate::spec::OperationKey;
use std::collections::BTreeMap;
use std::time::Duration;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether no further request of this stage may be sent, because of the user, the target, the clock or the budget.
    pub(super) fn over(&mut self) -> bool {
        if self.night.cancel.is_cancelled() || self.state.exhausted.is_some() {
            return true;
        }
        let options = self.night.options;
        let why = if self.state.requests >= options.max_requests {
            format!("the budget of {} requests is spent", options.max_requests)
        } else if self.time_left().is_some_and(|left| left.is_zero()) {
            "the time is up".to_owned()
        } else {
            return self.share_is_spent();
        };
        self.incident(IncidentKind::Budget, None, why.clone());
        self.halt(Stop::Budget, why);
        true
    }

    /// Ends the sending for good; what comes after it is told as not exercised because of `why`.
    pub(super) fn halt(&mut self, stop: Stop, why: String) {
        self.state.stop.get_or_insert(stop);
        self.state.exhausted.get_or_insert(why);
    }

    /// What follows must be done when `share` of the budgets is spent, 1 being all of it.
    pub(super) fn until(&mut self, share: f64) {
        self.state.share = share;
        self.state.share_spent = false;
    }

    /// Begins a stage.
    pub(super) fn stage(&mut self, name: &str, steps: usize) {
        name.clone_into(&mut self.state.stage);
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

    /// How long until the wall-clock limit; `None` without one.
    pub(super) fn time_left(&self) -> Option<Duration> {
        let limit = self.night.options.max_time?;
        Some(limit.saturating_sub(Duration::from_millis(self.emitter.elapsed_ms())))
    }

    /// How long until the stage under way has had its share of the wall clock; `None` without a limit.
    pub(super) fn share_left(&self) -> Option<Duration> {
        let limit = self.night.options.max_time?.mul_f64(self.state.share.clamp(0.0, 1.0));
        Some(limit.saturating_sub(Duration::from_millis(self.emitter.elapsed_ms())))
    }

    /// Why the stage under way must not send more, if it must not.
    pub(super) fn why_over(&self) -> Option<String> {
        let share = || format!("the share of the budget for stage `{}` is spent", self.state.stage);
        self.state.exhausted.clone().or_else(|| self.state.share_spent.then(share))
    }

    fn share_is_spent(&mut self) -> bool {
        if !self.state.share_spent && self.state.share < 1.0 && self.spent() >= self.state.share {
            self.state.share_spent = true;
            if let Some(why) = self.why_over() {
                self.incident(IncidentKind::Budget, None, why);
            }
        }
        self.state.share_spent
    }

    /// The part of the scarcer budget that is spent.
    #[expect(clippy::cast_precision_loss, reason = "shares need no precision")]
    fn spent(&self) -> f64 {
        let options = self.night.options;
        let requests = self.state.requests as f64 / options.max_requests.max(1) as f64;
        let time = options
            .max_time
            .map_or(0.0, |limit| self.emitter.elapsed_ms() as f64 / (limit.as_secs_f64() * 1000.0).max(1.0));
        requests.max(time)
    }

    /// The cases in the order in which they are sent: as they come, or, if they may not all be sent, one of each
    /// operation in turn, so that an early stop costs each operation alike.
    pub(super) fn fairly(&self, cases: Vec<(usize, Case)>) -> Vec<(usize, Case)> {
        let left = self.night.options.max_requests.saturating_sub(self.state.requests);
        let all_fit = (cases.len() as u64).saturating_mul(2) < left;
        if all_fit && self.night.options.max_time.is_none() { cases } else { in_turn(cases) }
    }

    /// Tells what a stage planned and did not send: operations that got nothing at all as not exercised.
    pub(super) fn tell_unsent(&mut self, planned: &BTreeMap<usize, u64>, sent: &BTreeMap<usize, u64>) {
        let Some(why) = self.why_over() else { return };
        let (mut cases, mut partly, mut wholly) = (0, 0, 0);
        for (index, all) in planned {
            let sent = sent.get(index).copied().unwrap_or(0);
            cases += all.saturating_sub(sent);
            partly += u64::from(sent > 0 && sent < *all);
            if sent == 0 {
                wholly += 1;
                self.state.deprived = true;
                let message = format!("none of its {all} cases was sent: {why}");
                self.state.tally(*index).not_exercised = Some(message.clone());
                let key = self.night.api.operations[*index].key.clone();
                self.incident(IncidentKind::NotExercised, Some(&key), message);
            }
        }
        if cases > 0 {
            let message = format!(
                "{cases} cases were not sent: {partly} operations were tested in part, {wholly} not at all ({why})"
            );
            self.incident(IncidentKind::Budget, None, message);
        }
    }
}

/// How many of these belong to each operation.
pub(super) fn counted<C>(cases: &[(usize, C)]) -> BTreeMap<usize, u64> {
    let mut counts = BTreeMap::new();
    for (index, _) in cases {
        *counts.entry(*index).or_default() += 1;
    }
    counts
}

/// One of each operation in turn, each operation's own order kept.
fn in_turn<C>(cases: Vec<(usize, C)>) -> Vec<(usize, C)> {
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, (usize, C))> = cases
        .into_iter()
        .map(|(index, case)| {
            let rank = seen.entry(index).or_default();
            *rank += 1;
            (*rank, (index, case))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, case)| case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_gets_its_turn() {
        let cases = vec![(3, 'a'), (3, 'b'), (3, 'c'), (1, 'd'), (1, 'e'), (2, 'f')];
        assert_eq!(in_turn(cases.clone()), [(3, 'a'), (1, 'd'), (2, 'f'), (3, 'b'), (1, 'e'), (3, 'c')]);
        assert_eq!(counted(&cases), BTreeMap::from([(1, 2), (2, 1), (3, 3)]));
    }
}
