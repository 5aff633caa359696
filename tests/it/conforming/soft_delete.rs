//! Deletes softly: notes keep answering 200 with a mark, papers answer 410.

use crate::conforming::document::{id, object, openapi, operation, query, with};
use crate::conforming::service::{Call, Habit, Reply};
use crate::conforming::shelf::{Shelf, only};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// See the file.
#[derive(Default)]
pub(crate) struct SoftDelete {
    notes: Shelf,
    papers: Shelf,
    gone: BTreeSet<i64>,
}

impl Habit for SoftDelete {
    fn document(&self) -> Value {
        let all = query("include_deleted", json!({"type": "boolean"}));
        openapi(
            "Soft delete",
            json!({
                "/notes": {
                    "get": with(operation("", &[("200", "[Note]")]), json!([all])),
                    "post": operation("NoteInput", &[("201", "Note")]),
                },
                "/notes/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Note")]),
                    "put": operation("NoteInput", &[("200", "Note"), ("409", "Problem")]),
                    "delete": operation("", &[("200", "Note")]),
                },
                "/notes/{id}/restore": {
                    "parameters": [id()],
                    "post": operation("", &[("200", "Note")]),
                },
                "/papers": {
                    "get": operation("", &[("200", "[Paper]")]),
                    "post": operation("PaperInput", &[("201", "Paper")]),
                },
                "/papers/{id}": {
                    "parameters": [id()],
                    "get": operation("", &[("200", "Paper"), ("410", "Problem")]),
                    "delete": operation("", &[("204", "")]),
                },
            }),
            json!({
                "NoteInput": object(1, json!({"text": {"type": "string", "maxLength": 200}})),
                "Note": object(3, json!({
                    "id": {"type": "integer"}, "text": {"type": "string"}, "deleted": {"type": "boolean"},
                })),
                "PaperInput": object(1, json!({"pages": {"type": "integer", "minimum": 1, "maximum": 5000}})),
                "Paper": object(2, json!({"id": {"type": "integer"}, "pages": {"type": "integer"}})),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let note = self.notes.things.get_mut(&id);
        match call.operation.as_str() {
            "GET /notes" => {
                let all = call.query.get("include_deleted") == Some(&json!(true));
                Reply::json(
                    200,
                    &self.notes.all().into_iter().filter(|n| all || n["deleted"] == false).collect(),
                )
            }
            "POST /notes" => {
                let mut note = only(&call.members(), &["text"]);
                note.insert("deleted".to_owned(), json!(false));
                Reply::json(201, &self.notes.add(note))
            }
            "GET /papers" => {
                let there = self.papers.things.iter().filter(|(id, _)| !self.gone.contains(id));
                Reply::json(200, &there.map(|(_, paper)| Value::Object(paper.clone())).collect())
            }
            "POST /papers" => Reply::json(201, &self.papers.add(only(&call.members(), &["pages"]))),
            "GET /papers/{id}" if self.gone.contains(&id) => Reply::problem(410, "it was deleted"),
            "GET /papers/{id}" => match self.papers.get(id) {
                Some(paper) => Reply::json(200, &paper),
                None => Reply::problem(404, "no such paper"),
            },
            "DELETE /papers/{id}" if self.papers.get(id).is_some() => {
                // A second time is as good as the first.
                self.gone.insert(id);
                Reply::empty(204)
            }
            operation => {
                let Some(note) = note else { return Reply::problem(404, "no such thing") };
                match operation {
                    "PUT /notes/{id}" if note["deleted"] == true => {
                        return Reply::problem(409, "it was deleted");
                    }
                    "PUT /notes/{id}" => note["text"] = call.body["text"].clone(),
                    "DELETE /notes/{id}" => note["deleted"] = json!(true),
                    "POST /notes/{id}/restore" => note["deleted"] = json!(false),
                    _ => {}
                }
                Reply::json(200, &Value::Object(note.clone()))
            }
        }
    }
}
