//! How doubles that came of a document are written there, for what is sent.
//!
//! A request is made of values, which know no place in the document. A double that stands for one number of the
//! document alone is written with that number's digits; others are written as doubles are.

use crate::schema::Decimal;
use crate::schema::digits::{Digits, json_number, nearest};
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Write};
use std::sync::Arc;

/// Digits by the double that holds their beginning.
///
/// ```
/// use specwarden::schema::{Digits, Doubles};
/// let mut digits = Digits::default();
/// digits.insert("/example", "18446744073709551617");
/// let doubles = Doubles::of(&digits);
/// assert_eq!(doubles.json(&serde_json::json!([1, 18_446_744_073_709_551_617.0])), "[1,18446744073709551617]");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubles(HashMap<u64, Arc<str>>);

impl Doubles {
    /// Those of the numbers that a document's values do not hold. Two numbers in one double are none.
    pub fn of(digits: &Digits) -> Self {
        let mut written: HashMap<u64, Option<Arc<str>>> = HashMap::new();
        for (_, text) in digits.iter() {
            let Some(double) = nearest(text) else { continue };
            match written.entry(double.to_bits()) {
                Entry::Vacant(entry) => _ = entry.insert(Some(json_number(text).into())),
                Entry::Occupied(mut entry) => {
                    let same = |known: &Arc<str>| Decimal::parse(known) == Decimal::parse(text);
                    if !entry.get().as_ref().is_some_and(same) {
                        entry.insert(None);
                    }
                }
            }
        }
        Self(written.into_iter().filter_map(|(bits, text)| Some((bits, text?))).collect())
    }

    /// Whether every double is written as doubles are.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` as JSON on one line.
    pub fn json(&self, value: &Value) -> String {
        if self.is_empty() {
            return value.to_string();
        }
        let mut out = Vec::new();
        // Writing a JSON value into memory cannot fail.
        _ = value.serialize(&mut Serializer::with_formatter(&mut out, Written(self)));
        String::from_utf8(out).unwrap_or_default()
    }

    /// `value` with the digits as texts, for what makes no difference between a number and its text.
    pub fn spelled(&self, value: &Value) -> Value {
        match value {
            Value::Number(number) if number.is_f64() => {
                let text = number.as_f64().and_then(|double| self.0.get(&double.to_bits()));
                text.map_or_else(|| value.clone(), |text| Value::from(&**text))
            }
            Value::Array(items) => items.iter().map(|item| self.spelled(item)).collect(),
            Value::Object(members) => {
                let members = members.iter().map(|(name, member)| (name.clone(), self.spelled(member)));
                Value::Object(members.collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }
}

struct Written<'d>(&'d Doubles);

impl Formatter for Written<'_> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match self.0.0.get(&value.to_bits()) {
            Some(text) => writer.write_all(text.as_bytes()),
            None => CompactFormatter.write_f64(writer, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn two_numbers_in_one_double_are_told_apart_by_neither() {
        let mut digits = Digits::default();
        digits.insert("/a", "100000000000000000001");
        digits.insert("/b", "+1.00000000000000000001e20");
        assert_eq!(Doubles::of(&digits).json(&json!({"x": 1e20})), "{\"x\":100000000000000000001}");
        digits.insert("/c", "100000000000000000002");
        assert_eq!(Doubles::of(&digits).json(&json!({"x": 1e20})), "{\"x\":1e+20}");
    }
}
