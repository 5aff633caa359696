//! Two customers with a key each. Some of what belongs to the other is denied with 404, some with 403 though a made-up
//! id is a 404, lists show everybody his own, news is public, pages are the same in every language, and what only the
//! server sets is ignored or refused.

use crate::conforming::document::{id, object, openapi, operation, path_parameter, with};
use crate::conforming::service::{Call, Habit, Head, PARTNER, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Tenants {
    notes: Shelf,
    boards: Shelf,
    cards: Shelf,
    news: Shelf,
    pages: Shelf,
    caller: String,
}

impl Tenants {
    /// The shelf for the first word of a path.
    fn shelf(&mut self, kind: &str) -> &mut Shelf {
        match kind {
            "notes" => &mut self.notes,
            "boards" => &mut self.boards,
            "news" => &mut self.news,
            _ => &mut self.pages,
        }
    }

    fn collection(&mut self, call: &Call, kind: &str) -> Reply {
        let caller = self.caller.clone();
        let everybodys = matches!(kind, "news" | "pages");
        if call.operation.starts_with("GET") {
            let all = self.shelf(kind).all();
            let seen: Vec<Value> =
                all.into_iter().filter(|thing| everybodys || thing["owner"] == caller.as_str()).collect();
            return Reply::json(200, &Value::from(seen));
        }
        let mut thing = only(&call.members(), &["text"]);
        thing.insert("owner".to_owned(), json!(caller));
        thing.insert("created".to_owned(), json!("2026-01-15T09:00:00Z"));
        Reply::json(201, &self.shelf(kind).add(thing))
    }

    fn item(&mut self, call: &Call, kind: &str) -> Reply {
        let (caller, number) = (self.caller.clone(), call.number("id"));
        let Some(found) = self.shelf(kind).get(number) else { return Reply::problem(404, "not there") };
        let own = found["owner"] == caller.as_str();
        let reading = call.operation.starts_with("GET");
        match (kind, own) {
            ("news" | "pages", _) if reading => {}
            (_, true) => {}
            ("boards" | "news", false) => return Reply::problem(403, "not yours"),
            _ => return Reply::problem(404, "not there"),
        }
        if call.operation.starts_with("PUT") {
            let mut thing = only(&call.members(), &["text"]);
            thing.insert("owner".to_owned(), json!(caller));
            thing.insert("created".to_owned(), found["created"].clone());
            return Reply::json(200, &self.shelf(kind).put(number, thing));
        }
        if call.operation.starts_with("DELETE") {
            self.shelf(kind).remove(number);
            return Reply::empty(204);
        }
        Reply::json(200, &found)
    }

    fn cards(&mut self, call: &Call) -> Reply {
        let board = call.number("id");
        let own = self.boards.get(board).is_some_and(|board| board["owner"] == self.caller.as_str());
        if !own {
            return Reply::problem(404, "not there");
        }
        match call.operation.as_str() {
            "GET /boards/{id}/cards" => {
                let all = self.cards.all();
                Reply::json(200, &all.into_iter().filter(|card| card["board"] == board).collect())
            }
            "POST /boards/{id}/cards" => {
                // A number, the board's, and the text: what else is sent is refused.
                if call.members().contains_key("board") {
                    return Reply::problem(400, "the board is in the path");
                }
                let mut card = only(&call.members(), &["text"]);
                card.insert("board".to_owned(), json!(board));
                Reply::json(201, &self.cards.add(card))
            }
            _ => match self.cards.get(call.number("card_id")).filter(|card| card["board"] == board) {
                Some(card) => Reply::json(200, &card),
                None => Reply::problem(404, "not there"),
            },
        }
    }
}

impl Habit for Tenants {
    fn document(&self) -> Value {
        let mut paths = json!({});
        for kind in ["notes", "boards", "news"] {
            let no = ("403", "Problem");
            paths[format!("/{kind}")] = json!({
                "get": operation("", &[("200", "[Thing]")]),
                "post": operation("ThingInput", &[("201", "Thing")]),
            });
            paths[format!("/{kind}/{{id}}")] = json!({
                "parameters": [id()],
                "get": operation("", &[("200", "Thing"), no]),
                "put": operation("ThingInput", &[("200", "Thing"), no]),
                "delete": operation("", &[("204", ""), no]),
            });
        }
        paths["/news"]["get"]["security"] = json!([]);
        paths["/news/{id}"]["get"]["security"] = json!([]);
        paths["/boards/{id}/cards"] = json!({
            "parameters": [id()],
            "get": operation("", &[("200", "[Card]")]),
            "post": operation("CardInput", &[("201", "Card")]),
        });
        paths["/boards/{id}/cards/{card_id}"] = json!({
            "parameters": [id(), path_parameter("card_id")],
            "get": operation("", &[("200", "Card")]),
        });
        let language =
            json!({"name": "lang", "in": "path", "required": true, "schema": {"enum": ["de", "en"]}});
        paths["/languages"] = json!({"get": operation("", &[("200", "[Language]")])});
        paths["/languages/{lang}/pages"] = json!({
            "get": with(operation("", &[("200", "[Thing]")]), json!([language])),
            "post": with(operation("ThingInput", &[("201", "Thing")]), json!([language])),
        });
        paths["/languages/{lang}/pages/{id}"] = json!({
            "get": with(operation("", &[("200", "Thing")]), json!([language, id()])),
        });
        let text = json!({"type": "string", "minLength": 1, "maxLength": 60});
        let (owner, created) = (
            json!({"type": "string", "readOnly": true}),
            json!({
                "type": "string", "format": "date-time", "readOnly": true,
            }),
        );
        openapi(
            "Tenants",
            paths,
            json!({
                "ThingInput": object(1, json!({"text": text})),
                "Thing": object(4, json!({
                    "id": {"type": "integer"}, "text": text, "owner": owner, "created": created,
                })),
                "CardInput": object(1, json!({"text": text})),
                "Card": object(3, json!({
                    "id": {"type": "integer"}, "text": text, "board": {"type": "integer", "readOnly": true},
                })),
                "Language": object(1, json!({"lang": {"enum": ["de", "en"]}})),
            }),
        )
    }

    fn knows_a_peer(&self) -> bool {
        true
    }

    fn gate(&mut self, head: &Head) -> Option<Reply> {
        let partner = head.headers.get("x-api-key").is_some_and(|key| key == PARTNER);
        self.caller = if partner { "them" } else { "us" }.to_owned();
        None
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let path = call.operation.split_once(' ').map_or("", |(_, path)| path);
        match path {
            "/languages" => Reply::json(200, &json!([{"lang": "de"}, {"lang": "en"}])),
            "/languages/{lang}/pages" => self.collection(call, "pages"),
            "/languages/{lang}/pages/{id}" => self.item(call, "pages"),
            "/boards/{id}/cards" | "/boards/{id}/cards/{card_id}" => self.cards(call),
            _ => {
                let kind = path.split('/').nth(1).unwrap_or_default().to_owned();
                if path.ends_with("{id}") { self.item(call, &kind) } else { self.collection(call, &kind) }
            }
        }
    }
}
