//! Writes and creates what the document forbids, and looks whether it was done all the same.

use crate::case::{Case, Mode};
use crate::check::{Role, Step, is_refusal};
use crate::client::Transport;
use crate::engine::sending::path_of;
use crate::engine::sequence::cover::{object, with_body};
use crate::engine::sequence::step::known;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::plan::{Binding, Known, Resource, in_order};
use crate::spec::Operation;
use serde_json::{Map, Value};

/// How many forbidden bodies are tried until one is refused.
const TRIES: usize = 4;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Create, read, write a body of which one property is forbidden and others are new, read.
    pub(super) async fn write_forbidden(&mut self, resource: &Resource, write: usize) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[write];
        let rule = ["refused-write-has-effect"];
        let Some(read) = resource.read.filter(|_| self.is_allowed(write)) else { return Vec::new() };
        for attempt in 0..TRIES {
            let mut steps = Vec::new();
            let Some((made, shown)) = self.make_and_read(&mut steps, resource).await else {
                return steps;
            };
            let others = self.others(write, resource, &shown);
            let forbidden = self.forbidden(operation, &known(operation, &made.binding), &others);
            let Some(case) = forbidden.into_iter().nth(attempt).filter(|_| !others.is_empty()) else {
                self.excuse(write, &rule, "no body breaks the document in one place and changes another");
                return Vec::new();
            };
            let case = placed(case, operation, &made.binding);
            let exchange = self.step(&mut steps, Role::Refused, write, &case).await;
            if exchange.response().is_some_and(is_refusal) {
                self.read(&mut steps, Role::ReadAfterRefused, read, &made.binding).await;
                return steps;
            }
        }
        self.excuse(write, &rule, "it refuses nothing that the document forbids");
        Vec::new()
    }

    /// List, create with a body of which one property is forbidden, list.
    pub(super) async fn create_forbidden(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let (Some(create), Some(list)) = (resource.create, resource.list) else { return Vec::new() };
        let operation = &night.api.operations[create];
        let Some(whole) = self.fullest(create, None).filter(|_| self.is_allowed(create)) else {
            return Vec::new();
        };
        let path = path_of(&whole);
        let Some(values) = in_order(&operation.path, &path) else { return Vec::new() };
        let place = Binding { values, own: false };
        let Some(listing) = self.long_list(list, &place) else { return Vec::new() };
        let sent = object(&whole).cloned().unwrap_or_default();
        let known = Known { path, ..Known::default() };
        for case in self.forbidden(operation, &known, &sent).into_iter().take(TRIES) {
            let mut steps = Vec::new();
            self.step(&mut steps, Role::ListBeforeRefusal, list, &listing).await;
            let exchange = self.step(&mut steps, Role::RefusedCreate, create, &case).await;
            self.note_creation(create, &case, &exchange);
            if exchange.response().is_some_and(is_refusal) {
                self.step(&mut steps, Role::ListAfterRefusal, list, &listing).await;
                return steps;
            }
        }
        let why = "it refuses nothing that the document forbids";
        self.excuse(create, &["refused-creation-kept"], why);
        Vec::new()
    }

    /// Cases whose body breaks the document in one property and has these values in all others.
    fn forbidden(&self, operation: &Operation, known: &Known, values: &Map<String, Value>) -> Vec<Case> {
        let mut cases = Vec::new();
        for case in self.night.generator.negative(operation, known) {
            let (Some(body), Some(sent)) = (&case.body, object(&case)) else { continue };
            let Some(broken) = case.reason.part.strip_prefix("body /") else { continue };
            let broken = broken.split('/').next().unwrap_or_default();
            let mut mixed = sent.clone();
            for (name, value) in values.iter().filter(|(name, _)| *name != broken) {
                mixed.insert(name.clone(), value.clone());
            }
            let mixed = Value::Object(mixed);
            let new = values.keys().any(|name| name != broken);
            if case.mode == Mode::Negative
                && new
                && self.fits(operation, &body.media_type, &mixed) == Some(false)
            {
                cases.push(with_body(&case, mixed));
            }
        }
        let index = self.night.api.operations.iter().position(|known| known.key == operation.key);
        cases.retain(|case| index.is_none_or(|index| self.names_nobody_else(index, case)));
        // What is checked last is written late: a break in something optional comes after the rest was right.
        let plain = self.night.generator.reach(operation, known).ok();
        let needed = plain.as_ref().and_then(object).cloned().unwrap_or_default();
        cases.sort_by_key(|case| {
            let broken = case.reason.part.strip_prefix("body /").unwrap_or_default();
            needed.contains_key(broken.split('/').next().unwrap_or_default())
        });
        cases
    }
}
