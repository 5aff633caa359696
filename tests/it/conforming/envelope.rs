//! Answers everything with 200 and tells in the body what came of it.

use crate::conforming::document::{id, object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Head, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Envelope {
    rooms: Shelf,
}

impl Habit for Envelope {
    fn document(&self) -> Value {
        let page = json!([
            query("page", json!({"type": "integer", "minimum": 1, "maximum": 1000})),
            query("per_page", json!({"type": "integer", "minimum": 1, "maximum": 50})),
        ]);
        let envelope = |data: Value| {
            object(
                1,
                json!({
                    "ok": {"type": "boolean"},
                    "data": {"anyOf": [data, {"type": "null"}]},
                    "error": {"type": ["string", "null"]},
                }),
            )
        };
        let room = json!({"$ref": "#/components/schemas/Room"});
        let mut document = openapi(
            "Envelope",
            json!({
                "/rooms": {
                    "get": with(operation("", &[("200", "Rooms")]), page),
                    "post": operation("RoomInput", &[("200", "OneRoom")]),
                },
                "/rooms/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "OneRoom")]),
                    "put": operation("RoomInput", &[("200", "OneRoom")]),
                    "delete": operation("", &[("200", "OneRoom")]),
                },
            }),
            json!({
                "RoomInput": object(1, json!({
                    "name": {"type": "string", "minLength": 1, "maxLength": 20},
                    "beds": {"type": "integer", "minimum": 1, "maximum": 8},
                })),
                "Room": object(2, json!({
                    "id": {"type": "integer"}, "name": {"type": "string"}, "beds": {"type": ["integer", "null"]},
                })),
                "OneRoom": envelope(room.clone()),
                "Rooms": envelope(json!({"type": "array", "items": room})),
            }),
        );
        // No other status is ever used, but for a method or media type that the server does not know.
        for item in document["paths"].as_object_mut().expect("paths").values_mut() {
            for (_, operation) in item.as_object_mut().expect("operations").iter_mut() {
                if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                    responses.retain(|status, _| status == "200");
                }
            }
        }
        document
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let said = |data: &Value| Reply::json(200, &json!({"ok": true, "data": data, "error": null}));
        let room = only(&call.members(), &["name", "beds"]);
        match (call.head.method.as_str(), self.rooms.get(id)) {
            ("GET", _) if !call.path.contains_key("id") => {
                let number = |name: &str, otherwise: u64| {
                    let given = call.query.get(name).and_then(Value::as_f64).map(|n| n as u64);
                    usize::try_from(given.unwrap_or(otherwise)).unwrap_or(usize::MAX)
                };
                let (page, most) = (number("page", 1), number("per_page", 20));
                said(&self.rooms.all().into_iter().skip((page - 1) * most).take(most).collect())
            }
            ("POST", _) => said(&self.rooms.add(room)),
            (_, None) => Reply::problem(404, "no such room"),
            ("PUT", Some(_)) => said(&self.rooms.put(id, room)),
            ("DELETE", Some(room)) => {
                self.rooms.remove(id);
                said(&room)
            }
            (_, Some(room)) => said(&room),
        }
    }

    fn dress(&mut self, head: &Head, reply: &mut Reply) {
        if reply.status >= 400 && reply.status != 405 && head.path != "/openapi.json" {
            let names = [(400, "invalid"), (401, "not_authed"), (404, "not_found"), (415, "not_json")];
            let name =
                names.iter().find(|(status, _)| *status == reply.status).map_or("failed", |(_, name)| name);
            *reply = Reply::json(200, &json!({"ok": false, "error": name}));
        }
    }
}
