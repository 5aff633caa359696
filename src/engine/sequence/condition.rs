//! Reads and writes on the condition that nobody changed a resource meanwhile (RFC 9110 §13).

use crate::case::Case;
use crate::check::{Role, Step, last_modified};
use crate::client::Transport;
use crate::engine::fresh::conditional;
use crate::engine::pause::rest;
use crate::engine::sequence::cover::object;
use crate::engine::sequence::step::{NOBODYS, known, tag};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Method;
use crate::plan::{Binding, Resource};
use serde_json::Value;
use std::time::Duration;

/// A moment before anything that a run creates.
const LONG_AGO: &str = "Sat, 01 Jan 2000 00:00:00 GMT";
/// After this much time a moment is another one, to the second.
const SECOND: Duration = Duration::from_millis(1100);
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
        let none_match = |tag| ("If-None-Match", tag);
        self.read_unless(&mut steps, Role::ReadUnless, read, &binding, none_match(NOBODYS)).await;
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
        self.read_unless(&mut steps, Role::ReadUnlessOld, read, &binding, none_match(&old)).await;
        let held = Some(("If-Match", old.as_str()));
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

    /// The same by the moment of the last change: create, read, read unless changed long ago, change, read, read unless
    /// changed since the creation, change unless changed since then, read.
    pub(super) async fn state_moments(&mut self, resource: &Resource) -> Vec<Step> {
        let mut steps = Vec::new();
        let Some((read, write)) = resource.read.zip(resource.replace.or(resource.change)) else {
            return steps;
        };
        let Some((made, shown)) = self.make_and_read(&mut steps, resource).await else { return steps };
        let binding = made.binding;
        let Some((old, is_fresh)) = steps.last().and_then(shown_moment) else { return steps };
        let since = |moment| ("If-Modified-Since", moment);
        self.read_unless(&mut steps, Role::ReadUnless, read, &binding, since(LONG_AGO)).await;
        if !self.is_allowed(write) {
            return steps;
        }
        if is_fresh {
            // A change within the same second would not show.
            rest(SECOND).await;
        }
        if !self.change_somehow(&mut steps, Role::Replace, resource, write, &binding, &shown, None).await {
            self.excuse(write, &["stale-write-accepted"], "no change was accepted");
            return steps;
        }
        self.read(&mut steps, Role::ReadAfterReplace, read, &binding).await;
        let last = steps.last().filter(|step| step.role == Role::ReadAfterReplace);
        let now = last.and_then(|step| Some((shown_moment(step)?.0, step.json()?)));
        let Some((_, shown)) = now.filter(|(now, _)| *now != old) else { return steps };
        self.read_unless(&mut steps, Role::ReadUnlessOld, read, &binding, since(&old)).await;
        let held = Some(("If-Unmodified-Since", old.as_str()));
        self.change_somehow(&mut steps, Role::StaleWrite, resource, write, &binding, &shown, held).await;
        self.read(&mut steps, Role::ReadAfterStaleWrite, read, &binding).await;
        steps
    }

    async fn read_unless(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        read: usize,
        binding: &Binding,
        (name, held): (&str, &str),
    ) {
        let operation = &self.night.api.operations[read];
        let Ok(case) = self.night.generator.reach(operation, &known(operation, binding)) else { return };
        let case = conditional(placed(case, operation, binding), operation, name, held);
        self.read_again(steps, role, read, &case).await;
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
        held: Option<(&str, &str)>,
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
        for case in self.changes(write, resource, &base, &others, shown).into_iter().take(TRIES) {
            let case = placed(case, operation, binding);
            match held {
                None if self.attempt(steps, role, write, &case).await => return true,
                None => {}
                Some((name, held)) => {
                    let case = conditional(case, operation, name, held);
                    self.step(steps, role, write, &case).await;
                    return true;
                }
            }
        }
        false
    }
}

/// The moment of last change that a step showed, and whether it is less than two seconds ago by the server's own clock.
fn shown_moment(step: &Step) -> Option<(String, bool)> {
    let moment = last_modified(step)?;
    let header = |name: &str| step.exchange.response().and_then(|response| response.header(name));
    let now = header("date").and_then(crate::check::moment);
    let near = now.is_none_or(|now| {
        moment.until(now).is_ok_and(|ago| {
            ago.get_days() == 0 && ago.get_hours() == 0 && ago.get_minutes() == 0 && ago.get_seconds() < 2
        })
    });
    Some((header("last-modified")?.to_owned(), near))
}
