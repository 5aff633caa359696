//! Deletes in ways that are refused, and looks whether it was done all the same.

use crate::case::{Case, Credential, Mode};
use crate::check::{Role, Step, is_conditional, is_refusal};
use crate::client::Transport;
use crate::engine::fresh::conditional;
use crate::engine::pause::{PAUSE, rest};
use crate::engine::sequence::step::{NOBODYS, known};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::plan::{Binding, Resource};

/// How many broken requests are tried.
const BROKEN: usize = 2;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Create, read, delete in a way that is refused, read; the same thing in the next way, until it is gone.
    ///
    /// The last way is the plain one, which leaves nothing behind where all is well.
    pub(super) async fn delete_refused(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let (Some(delete), Some(read)) = (resource.delete, resource.read) else { return Vec::new() };
        if !self.is_allowed(delete) {
            return Vec::new();
        }
        let operation = &night.api.operations[delete];
        let mut steps = Vec::new();
        let Some((mut made, _)) = self.make_and_read(&mut steps, resource).await else { return steps };
        let mut ways = self.ways_to_be_refused(delete, &made.binding).into_iter().peekable();
        while let Some(way) = ways.next() {
            if self.over() {
                break;
            }
            let case = placed(way, operation, &made.binding);
            let before = steps.len();
            let exchange = self.step(&mut steps, Role::RefusedDelete, delete, &case).await;
            if !exchange.response().is_some_and(is_refusal) {
                // It was done, or may have been: the next way needs another thing.
                steps.truncate(before);
                self.note_creation(delete, &case, &exchange);
                if ways.peek().is_some() {
                    let Some((another, _)) = self.make_and_read(&mut steps, resource).await else { break };
                    made = another;
                }
                continue;
            }
            let faults = self.faults(&steps);
            let asked = steps.len();
            self.read(&mut steps, Role::ReadAfterRefusedDelete, read, &made.binding).await;
            if self.faults(&steps) > faults {
                let readings = steps.len() - asked;
                self.watch_twin(&mut steps, resource, readings).await;
                return steps;
            }
        }
        if !steps.iter().any(|step| step.role == Role::RefusedDelete) {
            self.excuse(delete, &["refused-write-has-effect"], "it refused no deletion that was tried");
        }
        steps
    }

    /// Another thing of the same kind that nobody deletes, read as often and for as long.
    ///
    /// What can be read only once, or for a moment, goes by itself.
    async fn watch_twin(&mut self, steps: &mut Vec<Step>, resource: &Resource, readings: usize) {
        let Some(read) = resource.read else { return };
        let operation = &self.night.api.operations[read];
        let mut apart = Vec::new();
        let Some((twin, _)) = self.make_and_read(&mut apart, resource).await else { return };
        let Ok(case) = self.night.generator.reach(operation, &known(operation, &twin.binding)) else {
            return;
        };
        let case = placed(case, operation, &twin.binding);
        let mut pause = PAUSE;
        for _ in 0..readings {
            rest(pause).await;
            pause *= 2;
            self.step(steps, Role::ReadTwin, read, &case).await;
        }
    }

    /// Deletions that ought to be refused, the surest first, and a plain one.
    fn ways_to_be_refused(&self, delete: usize, binding: &Binding) -> Vec<Case> {
        let night = self.night;
        let operation = &night.api.operations[delete];
        let known = known(operation, binding);
        let mut ways = Vec::new();
        let Ok(plain) = night.generator.reach(operation, &known) else { return ways };
        if is_conditional(operation) {
            ways.push(conditional(plain.clone(), operation, "If-Match", NOBODYS));
        }
        let broken = night.generator.negative(operation, &known).into_iter().filter(|case| {
            // A broken path may name something that is not the run's own.
            case.mode == Mode::Negative && !case.reason.part.starts_with("path")
        });
        ways.extend(broken.take(BROKEN));
        if operation.needs_credentials() && night.options.has_main_key {
            ways.push(Case { credential: Credential::Anonymous, ..plain.clone() });
        }
        ways.push(plain);
        ways
    }
}
