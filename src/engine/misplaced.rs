//! The same thing under another parent: read only, and with the lists that say where it lies.
//!
//! It must change nothing but create what it asks for.

use crate::case::{Case, Credential, ParameterValue, Payload};
use crate::check::{Judgement, Misplaced, judge_misplaced};
use crate::client::Transport;
use crate::engine::ownership::{served, unknown};
use crate::engine::sending::is_served;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::{Binding, item_prefixes};
use crate::spec::Location;
use serde_json::{Map, Value};

/// Names of parameters that bound a list.
const LIMITS: &[&str] =
    &["limit", "per_page", "perpage", "page_size", "pagesize", "size", "count", "max_results"];

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The list in which a thing stands, as long as the document lets it be.
    pub(super) fn whole_list(&mut self, index: usize, binding: &Binding) -> Option<Case> {
        let night = self.night;
        let operation = &night.api.operations[index];
        let mut case = self.at(index, binding)?;
        for parameter in operation.parameters.iter().filter(|p| p.location == Location::Query) {
            let schema = parameter.schema.as_ref().and_then(|schema| night.api.document.resolve(schema));
            let most = schema.and_then(|(_, node)| node.get("maximum").cloned());
            let name = parameter.name.to_lowercase().replace('-', "_");
            if let (true, Some(most)) = (LIMITS.contains(&name.as_str()), most) {
                case.parameters.retain(|p| p.location != Location::Query || p.name != parameter.name);
                case.parameters.push(ParameterValue {
                    name: parameter.name.clone(),
                    location: Location::Query,
                    payload: Payload::Json(most),
                });
            }
        }
        Some(case)
    }

    /// A thing of its own, asked for under another parent.
    pub(super) async fn misplace(&mut self, number: usize, names: usize) -> Option<(usize, Judgement)> {
        let night = self.night;
        let resource = &night.plan.resources[number];
        let read = resource.read?;
        let operation = &night.api.operations[read];
        let parameter = operation.path.names().nth(names - 1)?;
        let prefix =
            item_prefixes(&operation.path).into_iter().find(|shape| shape.matches('{').count() == names)?;
        if !operation.needs_credentials() && night.options.has_main_key
            || !night.options.focuses(&operation.key)
        {
            return None;
        }
        let binding = self.provide(&resource.item).await?;
        let own_parent = binding.values.get(..names)?.to_vec();
        let other_parent = if let Some(made) = self.provide(&prefix).await {
            made.values
        } else {
            let mut known = self.state.pool.bindings(&prefix).iter().map(|b| b.values.clone());
            known.find(|values| values.len() == names && *values != own_parent)?
        };
        if other_parent == own_parent {
            return None;
        }
        let moved = Binding { values: [&other_parent[..], &binding.values[names..]].concat(), own: false };
        let reading = self.at(read, &binding)?;
        let own = self.shoot_as(read, &reading, Credential::Main).await;
        if !served(&own) {
            return None;
        }
        let other = self.shoot_as(read, &placed(reading.clone(), operation, &moved), Credential::Main).await;
        let mut unknown_answer = None;
        let (mut listed_here, mut listed_there) = (None, None);
        if served(&other) {
            if let Some(unknown) = unknown(&moved) {
                let case = placed(reading, operation, &unknown);
                unknown_answer = Some(self.shoot_as(read, &case, Credential::Main).await);
            }
            if let Some(list) = resource.list {
                if let Some(case) = self.whole_list(list, &binding) {
                    let answer = self.shoot_as(list, &case, Credential::Main).await;
                    listed_here = lists(&answer, &own, &binding);
                }
                if let Some(case) = self.whole_list(list, &moved) {
                    let answer = self.shoot_as(list, &case, Credential::Main).await;
                    listed_there = lists(&answer, &own, &binding);
                }
            }
        }
        let misplaced = Misplaced {
            own: &own,
            other: &other,
            unknown: unknown_answer.as_ref(),
            listed_here,
            listed_there,
            parameter,
            parent: own_parent.last()?,
        };
        Some((read, judge_misplaced(&self.context(read), &misplaced)))
    }
}

/// Whether a list holds a thing that was read as `own`; `None` if it is no list, or nothing names the thing.
pub(super) fn lists(list: &Exchange, own: &Exchange, binding: &Binding) -> Option<bool> {
    let list = list.response().filter(|response| is_served(response))?.json()?;
    let own = own.response()?.json()?;
    // Ids may be numbers here and texts there.
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let id = plain(binding.values.last()?);
    let objects = |value: &Value| -> Vec<Map<String, Value>> {
        let inner = value.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
        value.as_object().into_iter().chain(inner).cloned().collect()
    };
    let names: Vec<String> = objects(&own)
        .iter()
        .flat_map(|map| map.iter().filter(|(_, value)| plain(value) == id).map(|(name, _)| name.clone()))
        .collect();
    let items: Vec<&Value> = match &list {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => map
            .values()
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().collect::<Vec<_>>(),
                Value::Object(inner) => inner.values().filter_map(Value::as_array).flatten().collect(),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    };
    if names.is_empty() {
        return None;
    }
    Some(items.iter().any(|item| {
        objects(item).iter().any(|map| names.iter().any(|name| map.get(name).is_some_and(|v| plain(v) == id)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Method, Request, Response, Timing};
    use serde_json::json;

    fn answer(body: &Value) -> Exchange {
        Exchange {
            request: Request { method: Method::Get, url: String::new(), headers: Vec::new(), body: None },
            outcome: Ok(Response {
                status: 200,
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: Body(body.to_string().into_bytes()),
                truncated: false,
                packed: None,
            }),
            timing: Timing::default(),
            attempts: 1,
        }
    }

    #[track_caller]
    fn check(list: Value, own: Value, expected: Option<bool>) {
        let binding = Binding { values: vec![json!(1), json!(7)], own: true };
        assert_eq!(lists(&answer(&list), &answer(&own), &binding), expected);
    }

    #[test]
    fn a_thing_is_found_in_lists_of_every_form() {
        let own = json!({"id": 7, "size": 3});
        check(json!([{"id": 6}, {"id": 7}]), own.clone(), Some(true));
        check(json!({"data": [{"id": "7"}], "total": 1}), own.clone(), Some(true));
        check(json!({"result": {"items": [{"node": {"id": 7}}]}}), own.clone(), Some(true));
        check(json!([{"id": 6, "size": 7}]), own.clone(), Some(false));
        check(json!({"data": []}), own, Some(false));
    }

    #[test]
    fn what_is_no_list_or_names_nothing_says_nothing() {
        check(json!([7]), json!({"name": "x"}), None);
        check(json!("none"), json!({"id": 7}), None);
    }
}
