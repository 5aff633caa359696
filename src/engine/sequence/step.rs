//! One call of a plot: made, counted, told, and made again while it is in doubt.

use crate::case::{Case, Mode, ParameterValue, Payload, Phase};
use crate::check::{Role, Step, judge_sequence};
use crate::client::Transport;
use crate::engine::fresh::{conditional, declares};
use crate::engine::pause::{LONGEST_PAUSE, PAUSE, rest};
use crate::engine::sending::{left, shoot};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::{Binding, Known, Resource};
use crate::spec::{Location, Operation};
use serde_json::Value;
use std::time::Duration;

/// The longest of these pauses for a list, which often reads from an index: 1.3 s in all.
const LONGEST_LIST_PAUSE: Duration = Duration::from_millis(640);

/// An entity tag that no server gives out.
pub(super) const NOBODYS: &str = "\"specwarden-has-never-seen-it\"";

/// A resource that a plot made for itself.
pub(super) struct Made {
    /// What names it.
    pub(super) binding: Binding,
    /// What it was made with.
    pub(super) case: Case,
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Creates something of this kind.
    pub(super) async fn make(&mut self, steps: &mut Vec<Step>, resource: &Resource) -> Option<Made> {
        let create = resource.create?;
        if self.is_unproven(resource) {
            return None;
        }
        let mut case = self.fullest(create, None)?;
        if resource.is_claimed {
            case = self.at_free_place(resource, case).await?;
        }
        let exchange = self.step(steps, Role::Create, create, &case).await;
        let case = steps.last().map_or(case, |step| step.case.clone());
        let made = self.note_creation(create, &case, &exchange);
        let (_, binding) = made.into_iter().find(|(item, _)| *item == resource.item)?;
        Some(Made { binding, case })
    }

    /// Whether what names things of this kind was guessed, and nothing was ever read by it.
    pub(in crate::engine) fn is_unproven(&mut self, resource: &Resource) -> bool {
        let read = resource.read.filter(|_| self.state.pool.is_guess(&resource.item));
        read.is_some_and(|read| !self.state.tally(read).reached())
    }

    /// Creates something of this kind and reads it; gives it with what the reading shows.
    pub(super) async fn make_and_read(
        &mut self,
        steps: &mut Vec<Step>,
        resource: &Resource,
    ) -> Option<(Made, Value)> {
        let read = resource.read?;
        let made = self.make(steps, resource).await?;
        self.read(steps, Role::ReadAfterCreate, read, &made.binding).await;
        let shown = steps.last().filter(|step| step.role == Role::ReadAfterCreate)?.json()?;
        Some((made, shown))
    }

    /// Reads it, and again after a while as long as the reading would be reported: a copy that is read from may
    /// follow behind, and what changes with every reading shows itself only in two of them.
    pub(super) async fn read(&mut self, steps: &mut Vec<Step>, role: Role, read: usize, binding: &Binding) {
        let operation = &self.night.api.operations[read];
        let Ok(case) = self.night.generator.reach(operation, &known(operation, binding)) else { return };
        let case = placed(case, operation, binding);
        self.read_until_sure(steps, role, read, &case, LONGEST_PAUSE).await;
    }

    /// The same for any request.
    pub(super) async fn read_again(&mut self, steps: &mut Vec<Step>, role: Role, index: usize, case: &Case) {
        self.read_until_sure(steps, role, index, case, LONGEST_PAUSE).await;
    }

    /// The same for a list.
    pub(super) async fn read_list(&mut self, steps: &mut Vec<Step>, role: Role, list: usize, case: &Case) {
        self.read_until_sure(steps, role, list, case, LONGEST_LIST_PAUSE).await;
    }

    /// Asks what a step asked before, as patiently as its role deserves.
    pub(super) async fn read_patiently(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        index: usize,
        case: &Case,
    ) {
        let is_list = matches!(role, Role::ListAfterDelete | Role::ListAfterRefusal);
        let longest = if is_list { LONGEST_LIST_PAUSE } else { LONGEST_PAUSE };
        self.read_until_sure(steps, role, index, case, longest).await;
    }

    async fn read_until_sure(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        index: usize,
        case: &Case,
        longest: Duration,
    ) {
        let longest = self.longest_pause(longest);
        let before = self.faults(steps);
        self.step(steps, role, index, case).await;
        let mut pause = PAUSE;
        while self.faults(steps) > before && pause <= longest && !self.over() {
            rest(pause).await;
            pause *= 2;
            self.step(steps, role, index, case).await;
        }
    }

    /// Makes one call.
    ///
    /// Where the operation asks for `If-Match`, it gets the last version that the steps have shown.
    pub(super) async fn step(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        index: usize,
        case: &Case,
    ) -> Exchange {
        let night = self.night;
        let operation = &night.api.operations[index];
        let mut case = Case { phase: Phase::Sequence, ..case.clone() };
        // What is held on purpose, old or nobody's as it is, is what the step is about.
        let held = case
            .parameters
            .iter()
            .find(|p| p.name.eq_ignore_ascii_case("if-match"))
            .and_then(|p| case.parameter(Location::Header, &p.name)?.as_str().map(str::to_owned))
            .filter(|held| role == Role::StaleWrite || held == NOBODYS);
        // The very same replacement is sent twice, its key included.
        case = if role == Role::ReplaceAgain {
            let case = self.renamed(index, case);
            self.as_wanted(index, case)
        } else {
            self.fresh(index, case)
        };
        let tag = steps.iter().rev().find_map(tag).filter(|_| declares(operation, "if-match"));
        if let Some(tag) = held.as_deref().or(tag) {
            case = conditional(case, operation, "If-Match", tag);
        }
        let exchange = shoot(night, operation, &case).await;
        self.note_step(steps, role, index, case, &exchange);
        exchange
    }

    pub(super) fn note_step(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        index: usize,
        case: Case,
        exchange: &Exchange,
    ) {
        if !left(exchange) {
            return;
        }
        self.state.requests += u64::from(exchange.attempts.max(1));
        self.state.cases += 1;
        let candidates = if role == Role::FollowLocation {
            // Sent to wherever the answer pointed: no case of this operation.
            Vec::new()
        } else {
            self.suspect_anywhere(index, &case, exchange)
        };
        let tally = self.state.tally(index);
        *tally.cases.entry(Phase::Sequence).or_default() += 1;
        *tally.statuses.entry(exchange.status().unwrap_or(0)).or_default() += 1;
        let event = crate::event::EventKind::CaseFinished {
            case: case.clone(),
            exchange: exchange.clone(),
            candidates,
        };
        self.emitter.emit(event);
        steps.push(Step {
            role,
            operation: self.night.api.operations[index].key.clone(),
            case,
            exchange: exchange.clone(),
        });
    }

    /// Makes a call that may be refused, which then is no part of the plot; says whether it was done.
    pub(super) async fn attempt(
        &mut self,
        steps: &mut Vec<Step>,
        role: Role,
        index: usize,
        case: &Case,
    ) -> bool {
        let before = steps.len();
        self.step(steps, role, index, case).await;
        let done = steps.len() > before && steps.last().is_some_and(Step::is_done);
        if !done {
            steps.truncate(before);
        }
        done
    }

    /// Goes on asking while the steps, the new one included, would be reported.
    pub(super) async fn pause_while(&mut self, steps: &[Step], before: usize, pause: &mut Duration) -> bool {
        if self.faults(steps) <= before || *pause > self.longest_pause(LONGEST_PAUSE) || self.over() {
            return false;
        }
        rest(*pause).await;
        *pause *= 2;
        true
    }

    /// How much would be said of these steps.
    pub(super) fn faults(&self, steps: &[Step]) -> usize {
        judge_sequence(self.night.api, &self.night.options.checks, steps).findings.len()
    }

    /// Whether the plan lets an operation be sent at all.
    pub(super) fn is_allowed(&self, index: usize) -> bool {
        self.night.plan.jobs.iter().any(|job| job.operation == index && job.is_allowed())
    }
}

/// The entity tag that a step showed.
pub(super) fn tag(step: &Step) -> Option<&str> {
    let response = step.exchange.response().filter(|response| response.is_success())?;
    response.header("etag").filter(|tag| tag.len() > 2)
}

pub(super) fn known(operation: &Operation, binding: &Binding) -> Known {
    Known { path: binding.named(&operation.path), ..Known::default() }
}

/// Sets a query parameter.
pub(super) fn set(case: &mut Case, name: &str, value: Value) {
    case.parameters.retain(|p| p.location != Location::Query || p.name != name);
    let payload = Payload::Json(value);
    case.parameters.push(ParameterValue { name: name.to_owned(), location: Location::Query, payload });
    case.mode = Mode::Positive;
}
