//! Operations that could not be tested because nothing was there to test them on, and now is: creators that the simplest
//! requests do not satisfy may have been satisfied by one of the many.

use crate::client::Transport;
use crate::engine::walk::Walk;
use crate::exchange::Method;
use crate::plan::{Job, item_prefixes};

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Tests what got no 2xx so far and lies on something that can be created by now.
    pub(super) async fn test_late(&mut self) {
        let night = self.night;
        let (mut cases, mut removals) = (Vec::new(), Vec::new());
        for job in &night.plan.jobs {
            if self.over() {
                return;
            }
            let operation = &night.api.operations[job.operation];
            let wanted = job.is_allowed() && !job.creates && night.options.focuses(&operation.key);
            if !wanted || self.state.tally(job.operation).reached() || !self.is_provided(job).await {
                continue;
            }
            let made = self.suite_of(job).await;
            let removes = operation.method == Method::Delete;
            let group = if removes { &mut removals } else { &mut cases };
            group.extend(made.into_iter().map(|case| (job.operation, case)));
        }
        if cases.is_empty() && removals.is_empty() {
            return;
        }
        self.stage("late", cases.len() + removals.len());
        for group in [cases, removals] {
            self.send_group(group).await;
        }
    }

    /// Whether something of the run's own, that was not there before, lies where this operation leads.
    async fn is_provided(&mut self, job: &Job) -> bool {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let created = |item: &String| {
            night.plan.resources.iter().any(|resource| resource.item == *item && resource.create.is_some())
        };
        let Some(item) = item_prefixes(&operation.path).into_iter().rev().find(created) else { return false };
        if self.state.late.contains(&item) {
            return true;
        }
        if self.state.pool.bindings(&item).iter().any(|binding| binding.own) {
            return false;
        }
        let Some(binding) = Box::pin(self.provide(&item)).await else { return false };
        self.state.pool.bind_first(&item, binding);
        self.state.late.insert(item);
        true
    }
}
