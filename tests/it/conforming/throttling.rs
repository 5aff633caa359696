//! Asks to slow down after each burst. Its document is a Swagger 2.0 one and does not mention it.

use crate::conforming::service::{Call, Habit, Head, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// Requests between two refusals.
const BURST: u64 = 400;
/// Refusals in a row.
const REFUSALS: u64 = 3;

/// See the file.
#[derive(Default)]
pub(crate) struct Throttling {
    parcels: Shelf,
    requests: u64,
}

impl Habit for Throttling {
    fn document(&self) -> Value {
        let id = json!({"name": "id", "in": "path", "required": true, "type": "integer", "minimum": 1});
        let body = json!({
            "name": "parcel", "in": "body", "required": true, "schema": {"$ref": "#/definitions/ParcelInput"},
        });
        let parcel = json!({"$ref": "#/definitions/Parcel"});
        let answers = |status: &str, schema: Option<Value>| {
            let mut answers = json!({
                "400": {"description": "wrong", "schema": {"$ref": "#/definitions/Problem"}},
                "401": {"description": "no key", "schema": {"$ref": "#/definitions/Problem"}},
                "404": {"description": "none", "schema": {"$ref": "#/definitions/Problem"}},
            });
            answers[status] = json!({"description": "done"});
            if let Some(schema) = schema {
                answers[status]["schema"] = schema;
            }
            answers
        };
        json!({
            "swagger": "2.0",
            "info": {"title": "Throttling", "version": "1"},
            "consumes": ["application/json"],
            "produces": ["application/json"],
            "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
            "security": [{"key": []}],
            "paths": {
                "/parcels": {
                    "get": {
                        "parameters": [{"name": "limit", "in": "query", "type": "integer", "minimum": 1, "maximum": 100}],
                        "responses": answers("200", Some(json!({"type": "array", "items": parcel}))),
                    },
                    "post": {"parameters": [body], "responses": answers("201", Some(parcel.clone()))},
                },
                "/parcels/{id}": {
                    "parameters": [id],
                    "get": {"responses": answers("200", Some(parcel.clone()))},
                    "put": {"parameters": [body], "responses": answers("200", Some(parcel))},
                    "delete": {"responses": answers("204", None)},
                },
                "/weights": {"get": {"responses": answers("200", Some(json!({"type": "number"})))}},
            },
            "definitions": {
                "ParcelInput": {"type": "object", "required": ["to"], "properties": {
                    "to": {"type": "string", "minLength": 2, "maxLength": 30},
                    "grams": {"type": "integer", "minimum": 1, "maximum": 30000},
                }},
                "Parcel": {"type": "object", "required": ["id", "to"], "properties": {
                    "id": {"type": "integer"}, "to": {"type": "string"}, "grams": {"type": "integer"},
                }},
                "Problem": {"type": "object", "required": ["error"]},
            },
        })
    }

    fn gate(&mut self, head: &Head) -> Option<Reply> {
        if head.path == "/openapi.json" {
            return None;
        }
        self.requests += 1;
        let refused = self.requests > BURST && self.requests % BURST < REFUSALS;
        refused.then(|| Reply::problem(429, "not so fast").header("retry-after", "0"))
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let mut parcel = only(&call.members(), &["to", "grams"]);
        parcel.retain(|_, value| !value.is_null());
        match (call.operation.as_str(), self.parcels.get(id)) {
            ("GET /parcels", _) => {
                let limit = call.query.get("limit").and_then(Value::as_u64).unwrap_or(100);
                let limit = usize::try_from(limit).unwrap_or(100);
                Reply::json(200, &self.parcels.all().into_iter().take(limit).collect())
            }
            ("GET /weights", _) => {
                let grams = self.parcels.things.values().filter_map(|parcel| parcel.get("grams")?.as_f64());
                Reply::json(200, &json!(grams.sum::<f64>()))
            }
            ("POST /parcels", _) => Reply::json(201, &self.parcels.add(parcel)),
            (_, None) => Reply::problem(404, "no such parcel"),
            ("PUT /parcels/{id}", Some(_)) => Reply::json(200, &self.parcels.put(id, parcel)),
            ("DELETE /parcels/{id}", Some(_)) => {
                self.parcels.remove(id);
                Reply::empty(204)
            }
            (_, Some(parcel)) => Reply::json(200, &parcel),
        }
    }
}
