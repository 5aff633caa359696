//! What refusals teach: cases that also are as the server said that it wants them, and so reach deeper.
//!
//! Lessons never touch the cases by which a server is judged: those know the document and nothing else.

use crate::case::{Case, Credential, Mode, Phase};
use crate::client::Transport;
use crate::engine::sending::is_served;
use crate::engine::suite::might_address_another;
use crate::engine::walk::Walk;
use crate::event::IncidentKind;
use crate::exchange::{Exchange, Method};
use crate::plan::{Job, Known, Permission, taught};
use std::sync::Arc;

/// How often an operation is asked again with what its refusals taught.
const ROUNDS: u32 = 3;
/// Random cases per operation that know its lessons.
const RANDOM: u32 = 8;
/// Cases per operation that break a rule and know its lessons.
const BROKEN: usize = 60;
/// Where the numbers of the cases after the tests begin.
const AFTERWARDS: u32 = 100;

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

    /// Tries to reach an operation as its refusals said.
    pub(super) async fn reach_taught(&mut self, job: &Job) {
        for round in 0..ROUNDS {
            let Some(known) = self.taught(job).filter(|_| !self.over()) else { return };
            let Some(case) = self.simplest(job, &known, round) else { return };
            let exchange = self.send_one(job.operation, &case).await;
            self.learn(job.operation, &case, &exchange);
            if exchange.response().is_some_and(is_served) || !self.study(job.operation, &case, &exchange) {
                return;
            }
        }
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
            .map(|(index, lessons)| {
                let wishes: Vec<String> =
                    lessons.iter().map(|(name, wish)| format!("`{name}` {wish}")).collect();
                (*index, wishes.join("; "))
            })
            .collect();
        for (index, wishes) in told {
            let key = &night.api.operations[index].key;
            self.incident(IncidentKind::Learned, Some(key), format!("the server also wants {wishes}"));
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
