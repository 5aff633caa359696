//! The shortest story that still shows a finding of several calls.
//!
//! A plot makes more calls than one finding needs, with the fullest bodies there are. Here the calls that a finding tells
//! are made alone, on something new; if they do not show it, all are made, and those that do not matter are left out one
//! by one. Then bodies lose whatever they can lose. Every try is made on fresh things, which stand in the ledger, and
//! costs requests of a budget of its own. What is told at the end was shown once more, as patiently as at first.

use crate::case::{Case, Credential, Payload, Phase};
use crate::check::{Role, Step, judge_sequence};
use crate::client::Transport;
use crate::engine::sequence::Plot;
use crate::engine::sequence::step::tag;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::{Exchange, Method, Request};
use crate::finding::Finding;
use crate::plan::{Binding, Resource};
use crate::shrink::Shrinker;
use crate::spec::Location;
use serde_json::Value;

/// Requests that this may cost, for each that shrinking a single request may cost.
const CALLS: u64 = 3;
/// How long one finding may be made shorter, in milliseconds: only a slow target comes to it.
const LONGEST: u64 = 10_000;
/// Roles whose bodies may become smaller.
const WRITES: &[Role] = &[Role::Create, Role::Replace, Role::ReplacePart, Role::Patch];

/// What is left of the budget of one finding.
struct Purse {
    /// Requests in all at which it is spent.
    requests: u64,
    /// When it is spent, in milliseconds since the night began.
    until: u64,
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Tells a finding by fewer calls and smaller bodies, as far as it still shows.
    pub(in crate::engine) async fn shorten(&mut self, plot: &Plot, finding: &mut Finding) {
        let requests = u64::from(self.night.options.shrink_requests) * CALLS;
        let Some(resource) = plot.resource().filter(|_| requests > 0) else { return };
        let resource = &self.night.plan.resources[resource];
        let whole = once_each(std::mem::take(&mut self.state.story));
        let Some(seen) = self.shown_by(&whole, finding) else { return };
        let purse =
            Purse { requests: self.state.requests + requests, until: self.emitter.elapsed_ms() + LONGEST };
        let places = places(&whole, &seen.evidence);
        let told: Vec<Step> = places.iter().map(|at| whole[*at].clone()).collect();
        let mut story = if self.still_shows(resource, &told, finding, &purse).await == Some(true) {
            told
        } else {
            self.drop_calls(resource, whole, &places, finding, &purse).await
        };
        self.shrink_bodies(resource, &mut story, finding, &purse).await;
        let Some(last) = self.retell(resource, &story, true).await else { return };
        if let Some(seen) = self.shown_by(&last, finding) {
            tell(finding, seen, &last);
        }
    }

    /// What the same rule says of these calls at the same place.
    fn shown_by(&self, steps: &[Step], finding: &Finding) -> Option<Finding> {
        let night = self.night;
        let judgement = judge_sequence(night.api, &night.options.checks, steps);
        judgement.findings.into_iter().find(|seen| seen.fingerprint == finding.fingerprint)
    }

    /// Whether a story shows the finding; `None` if nothing may be spent on it any more.
    async fn still_shows(
        &mut self,
        resource: &Resource,
        story: &[Step],
        finding: &Finding,
        purse: &Purse,
    ) -> Option<bool> {
        let spent = self.state.requests + story.len() as u64 > purse.requests
            || self.emitter.elapsed_ms() > purse.until;
        if spent || self.over() {
            return None;
        }
        let steps = self.retell(resource, story, false).await;
        Some(steps.is_some_and(|steps| self.shown_by(&steps, finding).is_some()))
    }

    /// Leaves out what does not matter, the last calls first; what the finding tells stays.
    async fn drop_calls(
        &mut self,
        resource: &Resource,
        mut story: Vec<Step>,
        told: &[usize],
        finding: &Finding,
        purse: &Purse,
    ) -> Vec<Step> {
        for at in (0..story.len()).rev() {
            if story[at].role == Role::Create || told.contains(&at) {
                continue;
            }
            let mut less = story.clone();
            less.remove(at);
            match self.still_shows(resource, &less, finding, purse).await {
                Some(true) => story = less,
                Some(false) => {}
                None => break,
            }
        }
        story
    }

    async fn shrink_bodies(
        &mut self,
        resource: &Resource,
        story: &mut Vec<Step>,
        finding: &Finding,
        purse: &Purse,
    ) {
        let night = self.night;
        for at in 0..story.len() {
            let is_raw = story[at].case.body.as_ref().is_none_or(|b| matches!(b.payload, Payload::Raw(_)));
            if is_raw || !WRITES.contains(&story[at].role) {
                continue;
            }
            let Some(operation) = night.api.operation(&story[at].operation) else { continue };
            let budget = night.options.shrink_requests;
            let mut shrinker = Shrinker::new(story[at].case.clone(), operation, night.validators, budget);
            while let Some(smaller) = shrinker.next() {
                let mut less = story.clone();
                // The very same replacement is sent twice.
                let twin = less[at].case.body.clone();
                for step in &mut less[at..] {
                    let same = step.operation == story[at].operation && step.case.body == twin;
                    if step.role == Role::ReplaceAgain && same {
                        step.case.body.clone_from(&smaller.body);
                    }
                }
                less[at].case = smaller;
                match self.still_shows(resource, &less, finding, purse).await {
                    Some(shows) => {
                        shrinker.answer(shows);
                        if shows {
                            *story = less;
                        }
                    }
                    None => return,
                }
            }
        }
    }

    /// Makes the calls of a story again, on something new. `None` if nothing new could be created. A patient telling
    /// reads as often as the plot does while a reading is in doubt, an impatient one once.
    async fn retell(&mut self, resource: &Resource, story: &[Step], patiently: bool) -> Option<Vec<Step>> {
        let night = self.night;
        let mut steps: Vec<Step> = Vec::new();
        let mut made: Option<Binding> = None;
        for (at, told) in story.iter().enumerate() {
            let index = night.api.operations.iter().position(|operation| operation.key == told.operation)?;
            let operation = &night.api.operations[index];
            let mut case = told.case.clone();
            if operation.path.shape().starts_with(&resource.item) {
                case = placed(case, operation, made.as_ref()?);
            }
            hand_on_tags(&mut case, &story[..at], &steps);
            if told.role == Role::FollowLocation {
                self.follow_once(&mut steps, index, &case).await?;
            } else if patiently && told.exchange.request.method == Method::Get {
                self.read_patiently(&mut steps, told.role, index, &case).await;
            } else {
                let exchange = self.step(&mut steps, told.role, index, &case).await;
                let case = steps.last().map_or(case, |step| step.case.clone());
                let created = self.note_creation(index, &case, &exchange);
                if told.role == Role::Create {
                    made = Some(created.into_iter().find(|(item, _)| *item == resource.item)?.1);
                }
            }
        }
        Some(steps)
    }

    async fn follow_once(&mut self, steps: &mut Vec<Step>, index: usize, case: &Case) -> Option<()> {
        let created: &Exchange = &steps.iter().find(|step| step.role == Role::Create)?.exchange;
        let from = url::Url::parse(&created.request.url).ok()?;
        let to = from.join(created.response()?.header("location")?).ok()?;
        if to.origin() != from.origin() {
            return None;
        }
        let request = Request { method: Method::Get, url: to.to_string(), headers: Vec::new(), body: None };
        let operation = &self.night.api.operations[index];
        let exchange = self.night.transport.send(&request, &Credential::Main, Some(operation)).await;
        let case = Case { phase: Phase::Sequence, ..case.clone() };
        self.note_step(steps, Role::FollowLocation, index, case, &exchange);
        Some(())
    }
}

/// Where in a story the exchanges of a finding stand, the last that is equal counting.
fn places(story: &[Step], evidence: &[Exchange]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut end = story.len();
    for exchange in evidence.iter().rev() {
        let found = story[..end].iter().rposition(|step| step.exchange == *exchange);
        if let Some(at) = found {
            places.insert(0, at);
            end = at;
        }
    }
    places
}

/// The story with one reading where the plot read several times in a row: the last, which counts.
fn once_each(steps: Vec<Step>) -> Vec<Step> {
    let mut once: Vec<Step> = Vec::new();
    for step in steps {
        let again =
            once.last().is_some_and(|last| last.role == step.role && last.operation == step.operation);
        if again && step.exchange.request.method == Method::Get {
            once.pop();
        }
        once.push(step);
    }
    once
}

/// A version that an earlier call of the story showed is, in the new telling, the one that the same call shows now.
fn hand_on_tags(case: &mut Case, story: &[Step], steps: &[Step]) {
    for parameter in case.parameters.iter_mut().filter(|p| p.location == Location::Header) {
        let Payload::Json(Value::String(held)) = &parameter.payload else { continue };
        let shown = story.iter().rev().find(|step| tag(step) == Some(held.as_str()));
        let now = shown.and_then(|shown| steps.iter().rev().find(|step| step.role == shown.role));
        if let Some(now) = now.and_then(tag) {
            parameter.payload = Payload::Json(Value::String(now.to_owned()));
        }
    }
}

/// The finding as these calls show it, all of which matter.
fn tell(finding: &mut Finding, seen: Finding, steps: &[Step]) {
    let told = seen.evidence.len();
    let words: Vec<&str> = seen.detail.lines().skip(told).collect();
    let steps = once_each(steps.to_vec());
    let calls = steps.iter().map(|step| step.exchange.told());
    finding.detail = calls.chain(words.into_iter().map(str::to_owned)).collect::<Vec<_>>().join("\n");
    finding.evidence = steps.iter().map(|step| step.exchange.clone()).collect();
    finding.title = seen.title;
    finding.case = seen.case;
}
