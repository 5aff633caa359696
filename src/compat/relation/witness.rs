//! Values that show a difference: candidates at the edges, and whether a node allows a scalar.

use crate::compat::node::{Kinds, Member, Node, equal};
use serde_json::{Number, Value, json};

/// The longest text worth building.
const LONGEST: u64 = 4096;
/// Values longer than this are cut when shown.
const SHOWN: usize = 60;
/// At most this many values of a list are shown.
const SHOWN_VALUES: usize = 12;

/// Whether `node`'s own keywords allow the scalar `value`; `None` if a pattern could not be decided.
pub(crate) fn allows(node: &Node, value: &Value) -> Option<bool> {
    if !node.kinds.meets(Kinds::of(value)) {
        return Some(false);
    }
    if let Some(members) = &node.members
        && !members.iter().any(|known| equal(&known.value, value))
    {
        return Some(false);
    }
    match value {
        Value::Number(number) => Some(in_range(node, number.as_f64()?)),
        Value::String(text) => {
            let length = text.chars().count() as u64;
            let bounds = &node.bounds;
            if bounds.min_length.is_some_and(|least| length < least)
                || bounds.max_length.is_some_and(|most| length > most)
            {
                return Some(false);
            }
            for pattern in &node.patterns {
                if !matches(pattern, text)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Some(true),
    }
}

/// Scalars at and around the edges of a node.
pub(crate) fn candidates(node: &Node) -> Vec<Value> {
    let mut values: Vec<Value> =
        ["other", "a", "A", "0", "1", "a-b", "a b", "", "none of these", "ü", "_", "ABC-123"]
            .map(Value::from)
            .into();
    if let Some(members) = &node.members {
        values.extend(members.iter().map(|member| member.value.clone()));
    }
    let bounds = &node.bounds;
    for length in [bounds.min_length, bounds.max_length].into_iter().flatten() {
        for length in [length, length.saturating_sub(1), length + 1].into_iter().filter(|n| *n <= LONGEST) {
            for filler in ["x", "0", "A"] {
                values.push(Value::from(filler.repeat(length as usize)));
            }
        }
    }
    // Edges first: they show a bound best.
    let mut numbers = Vec::new();
    for limit in [&bounds.minimum, &bounds.maximum].into_iter().flatten() {
        numbers.extend([
            limit.value,
            limit.value - 1.0,
            limit.value + 1.0,
            limit.value - 0.5,
            limit.value + 0.5,
            // Large doubles lie more than one apart.
            limit.value.next_up(),
            limit.value.next_down(),
        ]);
        if let Some(step) = bounds.multiple_of {
            let floor = (limit.value / step).floor() * step;
            numbers.extend([floor, floor - step, floor + step]);
        }
    }
    if let Some(step) = bounds.multiple_of {
        numbers.extend([step, step * 2.0, -step, step * 3.0]);
    }
    numbers.extend([0.0, 1.0, -1.0, 0.5, 7.0, 1e9]);
    values.extend(numbers.into_iter().filter_map(number));
    values.extend([json!(true), json!(false)]);
    values
}

/// A value as people read it.
pub(crate) fn shown(value: &Value) -> String {
    cut(value.to_string())
}

/// A text, its tail cut.
fn cut(text: String) -> String {
    if text.chars().count() <= SHOWN {
        return text;
    }
    let head: String = text.chars().take(SHOWN / 2).collect();
    // The quotes of a text are none of its characters.
    let quotes = if text.starts_with('"') { 2 } else { 0 };
    format!("{head}… ({} characters)", text.chars().count() - quotes)
}

/// A listed value as people read it.
pub(crate) fn shown_member(member: &Member) -> String {
    cut(member.json())
}

/// Values as people read them, the tail cut.
pub(crate) fn shown_list(values: &[Member]) -> String {
    let mut texts: Vec<String> = values.iter().take(SHOWN_VALUES).map(shown_member).collect();
    if values.len() > SHOWN_VALUES {
        texts.push(format!("and {} more", values.len() - SHOWN_VALUES));
    }
    texts.join(", ")
}

/// Whether `text` matches an ECMA pattern; `None` if the pattern is not one.
fn matches(pattern: &str, text: &str) -> Option<bool> {
    let validator = jsonschema::validator_for(&json!({"type": "string", "pattern": pattern})).ok()?;
    Some(validator.is_valid(&Value::from(text)))
}

fn in_range(node: &Node, value: f64) -> bool {
    let bounds = &node.bounds;
    let low =
        bounds.minimum.as_ref().is_none_or(|l| if l.exclusive { value > l.value } else { value >= l.value });
    let high =
        bounds.maximum.as_ref().is_none_or(|l| if l.exclusive { value < l.value } else { value <= l.value });
    let step = bounds.multiple_of.is_none_or(|step| is_multiple(value, step));
    low && high && step
}

/// Whether `value` is a multiple of `step`, up to the noise of binary fractions.
pub(crate) fn is_multiple(value: f64, step: f64) -> bool {
    let quotient = value / step;
    (quotient - quotient.round()).abs() < 1e-9 * quotient.abs().max(1.0)
}

fn number(value: f64) -> Option<Value> {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Some(Value::from(value as i64))
    } else {
        Number::from_f64(value).map(Value::Number)
    }
}
