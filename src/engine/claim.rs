//! Things that the client names: a `PUT` at a path where nothing is makes one.
//!
//! The name is one of the run's own, and what is there is read before: only 404 and 410 say that nothing is. Never may a
//! `PUT` go to something that the run did not make.

use crate::case::{Case, Phase};
use crate::client::Transport;
use crate::engine::naming::new_names;
use crate::engine::revive::is_gone;
use crate::engine::sending::{is_served, left, path_of, shoot};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::{Binding, Job, Known, Resource, in_order, item_prefixes};
use crate::schema::Direction;
use crate::spec::{Location, Operation};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often the first thing of a kind is tried to be made.
const ROUNDS: u32 = 8;

impl<'n, T: Transport> Walk<'n, '_, '_, T> {
    /// The kind of resource of which an operation makes things at paths that are free.
    pub(super) fn claimed(&self, index: usize) -> Option<&'n Resource> {
        self.night
            .plan
            .resources
            .iter()
            .find(|resource| resource.is_claimed && resource.create == Some(index))
    }

    /// Whether nothing was at a path before the run put something there.
    pub(super) fn is_claim(&self, resource: &Resource, values: &[Value]) -> bool {
        self.state.claims.contains(&claim(resource, values))
    }

    /// Makes the first thing of each kind that the client names, unless there is one; how many were made.
    pub(super) async fn claim_first(&mut self, jobs: &[&Job]) -> usize {
        let mut made = 0;
        for job in jobs {
            let Some(resource) = self.claimed(job.operation) else { continue };
            if self.state.pool.bindings(&resource.item).iter().any(|binding| binding.own) {
                continue;
            }
            made += usize::from(Box::pin(self.claim_one(job, resource)).await);
        }
        made
    }

    /// The simplest body, what its refusals ask for, then random ones.
    async fn claim_one(&mut self, job: &Job, resource: &Resource) -> bool {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let mut taught = false;
        let mut unread = None;
        for round in 0..ROUNDS {
            let Some(known) = self.known_place(job).filter(|_| !self.over()) else { break };
            let generator = night.generator;
            let case = if taught || round == 0 {
                generator.reach(operation, &known)
            } else {
                generator.random(operation, &known, job.seed.derive(Phase::Reach), round)
            };
            let Ok(case) = case else { break };
            let phase = if known.lessons.is_empty() { Phase::Reach } else { Phase::Learned };
            let case = Case { phase, index: round, ..case };
            let Some(case) = self.at_free_place(resource, case).await else { break };
            let case = self.fresh(job.operation, case);
            let exchange = shoot(night, operation, &case).await;
            if self.is_made(resource, &case, &exchange).await {
                self.take_in(job.operation, &case, &exchange);
                self.learn(job.operation, &case, &exchange);
                let Some(values) = self.values_of(resource, &case) else { return false };
                self.state.pool.bind_first(&resource.item, Binding { values, own: true });
                return true;
            }
            // That nothing is there to be replaced may be the answer: it proves nothing, and is no case of the tests.
            self.state.requests += u64::from(exchange.attempts);
            self.suspect_anywhere(job.operation, &case, &exchange);
            if !left(&exchange) || matches!(exchange.status(), Some(401 | 403 | 405)) {
                break;
            }
            self.doubt_names(job.operation, &case, &exchange);
            taught = self.study(job.operation, &case, &exchange);
            if !taught && round > 0 && unread.is_none() {
                unread = Some(self.state.lessons.get(&job.operation).cloned().unwrap_or_default());
                taught = self.read_prose(job.operation);
            }
        }
        // Words of the document that led nowhere are no lessons.
        if let Some(unread) = unread {
            self.state.lessons.insert(job.operation, unread);
        }
        false
    }

    /// Whether something is there that was not before. A 201 says so by itself.
    async fn is_made(&mut self, resource: &Resource, case: &Case, exchange: &Exchange) -> bool {
        let served = exchange.response().is_some_and(is_served);
        if !left(exchange) || served && exchange.status() == Some(201) {
            return served;
        }
        let seen = self.look(resource, case).await;
        let there = seen.is_some_and(|seen| seen.response().is_some_and(is_served));
        if there
            && !served
            && let Some(values) = self.values_of(resource, case)
        {
            // Refused, and yet there: it is removed like all else.
            self.state.own(&resource.item, &Binding { values, own: true }, &case.credential);
        }
        served && there
    }

    /// The case under a name of the run's own at which nothing is; `None` if that cannot be had.
    pub(super) async fn at_free_place(&mut self, resource: &Resource, case: Case) -> Option<Case> {
        let index = resource.create?;
        let operation = &self.night.api.operations[index];
        let name = operation.path.names().last()?;
        if self.night.options.given.of(operation).has(name) {
            return None;
        }
        // The seed's names may be taken by what an earlier night left; then the clock makes them.
        for _ in 0..2 {
            let own = self.own_name(operation, name)?;
            let mut path = path_of(&case);
            path.insert(name.to_owned(), own);
            let values = in_order(&operation.path, &path)?;
            let case = placed(case.clone(), operation, &Binding { values: values.clone(), own: false });
            let seen = self.look(resource, &case).await?;
            if is_gone(&seen) {
                self.state.claims.insert(claim(resource, &values));
                return Some(case);
            }
            if self.state.is_seed_taken || !seen.response().is_some_and(is_served) {
                return None;
            }
            self.state.is_seed_taken = true;
        }
        None
    }

    /// Reads what a case is sent to.
    async fn look(&mut self, resource: &Resource, case: &Case) -> Option<Exchange> {
        let night = self.night;
        let reading = &night.api.operations[resource.read?];
        let binding = Binding { values: self.values_of(resource, case)?, own: true };
        let known = Known { path: binding.named(&reading.path), ..Known::default() };
        let question = placed(night.generator.reach(reading, &known).ok()?, reading, &binding);
        let exchange = shoot(night, reading, &question).await;
        self.state.requests += u64::from(exchange.attempts);
        Some(exchange)
    }

    /// What names the thing that a case is sent to.
    fn values_of(&self, resource: &Resource, case: &Case) -> Option<Vec<Value>> {
        in_order(&self.night.api.operations[resource.create?].path, &path_of(case))
    }

    /// A name that nobody else has given, as the document wants it.
    fn own_name(&mut self, operation: &Operation, name: &str) -> Option<Value> {
        let (night_of, number) = self.next_name();
        let schema = operation.parameter(Location::Path, name)?.schema.as_ref()?;
        let validators = self.night.validators;
        let fits = |name: &Value| validators.is_valid(schema, Direction::Request, name).unwrap_or(false);
        let node = self.night.api.document.resolve(schema).map(|(_, node)| node);
        let is_uuid = node.is_some_and(|node| node.get("format").and_then(Value::as_str) == Some("uuid"));
        let like = if is_uuid { json!("00000000-0000-0000-0000-000000000000") } else { json!("name") };
        new_names(&like, night_of, number).into_iter().find(fits)
    }

    /// What is known of where the first thing of a kind may be made: in a place of the run's own, if there is one.
    fn known_place(&mut self, job: &Job) -> Option<Known> {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let given = Arc::new(night.options.given.of(operation));
        let mut values: BTreeMap<String, Value> = given.fixed.clone();
        // It stands for the name until there is one.
        values.insert(operation.path.names().last()?.to_owned(), json!("specwarden"));
        let pool = &self.state.pool;
        let mut above = item_prefixes(&operation.path).into_iter().rev().skip(1);
        let place = above.find(|item| !pool.bindings(item).is_empty()).unwrap_or_default();
        let any_own = pool.bindings(&place).iter().any(|binding| binding.own);
        let wanted = |item: &str, binding: &Binding| item == place && (binding.own || !any_own);
        let path = pool.path_values(&operation.path, &values, wanted)?;
        let lessons = self.state.lessons.get(&job.operation).cloned().unwrap_or_default();
        Some(Known { given, lessons: Arc::new(lessons), ..self.state.pool.known(path) })
    }
}

/// A path, as it is remembered.
fn claim(resource: &Resource, values: &[Value]) -> (String, String) {
    (resource.item.clone(), Value::from(values).to_string())
}
