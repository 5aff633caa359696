//! How a text on the wire may be read: as itself, as a number, a truth value, nothing, a list.
//!
//! A value that travels as text has no JSON type of its own. A text is only wrong for a schema if none of its
//! readings is right. This must never guess beyond what common frameworks do: it judges answers too, and is stricter
//! than `case::readings`, which asks what a lenient server could make of a request (`yes`, `1` for true).

use crate::case::{scalar_text, spelled_number};
use serde_json::Value;

/// Every JSON value that `text` may stand for, itself first.
pub(crate) fn readings(text: &str, delimiter: char) -> Vec<Value> {
    let mut all = scalars(text);
    let pieces: Vec<&str> = text.split(delimiter).map(str::trim).collect();
    all.push(pieces.iter().map(|piece| Value::from(*piece)).collect());
    let read = |piece: &&str| scalars(piece).pop().unwrap_or(Value::Null);
    let typed: Value = pieces.iter().map(read).collect();
    if all.last() != Some(&typed) {
        all.push(typed);
    }
    if text.is_empty() {
        all.push(Value::Array(Vec::new()));
    }
    all
}

/// The text that a scalar travels as; `None` for lists and objects.
pub(crate) fn wire_text(value: &Value) -> Option<String> {
    (!value.is_array() && !value.is_object()).then(|| scalar_text(value))
}

/// The scalar readings of `text`, the most specific last.
fn scalars(text: &str) -> Vec<Value> {
    let mut all = vec![Value::from(text)];
    if let Some(number) = spelled_number(text) {
        all.push(number);
    } else if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        all.push(Value::Bool(text.eq_ignore_ascii_case("true")));
    } else if text.is_empty() || text == "null" {
        all.push(Value::Null);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: Value) {
        assert_eq!(Value::Array(readings(text, ',')), expected);
    }

    #[test]
    fn a_text_has_several_readings() {
        check("5", json!(["5", 5, ["5"], [5]]));
        check("-1.5", json!(["-1.5", -1.5, ["-1.5"], [-1.5]]));
        check("True", json!(["True", true, ["True"], [true]]));
        check("", json!(["", null, [""], [null], []]));
        check("a,2", json!(["a,2", ["a", "2"], ["a", 2]]));
        check("abc", json!(["abc", ["abc"]]));
        check("inf", json!(["inf", ["inf"]]));
    }
}
