//! Simpler values than a given leaf, the simplest first. Whether one is allowed is not decided here.

use serde_json::Value;

/// Simple texts of the usual formats, so that a date stays a date.
const PLAIN: &[&str] = &[
    "a",
    "0",
    "2000-01-01",
    "2000-01-01T00:00:00Z",
    "2000-01-01 00:00:00",
    "00:00:00Z",
    "00000000-0000-0000-0000-000000000000",
    "a@a.aa",
    "a.aa",
    "http://a.aa",
    "0.0.0.0",
    "::",
    "P1D",
];

/// Simpler values than `value`; none for lists and objects, which shrink by their parts.
pub(super) fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Bool(false) | Value::Array(_) | Value::Object(_) => Vec::new(),
        Value::Bool(true) => vec![Value::Bool(false)],
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole_numbers(whole),
            (None, Some(float)) => floats(float),
            (None, None) => Vec::new(),
        },
        Value::String(text) => strings(text),
    }
}

/// Zero, one, and ever smaller steps toward zero: `100` → 0, 1, 50, 75, 88 … 99.
fn whole_numbers(number: i64) -> Vec<Value> {
    let mut values: Vec<i64> = vec![0, 1];
    values.extend(number.checked_neg().filter(|_| number < 0));
    let mut step = number / 2;
    while step != 0 {
        values.push(number - step);
        step /= 2;
    }
    values.push(number - number.signum());
    values.retain(|value| *value != number);
    values.dedup();
    values.into_iter().map(Value::from).collect()
}

fn floats(number: f64) -> Vec<Value> {
    let mut values =
        vec![0.0, 1.0, 0.5, number.trunc(), (number / 2.0).trunc(), (number / 2.0).trunc() + 0.5];
    // Fewer digits: a tenth is as good as a long fraction.
    values.push((number * 10.0).round() / 10.0);
    values.push(number.abs());
    let whole = |value: &f64| value.fract() == 0.0 && value.abs() < 9e15;
    values
        .into_iter()
        .filter(|value| value.is_finite() && *value != number)
        .map(|value| if whole(&value) { Value::from(value as i64) } else { Value::from(value) })
        .chain((number.fract() == 0.0 && number.abs() < 9e15).then(|| Value::from(number as i64)))
        .collect()
}

fn strings(text: &str) -> Vec<Value> {
    let chars: Vec<char> = text.chars().collect();
    let mut values: Vec<String> = vec![String::new()];
    values.extend(PLAIN.iter().map(|plain| (*plain).to_owned()));
    values.push("a".repeat(chars.len()));
    let mut step = chars.len() / 2;
    while step > 0 {
        let keep = chars.len() - step;
        values.push("a".repeat(keep));
        values.push(chars[..keep].iter().collect());
        values.push(chars[step..].iter().collect());
        step /= 2;
    }
    // The same shape in plainer characters.
    values.push(chars.iter().map(|c| plainer(*c)).collect());
    values.push(chars.iter().map(|c| if c.is_ascii() { *c } else { 'a' }).collect());
    values.retain(|value| value != text);
    values.into_iter().map(Value::String).collect()
}

fn plainer(c: char) -> char {
    match c {
        '0'..='9' => '0',
        'A'..='Z' => 'A',
        'a'..='z' => 'a',
        other => other,
    }
}
