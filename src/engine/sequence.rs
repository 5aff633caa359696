//! Several calls that belong together: the life of a resource, and two pages of a list.

use crate::case::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase};
use crate::check::{Role, SequenceJudgement, Step, judge_sequence};
use crate::client::Transport;
use crate::engine::sending::{left, shoot};
use crate::engine::state::Proof;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::{Exchange, Method, Request, Response};
use crate::plan::{Binding, Known, Resource};
use crate::spec::{Location, Operation};
use serde_json::{Value, json};
use std::time::Duration;

/// Names of parameters that bound a page.
const LIMITS: &[&str] =
    &["limit", "per_page", "perpage", "page_size", "pagesize", "size", "count", "max_results", "top"];
/// Names of parameters that say how many items to pass over.
const OFFSETS: &[&str] = &["start", "offset", "skip", "from"];
/// How long after a doubtful reading it is read again; twice as long each further time.
const PAUSE: Duration = Duration::from_millis(5);
/// The longest of these pauses: 0.3 s in all.
const LONGEST_PAUSE: Duration = Duration::from_millis(160);
/// Largest body that a life is led with, in bytes.
const LARGEST: usize = 8192;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Leads the life of each kind of resource once, and turns a page of each list.
    pub(super) async fn sequences(&mut self) {
        let night = self.night;
        let resources = &night.plan.resources;
        let lists: Vec<usize> = (0..night.api.operations.len())
            .filter(|index| {
                let operation = &night.api.operations[*index];
                pages(operation).is_some() && night.options.focuses(&operation.key)
            })
            .collect();
        self.stage("sequence", resources.len() + lists.len());
        for (number, resource) in resources.iter().enumerate() {
            if self.over() {
                return;
            }
            if resource.create.is_none() || !self.focuses_any(resource) {
                continue;
            }
            let steps = self.lead_life(resource).await;
            let judgement = judge_sequence(night.api, &night.options.checks, &steps);
            self.take_judgement(
                resource.create.unwrap_or_default(),
                judgement,
                &Proof::Life { resource: number },
            );
        }
        for index in lists {
            if self.over() {
                return;
            }
            let steps = self.turn_page(index).await;
            let judgement = judge_sequence(night.api, &night.options.checks, &steps);
            self.take_judgement(index, judgement, &Proof::Pages);
        }
    }

    fn focuses_any(&self, resource: &Resource) -> bool {
        let night = self.night;
        let parts = [resource.create, resource.read, resource.replace, resource.change, resource.delete];
        parts.into_iter().flatten().any(|index| night.options.focuses(&night.api.operations[index].key))
    }

    fn take_judgement(&mut self, fallback: usize, judgement: SequenceJudgement, proof: &Proof) {
        let night = self.night;
        for (key, rule) in &judgement.exercised {
            let index = night.api.operations.iter().position(|operation| operation.key == *key);
            self.state.tally(index.unwrap_or(fallback)).exercise(&[rule]);
        }
        for finding in judgement.findings {
            if !night.options.checks.enabled.contains(&finding.rule) {
                continue;
            }
            let index = finding
                .operation
                .as_ref()
                .and_then(|key| night.api.operations.iter().position(|o| o.key == *key));
            self.state.suspect(index.unwrap_or(fallback), finding, proof.clone());
        }
    }

    /// Create, read, follow, replace, read, replace again, read, delete, read.
    pub(super) async fn lead_life(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let mut steps = Vec::new();
        let Some(create) = resource.create else { return steps };
        let Some(case) = self.fullest(create, None) else { return steps };
        let exchange = self.step(&mut steps, Role::Create, create, &case).await;
        let made = self.note_creation(create, &case, &exchange);
        let Some((_, binding)) = made.into_iter().find(|(item, _)| *item == resource.item) else {
            return steps;
        };
        if let Some(read) = resource.read {
            self.read(&mut steps, Role::ReadAfterCreate, read, &binding).await;
        }
        if let Some(location) =
            exchange.response().and_then(|response| response.header("location").map(str::to_owned))
        {
            let target = resource.read.unwrap_or(create);
            self.follow(&mut steps, target, &case, &exchange.request.url, &location).await;
        }
        if let (Some(replace), Some(read)) = (resource.replace, resource.read)
            && let Some(case) = self.fullest(replace, case.body.as_ref())
        {
            let case = placed(case, &night.api.operations[replace], &binding);
            self.step(&mut steps, Role::Replace, replace, &case).await;
            self.read(&mut steps, Role::ReadAfterReplace, read, &binding).await;
            self.step(&mut steps, Role::ReplaceAgain, replace, &case).await;
            self.read(&mut steps, Role::ReadAfterReplaceAgain, read, &binding).await;
        }
        if let Some(delete) = resource.delete
            && let Ok(case) = night
                .generator
                .reach(&night.api.operations[delete], &known(&night.api.operations[delete], &binding))
        {
            let case = placed(case, &night.api.operations[delete], &binding);
            let exchange = self.step(&mut steps, Role::Delete, delete, &case).await;
            if let Some(read) = resource.read {
                self.read(&mut steps, Role::ReadAfterDelete, read, &binding).await;
            }
            self.note_creation(delete, &case, &exchange);
        }
        steps
    }

    /// The accepted case that sends most, so that a life shows as much as it can; the control if there is none.
    ///
    /// A replacement ought to change something: a body equal to `unlike` is the last choice.
    fn fullest(&mut self, index: usize, unlike: Option<&BodyValue>) -> Option<Case> {
        let tally = self.state.tally(index);
        let size = |case: &Case| {
            let properties = match case.body.as_ref().map(|body| &body.payload) {
                Some(Payload::Json(value)) => value.as_object().map_or(0, serde_json::Map::len),
                Some(Payload::Raw(_)) | None => 0,
            };
            (unlike.is_none() || case.body.as_ref() != unlike, properties)
        };
        let small = |case: &Case| {
            case.body
                .as_ref()
                .is_none_or(|b| serde_json::to_string(&b.payload).is_ok_and(|t| t.len() < LARGEST))
        };
        let accepted =
            tally.acceptance.iter().filter(|a| a.exchange.response().is_some_and(Response::is_success));
        // The first of the largest: later ones may be odd in other ways.
        let best = accepted.filter(|a| small(&a.case)).fold(None, |best: Option<&Case>, a| match best {
            Some(case) if size(case) >= size(&a.case) => Some(case),
            Some(_) | None => Some(&a.case),
        });
        best.cloned().or_else(|| tally.control.clone().map(|(case, _)| case))
    }

    /// Reads it, and again after a while as long as the reading would be reported: a copy that is read from may
    /// follow behind, and what changes with every reading shows itself only in two of them.
    async fn read(&mut self, steps: &mut Vec<Step>, role: Role, read: usize, binding: &Binding) {
        let night = self.night;
        let operation = &night.api.operations[read];
        let Ok(case) = night.generator.reach(operation, &known(operation, binding)) else { return };
        let case = placed(case, operation, binding);
        let before = self.faults(steps);
        self.step(steps, role, read, &case).await;
        let mut pause = PAUSE;
        while self.faults(steps) > before && pause <= LONGEST_PAUSE && !self.over() {
            wait(pause).await;
            pause *= 2;
            self.step(steps, role, read, &case).await;
        }
    }

    async fn step(&mut self, steps: &mut Vec<Step>, role: Role, index: usize, case: &Case) -> Exchange {
        let night = self.night;
        let mut case = Case { phase: Phase::Sequence, ..case.clone() };
        // The very same replacement is sent twice, its key included.
        if role != Role::ReplaceAgain {
            case = self.fresh(index, case);
        }
        let exchange = shoot(night, &night.api.operations[index], &case).await;
        self.note_step(steps, role, index, case, &exchange);
        exchange
    }

    fn note_step(
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
        let tally = self.state.tally(index);
        *tally.cases.entry(Phase::Sequence).or_default() += 1;
        *tally.statuses.entry(exchange.status().unwrap_or(0)).or_default() += 1;
        let event = crate::event::EventKind::CaseFinished {
            case: case.clone(),
            exchange: exchange.clone(),
            candidates: Vec::new(),
        };
        self.emitter.emit(event);
        steps.push(Step {
            role,
            operation: self.night.api.operations[index].key.clone(),
            case,
            exchange: exchange.clone(),
        });
    }

    /// Goes where a `Location` header points, if that is the same origin.
    async fn follow(
        &mut self,
        steps: &mut Vec<Step>,
        target_of: usize,
        case: &Case,
        from: &str,
        location: &str,
    ) {
        let night = self.night;
        let Ok(base) = url::Url::parse(from) else { return };
        let Ok(target) = base.join(location) else { return };
        if target.origin() != base.origin() {
            return;
        }
        let request =
            Request { method: Method::Get, url: target.to_string(), headers: Vec::new(), body: None };
        let operation = &night.api.operations[target_of];
        let before = self.faults(steps);
        let mut pause = PAUSE;
        loop {
            let exchange = night.transport.send(&request, &Credential::Main, Some(operation)).await;
            let case = Case { phase: Phase::Sequence, ..case.clone() };
            self.note_step(steps, Role::FollowLocation, target_of, case, &exchange);
            if self.faults(steps) <= before || pause > LONGEST_PAUSE || self.over() {
                return;
            }
            wait(pause).await;
            pause *= 2;
        }
    }

    /// How much would be said of these steps.
    fn faults(&self, steps: &[Step]) -> usize {
        judge_sequence(self.night.api, &self.night.options.checks, steps).findings.len()
    }

    /// Two pages of a list, two items each.
    pub(super) async fn turn_page(&mut self, index: usize) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[index];
        let mut steps = Vec::new();
        let (Some(turn), Some((control, _))) = (pages(operation), self.state.tally(index).control.clone())
        else {
            return steps;
        };
        let page = |at: u32| {
            let mut case = control.clone();
            set(&mut case, &turn.limit, json!(turn.items));
            set(&mut case, &turn.position, json!(at));
            case
        };
        for (role, at) in [(Role::Page1, turn.first), (Role::Page2, turn.second)] {
            self.step(&mut steps, role, index, &page(at)).await;
        }
        // A list that others add to, or that keeps no order at all, moves items from page to page by itself.
        if !judge_sequence(night.api, &night.options.checks, &steps).findings.is_empty() {
            let mut again = Vec::new();
            let second = self.step(&mut again, Role::Page1, index, &page(turn.first)).await;
            let first = steps.first().and_then(|step| step.exchange.response());
            let same = |one: &Response, other: &Response| one.json() == other.json();
            if !first.zip(second.response()).is_some_and(|(one, other)| same(one, other)) {
                return Vec::new();
            }
        }
        steps
    }
}

#[expect(clippy::disallowed_methods, reason = "a copy that follows behind needs time")]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

fn known(operation: &Operation, binding: &Binding) -> Known {
    Known { path: binding.named(&operation.path), ..Known::default() }
}

fn set(case: &mut Case, name: &str, value: Value) {
    case.parameters.retain(|p| p.location != Location::Query || p.name != name);
    let payload = Payload::Json(value);
    case.parameters.push(ParameterValue { name: name.to_owned(), location: Location::Query, payload });
    case.mode = Mode::Positive;
}

/// How a list is paged.
struct Turn {
    limit: String,
    position: String,
    items: u32,
    first: u32,
    second: u32,
}

/// The paging parameters of a list, if it has them.
fn pages(operation: &Operation) -> Option<Turn> {
    if operation.method != Method::Get {
        return None;
    }
    let query = || operation.parameters.iter().filter(|p| p.location == Location::Query);
    let named = |names: &[&str]| {
        query()
            .find(|p| names.contains(&p.name.to_lowercase().replace('-', "_").as_str()))
            .map(|p| p.name.clone())
    };
    let limit = named(LIMITS)?;
    let items = 2;
    if let Some(position) = named(OFFSETS) {
        return Some(Turn { limit, position, items, first: 0, second: items });
    }
    let position = named(&["page"])?;
    Some(Turn { limit, position, items, first: 1, second: 2 })
}
