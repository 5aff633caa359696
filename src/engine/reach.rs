//! The first round: the simplest valid case of each operation, wave by wave, to learn what exists.

use crate::case::{Case, Payload, Phase};
use crate::client::Transport;
use crate::engine::EngineError;
use crate::engine::sending::{is_served, path_of};
use crate::engine::walk::Walk;
use crate::event::IncidentKind;
use crate::exchange::{Exchange, Method};
use crate::plan::{Binding, Given, Job, Known, Permission};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Other places in which a list is asked for.
const ELSEWHERE: usize = 2;
/// Where the numbers of those cases begin.
const ELSEWHERE_INDEX: u32 = 100;
/// So many operations on fixed paths must answer 404 before the API is said not to be there.
const NOWHERE: usize = 3;
/// Further tries for an operation that did not answer 2xx at once.
const TRIES: u32 = 4;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Reaches every operation that may be reached without removing anything.
    pub(super) async fn reach(&mut self) -> Result<(), EngineError> {
        let night = self.night;
        let jobs: Vec<&Job> = night.plan.jobs.iter().filter(|job| job.is_allowed()).collect();
        self.stage("reach", jobs.len());
        let (questions, changes): (Vec<&Job>, Vec<&Job>) =
            jobs.into_iter().partition(|job| night.api.operations[job.operation].method.is_safe());
        self.reach_waves(&questions).await;
        self.prove_served(&questions)?;
        self.look_elsewhere(&questions).await;
        // Answers are snapshot before the run itself changes anything.
        self.take_snapshots(&questions).await;
        let (creators, others): (Vec<&Job>, Vec<&Job>) = changes.into_iter().partition(|job| job.creates);
        self.reach_waves(&creators).await;
        let claims = self.claim_first(&others).await;
        // What one of them refers to, another one may have made since.
        let refused: Vec<&Job> =
            creators.iter().copied().filter(|job| !self.state.tally(job.operation).reached()).collect();
        if refused.len() < creators.len() || claims > 0 {
            self.reach_waves(&refused).await;
            self.claim_first(&others).await;
        }
        let unreached: Vec<&Job> =
            questions.iter().copied().filter(|job| !self.state.tally(job.operation).reached()).collect();
        self.reach_waves(&unreached).await;
        let others: Vec<&Job> = others
            .into_iter()
            .filter(|job| night.api.operations[job.operation].method != Method::Delete)
            .collect();
        self.reach_waves(&others).await;
        self.take_snapshots(&creators).await;
        self.take_snapshots(&others).await;
        Ok(())
    }

    /// Fails if nothing of the document is there: then the base URL is wrong, and no operation is to blame.
    fn prove_served(&mut self, questions: &[&Job]) -> Result<(), EngineError> {
        let (mut asked, mut fixed) = (0, 0);
        for job in questions {
            let statuses = &self.state.tally(job.operation).statuses;
            if statuses.keys().any(|status| *status != 404) {
                return Ok(());
            }
            let operation = &self.night.api.operations[job.operation];
            asked += usize::from(!statuses.is_empty());
            fixed += usize::from(!statuses.is_empty() && operation.path.names().next().is_none());
        }
        if fixed < NOWHERE {
            return Ok(());
        }
        Err(EngineError::NotServed { base_url: self.night.options.base_url.clone(), asked })
    }

    async fn reach_waves(&mut self, jobs: &[&Job]) {
        let mut rest = jobs;
        while let Some(first) = rest.first() {
            let until = rest.iter().position(|job| job.wave != first.wave).unwrap_or(rest.len());
            let (wave, later) = rest.split_at(until);
            rest = later;
            let cases: Vec<_> =
                wave.iter().filter_map(|job| Some((job.operation, self.first_case(job)?))).collect();
            // What changes things goes one by one: what the next one meets must not depend on who was faster.
            let together = wave.iter().all(|job| self.night.api.operations[job.operation].method.is_safe());
            let answers = if together {
                self.send_all(cases).await
            } else {
                let mut answers = Vec::new();
                for (index, case) in cases {
                    if self.over() {
                        return;
                    }
                    let exchange = self.send_one(index, &case).await;
                    answers.push((index, case, exchange));
                }
                answers
            };
            for (index, case, exchange) in &answers {
                self.learn(*index, case, exchange);
                self.study(*index, case, exchange);
            }
            for job in wave {
                if self.over() {
                    return;
                }
                if !self.state.tally(job.operation).reached() {
                    self.try_harder(job).await;
                }
            }
        }
    }

    /// Asks the lists once more in other places, so that things of more than one parent are known.
    async fn look_elsewhere(&mut self, questions: &[&Job]) {
        let night = self.night;
        for job in questions {
            let lists = night.plan.resources.iter().any(|resource| resource.list == Some(job.operation));
            let operation = &night.api.operations[job.operation];
            if !lists || operation.path.names().next().is_none() || !self.state.tally(job.operation).reached()
            {
                continue;
            }
            let Some(here) = self.known(job) else { continue };
            let elsewhere: Vec<Known> =
                self.alternatives(job).into_iter().filter(|k| k.path != here.path).collect();
            for (number, known) in (1..).zip(elsewhere.into_iter().take(ELSEWHERE)) {
                if self.over() {
                    return;
                }
                let Ok(mut case) = night.generator.reach(operation, &known) else { continue };
                case.index = ELSEWHERE_INDEX + number;
                let exchange = self.send_one(job.operation, &case).await;
                self.learn(job.operation, &case, &exchange);
            }
        }
    }

    fn first_case(&mut self, job: &Job) -> Option<Case> {
        let known = self.known(job)?;
        let operation = &self.night.api.operations[job.operation];
        match self.night.generator.reach(operation, &known) {
            Ok(case) => Some(case),
            Err(error) => {
                let key = operation.key.clone();
                self.state.tally(job.operation).not_exercised = Some(format!("no valid case: {error}"));
                self.incident(IncidentKind::Generation, Some(&key), error.to_string());
                None
            }
        }
    }

    /// Moments to come, other things of the same kind, then random valid cases.
    async fn try_harder(&mut self, job: &Job) {
        let operation = &self.night.api.operations[job.operation];
        let Some(known) = self.known(job) else { return };
        let mut knowns: Vec<Known> =
            self.alternatives(job).into_iter().filter(|k| k.path != known.path).collect();
        knowns.insert(0, known.clone());
        // Many things must not begin, or end, in the past.
        if let Some(mut case) = self.night.generator.reach_later(operation, &known) {
            case.index = TRIES + 1;
            let exchange = self.send_one(job.operation, &case).await;
            self.learn(job.operation, &case, &exchange);
            self.study(job.operation, &case, &exchange);
            if self.over() || exchange.response().is_some_and(is_served) {
                return;
            }
        }
        if self.try_other_names(job, &known).await {
            return;
        }
        for round in 0..TRIES {
            let place = knowns.get(round as usize + 1).unwrap_or(&knowns[0]).clone();
            let case = if (round as usize) + 1 < knowns.len() {
                self.night.generator.reach(operation, &place)
            } else {
                self.night.generator.random(operation, &place, job.seed.derive(Phase::Reach), round)
            };
            let Ok(mut case) = case else { continue };
            case.phase = Phase::Reach;
            case.index = round + 1;
            let exchange = self.send_one(job.operation, &case).await;
            self.learn(job.operation, &case, &exchange);
            self.study(job.operation, &case, &exchange);
            let response = exchange.response();
            if self.over() || response.is_some_and(is_served) {
                return;
            }
        }
        self.reach_taught(job).await;
    }

    /// What may be used for a job: path values that exist, its own where it must.
    pub(super) fn known(&mut self, job: &Job) -> Option<Known> {
        self.known_where(job, |_| true)
    }

    fn known_where(&mut self, job: &Job, wanted: impl Fn(&Binding) -> bool) -> Option<Known> {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let own = match &job.permission {
            Permission::OwnOnly { item, or_any } => {
                let created = self.state.pool.bindings(item).iter().any(|binding| binding.own);
                (created || !or_any).then_some(item.as_str())
            }
            Permission::Free | Permission::Never { .. } => None,
        };
        let pool = &self.state.pool;
        let given = Arc::new(night.options.given.of(operation));
        let path = pool.path_values(&operation.path, &given.fixed, |item, binding| {
            wanted(binding) && (own.is_none_or(|own| own != item) || binding.own)
        });
        if let Some(item) = own {
            let path = path.filter(|path| {
                pool.bindings(item)
                    .iter()
                    .any(|b| b.own && b.named(&operation.path).iter().all(|(n, v)| path.get(n) == Some(v)))
            });
            let Some(path) = path else {
                let tally = self.state.tally(job.operation);
                tally.not_exercised.get_or_insert_with(|| {
                    format!(
                        "nothing of its own to send it to: `{}` could not be created",
                        self.night.plan.template(item)
                    )
                });
                return None;
            };
            self.state.tally(job.operation).not_exercised = None;
            return Some(Known { given, accepted: self.accepted_body(job), ..self.state.pool.known(path) });
        }
        let path = path.unwrap_or_else(|| self.partial(job, &given));
        Some(Known { given, accepted: self.accepted_body(job), ..self.state.pool.known(path) })
    }

    /// The body that an operation accepted in the first round after it had refused the simplest one.
    fn accepted_body(&self, job: &Job) -> Option<Arc<Value>> {
        let (case, _) = self.state.tallies.get(&job.operation)?.control.as_ref()?;
        match &case.body.as_ref()?.payload {
            Payload::Json(body) if case.phase == Phase::Reach && case.index > 0 => {
                Some(Arc::new(body.clone()))
            }
            Payload::Json(_) | Payload::Raw(_) => None,
        }
    }

    /// The path values that are known, where not all are.
    fn partial(&self, job: &Job, given: &Given) -> BTreeMap<String, Value> {
        let operation = &self.night.api.operations[job.operation];
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for item in crate::plan::item_prefixes(&operation.path) {
            if let Some(binding) = self.state.pool.bindings(&item).first() {
                values.extend(binding.named(&operation.path));
            }
        }
        values.extend(given.fixed.clone());
        values.retain(|name, _| operation.path.names().any(|n| n == name));
        values
    }

    /// The same operation on other existing things.
    pub(super) fn alternatives(&mut self, job: &Job) -> Vec<Known> {
        let operation = &self.night.api.operations[job.operation];
        let Some(item) = crate::plan::item_prefixes(&operation.path).pop() else { return Vec::new() };
        let bindings: Vec<Binding> = self.state.pool.bindings(&item).to_vec();
        // Things in different places say more than neighbours.
        let mut places: Vec<Vec<Value>> = Vec::new();
        let mut chosen = Vec::new();
        for binding in bindings {
            let mut place = binding.values.clone();
            place.pop();
            let seen = places.iter().filter(|p| **p == place).count();
            if seen < 2 {
                places.push(place);
                chosen.push(binding);
            }
        }
        chosen.truncate(6);
        chosen
            .into_iter()
            .filter_map(|wanted| self.known_where(job, move |b| b.values == wanted.values))
            .collect()
    }

    /// Learns from an answer at a point that does not depend on arrival order.
    pub(super) fn learn(&mut self, index: usize, case: &Case, exchange: &Exchange) {
        self.doubt_names(index, case, exchange);
        let operation = &self.night.api.operations[index];
        let Some(response) = exchange.response().filter(|response| is_served(response)) else { return };
        let own = self.night.plan.jobs.iter().any(|job| job.operation == index && job.creates);
        let (resources, path) = (&self.night.plan.resources, path_of(case));
        let mut pool = std::mem::take(&mut self.state.pool);
        let shown = if case.phase == Phase::Learned {
            // Under its names stands what refusals asked for: the other cases must not know it.
            pool.learn_things(resources, operation, &path, response, own)
        } else {
            pool.learn(resources, operation, &path, response, own)
        };
        if own && shown.is_empty() {
            self.sent_things(&mut pool, index, case, response);
        }
        self.state.pool = pool;
    }
}
