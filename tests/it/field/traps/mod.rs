//! Habits of real servers that tools like this one have taken for defects: each must stay silent here.
//!
//! `docs/traps.md` names every trap with the test that holds it.

mod access;
mod answers;
mod calls;
mod inputs;

use crate::conforming::{Habit, Head, KEY, Reply};
use serde_json::Value;
use specwarden::finding::Severity;
use specwarden::report::Night;
use std::collections::BTreeMap;

/// A server that reads requests in its own way: nothing is refused for it.
pub(super) struct Loose<F> {
    pub(super) document: Value,
    pub(super) answer: F,
}

/// A request as such a server sees it.
pub(super) struct Asked {
    pub(super) head: Head,
    /// The pieces of the path, decoded.
    pub(super) path: Vec<String>,
    /// What the query holds, in its order.
    pub(super) query: Vec<(String, String)>,
    pub(super) bytes: Vec<u8>,
    /// Whether the key was shown.
    pub(super) known: bool,
}

impl Asked {
    fn of(head: &Head, bytes: &[u8]) -> Self {
        let decoded =
            |piece: &str| percent_encoding::percent_decode_str(piece).decode_utf8_lossy().into_owned();
        Self {
            path: head.path.split('/').filter(|piece| !piece.is_empty()).map(decoded).collect(),
            query: url::form_urlencoded::parse(head.query.as_bytes()).into_owned().collect(),
            bytes: bytes.to_vec(),
            known: head.headers.get("x-api-key").is_some_and(|key| key == KEY),
            head: head.clone(),
        }
    }

    /// Method and pieces of the path, for matching.
    pub(super) fn route(&self) -> (&str, Vec<&str>) {
        (&self.head.method, self.path.iter().map(String::as_str).collect())
    }

    /// The first value of a name in the query, as most frameworks have it; what is empty is not there.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The JSON of the body.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.bytes).ok()
    }
}

impl<F: FnMut(&Asked) -> Reply + Send + 'static> Habit for Loose<F> {
    fn document(&self) -> Value {
        self.document.clone()
    }

    fn instead(&mut self, head: &Head, bytes: &[u8]) -> Option<Reply> {
        if head.path == "/openapi.json" {
            return Some(Reply::json(200, &self.document));
        }
        Some((self.answer)(&Asked::of(head, bytes)))
    }

    fn answer(&mut self, _: &crate::conforming::Call) -> Reply {
        unreachable!("it answers instead")
    }
}

/// Things by number.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) next: i64,
    pub(super) things: BTreeMap<i64, Value>,
}

impl Kept {
    pub(super) fn add(&mut self, mut thing: Value) -> Value {
        self.next += 1;
        thing["id"] = self.next.into();
        self.things.insert(self.next, thing.clone());
        thing
    }

    pub(super) fn all(&self) -> Value {
        self.things.values().cloned().collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Value> {
        self.things.get(&id.parse().ok()?)
    }
}

pub(super) fn refused(status: u16) -> Reply {
    Reply::problem(status, "no")
}

pub(super) fn unknown_caller() -> Reply {
    Reply::problem(401, "who are you?").header("www-authenticate", "ApiKey")
}

/// Every operation was reached, and nothing is told that fails a night.
#[track_caller]
pub(super) fn blames_nobody(night: &Night) {
    let counts = &night.outcome.as_ref().expect("it ended").counts;
    assert_eq!(counts.reached, counts.operations, "{:#?}", night.operations);
    let grave: Vec<_> = night.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(grave.is_empty(), "{:#?}", super::told(night));
}

/// Every operation was reached, and nothing is told at all.
#[track_caller]
pub(super) fn stays_silent(night: &Night) {
    super::is_silent(night);
    blames_nobody(night);
}
