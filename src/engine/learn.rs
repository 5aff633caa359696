//! What refusals teach: cases that also are as the server said that it wants them, and so reach deeper.
//!
//! Lessons never touch the cases by which a server is judged: those know the document and nothing else.

use crate::case::{Case, Credential, Mode, Phase};
use crate::client::Transport;
use crate::engine::sending::is_served;
use crate::engine::suite::{is_there, might_address_another};
use crate::engine::walk::Walk;
use crate::event::IncidentKind;
use crate::exchange::{Exchange, Method};
use crate::finding::Finding;
use crate::plan::{Job, Known, Lessons, Permission, Wish, prose, taught};
use crate::schema::Pointer;
use serde_json::Value;
use std::sync::Arc;

/// How often an operation is asked again with what its refusals taught.
const ROUNDS: u32 = 8;
/// Random cases per operation that know its lessons.
const RANDOM: u32 = 8;
/// Cases per operation that break a rule and know its lessons.
const BROKEN: usize = 60;
/// Where the numbers of the cases after the tests begin.
const AFTERWARDS: u32 = 100;

/// What became of the words of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// None were read, or they helped.
    Nothing,
    /// They were read and did not help.
    InVain,
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Learns from the refusal of a valid case; whether there was something new in it. Called in the order of cases, at
    /// points that do not depend on arrival order.
    pub(super) fn study(&mut self, index: usize, case: &Case, exchange: &Exchange) -> bool {
        if case.mode != Mode::Positive || case.credential != Credential::Main {
            return false;
        }
        let said = exchange.response().map(taught).unwrap_or_default();
        if said.is_empty() {
            return false;
        }
        let night = self.night;
        let names = night.generator.names(&night.api.operations[index]);
        let lessons = self.state.lessons.entry(index).or_default();
        let mut news = false;
        for (name, wish) in said {
            if let Some(own) = names.like(&name) {
                news |= lessons.learn(own, wish);
            }
        }
        news
    }

    /// What is known of a job, lessons included; `None` if there are none.
    fn taught(&mut self, job: &Job) -> Option<Known> {
        let lessons = self.state.lessons.get(&job.operation).filter(|lessons| !lessons.is_empty())?.clone();
        Some(Known { lessons: Arc::new(lessons), ..self.known(job)? })
    }

    /// Tries to reach an operation as its refusals said, and where they say nothing new, as its descriptions do.
    pub(super) async fn reach_taught(&mut self, job: &Job) {
        let before = self.state.lessons.get(&job.operation).cloned().unwrap_or_default();
        if Box::pin(self.reach_as_told(job)).await == Told::InVain {
            // Words of the document that led nowhere are no lessons.
            self.state.lessons.insert(job.operation, before);
        }
    }

    async fn reach_as_told(&mut self, job: &Job) -> Told {
        let mut read = false;
        let told = |read| if read { Told::InVain } else { Told::Nothing };
        for round in 0..ROUNDS {
            if self.state.lessons.get(&job.operation).is_none_or(Lessons::is_empty) {
                if !self.read_prose(job.operation) {
                    return told(read);
                }
                read = true;
            }
            let Some(known) = self.taught(job).filter(|_| !self.over()) else { return told(read) };
            let Some(case) = self.simplest(job, &known, round) else { return told(read) };
            let exchange = self.send_one(job.operation, &case).await;
            self.learn(job.operation, &case, &exchange);
            if exchange.response().is_some_and(is_served) {
                return Told::Nothing;
            }
            let refused = matches!(exchange.status(), Some(400 | 409 | 422));
            if !self.study(job.operation, &case, &exchange) {
                if read || !refused || !self.read_prose(job.operation) {
                    return told(read);
                }
                read = true;
            }
        }
        told(read)
    }

    /// Learns from what the document says in words of an operation's values; whether it says anything.
    pub(super) fn read_prose(&mut self, index: usize) -> bool {
        let night = self.night;
        let operation = &night.api.operations[index];
        let names = night.generator.names(operation);
        let described = |pointer: &Pointer| {
            let own = night.api.document.get(pointer)?.get("description").and_then(Value::as_str);
            let own = own.map(str::to_owned);
            own.or_else(|| {
                Some(night.api.document.resolve(pointer)?.1.get("description")?.as_str()?.to_owned())
            })
        };
        let mut said: Vec<(String, Wish)> = Vec::new();
        for parameter in &operation.parameters {
            said.extend(described(&parameter.pointer).map(|text| (parameter.name.clone(), prose(&text))));
        }
        for name in names.iter() {
            let texts = names.schemas(name).filter_map(described);
            said.extend(texts.map(|text| (name.to_owned(), prose(&text))).next());
        }
        let lessons = self.state.lessons.entry(index).or_default();
        // What a refusal said outranks what a description says.
        let mut news = false;
        for (name, wish) in said {
            if !lessons.of(&name).is_some_and(Wish::is_about_value) {
                news |= lessons.learn(&name, wish);
            }
        }
        news
    }

    /// After the tests: further cases of every operation whose refusals taught something, and word of what it was.
    pub(super) async fn test_taught(&mut self) {
        let night = self.night;
        let mut cases = Vec::new();
        for job in night.plan.jobs.iter().filter(|job| job.is_allowed()) {
            let operation = &night.api.operations[job.operation];
            // Each deletion costs a resource.
            let asked = operation.method != Method::Delete && night.options.focuses(&operation.key);
            let Some(known) = self.taught(job).filter(|_| asked) else { continue };
            let mut made: Vec<Case> = self.simplest(job, &known, AFTERWARDS).into_iter().collect();
            let seed = job.seed.derive(Phase::Learned);
            for number in 0..RANDOM.min(job.budget.random) {
                let Ok(case) = night.generator.random(operation, &known, seed, number) else { break };
                made.push(Case { phase: Phase::Learned, index: AFTERWARDS + 1 + number, ..case });
            }
            // A request that is refused for another reason breaks no rule to any effect.
            let mut broken = night.generator.negative(operation, &known);
            broken.truncate(BROKEN);
            if matches!(job.permission, Permission::OwnOnly { .. }) {
                broken.retain(|case| !might_address_another(case));
            }
            if self.claimed(job.operation).is_some() {
                broken.retain(|case| is_there(case, &known));
            }
            broken.retain(|case| self.names_nobody_else(job.operation, case));
            let number = AFTERWARDS * 2;
            made.extend((number..).zip(broken).map(|(index, case)| Case {
                phase: Phase::Learned,
                index,
                ..case
            }));
            cases.extend(made.into_iter().map(|case| (job.operation, case)));
        }
        if !cases.is_empty() && !self.over() {
            self.stage("learned", cases.len());
            self.send_all(cases).await;
        }
        let told: Vec<(usize, String)> = self
            .state
            .lessons
            .iter()
            .filter(|(_, lessons)| !lessons.is_empty())
            .map(|(index, lessons)| (*index, wishes(lessons)))
            .collect();
        for (index, wishes) in told {
            let key = &night.api.operations[index].key;
            self.incident(IncidentKind::Learned, Some(key), format!("the server also wants {wishes}"));
        }
    }

    /// Says beside a refusal what was accepted in the end, with what refusals and descriptions ask for.
    pub(super) fn tell_lessons(&mut self, index: usize, finding: &mut Finding) {
        let accepted = self.state.tally(index).control.as_ref();
        if accepted.is_none_or(|(case, _)| case.phase != Phase::Learned) {
            return;
        }
        if let Some(lessons) = self.state.lessons.get(&index) {
            finding.detail.push_str(&format!("\naccepted, beyond the document: {}", wishes(lessons)));
        }
    }

    fn simplest(&self, job: &Job, known: &Known, index: u32) -> Option<Case> {
        let operation = &self.night.api.operations[job.operation];
        let mut case = self.night.generator.reach(operation, known).ok()?;
        case.phase = Phase::Learned;
        case.index = index;
        "the simplest request, as the server asked for".clone_into(&mut case.reason.how);
        Some(case)
    }
}

/// What is wanted, in words.
fn wishes(lessons: &Lessons) -> String {
    let all: Vec<String> = lessons.iter().map(|(name, wish)| format!("`{name}` {wish}")).collect();
    all.join("; ")
}
