//! Serves everything at paths with a slash at the end, sends other requests there, and names things by absolute URLs.

use crate::conforming::document::{id, object, openapi, operation};
use crate::conforming::service::{Call, Habit, Head, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Slashes {
    boards: Shelf,
    cards: Shelf,
}

impl Habit for Slashes {
    fn document(&self) -> Value {
        let mut latest = operation("", &[("200", "Board"), ("307", "")]);
        latest["responses"]["307"]["headers"] =
            json!({"Location": {"required": true, "schema": {"type": "string", "format": "uri"}}});
        openapi(
            "Slashes",
            json!({
                "/boards/": {
                    "get": operation("", &[("200", "[Board]")]),
                    "post": operation("BoardInput", &[("201", "")]),
                },
                "/boards/{id}/": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Board")]),
                    "put": operation("BoardInput", &[("200", "Board")]),
                    "delete": operation("", &[("204", "")]),
                },
                "/latest/": {"get": latest},
                // Documented without the slash, and served with it: a client has to follow.
                "/cards": {
                    "get": operation("", &[("200", "[Board]")]),
                    "post": operation("BoardInput", &[("201", "Board")]),
                },
                "/cards/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Board")]),
                    "delete": operation("", &[("204", "")]),
                },
            }),
            json!({
                "BoardInput": object(1, json!({"title": {"type": "string", "minLength": 1, "maxLength": 30}})),
                "Board": object(2, json!({"id": {"type": "integer"}, "title": {"type": "string"}})),
            }),
        )
    }

    fn gate(&mut self, head: &Head) -> Option<Reply> {
        let known = ["/boards", "/cards", "/latest"].iter().any(|known| head.path.starts_with(known));
        if head.path.ends_with('/') || !known {
            return None;
        }
        let query = if head.query.is_empty() { String::new() } else { format!("?{}", head.query) };
        // Older servers say 301 to questions, newer ones 308.
        let status = if head.path.starts_with("/boards") { 301 } else { 308 };
        let host = head.headers.get("host").cloned().unwrap_or_default();
        Some(Reply::empty(status).header("location", format!("http://{host}{}/{query}", head.path)))
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let host = call.header("host").unwrap_or_default().to_owned();
        if call.head.path.starts_with("/latest") {
            return match self.boards.things.keys().last() {
                Some(last) => Reply::empty(307).header("location", format!("http://{host}/boards/{last}/")),
                None => Reply::problem(404, "there is none yet"),
            };
        }
        let boards = call.head.path.starts_with("/boards");
        let shelf = if boards { &mut self.boards } else { &mut self.cards };
        let board = only(&call.members(), &["title"]);
        match (call.head.method.as_str(), shelf.get(id)) {
            ("GET", _) if !call.path.contains_key("id") => Reply::json(200, &shelf.all().into()),
            ("POST", _) => {
                let board = shelf.add(board);
                let name = if boards { "boards" } else { "cards" };
                // Without the slash: this, too, leads there by way of a redirect.
                let location = format!("http://{host}/{name}/{}", board["id"]);
                // Who made a board learns from `Location` alone what it is called.
                let reply = if boards { Reply::empty(201) } else { Reply::json(201, &board) };
                reply.header("location", location)
            }
            (_, None) => Reply::problem(404, "no such thing"),
            ("PUT", Some(_)) => Reply::json(200, &shelf.put(id, board)),
            ("DELETE", Some(_)) => {
                shelf.remove(id);
                Reply::empty(204)
            }
            (_, Some(board)) => Reply::json(200, &board),
        }
    }
}
