//! Changes only what the caller has seen last, shows another moment with every answer, keeps no order and pages by
//! cursors.

use crate::conforming::document::{id, object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Map, Value, json};

/// See the file.
#[derive(Default)]
pub(crate) struct Locking {
    recipes: Shelf,
    asked: i64,
}

impl Habit for Locking {
    fn document(&self) -> Value {
        let condition = json!({
            "name": "If-Match", "in": "header", "required": true, "schema": {"type": "string"}, "example": "*",
        });
        let no = [("412", "Problem"), ("428", "Problem")];
        let change = |body: &str, status: &str, schema: &str| {
            with(operation(body, &[(status, schema), no[0], no[1]]), json!([condition]))
        };
        let recipe = json!({
            "title": {"type": "string", "minLength": 1, "maxLength": 40},
            "minutes": {"type": "integer", "minimum": 1, "maximum": 600},
        });
        openapi(
            "Locking",
            json!({
                "/recipes": {
                    "get": with(
                        operation("", &[("200", "Page")]),
                        json!([query("limit", json!({"type": "integer", "minimum": 1, "maximum": 50})),
                            query("cursor", json!({"type": "string"}))]),
                    ),
                    "post": operation("RecipeInput", &[("201", "Recipe")]),
                },
                "/recipes/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Recipe")]),
                    "put": change("RecipeInput", "200", "Recipe"),
                    "patch": change("RecipeChange", "200", "Recipe"),
                    "delete": change("", "204", ""),
                },
                "/shuffled": {
                    "get": with(
                        operation("", &[("200", "[Recipe]")]),
                        json!([query("tag", json!({"type": "string", "maxLength": 20}))]),
                    ),
                },
            }),
            json!({
                "RecipeInput": object(1, recipe.clone()),
                "RecipeChange": object(0, recipe),
                "Recipe": object(5, json!({
                    "id": {"type": "integer"}, "title": {"type": "string"},
                    "version": {"type": "integer"}, "checked": {"type": "string", "format": "date-time"},
                    "served": {"type": "integer", "description": "how often it was shown"},
                    "minutes": {"type": ["integer", "null"]},
                    "edits": {"type": "integer"},
                    "history": {"type": "array", "items": {"type": "string"}},
                })),
                "Page": object(2, json!({
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Recipe"}},
                    "next": {"type": ["string", "null"]},
                })),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        self.asked += 1;
        let (id, asked) = (call.number("id"), self.asked);
        let given = call.members();
        match call.operation.as_str() {
            "GET /recipes" => return self.page(call),
            "GET /shuffled" => {
                let mut all = self.recipes.all();
                let turn = usize::try_from(asked).unwrap_or_default() % all.len().max(1);
                all.rotate_left(turn);
                return Reply::json(200, &all.into_iter().map(|recipe| shown(&recipe, asked)).collect());
            }
            "POST /recipes" => {
                let mut recipe = only(&given, &["title", "minutes"]);
                recipe.insert("version".to_owned(), json!(1));
                return tagged(201, &self.recipes.add(recipe), asked);
            }
            _ => {}
        }
        let Some(recipe) = self.recipes.get(id) else { return Reply::problem(404, "no such recipe") };
        if call.head.method == "GET" {
            return tagged(200, &recipe, asked);
        }
        let condition = call.header("if-match").unwrap_or_default();
        if condition != "*" && condition != format!("\"{}\"", recipe["version"]) {
            return Reply::problem(412, "somebody else was faster");
        }
        if call.head.method == "DELETE" {
            self.recipes.remove(id);
            return Reply::empty(204);
        }
        let mut next: Map<String, Value> = match call.head.method.as_str() {
            "PUT" => only(&given, &["title", "minutes"]),
            _ => recipe.as_object().cloned().unwrap_or_default().into_iter().chain(given).collect(),
        };
        next = only(&next, &["title", "minutes"]);
        next.insert("version".to_owned(), json!(recipe["version"].as_i64().unwrap_or_default() + 1));
        tagged(200, &self.recipes.put(id, next), asked)
    }
}

impl Locking {
    fn page(&self, call: &Call) -> Reply {
        let limit = call.query.get("limit").and_then(Value::as_u64).unwrap_or(10);
        let limit = usize::try_from(limit).unwrap_or(10);
        // A cursor is whatever an answer gave; any other begins again.
        let cursor = call.query.get("cursor").and_then(Value::as_str);
        let after = cursor.and_then(|c| c.strip_prefix("after-")?.parse::<i64>().ok()).unwrap_or_default();
        let rest: Vec<Value> = self
            .recipes
            .all()
            .into_iter()
            .filter(|r| r["id"].as_i64().is_some_and(|id| id > after))
            .collect();
        let more = rest.len() > limit;
        let items: Vec<Value> = rest.iter().take(limit).map(|recipe| shown(recipe, self.asked)).collect();
        let last = items.last().filter(|_| more).map(|recipe| format!("after-{}", recipe["id"]));
        Reply::json(200, &json!({"items": items, "next": last}))
    }
}

fn shown(recipe: &Value, asked: i64) -> Value {
    let mut recipe = recipe.clone();
    let (minute, second) = (asked / 60 % 60, asked % 60);
    recipe["checked"] = json!(format!("2026-03-01T10:{minute:02}:{second:02}Z"));
    recipe["served"] = json!(asked);
    // What was requested is the same however often it is sent; the server may still count and log it.
    let version = recipe["version"].as_i64().unwrap_or_default();
    recipe["edits"] = json!(version - 1);
    recipe["history"] = (1..=version).map(|number| json!(format!("revision {number}"))).collect();
    recipe
}

fn tagged(status: u16, recipe: &Value, asked: i64) -> Reply {
    Reply::json(status, &shown(recipe, asked)).header("etag", format!("\"{}\"", recipe["version"]))
}
