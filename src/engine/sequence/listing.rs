//! Lists as long as one page may be.

use crate::case::Case;
use crate::client::Transport;
use crate::engine::sequence::pages::limit_of;
use crate::engine::sequence::step::{known, set};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::plan::Binding;
use serde_json::json;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The request for a list in the place of `binding`, as long as one page may be.
    pub(super) fn long_list(&mut self, list: usize, binding: &Binding) -> Option<Case> {
        let night = self.night;
        let operation = &night.api.operations[list];
        if !self.is_allowed(list) {
            return None;
        }
        let control = self.state.tally(list).control.clone().map(|(case, _)| case);
        let made = || night.generator.reach(operation, &known(operation, binding)).ok();
        let mut case = placed(control.or_else(made)?, operation, binding);
        if let Some(limit) = limit_of(&night.api.document, operation) {
            set(&mut case, &limit.name, json!(limit.most));
        }
        Some(case)
    }
}
