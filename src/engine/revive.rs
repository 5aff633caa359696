//! Fresh state for what is sent again: what a case was first sent to may have been removed since, by the run itself.

use crate::case::{Case, Phase};
use crate::client::Transport;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::{Binding, item_prefixes};
use crate::spec::Operation;

/// Whether an answer says that what was asked for is not there.
pub(super) fn is_gone(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(404 | 410))
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The case on something new of the same kind; `None` if nothing of it can be created, or if the case is about
    /// the very values of its path.
    pub(super) async fn revived(&mut self, index: usize, case: &Case) -> Option<Case> {
        let operation = &self.night.api.operations[index];
        if case.reason.part.starts_with("path parameter") {
            return None;
        }
        let binding = self.provide_anew(operation).await?;
        Some(placed(case.clone(), operation, &binding))
    }

    /// Creates the things that a path goes through, the outermost first, and gives what names the innermost.
    pub(super) async fn provide_anew(&mut self, operation: &Operation) -> Option<Binding> {
        let mut place: Option<Binding> = None;
        for item in item_prefixes(&operation.path) {
            let inner = self.provide_in(&item, place.as_ref()).await;
            if inner.is_none() && place.is_some() {
                return None;
            }
            place = inner;
        }
        place
    }

    /// Creates one more thing, inside `place` if that is given. It goes into the ledger.
    pub(super) async fn provide_in(&mut self, item: &str, place: Option<&Binding>) -> Option<Binding> {
        let night = self.night;
        let creator = night.plan.resources.iter().find(|resource| resource.item == item)?.create?;
        let (mut case, _) = self.state.tally(creator).control.clone()?;
        if self.over() {
            return None;
        }
        let operation = &night.api.operations[creator];
        if let Some(place) = place {
            case = placed(case, operation, place);
        }
        if let Some(resource) = self.claimed(creator) {
            case = self.at_free_place(resource, case).await?;
        }
        let (case, exchange) = Box::pin(self.create(creator, Case { phase: Phase::Sequence, ..case })).await;
        let made = self.note_creation(creator, &case, &exchange);
        made.into_iter().find(|(path, _)| path == item).map(|(_, binding)| binding)
    }
}
