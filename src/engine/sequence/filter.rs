//! Asks a list for two values of a filter.

use crate::check::{Role, Step, filtered, is_telling, listed};
use crate::client::Transport;
use crate::engine::sequence::pages::limit_of;
use crate::engine::sequence::step::set;
use crate::engine::walk::Walk;
use crate::schema::Direction;
use crate::spec::Location;
use serde_json::{Value, json};

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The list without the filter, and by two values that its items have.
    pub(super) async fn filter(&mut self, list: usize, parameter: &str) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[list];
        let mut steps = Vec::new();
        let Some((mut case, _)) = self.state.tally(list).control.clone() else { return steps };
        case.parameters.retain(|p| p.location != Location::Query || p.name != parameter);
        if let Some(limit) = limit_of(&night.api.document, operation) {
            set(&mut case, &limit.name, json!(limit.most));
        }
        self.step(&mut steps, Role::Unfiltered, list, &case).await;
        let Some(body) = steps.first().and_then(Step::json) else { return steps };
        let values = self.values(list, parameter, listed(&body).map_or(&[], Vec::as_slice));
        if values.len() < 2 {
            let why = "its items do not have two values that it could filter by";
            self.excuse(list, &["filter-ignored"], why);
            return steps;
        }
        for value in values.into_iter().take(2) {
            let mut case = case.clone();
            set(&mut case, parameter, value);
            self.step(&mut steps, Role::Filtered, list, &case).await;
        }
        steps
    }

    /// The values of the property that the document lets be asked for, in the order of the items.
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
        values
    }
}
