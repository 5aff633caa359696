//! JSON into values of exactly the size they need, in one pass that also sees repeated keys.
//!
//! `serde_json` grows each list and object by doubling, and an entry of an object takes over a hundred bytes: for
//! large documents the room that stays empty is half of the memory. Members are gathered on one stack instead and
//! moved into place when their number is known. It must accept and refuse exactly what `serde_json` does.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt;

/// A parsed text.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) value: Value,
    /// Whether some key is repeated in its object; the last one counts.
    pub(super) repeats: bool,
    /// Whether there are doubles, which may not be all that was written.
    pub(super) has_doubles: bool,
    /// Whether one of them is so large that an integer may have been written.
    pub(super) has_giants: bool,
}

/// Parses a text.
pub(super) fn from_str(text: &str) -> Result<Parsed, serde_json::Error> {
    let scratch = Scratch::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Node(&scratch).deserialize(&mut deserializer)?;
    deserializer.end()?;
    let Scratch { repeats, has_doubles, has_giants, .. } = scratch;
    Ok(Parsed { value, repeats: repeats.get(), has_doubles: has_doubles.get(), has_giants: has_giants.get() })
}

/// Members and items of everything that is open, innermost last.
#[derive(Default)]
struct Scratch {
    members: RefCell<Vec<(String, Value)>>,
    items: RefCell<Vec<Value>>,
    repeats: Cell<bool>,
    has_doubles: Cell<bool>,
    has_giants: Cell<bool>,
}

/// Beyond this, integers do not fit into 64 bits.
const GIANT: f64 = 9.2e18;

#[derive(Clone, Copy)]
struct Node<'s>(&'s Scratch);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.has_doubles.set(true);
        if value.abs() > GIANT {
            self.0.has_giants.set(true);
        }
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let base = self.0.items.borrow().len();
        while let Some(item) = access.next_element_seed(self)? {
            self.0.items.borrow_mut().push(item);
        }
        // A drained range knows its length, so the list is made as long as it has to be.
        Ok(Value::Array(self.0.items.borrow_mut().drain(base..).collect()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let base = self.0.members.borrow().len();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(self)?;
            self.0.members.borrow_mut().push((name, value));
        }
        let mut gathered = self.0.members.borrow_mut();
        let mut members = Map::with_capacity(gathered.len() - base);
        for (name, value) in gathered.drain(base..) {
            if members.insert(name, value).is_some() {
                self.0.repeats.set(true);
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str) {
        match (from_str(text), serde_json::from_str::<Value>(text)) {
            (Ok(Parsed { value: ours, .. }), Ok(theirs)) => {
                assert_eq!(ours, theirs);
                // Equality of objects does not see the order.
                assert_eq!(ours.to_string(), theirs.to_string());
            }
            (Err(ours), Err(theirs)) => assert_eq!(ours.to_string(), theirs.to_string()),
            (ours, theirs) => panic!("{text}: {ours:?} but {theirs:?}"),
        }
    }

    #[test]
    fn reads_as_serde_json_does() {
        for text in [
            "",
            "nul",
            "[1,2",
            "{\"a\":1,}",
            "1 2",
            "[1e400]",
            "[-0, 0.1, 18446744073709551616, -9223372036854775808]",
            "{\"a\": {\"b\": [[], {}, [{}]], \"c\": \"\\u00e9\\n\"}, \"a\": 2, \"0\": null}",
            "\"\\ud800\"",
            "[\"\u{0}\"]",
        ] {
            check(text);
        }
        check(&"[".repeat(10_000));
        check(&format!("{}1{}", "{\"a\":".repeat(127), "}".repeat(127)));
        check(&format!("{}1{}", "{\"a\":".repeat(128), "}".repeat(128)));
    }

    #[test]
    fn sees_repeated_keys() {
        assert!(from_str("[{\"a\": {\"b\": 1, \"c\": 2, \"\\u0062\": 3}}]").expect("JSON").repeats);
        assert!(!from_str("[{\"a\": {\"a\": 1}}, {\"a\": 1}]").expect("JSON").repeats);
    }

    proptest! {
        #[test]
        fn reads_any_text_as_serde_json_does(text in "[\\[\\]{}\",:0-9a-c.eE\\\\ -]{0,40}") {
            check(&text);
        }
    }
}
