//! Coerces what it is given, as documented: numbers and truth values as texts, texts trimmed, the unknown ignored.

use crate::conforming::document::{object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Map, Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Lenient {
    gauges: Shelf,
    readings: Vec<(i64, Value)>,
}

const MEMBERS: &[&str] = &["name", "level", "active", "note"];

impl Habit for Lenient {
    fn document(&self) -> Value {
        let level = json!({
            "type": ["integer", "string"], "pattern": "^-?[0-9]{1,5}$", "minimum": -99999, "maximum": 99999,
        });
        let truth = json!({"enum": [true, false, "true", "false", "yes", "no"]});
        let input = json!({
            "name": {"type": "string", "minLength": 1, "maxLength": 40},
            "level": level,
            "active": truth,
            "note": {"type": ["string", "null"]},
        });
        let id =
            json!({"name": "id", "in": "path", "required": true, "schema": {"type": ["integer", "string"]}});
        let limit = query("limit", json!({"type": ["integer", "string"]}));
        openapi(
            "Lenient",
            json!({
                "/gauges": {
                    "get": with(operation("", &[("200", "[Gauge]")]), json!([limit, query("active", truth.clone())])),
                    "post": operation("GaugeInput", &[("201", "Gauge")]),
                },
                "/gauges/{id}": {
                    "parameters": [id],
                    "get": operation("", &[("200", "Gauge")]),
                    "put": operation("GaugeInput", &[("200", "Gauge")]),
                    "patch": operation("GaugeChange", &[("200", "Gauge")]),
                    "delete": operation("", &[("200", "Gauge")]),
                },
                "/gauges/{id}/readings": {
                    "parameters": [id],
                    "get": operation("", &[("200", "[Reading]")]),
                    "post": operation("ReadingInput", &[("201", "Reading")]),
                },
            }),
            json!({
                "GaugeInput": object(2, input.clone()),
                "GaugeChange": object(0, input),
                "Gauge": object(5, json!({
                    "id": {"type": "integer"}, "name": {"type": "string", "maxLength": 40},
                    "level": {"type": "integer"}, "active": {"type": "boolean"}, "note": {"type": ["string", "null"]},
                })),
                "ReadingInput": object(1, json!({"value": {"type": ["number", "string"], "pattern": "^[0-9]{1,4}$"}})),
                "Reading": object(1, json!({"value": {"type": "number"}})),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.path.get("id").map_or(-1, |value| match value {
            Value::String(text) => text.trim().parse().unwrap_or(-1),
            other => other.as_i64().unwrap_or(-1),
        });
        if call.path.contains_key("id") && self.gauges.get(id).is_none() {
            return Reply::problem(404, "no such gauge");
        }
        match call.operation.as_str() {
            "GET /gauges" => {
                let wanted = call.query.get("active").map(is_true);
                let fits = |gauge: &Value| wanted.is_none_or(|wanted| gauge["active"] == wanted);
                Reply::json(200, &self.gauges.all().into_iter().filter(fits).collect())
            }
            "POST /gauges" => Reply::json(201, &self.gauges.add(coerced(&only(&call.members(), MEMBERS)))),
            "PUT /gauges/{id}" => {
                Reply::json(200, &self.gauges.put(id, coerced(&only(&call.members(), MEMBERS))))
            }
            "PATCH /gauges/{id}" => {
                let mut gauge = self.gauges.things[&id].clone();
                gauge.extend(call.members());
                Reply::json(200, &self.gauges.put(id, coerced(&only(&gauge, MEMBERS))))
            }
            "DELETE /gauges/{id}" => {
                Reply::json(200, &Value::Object(self.gauges.remove(id).unwrap_or_default()))
            }
            "GET /gauges/{id}/readings" => {
                let own =
                    self.readings.iter().filter(|(of, _)| *of == id).map(|(_, reading)| reading.clone());
                Reply::json(200, &own.collect())
            }
            "POST /gauges/{id}/readings" => {
                let reading = json!({"value": number(&call.body["value"])});
                self.readings.push((id, reading.clone()));
                Reply::json(201, &reading)
            }
            _ => Reply::json(200, &self.gauges.get(id).unwrap_or_default()),
        }
    }
}

fn number(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| json!(text.parse::<i64>().unwrap_or_default()))
}

fn coerced(given: &Map<String, Value>) -> Map<String, Value> {
    let mut gauge = given.clone();
    gauge["name"] = json!(given["name"].as_str().unwrap_or_default().trim());
    gauge["level"] = number(&given["level"]);
    if gauge["level"].is_f64() {
        gauge["level"] = json!(gauge["level"].as_f64().unwrap_or_default() as i64);
    }
    gauge["active"] = json!(is_true(&given["active"]));
    gauge
}

fn is_true(value: &Value) -> bool {
    matches!(value.as_str(), Some("true" | "yes")) || *value == true
}
