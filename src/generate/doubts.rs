//! What of an operation's requests is sent without certainty that servers read it as it is meant.

use crate::generate::Generator;
use crate::generate::generator::{is_ours, part_of};
use crate::generate::wire::{self, Way};
use crate::plan::Known;
use crate::spec::Operation;

impl Generator {
    /// The parameters whose values travel in a way that the specification leaves open or that servers read
    /// differently, each with the reason. They are sent all the same, and no refusal of them is held against a server.
    pub fn doubts(&self, operation: &Operation, known: &Known) -> Vec<String> {
        let ours = operation.parameters.iter().filter(|parameter| is_ours(parameter));
        let doubtful = ours.filter_map(|parameter| {
            let value = self.plain_value(operation, parameter, known).ok()?;
            match wire::way(parameter, &value) {
                Way::Doubtful(reason) => Some(format!("{}: {reason}", part_of(parameter))),
                Way::Sure | Way::Barred => None,
            }
        });
        doubtful.collect()
    }
}
