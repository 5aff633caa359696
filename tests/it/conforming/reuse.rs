//! Gives a deleted number out again to the next creation; a `PUT` creates what is not there yet.

use crate::conforming::document::{id, object, openapi, operation, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// See the file.
#[derive(Default)]
pub(crate) struct Reuse {
    slots: Shelf,
    pages: Shelf,
    labels: BTreeMap<String, Map<String, Value>>,
}

impl Habit for Reuse {
    fn document(&self) -> Value {
        let name = json!({
            "name": "name", "in": "path", "required": true,
            "schema": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,20}$"},
        });
        let families = |input: &str, output: &str, answers: &[(&str, &str)]| {
            json!({
                "get": operation("", &[("200", output)]),
                "put": operation(input, answers),
                "delete": operation("", &[("204", "")]),
            })
        };
        let mut slot = families("SlotInput", "Slot", &[("200", "Slot"), ("201", "Slot")]);
        slot["parameters"] = json!([id()]);
        let mut page = families("SlotInput", "Slot", &[("200", "Slot")]);
        page["parameters"] = json!([id()]);
        openapi(
            "Reuse",
            json!({
                "/slots": {
                    "get": operation("", &[("200", "[Slot]")]),
                    "post": operation("SlotInput", &[("201", "Slot")]),
                },
                "/slots/{id}": slot,
                "/pages": {
                    "get": operation("", &[("200", "[Slot]")]),
                    "post": operation("SlotInput", &[("201", "Slot")]),
                },
                "/pages/{id}": page,
                "/labels": {"get": operation("", &[("200", "[Label]")])},
                "/labels/{name}": {
                    "put": with(
                        operation("LabelInput", &[("200", "Label"), ("201", "Label")]),
                        json!([name]),
                    ),
                },
            }),
            json!({
                "SlotInput": object(1, json!({
                    "colour": {"enum": ["red", "green", "blue"]}, "size": {"type": "integer", "minimum": 0},
                })),
                "Slot": object(2, json!({
                    "id": {"type": "integer"}, "colour": {"enum": ["red", "green", "blue"]},
                    "size": {"type": ["integer", "null"]},
                })),
                "LabelInput": object(1, json!({"text": {"type": "string", "maxLength": 50}})),
                "Label": object(2, json!({"name": {"type": "string"}, "text": {"type": "string"}})),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        if call.operation.ends_with("/labels") {
            return Reply::json(200, &self.labels.values().cloned().map(Value::Object).collect());
        }
        if let Some(name) = call.path.get("name").and_then(Value::as_str) {
            let mut label = only(&call.members(), &["text"]);
            label.insert("name".to_owned(), json!(name));
            let status = if self.labels.insert(name.to_owned(), label.clone()).is_none() { 201 } else { 200 };
            return Reply::json(status, &Value::Object(label));
        }
        let creates = call.head.path.starts_with("/slots");
        let shelf = if creates { &mut self.slots } else { &mut self.pages };
        let there = shelf.get(id);
        let thing = only(&call.members(), &["colour", "size"]);
        match (call.head.method.as_str(), there) {
            ("GET", _) if !call.path.contains_key("id") => Reply::json(200, &shelf.all().into()),
            ("POST", _) => {
                let free = (1..=i64::MAX).find(|id| !shelf.things.contains_key(id)).unwrap_or(1);
                Reply::json(201, &shelf.put(free, thing))
            }
            ("PUT", None) if creates => Reply::json(201, &shelf.put(id, thing)),
            (_, None) => Reply::problem(404, "no such thing"),
            ("PUT", Some(_)) => Reply::json(200, &shelf.put(id, thing)),
            ("DELETE", Some(_)) => {
                shelf.remove(id);
                Reply::empty(204)
            }
            (_, Some(thing)) => Reply::json(200, &thing),
        }
    }
}
