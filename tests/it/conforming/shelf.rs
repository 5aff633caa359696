//! Things by number, as most servers here keep them.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Things by number.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    last: i64,
    pub(crate) things: BTreeMap<i64, Map<String, Value>>,
}

impl Shelf {
    /// Puts a new thing on it and gives it with its number.
    pub(crate) fn add(&mut self, thing: Map<String, Value>) -> Value {
        self.last += 1;
        self.put(self.last, thing)
    }

    /// Puts a thing at this number.
    pub(crate) fn put(&mut self, id: i64, mut thing: Map<String, Value>) -> Value {
        thing.insert("id".to_owned(), json!(id));
        self.things.insert(id, thing.clone());
        Value::Object(thing)
    }

    pub(crate) fn get(&self, id: i64) -> Option<Value> {
        self.things.get(&id).cloned().map(Value::Object)
    }

    pub(crate) fn all(&self) -> Vec<Value> {
        self.things.values().cloned().map(Value::Object).collect()
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<Map<String, Value>> {
        self.things.remove(&id)
    }
}

/// These members of `given` alone, absent ones as `null`.
pub(crate) fn only(given: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let member = |name: &&str| ((*name).to_owned(), given.get(*name).cloned().unwrap_or(Value::Null));
    names.iter().map(member).collect()
}
