//! Plain scalars of YAML 1.2's core schema (§10.3.2).

use crate::schema::{nearest, says_more};
use serde_json::{Number, Value};

/// The value that a plain scalar means. What is not null, a boolean or a number is a text: `yes`, `y` and dates too.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    let unsigned = |digits: &str, base| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| u64::from_str_radix(digits, base).ok()).flatten().map(Number::from)
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return unsigned(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return unsigned(digits, 8);
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    // Beyond 64 bits, and with fractions: the nearest double; the caller keeps what it does not hold.
    let shaped = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    (shaped && digits).then(|| nearest(text)).flatten().and_then(Number::from_f64)
}

/// Whether a plain scalar is a number that `value`, which was made of it, does not hold.
pub(super) fn exceeds(text: &str, value: &Value) -> bool {
    match value {
        Value::Number(number) if number.is_f64() => {
            number.as_f64().is_some_and(|double| says_more(text, double))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn core_schema() {
        let check = |text: &str, expected: Value| assert_eq!(plain(text), expected, "{text}");
        check("", Value::Null);
        check("~", Value::Null);
        check("True", json!(true));
        for text in [
            "y",
            "yes",
            "no",
            "on",
            "off",
            "tRUE",
            "2020-01-01",
            "1.2.3",
            "1_000",
            "-",
            ".",
            ".inf",
            "0x",
            "0xZZ",
            "::1",
            "+-1",
        ] {
            check(text, json!(text));
        }
        check("010", json!(10));
        check("+7", json!(7));
        check("0x1F", json!(31));
        check("0o17", json!(15));
        check("1e3", json!(1000.0));
        check(".5", json!(0.5));
        check("1e400", json!(f64::MAX));
        check("12345678901234567890", json!(12_345_678_901_234_567_890_u64));
        check("-9223372036854776000", json!(-9_223_372_036_854_776_000.0));
    }
}
