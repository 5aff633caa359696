//! A value of an enumeration, with the digits that a double does not hold.

use crate::schema::{Decimal, Document, Pointer};
use serde_json::Value;

/// A listed value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// The value, its numbers rounded to doubles.
    pub(crate) value: Value,
    /// The value with texts in the place of numbers that were rounded, if there are any.
    exact: Option<Value>,
}

impl Member {
    /// The value at `at`.
    pub(crate) fn read(document: &Document, at: &Pointer, value: &Value) -> Self {
        let mut exact: Option<Value> = None;
        for (rest, text) in document.digits().below(at.as_str()) {
            let number = Decimal::parse(text);
            let place = exact.get_or_insert_with(|| value.clone()).pointer_mut(rest);
            // `1e20` and a one with twenty noughts are the same number.
            if let (Some(place), Some(number)) = (place, number)
                && place.as_f64().and_then(Decimal::of_double).as_ref() != Some(&number)
            {
                *place = Value::String(number.to_string());
            }
        }
        Self { value: value.clone(), exact: exact.filter(|exact| exact != value) }
    }

    /// Whether two values are the same to JSON Schema: numbers by value, not by spelling.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        equal(&self.value, &other.value) && self.exact == other.exact
    }

    /// The value as the text of a parameter.
    pub(crate) fn text(&self) -> String {
        match self.shown() {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The value as JSON with all its digits.
    pub(crate) fn json(&self) -> String {
        match (&self.exact, &self.value) {
            (Some(Value::String(digits)), Value::Number(_)) => digits.clone(),
            _ => self.shown().to_string(),
        }
    }

    /// The value for comparing alone: texts in the place of numbers that were rounded.
    pub(crate) fn exactly(self) -> Value {
        self.exact.unwrap_or(self.value)
    }

    fn shown(&self) -> &Value {
        self.exact.as_ref().unwrap_or(&self.value)
    }
}

impl From<Value> for Member {
    fn from(value: Value) -> Self {
        Self { value, exact: None }
    }
}

/// Whether two values are the same to JSON Schema, as far as doubles tell.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64())
        }
        _ => a == b,
    }
}
