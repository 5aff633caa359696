//! Asks a list for the orders that its document offers.

use crate::case::Case;
use crate::check::{Order, Role, Step, listed, tells_order};
use crate::client::Transport;
use crate::engine::sequence::pages::limit_of;
use crate::engine::sequence::step::set;
use crate::engine::walk::Walk;
use crate::spec::Location;
use serde_json::{Map, Value, json};

/// How many things are created so that there is something to sort.
const MADE: usize = 4;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether the document offers orders by properties of what a list shows, or of what a creation puts there.
    pub(super) fn offers_orders(&mut self, list: usize) -> bool {
        let night = self.night;
        let answer = self.state.tally(list).control.as_ref().and_then(|(_, exchange)| exchange.response());
        let Some(body) = answer.and_then(crate::exchange::Response::json) else { return false };
        let Some(mut items) = listed(&body).cloned() else { return false };
        items.extend(self.wares(list).into_iter().map(|(_, fields)| Value::Object(fields)));
        !Order::offered(&night.api.operations[list], &night.api.document, &items).is_empty()
    }

    /// The list by one property, both ways round where there are two.
    pub(super) async fn sort(&mut self, list: usize) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[list];
        let mut steps = Vec::new();
        let Some((mut case, _)) = self.state.tally(list).control.clone() else { return steps };
        if let Some(limit) = limit_of(&night.api.document, operation) {
            set(&mut case, &limit.name, json!(limit.most));
        }
        let mut orders = self.orders_now(list, &case).await;
        if orders.is_empty() && self.fill(&mut steps, list, &case).await {
            orders = self.orders_now(list, &case).await;
        }
        if orders.is_empty() {
            let why = "its items have no numbers or moments that it could sort by";
            self.excuse(list, &["sort-ignored"], why);
        }
        for order in orders {
            let schema =
                operation.parameter(Location::Query, &order.parameter).and_then(|p| p.schema.as_ref());
            let forms = [json!(order.value), json!([order.value])];
            let fits = |form: &Value| {
                schema.is_none_or(|schema| {
                    let direction = crate::schema::Direction::Request;
                    night.validators.is_valid(schema, direction, form).unwrap_or(false)
                })
            };
            let Some(form) = forms.into_iter().find(fits) else { continue };
            let mut case = case.clone();
            set(&mut case, &order.parameter, form);
            self.read_list(&mut steps, Role::Sorted, list, &case).await;
        }
        // Of several readings of one order the last counts.
        let url = |step: &Step| step.exchange.request.url.clone();
        let last = |at: usize, step: &Step| {
            step.role != Role::Sorted || steps.get(at + 1).is_none_or(|next| url(next) != url(step))
        };
        let kept: Vec<bool> = steps.iter().enumerate().map(|(at, step)| last(at, step)).collect();
        let mut kept = kept.into_iter();
        steps.retain(|_| kept.next().unwrap_or(true));
        steps
    }

    /// The orders by the first property that the items as they are now tell one by: one, or two opposite ones.
    async fn orders_now(&mut self, list: usize, case: &Case) -> Vec<Order> {
        let night = self.night;
        let operation = &night.api.operations[list];
        let mut apart = Vec::new();
        self.step(&mut apart, Role::Unfiltered, list, case).await;
        let body = apart.last().and_then(Step::json);
        let items = body.as_ref().and_then(listed).map_or(&[][..], Vec::as_slice);
        let offered = Order::offered(operation, &night.api.document, items);
        let tells = |order: &&Order| tells_order(items, &order.property);
        let Some(first) = offered.iter().find(tells) else { return Vec::new() };
        let same: Vec<&Order> = offered.iter().filter(|order| order.property == first.property).collect();
        let pair = same.iter().find_map(|one| {
            let other = same.iter().find(|other| one.is_opposite(other))?;
            Some(vec![(*one).clone(), (*other).clone()])
        });
        pair.unwrap_or_else(|| vec![first.clone()])
    }

    /// Creates things with different numbers, by creations that were accepted before. Whether it created any.
    async fn fill(&mut self, steps: &mut Vec<Step>, list: usize, listing: &Case) -> bool {
        let told = |walk: &Self, fields: Map<String, Value>| {
            let night = walk.night;
            let item = [Value::Object(fields)];
            let orders = Order::offered(&night.api.operations[list], &night.api.document, &item);
            orders.iter().map(|order| item[0][order.property.as_str()].clone()).collect()
        };
        !self.make_different(steps, list, listing, MADE, told).await.is_empty()
    }
}
