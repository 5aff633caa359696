//! Keeps things in ways that look like faults to whoever looks over several calls: a feed that keeps its cursor when
//! nothing is new, pinned items before sorted ones, secrets that are read once, envelopes with things beside them and a
//! property called `data`, moments to the second, a deletion that is refused because it is under way.

use crate::conforming::document::{id, object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Map, Value, json};
use std::time::SystemTime;

/// See the file.
#[derive(Default)]
pub(crate) struct Archive {
    events: Shelf,
    secrets: Shelf,
    profiles: Shelf,
    blobs: Shelf,
    workers: Shelf,
}

impl Habit for Archive {
    fn document(&self) -> Value {
        let listing = json!([
            query("cursor", json!({"type": "string", "minLength": 1, "maxLength": 20})),
            query("limit", json!({"type": "integer", "minimum": 1, "maximum": 100})),
            query("sort", json!({"type": "string", "enum": ["weight", "-weight", "label", "held_on"]})),
            query("kind", json!({"type": "string", "enum": ["talk", "walk"]})),
        ]);
        let item = |shown: &str, change: Option<&str>, gone: &[(&str, &str)]| {
            let mut item = json!({
                "parameters": [id()],
                "get": operation("", &[("200", shown)]),
                "delete": operation("", gone),
            });
            if let Some(change) = change {
                item["patch"] = operation(change, &[("200", shown)]);
            }
            item
        };
        let made = |input: &str, shown: &str| json!({"post": operation(input, &[("201", shown)])});
        let mut profile = item("OneProfile", Some("ProfileChange"), &[("204", "")]);
        profile["get"]["responses"]["304"] = json!({"description": "not changed since"});
        let attributes = json!({
            "name": {"type": "string", "minLength": 1, "maxLength": 30}, "motto": {"type": "string", "maxLength": 60},
            "rank": {"type": "integer", "minimum": 0, "maximum": 50},
        });
        let wrapped = |required: usize| {
            object(
                1,
                json!({"data": object(2, json!({
                    "type": {"type": "string", "enum": ["profile"]},
                    "attributes": object(required, attributes.clone()),
                    "id": {"type": "string"},
                }))}),
            )
        };
        let data = json!({"type": "object", "properties": {
            "a": {"type": "integer", "minimum": 0, "maximum": 9}, "b": {"type": "integer", "minimum": 0, "maximum": 9},
        }});
        openapi(
            "Archive",
            json!({
                "/events": {
                    "get": with(operation("", &[("200", "Page")]), listing),
                    "post": operation("EventInput", &[("201", "Event")]),
                },
                "/events/{id}": item("Event", None, &[("204", "")]),
                "/secrets": made("SecretInput", "SecretPlace"),
                "/secrets/{id}": item("Secret", None, &[("204", "")]),
                "/profiles": made("NewProfile", "OneProfile"),
                "/profiles/{id}": profile,
                "/blobs": made("BlobInput", "Blob"),
                "/blobs/{id}": item("Blob", Some("BlobInput"), &[("204", "")]),
                "/workers": made("WorkerInput", "Worker"),
                "/workers/{id}": item("Worker", None, &[("409", "Problem")]),
            }),
            json!({
                "EventInput": object(1, json!({
                    "label": {"type": "string", "minLength": 1, "maxLength": 20},
                    "kind": {"type": "string", "enum": ["talk", "walk"]},
                    "weight": {"type": "integer", "minimum": 0, "maximum": 99},
                    "held_on": {"type": "string", "format": "date"},
                    "pinned": {"type": "boolean"},
                })),
                "Event": object(2, json!({
                    "id": {"type": "integer"}, "label": {"type": "string"}, "kind": {"type": ["string", "null"]},
                    "weight": {"type": ["integer", "null"]}, "held_on": {"type": ["string", "null"]},
                    "pinned": {"type": ["boolean", "null"]},
                })),
                "Page": object(2, json!({
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
                    "next": {"type": "string"},
                })),
                "SecretInput": object(1, json!({"text": {"type": "string", "minLength": 1, "maxLength": 40}})),
                "SecretPlace": object(1, json!({"id": {"type": "integer"}})),
                "Secret": object(1, json!({"text": {"type": "string"}})),
                "NewProfile": wrapped(1),
                "ProfileChange": wrapped(0),
                "OneProfile": object(1, json!({
                    "data": object(3, json!({
                        "id": {"type": "string"}, "type": {"type": "string"}, "attributes": {"type": "object"},
                    })),
                    "meta": {"type": "object"},
                })),
                "BlobInput": object(1, json!({"data": data.clone()})),
                "Blob": object(3, json!({"id": {"type": "integer"}, "size": {"type": "integer"}, "data": data})),
                "WorkerInput": object(1, json!({"task": {"type": "string", "minLength": 1, "maxLength": 20}})),
                "Worker": object(2, json!({"id": {"type": "integer"}, "task": {"type": "string"}})),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let (id, given) = (call.number("id"), call.members());
        let found = |thing: Option<Value>| match thing {
            Some(thing) => Reply::json(200, &thing),
            None => Reply::problem(404, "no such thing"),
        };
        match call.operation.as_str() {
            "GET /events" => self.page(call),
            "POST /events" => {
                let names = ["label", "kind", "weight", "held_on", "pinned"];
                Reply::json(201, &self.events.add(only(&given, &names)))
            }
            "GET /events/{id}" => found(self.events.get(id)),
            "POST /secrets" => {
                let secret = self.secrets.add(only(&given, &["text"]));
                Reply::json(201, &json!({"id": secret["id"]}))
            }
            // Whoever reads it takes it.
            "GET /secrets/{id}" => {
                found(self.secrets.remove(id).map(|secret| json!({"text": secret["text"]})))
            }
            "POST /profiles" => {
                let profile = self.profiles.add(timed(attributes(&given)));
                dated(201, &profile, None)
            }
            "GET /profiles/{id}" => match self.profiles.get(id) {
                Some(profile) => dated(200, &profile, call.header("if-modified-since")),
                None => Reply::problem(404, "no such profile"),
            },
            "PATCH /profiles/{id}" => match self.profiles.get(id) {
                Some(profile) => {
                    let mut next = profile.as_object().cloned().unwrap_or_default();
                    next.extend(attributes(&given));
                    dated(200, &self.profiles.put(id, timed(next)), None)
                }
                None => Reply::problem(404, "no such profile"),
            },
            "POST /blobs" => Reply::json(201, &blob(&self.blobs.add(only(&given, &["data"])))),
            "GET /blobs/{id}" => found(self.blobs.get(id).as_ref().map(blob)),
            "PATCH /blobs/{id}" => match self.blobs.get(id) {
                // What is stored is one value, which a change replaces.
                Some(_) => Reply::json(200, &blob(&self.blobs.put(id, only(&given, &["data"])))),
                None => Reply::problem(404, "no such blob"),
            },
            "POST /workers" => Reply::json(201, &self.workers.add(only(&given, &["task"]))),
            "GET /workers/{id}" => found(self.workers.get(id)),
            "DELETE /workers/{id}" => match self.workers.remove(id) {
                Some(_) => Reply::problem(409, "it is still stopping"),
                None => Reply::problem(404, "no such worker"),
            },
            operation => {
                let shelf = match operation {
                    "DELETE /events/{id}" => &mut self.events,
                    "DELETE /secrets/{id}" => &mut self.secrets,
                    "DELETE /profiles/{id}" => &mut self.profiles,
                    _ => &mut self.blobs,
                };
                match shelf.remove(id) {
                    Some(_) => Reply::empty(204),
                    None => Reply::problem(404, "no such thing"),
                }
            }
        }
    }
}

impl Archive {
    /// The cursor says how many items were seen; at the end it stays as it is.
    fn page(&self, call: &Call) -> Reply {
        let text = |name: &str| call.query.get(name).and_then(Value::as_str);
        let mut all = self.events.all();
        all.retain(|event| text("kind").is_none_or(|kind| event["kind"] == kind));
        let key = |event: &Value| match text("sort") {
            Some("weight") => event["weight"].as_i64(),
            Some("-weight") => event["weight"].as_i64().map(|weight| -weight),
            _ => None,
        };
        // What is missing comes first, and pinned ones before all.
        all.sort_by_key(|event| (event["pinned"] != true, key(event)));
        let folded = |event: &Value, name: &str| event[name].as_str().map(str::to_lowercase);
        match text("sort") {
            Some("label") => all.sort_by_key(|event| folded(event, "label")),
            Some("held_on") => all.sort_by_key(|event| std::cmp::Reverse(folded(event, "held_on"))),
            _ => {}
        }
        let begin = text("cursor").and_then(|cursor| cursor.strip_prefix("seen-")?.parse().ok()).unwrap_or(0);
        let limit = call.query.get("limit").and_then(Value::as_f64).map_or(100, |limit| limit as usize);
        let items: Vec<Value> = all.into_iter().skip(begin).take(limit).collect();
        let next = format!("seen-{}", begin + items.len());
        Reply::json(200, &json!({"items": items, "next": next}))
    }
}

fn attributes(given: &Map<String, Value>) -> Map<String, Value> {
    given["data"]["attributes"].as_object().cloned().unwrap_or_default()
}

/// With the second of now.
fn timed(mut profile: Map<String, Value>) -> Map<String, Value> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
    profile.insert("changed".to_owned(), json!(now));
    profile
}

fn dated(status: u16, profile: &Value, since: Option<&str>) -> Reply {
    let changed =
        jiff::Timestamp::from_second(profile["changed"].as_i64().unwrap_or_default()).expect("a time");
    let changed = changed.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if since == Some(changed.as_str()) {
        return Reply::empty(304).header("last-modified", changed);
    }
    let mut attributes = profile.as_object().cloned().unwrap_or_default();
    let id = attributes.remove("id").unwrap_or_default().to_string();
    attributes.remove("changed");
    let name = attributes.get("name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    attributes.insert("slug".to_owned(), json!(name));
    let body =
        json!({"data": {"id": id, "type": "profile", "attributes": attributes}, "meta": {"version": 1}});
    Reply::json(status, &body).header("last-modified", changed)
}

fn blob(stored: &Value) -> Value {
    let data = &stored["data"];
    json!({"id": stored["id"], "size": data.to_string().len(), "data": data})
}
