//! Has rules of its own that no schema can say: unique names, teams that must exist, dates in order, a quota.

use crate::conforming::document::{id, object, openapi, operation};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// How many bookings the plan includes.
const QUOTA: usize = 12;

/// See the file.
pub(crate) struct Business {
    teams: Shelf,
    bookings: Shelf,
    vouchers: Shelf,
}

impl Default for Business {
    fn default() -> Self {
        let mut teams = Shelf::default();
        for name in ["north", "south"] {
            teams.add(only(json!({"name": name}).as_object().expect("an object"), &["name", "size"]));
        }
        Self { teams, bookings: Shelf::default(), vouchers: Shelf::default() }
    }
}

impl Habit for Business {
    fn document(&self) -> Value {
        let booking = [("409", "Problem"), ("422", "Problem")];
        openapi(
            "Business",
            json!({
                "/teams": {
                    "get": operation("", &[("200", "[Team]")]),
                    "post": operation("TeamInput", &[("201", "Team"), ("409", "Problem")]),
                },
                "/teams/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Team")]),
                    "put": operation("TeamInput", &[("200", "Team"), ("409", "Problem")]),
                    "delete": operation("", &[("204", ""), ("409", "Problem")]),
                },
                "/bookings": {
                    "get": operation("", &[("200", "[Booking]")]),
                    "post": operation("BookingInput", &[("201", "Booking"), ("402", "Problem"), booking[1]]),
                },
                "/bookings/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Booking")]),
                    "put": operation("BookingInput", &[("200", "Booking"), booking[1]]),
                    "delete": operation("", &[("204", "")]),
                },
                "/vouchers": {
                    "get": operation("", &[("200", "[Voucher]")]),
                    "post": operation("VoucherInput", &[("201", "Voucher"), ("403", "Problem"), ("422", "Problem")]),
                },
            }),
            json!({
                "TeamInput": object(1, json!({
                    "name": {"type": "string", "minLength": 1, "maxLength": 30},
                    "size": {"type": "integer", "minimum": 1, "maximum": 40},
                })),
                "Team": object(2, json!({
                    "id": {"type": "integer"}, "name": {"type": "string"}, "size": {"type": ["integer", "null"]},
                })),
                "BookingInput": object(3, json!({
                    "team_id": {"type": "integer", "minimum": 1},
                    "start_date": {"type": "string", "format": "date"},
                    "end_date": {"type": "string", "format": "date"},
                    "seats": {"type": "integer", "minimum": 1, "maximum": 20},
                })),
                "Booking": object(4, json!({
                    "id": {"type": "integer"}, "team_id": {"type": "integer"},
                    "start_date": {"type": "string", "format": "date"}, "end_date": {"type": "string", "format": "date"},
                    "seats": {"type": ["integer", "null"]},
                })),
                "VoucherInput": object(2, json!({
                    "percent": {"type": "integer", "minimum": 0, "maximum": 100},
                    "kind": {"enum": ["gift", "refund", "staff"]},
                })),
                "Voucher": object(3, json!({
                    "id": {"type": "integer"}, "percent": {"type": "integer"}, "kind": {"type": "string"},
                })),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let body = &call.body;
        if call.head.path.starts_with("/vouchers") {
            return self.voucher(call);
        }
        if call.head.path.starts_with("/bookings") {
            return self.booking(call, id);
        }
        let taken =
            |name: &Value| self.teams.things.iter().any(|(of, team)| *of != id && team["name"] == *name);
        match (call.head.method.as_str(), self.teams.get(id)) {
            ("GET", _) if !call.path.contains_key("id") => Reply::json(200, &self.teams.all().into()),
            ("POST", _) if taken(&body["name"]) => Reply::problem(409, "that name is taken"),
            ("POST", _) => Reply::json(201, &self.teams.add(only(&call.members(), &["name", "size"]))),
            (_, None) => Reply::problem(404, "no such team"),
            ("PUT", Some(_)) if taken(&body["name"]) => Reply::problem(409, "that name is taken"),
            ("PUT", Some(_)) => {
                Reply::json(200, &self.teams.put(id, only(&call.members(), &["name", "size"])))
            }
            ("DELETE", Some(_)) if self.bookings.things.values().any(|b| b["team_id"] == id) => {
                Reply::problem(409, "it has bookings")
            }
            ("DELETE", Some(_)) => {
                self.teams.remove(id);
                Reply::empty(204)
            }
            (_, Some(team)) => Reply::json(200, &team),
        }
    }
}

impl Business {
    fn booking(&mut self, call: &Call, id: i64) -> Reply {
        let booking = only(&call.members(), &["team_id", "start_date", "end_date", "seats"]);
        let changes = matches!(call.head.method.as_str(), "POST" | "PUT");
        if call.path.contains_key("id") && self.bookings.get(id).is_none() {
            return Reply::problem(404, "no such booking");
        }
        if changes && self.teams.get(booking["team_id"].as_i64().unwrap_or(-1)).is_none() {
            return Reply::problem(422, "no such team");
        }
        if changes && booking["start_date"].as_str() > booking["end_date"].as_str() {
            return Reply::problem(422, "it ends before it begins");
        }
        match call.head.method.as_str() {
            "POST" if self.bookings.things.len() >= QUOTA => Reply::problem(402, "no more in this plan"),
            "POST" => Reply::json(201, &self.bookings.add(booking)),
            "PUT" => Reply::json(200, &self.bookings.put(id, booking)),
            "DELETE" => {
                self.bookings.remove(id);
                Reply::empty(204)
            }
            _ if call.path.contains_key("id") => Reply::json(200, &self.bookings.get(id).unwrap_or_default()),
            _ => Reply::json(200, &self.bookings.all().into()),
        }
    }

    fn voucher(&mut self, call: &Call) -> Reply {
        if call.head.method == "GET" {
            return Reply::json(200, &self.vouchers.all().into());
        }
        // A gift is never worth everything, and the number of vouchers is bounded.
        if call.body["kind"] == "gift" && call.body["percent"].as_f64().is_some_and(|p| p > 50.0) {
            return Reply::problem(422, "too much for a gift");
        }
        if self.vouchers.things.len() >= QUOTA {
            return Reply::problem(403, "no more in this plan");
        }
        Reply::json(201, &self.vouchers.add(only(&call.members(), &["percent", "kind"])))
    }
}
