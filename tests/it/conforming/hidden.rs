//! Says 403 of what belongs to others, and of what does not exist, so that nobody learns which is which. Its refusals are
//! `application/problem+json`, and every type names its charset.

use crate::conforming::document::{id, object, openapi, operation, path_parameter};
use crate::conforming::service::{Call, Habit, Head, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// The media type of refusals (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// See the file.
pub(crate) struct Hidden {
    accounts: Shelf,
    entries: Shelf,
}

impl Default for Hidden {
    fn default() -> Self {
        let mut accounts = Shelf::default();
        for (name, owner) in [("one", "them"), ("two", "them"), ("three", "us")] {
            accounts.add(only(
                json!({"name": name, "owner": owner}).as_object().expect("an object"),
                &["name", "owner"],
            ));
        }
        Self { accounts, entries: Shelf::default() }
    }
}

impl Hidden {
    fn is_ours(&self, account: i64) -> bool {
        self.accounts.things.get(&account).is_some_and(|account| account["owner"] == "us")
    }
}

impl Habit for Hidden {
    fn document(&self) -> Value {
        let no = ("403", "Problem");
        let mut document = openapi(
            "Hidden",
            json!({
                "/accounts": {
                    "get": operation("", &[("200", "[Account]")]),
                    "post": operation("AccountInput", &[("201", "Account")]),
                },
                "/accounts/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Account"), no]),
                    "put": operation("AccountInput", &[("200", "Account"), no]),
                    "delete": operation("", &[("204", ""), no]),
                },
                "/accounts/{id}/entries": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "[Entry]"), no]),
                    "post": operation("EntryInput", &[("201", "Entry"), no]),
                },
                "/accounts/{id}/entries/{entry_id}": {
                    "parameters": [id(), path_parameter("entry_id")],
                    "get": operation("", &[("200", "Entry"), no]),
                    "delete": operation("", &[("204", ""), no]),
                },
            }),
            json!({
                "AccountInput": object(1, json!({"name": {"type": "string", "minLength": 1, "maxLength": 60}})),
                "Account": object(3, json!({
                    "id": {"type": "integer"}, "name": {"type": "string"}, "owner": {"enum": ["us"]},
                })),
                "EntryInput": object(1, json!({"cents": {"type": "integer", "minimum": -1000, "maximum": 1000}})),
                "Entry": object(2, json!({"id": {"type": "integer"}, "cents": {"type": "integer"}})),
            }),
        );
        for item in document["paths"].as_object_mut().expect("paths").values_mut() {
            let operations = item.as_object_mut().expect("operations").values_mut();
            for responses in operations.filter_map(|o| o.get_mut("responses")?.as_object_mut()) {
                for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('4')) {
                    let content = response["content"]["application/json"].take();
                    response["content"] = json!({PROBLEM: content});
                }
            }
        }
        document
    }

    fn dress(&mut self, _: &Head, reply: &mut Reply) {
        let refused = reply.status >= 400;
        for (_, value) in reply.headers.iter_mut().filter(|(name, _)| name == "content-type") {
            *value = format!("{}; charset=utf-8", if refused { PROBLEM } else { "application/json" });
        }
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let (id, entry) = (call.number("id"), call.number("entry_id"));
        let no = || Reply::problem(403, "not yours");
        if call.path.contains_key("id") && !self.is_ours(id) {
            return no();
        }
        let own = |shelf: &Shelf| shelf.things.get(&entry).is_some_and(|entry| entry["account"] == id);
        if call.path.contains_key("entry_id") && !own(&self.entries) {
            return no();
        }
        let ours = |things: Vec<Value>, name: &str, value: Value| -> Value {
            things.into_iter().filter(|thing| thing[name] == value).collect()
        };
        match call.operation.as_str() {
            "GET /accounts" => Reply::json(200, &ours(self.accounts.all(), "owner", json!("us"))),
            "POST /accounts" => {
                let mut account = only(&call.members(), &["name"]);
                account.insert("owner".to_owned(), json!("us"));
                Reply::json(201, &self.accounts.add(account))
            }
            "PUT /accounts/{id}" => {
                let mut account = only(&call.members(), &["name"]);
                account.insert("owner".to_owned(), json!("us"));
                Reply::json(200, &self.accounts.put(id, account))
            }
            "DELETE /accounts/{id}" => {
                self.accounts.remove(id);
                Reply::empty(204)
            }
            "GET /accounts/{id}/entries" => Reply::json(200, &ours(self.entries.all(), "account", json!(id))),
            "POST /accounts/{id}/entries" => {
                let mut entry = only(&call.members(), &["cents"]);
                entry.insert("account".to_owned(), json!(id));
                Reply::json(201, &self.entries.add(entry))
            }
            "GET /accounts/{id}/entries/{entry_id}" => {
                Reply::json(200, &self.entries.get(entry).unwrap_or_default())
            }
            "DELETE /accounts/{id}/entries/{entry_id}" => {
                self.entries.remove(entry);
                Reply::empty(204)
            }
            _ => Reply::json(200, &self.accounts.get(id).unwrap_or_default()),
        }
    }
}
