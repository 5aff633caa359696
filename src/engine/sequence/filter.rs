//! Asks a list for two values of a filter, and puts there first what it takes.

use crate::case::Case;
use crate::check::{Envelope, Role, Step, filtered, is_telling, listed};
use crate::client::Transport;
use crate::engine::sending::{is_served, path_of};
use crate::engine::sequence::cover::object;
use crate::engine::sequence::pages::limit_of;
use crate::engine::sequence::step::set;
use crate::engine::walk::Walk;
use crate::schema::Direction;
use crate::spec::Location;
use serde_json::{Map, Value, json};

/// How many values are asked for.
const VALUES: usize = 2;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The list without the filter, and by two values that its items have.
    ///
    /// What it takes is made first, by creations that were accepted before: what else a list holds is what the
    /// requests before left there, in an order and with values of which several workers are no masters.
    pub(super) async fn filter(&mut self, list: usize, parameter: &str) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[list];
        let mut steps = Vec::new();
        let Some((mut case, _)) = self.state.tally(list).control.clone() else { return steps };
        case.parameters.retain(|p| p.location != Location::Query || p.name != parameter);
        if let Some(limit) = limit_of(&night.api.document, operation) {
            set(&mut case, &limit.name, json!(limit.most));
        }
        let made = self.stock(&mut steps, list, parameter, &case).await;
        self.step(&mut steps, Role::Unfiltered, list, &case).await;
        let body = steps.last().and_then(Step::json);
        let items = body.as_ref().and_then(listed).map_or(&[][..], Vec::as_slice);
        let shown = self.values(list, parameter, items);
        let (mut values, others): (Vec<Value>, Vec<Value>) =
            shown.into_iter().partition(|value| made.contains(value));
        values.sort_by_key(|value| made.iter().position(|one| one == value));
        values.extend(others);
        if values.len() < VALUES {
            let why = "its items do not have two values that it could filter by";
            self.excuse(list, &["filter-ignored"], why);
            return steps;
        }
        for value in values.into_iter().take(VALUES) {
            let mut case = case.clone();
            set(&mut case, parameter, value);
            self.step(&mut steps, Role::Filtered, list, &case).await;
        }
        steps
    }

    /// Creates things with different values of the property, where the list shows them. The values.
    async fn stock(
        &mut self,
        steps: &mut Vec<Step>,
        list: usize,
        parameter: &str,
        listing: &Case,
    ) -> Vec<Value> {
        let told = |walk: &Self, fields: Map<String, Value>| {
            walk.values(list, parameter, &[Value::Object(fields)]).into_iter().take(1).collect()
        };
        self.make_different(steps, list, listing, VALUES, told).await
    }

    /// Creates at most so many things where a list shows them, by creations that were accepted before. Of each that is
    /// made, one of the values that `told` has for its fields is another one; gives these values.
    pub(super) async fn make_different(
        &mut self,
        steps: &mut Vec<Step>,
        list: usize,
        listing: &Case,
        most: usize,
        told: impl Fn(&Self, Map<String, Value>) -> Vec<Value>,
    ) -> Vec<Value> {
        let mut made = Vec::new();
        let place = path_of(listing);
        let Some(create) = self.creator_of(list).filter(|create| self.is_allowed(*create)) else {
            return made;
        };
        for (case, fields) in self.wares(list) {
            let Some(value) = told(self, fields).into_iter().find(|value| !made.contains(value)) else {
                continue;
            };
            if path_of(&case) != place || made.len() >= most {
                continue;
            }
            let exchange = self.step(steps, Role::Create, create, &case).await;
            self.note_creation(create, &case, &exchange);
            if exchange.response().is_some_and(is_served) {
                made.push(value);
            }
        }
        made
    }

    /// The creation of what a list shows.
    pub(super) fn creator_of(&self, list: usize) -> Option<usize> {
        self.night.plan.resources.iter().find(|resource| resource.list == Some(list))?.create
    }

    /// Creations that were accepted of what a list shows, each with the properties that it writes.
    pub(super) fn wares(&mut self, list: usize) -> Vec<(Case, Map<String, Value>)> {
        let Some(create) = self.creator_of(list) else { return Vec::new() };
        let tally = self.state.tally(create);
        let accepted = tally.acceptance.iter().filter(|a| a.exchange.response().is_some_and(is_served));
        let control = tally.control.iter().map(|(case, exchange)| (case, exchange));
        let all = control.chain(accepted.map(|a| (&a.case, &a.exchange)));
        let opened = all.filter_map(|(case, exchange)| {
            let sent = object(case)?;
            let shown = exchange.response().and_then(crate::exchange::Response::json).unwrap_or(Value::Null);
            Some((case.clone(), Envelope::of(sent, &shown).open(sent)?.clone()))
        });
        opened.collect()
    }

    /// The values of the property that the document lets be asked for.
    ///
    /// They come in an order of their own: that of the items tells which of several workers was the first.
    fn values(&self, list: usize, parameter: &str, items: &[Value]) -> Vec<Value> {
        let night = self.night;
        let Some(property) = filtered(parameter, items) else { return Vec::new() };
        let schema = night.api.operations[list]
            .parameter(Location::Query, parameter)
            .and_then(|declared| declared.schema.as_ref());
        let fits = |value: &Value| {
            schema.is_none_or(|schema| {
                night.validators.is_valid(schema, Direction::Request, value).unwrap_or(false)
            })
        };
        let mut values: Vec<Value> = Vec::new();
        for found in items.iter().filter_map(|item| item.get(property)) {
            let elements = found.as_array().map_or_else(|| vec![found], |list| list.iter().collect());
            for value in elements.into_iter().filter(|value| is_telling(property, value)) {
                let forms = [value.clone(), json!([value])];
                let asked = forms.into_iter().find(|form| fits(form));
                values.extend(asked.filter(|asked| !values.contains(asked)));
            }
        }
        values.sort_by_cached_key(Value::to_string);
        values
    }
}
