//! Keeps books its own way: trims, folds and rounds what it is given, fills in defaults, makes slugs, merges patches,
//! names versions by weak and strong tags, filters by prefix, part and search, and shows the newest first.

use crate::conforming::document::{id, object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Map, Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Library {
    books: Shelf,
    rooms: Shelf,
    clock: i64,
}

const BOOK: &[&str] = &["title", "slug", "price", "genre", "tags", "note", "copies"];
const ROOM: &[&str] = &["name", "floor", "open"];

impl Habit for Library {
    fn document(&self) -> Value {
        let book = json!({
            "title": {"type": "string", "minLength": 1, "maxLength": 60},
            "slug": {"type": "string", "pattern": "^[a-z]{1,20}$"},
            "price": {"type": "number", "minimum": 0, "maximum": 1000},
            "genre": {"enum": ["novel", "poem", "essay"]},
            "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{1,8}$"}, "maxItems": 4},
            "note": {"type": "string", "maxLength": 100},
            "copies": {"type": "integer", "minimum": 1, "maximum": 9, "default": 1},
        });
        let mut shown = book.clone();
        shown["id"] = json!({"type": "integer"});
        shown["title"] = json!({"type": "string"});
        shown["slug"] = json!({"type": "string"});
        shown["updated_at"] = json!({"type": "string", "format": "date-time", "readOnly": true});
        shown["note"] = json!({"type": ["string", "null"]});
        shown["genre"] = json!({"enum": ["novel", "poem", "essay", null]});
        shown["price"] = json!({"type": ["number", "null"]});
        let mut change = book.clone();
        for name in ["slug", "price", "genre", "note"] {
            change[name] = json!({"anyOf": [book[name], {"type": "null"}]});
        }
        let room = json!({
            "name": {"type": "string", "minLength": 1, "maxLength": 20},
            "floor": {"type": "integer", "minimum": 0, "maximum": 5},
            "open": {"type": "boolean"},
        });
        let merge = |mut operation: Value, media_type: &str| {
            let content = operation["requestBody"]["content"]["application/json"].take();
            operation["requestBody"]["content"] = json!({media_type: content});
            operation
        };
        let filters = json!([
            query("offset", json!({"type": "integer", "minimum": 0, "maximum": 10000})),
            query("limit", json!({"type": "integer", "minimum": 5, "maximum": 200})),
            query("title", json!({"type": "string", "maxLength": 60})),
            query("genre", json!({"enum": ["novel", "poem", "essay"]})),
            query("tags", json!({"type": "string", "pattern": "^[a-z]{1,8}$"})),
            query("note", json!({"type": "string", "maxLength": 100, "description": "searches everything"})),
            query("price", json!({"type": "number", "description": "the least"})),
            query("updated_at", json!({"type": "string", "format": "date-time"})),
        ]);
        let read = |schema: &str| operation("", &[("200", schema), ("304", "")]);
        let changed = |body: &str, schema: &str| operation(body, &[("200", schema), ("412", "Problem")]);
        openapi(
            "Library",
            json!({
                "/books": {
                    "get": with(operation("", &[("200", "Page")]), filters),
                    "post": operation("BookInput", &[("201", "Book")]),
                },
                "/books/{id}": {
                    "parameters": [id()],
                    "get": read("Book"),
                    "put": changed("BookInput", "Book"),
                    "patch": merge(changed("BookChange", "Book"), "application/merge-patch+json"),
                    "delete": operation("", &[("204", ""), ("412", "Problem")]),
                },
                "/rooms": {
                    "get": with(
                        operation("", &[("200", "[Room]")]),
                        json!([query("open", json!({"type": "boolean", "description": "true hides closed ones"}))]),
                    ),
                    "post": operation("RoomInput", &[("201", "Room")]),
                },
                "/rooms/{id}": {
                    "parameters": [id()],
                    "get": read("Room"),
                    "patch": merge(
                        operation("RoomPatch", &[("200", "Room"), ("409", "Problem"), ("412", "Problem")]),
                        "application/json-patch+json",
                    ),
                    "delete": operation("", &[("202", "")]),
                },
            }),
            json!({
                "BookInput": object(1, book),
                "BookChange": object(0, change),
                "Book": object(0, shown),
                "Page": object(2, json!({
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
                    "total": {"type": "integer"},
                })),
                "RoomInput": object(3, room.clone()),
                "Room": object(3, json!({
                    "name": room["name"], "floor": room["floor"], "open": room["open"], "id": {"type": "integer"},
                    "version": {"type": "integer"},
                })),
                "RoomPatch": {"type": "array", "minItems": 1, "maxItems": 3, "items": object(3, json!({
                    "op": {"enum": ["replace", "test"]},
                    "path": {"enum": ["/name", "/floor", "/open"]},
                    "value": {"type": ["string", "integer", "boolean"]},
                }))},
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        self.clock += 1;
        let id = call.number("id");
        match call.operation.as_str() {
            "GET /books" => self.page(call),
            "POST /books" => {
                let book = self.normalised(&call.members());
                let book = self.books.add(book);
                tagged(201, &book, &weak(&book), call)
            }
            "GET /rooms" => {
                let all = call.query.get("open") != Some(&json!(true));
                Reply::json(200, &self.rooms.all().into_iter().filter(|r| all || r["open"] == true).collect())
            }
            "POST /rooms" => {
                let mut room = only(&call.members(), ROOM);
                room.insert("version".to_owned(), json!(1));
                let room = self.rooms.add(room);
                tagged(201, &room, &strong(&room), call)
            }
            operation if operation.contains("/books") => self.book(call, id),
            _ => self.room(call, id),
        }
    }
}

impl Library {
    fn book(&mut self, call: &Call, id: i64) -> Reply {
        let Some(book) = self.books.get(id) else { return Reply::problem(404, "no such book") };
        // A weak tag never matches a condition for a change (RFC 9110 §13.1.1).
        let refused = call.header("if-match").is_some_and(|condition| condition != "*");
        let next = match call.head.method.as_str() {
            "GET" => return tagged(200, &book, &weak(&book), call),
            _ if refused => return Reply::problem(412, "not this version"),
            "DELETE" => {
                self.books.remove(id);
                return Reply::empty(204);
            }
            "PUT" => call.members(),
            _ => {
                let mut merged = book.as_object().cloned().unwrap_or_default();
                merged.extend(call.members());
                merged.into_iter().filter(|(_, value)| !value.is_null()).collect()
            }
        };
        let next = self.normalised(&next);
        let book = self.books.put(id, next);
        tagged(200, &book, &weak(&book), call)
    }

    fn room(&mut self, call: &Call, id: i64) -> Reply {
        let Some(mut room) = self.rooms.get(id) else { return Reply::problem(404, "no such room") };
        match call.head.method.as_str() {
            "GET" => return tagged(200, &room, &strong(&room), call),
            "DELETE" => {
                self.rooms.remove(id);
                return Reply::empty(202);
            }
            _ => {}
        }
        let condition = call.header("if-match");
        if condition.is_some_and(|condition| condition != "*" && condition != strong(&room)) {
            return Reply::problem(412, "not this version");
        }
        for change in call.body.as_array().into_iter().flatten() {
            let name = change["path"].as_str().unwrap_or_default().trim_start_matches('/');
            let (old, new) = (&room[name], &change["value"]);
            let alike = old.is_string() == new.is_string() && old.is_boolean() == new.is_boolean();
            let long = new.as_str().is_some_and(|text| !(1..=20).contains(&text.chars().count()));
            let far = new.as_i64().is_some_and(|floor| !(0..=5).contains(&floor));
            if !alike || long || far || (change["op"] == "test" && old != new) {
                return Reply::problem(409, "it cannot be patched so");
            }
            room[name] = new.clone();
        }
        room["version"] = json!(room["version"].as_i64().unwrap_or_default() + 1);
        let room = self.rooms.put(id, room.as_object().cloned().unwrap_or_default());
        tagged(200, &room, &strong(&room), call)
    }

    fn normalised(&self, given: &Map<String, Value>) -> Map<String, Value> {
        let mut book = only(given, BOOK);
        let title = given["title"].as_str().unwrap_or_default().trim().to_lowercase();
        let slug: String = title.chars().filter(char::is_ascii_lowercase).take(20).collect();
        // The slug follows the title, whatever was sent.
        book["slug"] = json!(if slug.is_empty() { "untitled" } else { &slug });
        book["title"] = json!(title);
        if let Some(price) = given.get("price").and_then(Value::as_f64) {
            book["price"] = json!((price * 100.0).round() / 100.0);
        }
        if book["copies"].is_null() {
            book["copies"] = json!(1);
        }
        if book["tags"].is_null() {
            book["tags"] = json!([]);
        }
        let (minute, second) = (self.clock / 60 % 60, self.clock % 60);
        book.insert("updated_at".to_owned(), json!(format!("2026-03-01T10:{minute:02}:{second:02}Z")));
        book
    }

    fn page(&self, call: &Call) -> Reply {
        let asked = |name: &str| call.query.get(name);
        let text = |name: &str| asked(name).and_then(Value::as_str).map(str::to_lowercase);
        let fits = |book: &Value| {
            let prefix =
                text("title").is_none_or(|t| book["title"].as_str().is_some_and(|b| b.starts_with(&t)));
            let genre = text("genre").is_none_or(|genre| book["genre"] == genre.as_str());
            let tag = text("tags")
                .is_none_or(|tag| book["tags"].as_array().is_some_and(|t| t.contains(&json!(tag))));
            let search =
                text("note").is_none_or(|text| book.to_string().to_lowercase().contains(text.trim()));
            let least = asked("price").and_then(Value::as_f64);
            let dear = least.is_none_or(|least| book["price"].as_f64().is_some_and(|price| price >= least));
            let since = text("updated_at").is_none_or(|since| {
                book["updated_at"].as_str().is_some_and(|moment| moment.to_lowercase() >= since)
            });
            prefix && genre && tag && search && dear && since
        };
        let mut all: Vec<Value> = self.books.all().into_iter().filter(fits).collect();
        all.reverse();
        let number = |name: &str, or: u64| asked(name).and_then(Value::as_u64).unwrap_or(or);
        let skipped = usize::try_from(number("offset", 0)).unwrap_or(usize::MAX);
        // However much is asked for, a page holds twenty at most.
        let limit = usize::try_from(number("limit", 20).min(20)).unwrap_or(20);
        let items: Vec<&Value> = all.iter().skip(skipped).take(limit).collect();
        Reply::json(200, &json!({"items": items, "total": all.len()}))
    }
}

fn weak(book: &Value) -> String {
    format!("W/\"{}\"", book["title"].as_str().unwrap_or_default().len())
}

fn strong(room: &Value) -> String {
    format!("\"{}-{}\"", room["id"], room["version"])
}

/// The answer with its version, or 304 to somebody who has it.
fn tagged(status: u16, thing: &Value, tag: &str, call: &Call) -> Reply {
    let held = call.header("if-none-match").unwrap_or_default();
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if call.head.method == "GET" && held.split(',').any(|one| bare(one) == bare(tag)) {
        return Reply::empty(304).header("etag", tag);
    }
    Reply::json(status, thing).header("etag", tag)
}
