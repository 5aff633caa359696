//! Takes two requests with one `Idempotency-Key` for one: the second gets the answer of the first, whatever became of it.

use crate::conforming::document::{id, object, openapi, operation, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// See the file.
#[derive(Default)]
pub(crate) struct Once {
    payments: Shelf,
    refunds: Shelf,
    answered: BTreeMap<String, (Value, Reply)>,
}

const MEMBERS: &[&str] = &["amount", "purpose"];

impl Habit for Once {
    fn document(&self) -> Value {
        let key = |schema: Value| json!([{"name": "Idempotency-Key", "in": "header", "required": true, "schema": schema}]);
        let text = key(json!({"type": "string", "minLength": 1, "maxLength": 64}));
        let uuid = key(json!({"type": "string", "format": "uuid"}));
        let no = ("409", "Problem");
        openapi(
            "Once",
            json!({
                "/payments": {
                    "get": operation("", &[("200", "[Payment]")]),
                    "post": with(operation("PaymentInput", &[("201", "Payment"), no, ("422", "Problem")]), text),
                },
                "/payments/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Payment")]),
                    "delete": operation("", &[("204", "")]),
                },
                "/refunds": {
                    "get": operation("", &[("200", "[Payment]")]),
                    "post": with(operation("RefundInput", &[("201", "Payment"), no, ("422", "Problem")]), uuid),
                },
                "/refunds/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Payment")]),
                    "delete": operation("", &[("204", "")]),
                },
            }),
            json!({
                "PaymentInput": object(1, json!({
                    // Kept with two decimals, as text.
                    "amount": {"type": "string", "pattern": "^[1-9][0-9]{0,5}(\\.[0-9]{1,2})?$"},
                    "purpose": {"type": "string", "maxLength": 40},
                })),
                "RefundInput": object(1, json!({"amount": {"type": "string", "pattern": "^[1-9][0-9]{0,5}$"}})),
                "Payment": object(2, json!({
                    "id": {"type": "integer"}, "amount": {"type": "string"}, "purpose": {"type": ["string", "null"]},
                })),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let payments = call.head.path.starts_with("/payments");
        let id = call.number("id");
        if call.head.method == "POST" {
            let key = format!("{} {}", call.operation, call.header("idempotency-key").unwrap_or_default());
            if let Some((body, reply)) = self.answered.get(&key) {
                let same = *body == call.body;
                return if same {
                    reply.clone()
                } else {
                    Reply::problem(422, "that key was used for something else")
                };
            }
            let shelf = if payments { &mut self.payments } else { &mut self.refunds };
            let mut payment = only(&call.members(), MEMBERS);
            let amount: f64 =
                payment["amount"].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
            payment["amount"] = json!(format!("{amount:.2}"));
            let reply = Reply::json(201, &shelf.add(payment));
            self.answered.insert(key, (call.body.clone(), reply.clone()));
            return reply;
        }
        let shelf = if payments { &mut self.payments } else { &mut self.refunds };
        match (call.head.method.as_str(), shelf.get(id)) {
            ("GET", _) if !call.path.contains_key("id") => Reply::json(200, &shelf.all().into()),
            (_, None) => Reply::problem(404, "no such payment"),
            ("DELETE", Some(_)) => {
                shelf.remove(id);
                Reply::empty(204)
            }
            (_, Some(payment)) => Reply::json(200, &payment),
        }
    }
}
