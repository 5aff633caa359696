//! By which of its names an operation wants a thing called: the `id` that a list shows, or the `name`.
//!
//! Bindings keep one name of each thing; here alone it becomes another one, as the last thing before a request is sent.
//! Another name is tried only where the first leads nowhere, and only by methods that change nothing, unless it is an id
//! too long to be anybody else's. What most operations want is taken from an answer that shows the very thing.

use crate::case::{Case, Payload, Phase};
use crate::client::Transport;
use crate::engine::sending::is_served;
use crate::engine::walk::Walk;
use crate::exchange::{Exchange, Response};
use crate::plan::{Job, Known, fold, item_prefixes};
use crate::spec::{Location, Operation};
use serde_json::Value;

/// How many other names are tried for one operation.
const MOST: u32 = 6;
/// Where the numbers of such cases begin.
const NUMBERS: u32 = 50;
/// What a server gives out to name a thing.
const IDS: &[&str] = &["id", "uuid", "guid", "uid"];
/// How long the name of a part must be for its mention to be no accident.
const TELLING: usize = 4;
/// How long an id must be to be nobody's name.
const LONG: usize = 12;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The case with the things in its path called as its operation wants them called.
    pub(in crate::engine) fn as_wanted(&self, index: usize, mut case: Case) -> Case {
        let called = &self.state.called;
        if called.is_empty() {
            return case;
        }
        for (item, name) in places(&self.night.api.operations[index]) {
            let own = called.get(&(Some(index), item.clone()));
            let Some(property) = own.or_else(|| called.get(&(None, item.clone()))) else { continue };
            let Some(value) = case.parameter(Location::Path, &name) else { continue };
            let names = self.state.pool.names_of(&item, value);
            let Some((_, wanted)) = names.iter().find(|(known, _)| known == property) else { continue };
            let wanted = Payload::Json(wanted.clone());
            let slot = case.parameters.iter_mut().find(|p| p.location == Location::Path && p.name == name);
            if let Some(slot) = slot {
                slot.payload = wanted;
            }
        }
        case
    }

    /// Tries to reach an operation by other names of the things in its path; whether it did.
    pub(in crate::engine) async fn try_other_names(&mut self, job: &Job, known: &Known) -> bool {
        let night = self.night;
        let index = job.operation;
        let operation = &night.api.operations[index];
        let Ok(case) = night.generator.reach(operation, known) else { return false };
        let mut number = 0;
        for (item, parameter) in places(operation).into_iter().rev() {
            let usual = self.as_wanted(index, case.clone());
            let Some(usual) = usual.parameter(Location::Path, &parameter).cloned() else { continue };
            let names = self.state.pool.names_of(&item, &usual).to_vec();
            for (property, value) in names.iter().filter(|(_, value)| *value != usual) {
                let harmless = operation.method.is_safe() || is_unmistakable(property, value);
                if !harmless || number >= MOST || self.over() {
                    continue;
                }
                let place = (Some(index), item.clone());
                self.state.called.insert(place.clone(), property.clone());
                let case = Case { phase: Phase::Reach, index: NUMBERS + number, ..case.clone() };
                number += 1;
                let exchange = self.send_one(index, &case).await;
                self.learn(index, &case, &exchange);
                self.study(index, &case, &exchange);
                if exchange.response().is_some_and(is_served) {
                    if operation.path.shape() == item && shows(&exchange, property, &names) {
                        self.call_by(&item, property);
                    }
                    return true;
                }
                if self.is_about_the_rest(index, &exchange) {
                    return false;
                }
                self.state.called.remove(&place);
            }
        }
        false
    }

    /// Whether an answer says that the thing was found and something else is the matter: a crash, or a refusal that names
    /// a part of the request outside the path.
    fn is_about_the_rest(&self, index: usize, exchange: &Exchange) -> bool {
        let Some(response) = exchange.response() else { return false };
        if !matches!(response.status, 400 | 422) {
            return response.status >= 500 && !matches!(response.status, 502..=504);
        }
        let text = String::from_utf8_lossy(response.body.bytes()).into_owned();
        let said: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').collect();
        let operation = &self.night.api.operations[index];
        let rest = |name: &&str| name.len() >= TELLING && operation.parameter(Location::Path, name).is_none();
        self.night.generator.names(operation).iter().filter(rest).any(|name| said.contains(&name))
    }

    /// Calls the things of an item path by this property wherever nothing else is known. What was shown something under
    /// the name that it was sent goes on with that.
    fn call_by(&mut self, item: &str, property: &str) {
        let usual = (None, item.to_owned());
        if self.state.called.contains_key(&usual) {
            return;
        }
        for (index, operation) in self.night.api.operations.iter().enumerate() {
            let Some((_, parameter)) = places(operation).into_iter().find(|(own, _)| own == item) else {
                continue;
            };
            let Some((case, exchange)) = self.state.tallies.get(&index).and_then(|t| t.control.as_ref())
            else {
                continue;
            };
            let Some(value) = case.parameter(Location::Path, &parameter) else { continue };
            let names = self.state.pool.names_of(item, value);
            if let Some((by, _)) = names.iter().find(|(_, known)| known == value)
                && exchange.response().is_some_and(shows_something)
            {
                self.state.called.entry((Some(index), item.to_owned())).or_insert_with(|| by.clone());
            }
        }
        self.state.called.insert(usual, property.to_owned());
    }
}

/// The item paths that a path goes through, each with the parameter that names the item.
fn places(operation: &Operation) -> Vec<(String, String)> {
    let names: Vec<&str> = operation.path.names().collect();
    let named = |item: String| {
        let name = names.get(item.matches("{}").count().checked_sub(1)?)?;
        Some((item, (*name).to_owned()))
    };
    item_prefixes(&operation.path).into_iter().filter_map(named).collect()
}

fn is_unmistakable(property: &str, value: &Value) -> bool {
    IDS.contains(&property) && value.as_str().is_some_and(|text| text.len() >= LONG)
}

/// Whether an answer shows the thing itself: another of its names stands in it.
fn shows(exchange: &Exchange, property: &str, names: &[(String, Value)]) -> bool {
    let Some(body) = exchange.response().and_then(Response::json) else { return false };
    let has = |map: &serde_json::Map<String, Value>| {
        map.iter().any(|(key, value)| {
            names.iter().any(|(known, own)| known != property && *known == fold(key) && own == value)
        })
    };
    let inner = body.as_object().into_iter().flat_map(|map| map.values()).filter_map(Value::as_object);
    body.as_object().into_iter().chain(inner).any(has)
}

/// Whether an answer has something in it.
fn shows_something(response: &Response) -> bool {
    match response.json() {
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(map)) => {
            map.values().any(|value| value.as_array().is_some_and(|items| !items.is_empty()))
                || !map.is_empty() && !map.values().any(Value::is_array)
        }
        Some(Value::Null) | None => false,
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_)) => true,
    }
}
