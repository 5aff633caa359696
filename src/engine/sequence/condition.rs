//! Reads and writes on the condition that nobody changed a resource meanwhile (RFC 9110 §13).

use crate::case::Case;
use crate::check::{Role, Step};
use crate::client::Transport;
use crate::engine::fresh::conditional;
use crate::engine::sequence::cover::object;
use crate::engine::sequence::step::{NOBODYS, known, tag};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Method;
use crate::plan::{Binding, Resource};
use serde_json::Value;

/// How many ways to change something are tried until one is accepted.
const TRIES: usize = 4;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Create, read, read unless nobody's version, change, read, read unless the old version, change the old version,
    /// read.
    pub(super) async fn state_conditions(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let mut steps = Vec::new();
        let Some((read, write)) = resource.read.zip(resource.replace.or(resource.change)) else {
            return steps;
        };
        let Some((made, shown)) = self.make_and_read(&mut steps, resource).await else { return steps };
        let binding = made.binding;
        let Some(old) = steps.last().and_then(tag).map(str::to_owned) else { return steps };
        self.read_unless(&mut steps, Role::ReadUnless, read, &binding, NOBODYS).await;
        if !self.is_allowed(write)
            || !self.change_somehow(&mut steps, Role::Replace, resource, write, &binding, &shown, None).await
        {
            let why = "no change was accepted";
            self.excuse(write, &["stale-write-accepted"], why);
            self.excuse(read, &["etag-not-renewed"], why);
            return steps;
        }
        self.read(&mut steps, Role::ReadAfterReplace, read, &binding).await;
        let last = steps.last().filter(|step| step.role == Role::ReadAfterReplace);
        let Some((now, shown)) = last.and_then(|step| Some((tag(step)?.to_owned(), step.json()?))) else {
            return steps;
        };
        if now == old {
            return steps;
        }
        self.read_unless(&mut steps, Role::ReadUnlessOld, read, &binding, &old).await;
        let held = Some(old.as_str());
        self.change_somehow(&mut steps, Role::StaleWrite, resource, write, &binding, &shown, held).await;
        self.read(&mut steps, Role::ReadAfterStaleWrite, read, &binding).await;
        let operation = &night.api.operations[write];
        let documented = crate::check::is_conditional(operation);
        if !documented {
            let why = "neither `If-Match` nor 412 or 428 is documented";
            self.excuse(write, &["stale-write-accepted"], why);
        }
        steps
    }

    async fn read_unless(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        read: usize,
        binding: &Binding,
        held: &str,
    ) {
        let operation = &self.night.api.operations[read];
        let Ok(case) = self.night.generator.reach(operation, &known(operation, binding)) else { return };
        let case = conditional(placed(case, operation, binding), operation, "If-None-Match", held);
        self.step(steps, role, read, &case).await;
    }

    /// Changes one property to another value; with a version that is held, whatever comes of it is a step.
    #[expect(clippy::too_many_arguments, reason = "two calls, alike but for what they hold")]
    async fn change_somehow(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        resource: &Resource,
        write: usize,
        binding: &Binding,
        shown: &Value,
        held: Option<&str>,
    ) -> bool {
        let night = self.night;
        let operation = &night.api.operations[write];
        let base: Option<Case> = if operation.method == Method::Put {
            self.fullest(write, None).filter(|case| object(case).is_some())
        } else {
            night.generator.reach(operation, &known(operation, binding)).ok()
        };
        let Some(base) = base else { return false };
        let others = self.others(write, resource, shown);
        for case in self.changes(write, &base, &others).into_iter().take(TRIES) {
            let case = placed(case, operation, binding);
            match held {
                None if self.attempt(steps, role, write, &case).await => return true,
                None => {}
                Some(held) => {
                    let case = conditional(case, operation, "If-Match", held);
                    self.step(steps, role, write, &case).await;
                    return true;
                }
            }
        }
        false
    }
}
