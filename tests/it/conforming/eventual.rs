//! Reads from a copy that follows some requests behind: what is created, changed or deleted shows only after a while.

use crate::conforming::document::{id, object, openapi, operation};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

/// How many requests the copy is behind.
const BEHIND: u64 = 3;

/// See the file.
#[derive(Default)]
pub(crate) struct Eventual {
    requests: u64,
    /// What is true, and what is read.
    orders: [Shelf; 2],
    tasks: [Shelf; 2],
    /// What the copies have yet to learn.
    pending: VecDeque<News>,
}

/// When, which shelf, which thing, and what it then is.
type News = (u64, Kind, i64, Option<Map<String, Value>>);

#[derive(Clone, Copy)]
enum Kind {
    Order,
    Task,
}

impl Eventual {
    fn follow(&mut self) {
        self.requests += 1;
        while self.pending.front().is_some_and(|(due, ..)| *due < self.requests) {
            let Some((_, kind, id, thing)) = self.pending.pop_front() else { return };
            let copy = match kind {
                Kind::Order => &mut self.orders[1],
                Kind::Task => &mut self.tasks[1],
            };
            match thing {
                Some(thing) => drop(copy.put(id, thing)),
                None => drop(copy.remove(id)),
            }
        }
    }

    fn later(&mut self, kind: Kind, id: i64) {
        let truth = match kind {
            Kind::Order => &self.orders[0],
            Kind::Task => &self.tasks[0],
        };
        self.pending.push_back((self.requests + BEHIND, kind, id, truth.things.get(&id).cloned()));
    }
}

impl Habit for Eventual {
    fn document(&self) -> Value {
        let mut create = operation("OrderInput", &[("201", "Order")]);
        create["description"] = json!("A new order shows in readings after a moment.");
        openapi(
            "Eventual",
            json!({
                "/orders": {"get": operation("", &[("200", "[Order]")]), "post": create},
                "/orders/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Order")]),
                    "put": operation("OrderInput", &[("200", "Order")]),
                    "delete": operation("", &[("204", "")]),
                },
                "/tasks": {
                    "get": operation("", &[("200", "[Task]")]),
                    "post": operation("TaskInput", &[("202", "Task")]),
                },
                "/tasks/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Task")]),
                    "delete": operation("", &[("202", "")]),
                },
            }),
            json!({
                "OrderInput": object(1, json!({
                    "item": {"type": "string", "minLength": 1, "maxLength": 30},
                    "pieces": {"type": "integer", "minimum": 1, "maximum": 100},
                })),
                "Order": object(2, json!({
                    "id": {"type": "integer"}, "item": {"type": "string"}, "pieces": {"type": ["integer", "null"]},
                })),
                "TaskInput": object(1, json!({"name": {"type": "string", "minLength": 1, "maxLength": 30}})),
                "Task": object(2, json!({"id": {"type": "integer"}, "name": {"type": "string"}})),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        self.follow();
        let id = call.number("id");
        let missing = || Reply::problem(404, "no such thing");
        match call.operation.as_str() {
            "GET /orders" => Reply::json(200, &self.orders[1].all().into()),
            "GET /tasks" => Reply::json(200, &self.tasks[1].all().into()),
            "POST /orders" => {
                let order = self.orders[0].add(only(&call.members(), &["item", "pieces"]));
                self.later(Kind::Order, order["id"].as_i64().unwrap_or_default());
                Reply::json(201, &order)
            }
            "POST /tasks" => {
                let task = self.tasks[0].add(only(&call.members(), &["name"]));
                self.later(Kind::Task, task["id"].as_i64().unwrap_or_default());
                Reply::json(202, &task)
            }
            "GET /orders/{id}" => {
                self.orders[1].get(id).map_or_else(missing, |order| Reply::json(200, &order))
            }
            "GET /tasks/{id}" => self.tasks[1].get(id).map_or_else(missing, |task| Reply::json(200, &task)),
            "PUT /orders/{id}" if self.orders[0].get(id).is_some() => {
                let order = self.orders[0].put(id, only(&call.members(), &["item", "pieces"]));
                self.later(Kind::Order, id);
                Reply::json(200, &order)
            }
            "DELETE /orders/{id}" if self.orders[0].remove(id).is_some() => {
                self.later(Kind::Order, id);
                Reply::empty(204)
            }
            "DELETE /tasks/{id}" if self.tasks[0].remove(id).is_some() => {
                self.later(Kind::Task, id);
                Reply::empty(202)
            }
            _ => missing(),
        }
    }
}
