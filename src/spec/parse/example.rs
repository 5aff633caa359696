//! Examples of the document, best first: the part's own, then those of its schema.

use crate::exchange::{Framing, MediaType, items};
use crate::schema::{Pointer, find};
use crate::spec::parse::walk::Walk;
use serde_json::{Map, Value};

/// More examples than this of one part say nothing new.
const MOST: usize = 16;

/// Collects examples without repeating one.
#[derive(Default)]
pub(super) struct Examples {
    values: Vec<Value>,
    /// Examples that the document gives only as they travel (`serializedValue`, OpenAPI 3.2).
    written: Vec<String>,
}

impl Examples {
    /// Adds one, unless it is there or enough are.
    pub(super) fn add(&mut self, walk: &Walk, value: &Value) {
        if self.values.len() < MOST && !self.values.contains(value) && walk.has_room_for(value) {
            self.values.push(value.clone());
        }
    }

    /// The examples that stand on a parameter, header or media type itself (OpenAPI 3.x, or 2.0's usual extensions).
    pub(super) fn of_node(mut self, walk: &Walk, node: &Map<String, Value>, at: &Pointer) -> Self {
        for key in ["example", "x-example"] {
            if let Some(value) = node.get(key) {
                self.add(walk, value);
            }
        }
        for key in ["examples", "x-examples"] {
            if let Some(Value::Object(named)) = node.get(key) {
                let at = at.push(key);
                for name in named.keys() {
                    let Ok((_, example)) = walk.resolve(&at.push(name)) else { continue };
                    // `dataValue` is OpenAPI 3.2's name for the value before serialisation.
                    if let Some(value) = example.get("dataValue").or_else(|| example.get("value")) {
                        self.add(walk, value);
                    } else if let Some(text) = example.get("serializedValue").and_then(Value::as_str)
                        && self.written.len() < MOST
                    {
                        self.written.push(text.to_owned());
                    }
                }
            }
        }
        self
    }

    /// The examples of the schema at `schema`.
    pub(super) fn of_schema(mut self, walk: &Walk, schema: Option<&Pointer>) -> Self {
        // Keywords beside a reference speak of this place, so they come before the target's.
        let Some(here) = schema.and_then(|at| find(walk.root, at.as_str())) else { return self };
        self.keywords(walk, here);
        if let Some((_, resolved)) = schema.and_then(|at| walk.resolve(at).ok()) {
            self.keywords(walk, resolved);
        }
        self
    }

    fn keywords(&mut self, walk: &Walk, schema: &Value) {
        for key in ["example", "x-example"] {
            if let Some(value) = schema.get(key) {
                self.add(walk, value);
            }
        }
        if let Some(Value::Array(values)) = schema.get("examples") {
            for value in values {
                self.add(walk, value);
            }
        }
        if let Some(value) = schema.get("default") {
            self.add(walk, value);
        }
    }

    /// The list of values.
    pub(super) fn into_list(self) -> Vec<Value> {
        self.values
    }

    /// The list for a body: documents often write a JSON body as a text that holds JSON.
    pub(super) fn into_bodies(
        mut self,
        walk: &Walk,
        media: &MediaType,
        schema: Option<&Pointer>,
    ) -> Vec<Value> {
        for text in std::mem::take(&mut self.written) {
            if let Some(value) = read(media, &text) {
                self.add(walk, &value);
            }
        }
        if Framing::of(media).is_some() {
            let rows = |value: Value| match value {
                Value::String(text) => read(media, &text).unwrap_or(Value::String(text)),
                other => other,
            };
            return self.values.into_iter().map(rows).collect();
        }
        if !media.is_json() {
            return self.values;
        }
        let structured = schema.and_then(|at| walk.resolve(at).ok()).is_some_and(|(_, schema)| {
            matches!(schema.get("type").and_then(Value::as_str), Some("object" | "array"))
                || schema.get("properties").is_some()
        });
        let unwrap = |value: Value| match value {
            Value::String(text) if structured => serde_json::from_str(&text).ok(),
            other => Some(other),
        };
        self.values.into_iter().filter_map(unwrap).collect()
    }

    /// As [`Examples::into_bodies`], for a media type that is still text.
    pub(super) fn into_bodies_of(self, walk: &Walk, media: &str, schema: Option<&Pointer>) -> Vec<Value> {
        match MediaType::parse(media) {
            Some(media) => self.into_bodies(walk, &media, schema),
            None => self.into_list(),
        }
    }
}

/// The value that a body's text stands for, where its media type has one way to write it.
fn read(media: &MediaType, text: &str) -> Option<Value> {
    if Framing::of(media).is_some() {
        return items(media, text.as_bytes(), false).ok().map(Value::Array);
    }
    if media.is_json() {
        return serde_json::from_str(text).ok();
    }
    media.is_text().then(|| Value::String(text.to_owned()))
}
