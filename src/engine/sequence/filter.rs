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
    /// A list that has no two such values is given some, by creations that were accepted before.
    pub(super) async fn filter(&mut self, list: usize, parameter: &str) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[list];
        let mut steps = Vec::new();
        let Some((mut case, _)) = self.state.tally(list).control.clone() else { return steps };
        case.parameters.retain(|p| p.location != Location::Query || p.name != parameter);
        if let Some(limit) = limit_of(&night.api.document, operation) {
            set(&mut case, &limit.name, json!(limit.most));
        }
        let mut values = self.values_now(&mut steps, list, parameter, &case).await;
        if values.len() < VALUES && self.stock(&mut steps, list, parameter, &case, &values).await {
            steps.retain(|step| step.role != Role::Unfiltered);
            values = self.values_now(&mut steps, list, parameter, &case).await;
        }
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

    /// What the list could be asked for by what it holds now.
    async fn values_now(
        &mut self,
        steps: &mut Vec<Step>,
        list: usize,
        parameter: &str,
        case: &Case,
    ) -> Vec<Value> {
        self.step(steps, Role::Unfiltered, list, case).await;
        let body = steps.last().and_then(Step::json);
        let items = body.as_ref().and_then(listed).map_or(&[][..], Vec::as_slice);
        self.values(list, parameter, items)
    }

    /// Creates things with other values of the property, where the list shows them. Whether it created any.
    async fn stock(
        &mut self,
        steps: &mut Vec<Step>,
        list: usize,
        parameter: &str,
        listing: &Case,
        known: &[Value],
    ) -> bool {
        let mut known = known.to_vec();
        let place = path_of(listing);
        let mut made = false;
        for (case, fields) in self.wares(list) {
            let found = self.values(list, parameter, &[Value::Object(fields)]);
            let Some(value) = found.into_iter().next().filter(|value| !known.contains(value)) else {
                continue;
            };
            let Some(create) = self.creator_of(list) else { return made };
            if path_of(&case) != place || known.len() >= VALUES || !self.is_allowed(create) {
                continue;
            }
            let exchange = self.step(steps, Role::Create, create, &case).await;
            self.note_creation(create, &case, &exchange);
            if exchange.response().is_some_and(is_served) {
                known.push(value);
                made = true;
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
    /// They come in an order of their own: that of the items tells which of several workers was the first to create.
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
