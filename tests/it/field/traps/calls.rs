//! Several calls: what happens to things between them by rights.

use super::{Kept, stays_silent};
use crate::conforming::{Call, Reply, night, object, openapi, operation};
use serde_json::{Value, json};
use specwarden::plan::Safety;

fn id() -> Value {
    json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}})
}

/// What a creation answers with need not be the thing itself: a receipt has a number of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_not_the_thing_that_was_ordered() {
    let paths = json!({
        "/orders": {"post": operation("Input", &[("201", "Receipt")])},
        "/orders/{id}": {"parameters": [id()], "get": operation("", &[("200", "Order")]), "delete": operation("", &[("204", "")])},
    });
    let text = json!({"type": "string", "minLength": 1, "maxLength": 20});
    let order = object(2, json!({"id": {"type": "integer"}, "what": text}));
    let document = openapi(
        "Orders",
        paths,
        json!({
            "Input": object(1, json!({"what": text})),
            "Order": order,
            "Receipt": object(2, json!({"id": {"type": "integer"}, "order": order})),
        }),
    );
    let mut kept = Kept::default();
    let answer = move |call: &Call| {
        let id = call.number("id");
        match call.head.method.as_str() {
            "POST" => {
                let order = kept.add(json!({"what": call.body["what"]}));
                Reply::json(201, &json!({"id": 90_000 + kept.next, "order": order}))
            }
            _ if !kept.things.contains_key(&id) => Reply::problem(404, "no such order"),
            "DELETE" => {
                kept.things.remove(&id);
                Reply::empty(204)
            }
            _ => Reply::json(200, &kept.things[&id]),
        }
    };
    let night = night(super::super::Made { document, answer }, 1, 4, Safety::OwnResources).await;
    stays_silent(&night);
    let counts = night.outcome.expect("it ended").counts;
    assert!(counts.created > 0 && counts.removed == counts.created, "{counts:?}");
}

/// A second thing of the same name gets a number behind it, as folders and branches do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_taken_may_get_a_number() {
    let paths = json!({
        "/folders": {"get": operation("", &[("200", "[Folder]")]), "post": operation("Input", &[("201", "Folder")])},
        "/folders/{id}": {
            "parameters": [id()],
            "get": operation("", &[("200", "Folder")]),
            "put": operation("Input", &[("200", "Folder")]),
            "delete": operation("", &[("204", "")]),
        },
    });
    let name = json!({"type": "string", "minLength": 1, "maxLength": 20});
    let document = openapi(
        "Folders",
        paths,
        json!({
            "Input": object(1, json!({"name": name})),
            "Folder": object(2, json!({"id": {"type": "integer"}, "name": {"type": "string"}})),
        }),
    );
    let mut kept = Kept::default();
    let answer = move |call: &Call| {
        let id = call.number("id");
        let free = |kept: &Kept, wanted: &Value| -> Value {
            let wanted = wanted.as_str().unwrap_or_default();
            let taken = |name: &str| kept.things.iter().any(|(of, known)| *of != id && known["name"] == name);
            let mut name = wanted.to_owned();
            let mut number = 1;
            while taken(&name) {
                number += 1;
                name = format!("{wanted} ({number})");
            }
            name.into()
        };
        match call.head.method.as_str() {
            "POST" => {
                let name = free(&kept, &call.body["name"]);
                Reply::json(201, &kept.add(json!({"name": name})))
            }
            "GET" if !call.path.contains_key("id") => Reply::json(200, &kept.all()),
            _ if !kept.things.contains_key(&id) => Reply::problem(404, "no such folder"),
            "DELETE" => {
                kept.things.remove(&id);
                Reply::empty(204)
            }
            "PUT" => {
                let name = free(&kept, &call.body["name"]);
                let thing = json!({"id": id, "name": name});
                kept.things.insert(id, thing.clone());
                Reply::json(200, &thing)
            }
            _ => Reply::json(200, &kept.things[&id]),
        }
    };
    let night = night(super::super::Made { document, answer }, 1, 4, Safety::OwnResources).await;
    stays_silent(&night);
}
