//! How large a case is: what shrinking makes smaller, and why it ends.

use crate::case::{Case, Payload};
use serde_json::Value;

/// The size of a case, compared field by field. Every part is a natural number, so no chain of smaller and
/// smaller cases is endless.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Measure {
    /// Parameters and body.
    parts: u64,
    /// Values and property names within them.
    nodes: u64,
    /// Characters of strings, property names and numbers.
    text: u64,
    /// How far strings are from `a` and numbers from zero.
    distance: u128,
}

impl Measure {
    /// The size of `case`.
    pub(super) fn of(case: &Case) -> Self {
        let mut measure = Self::default();
        let bodies = case.body.iter().map(|body| &body.payload);
        for payload in case.parameters.iter().map(|parameter| &parameter.payload).chain(bodies) {
            measure.parts += 1;
            match payload {
                Payload::Json(value) => measure.add(value),
                Payload::Raw(raw) => measure.text += raw.bytes().len() as u64,
            }
        }
        measure
    }

    /// What it costs to look at it, in nodes; never below a handful.
    pub(super) fn weight(&self) -> u64 {
        self.nodes.max(10)
    }

    fn add(&mut self, value: &Value) {
        self.nodes += 1;
        match value {
            Value::Null => {}
            Value::Bool(yes) => self.distance += u128::from(*yes),
            Value::Number(number) => {
                self.text += number.to_string().len() as u64;
                let size = number.as_f64().unwrap_or_default().abs();
                // A cast saturates, which is all that an order of magnitude needs.
                let size = number.as_i64().map_or(size as u128, |whole| u128::from(whole.unsigned_abs()));
                self.distance = self.distance.saturating_add(size.min(u128::from(u64::MAX)));
            }
            Value::String(text) => {
                self.text += text.chars().count() as u64;
                self.distance += text.chars().map(rank).sum::<u128>();
            }
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    self.nodes += 1;
                    self.text += name.chars().count() as u64;
                    self.add(member);
                }
            }
        }
    }
}

/// How plain a character is.
fn rank(c: char) -> u128 {
    match c {
        'a' => 0,
        '0' => 1,
        'b'..='z' | '1'..='9' => 2,
        'A'..='Z' => 3,
        ' '..='~' => 4,
        _ if c.is_ascii() => 5,
        _ => 6,
    }
}
