//! Values that come in pairs, one of which bounds the other: `start_date` and `end_date`, `min_price` and `max_price`.
//!
//! No schema says that the lower one must not lie above the upper one; names say it. What is found here is a guess, and
//! must never be taken for the document's word.

use crate::plan::words::words;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The words of the lower and the upper value, and whether they speak of amounts, too. The others bound moments for
/// sure, and numbers only perhaps: `from` and `to` may be the two ends of a transfer.
const WORDS: &[(&str, &str, bool)] = &[
    ("min", "max", true),
    ("minimum", "maximum", true),
    ("lower", "upper", true),
    ("gte", "lte", true),
    ("gt", "lt", true),
    ("ge", "le", true),
    ("start", "end", false),
    ("starts", "ends", false),
    ("started", "ended", false),
    ("started", "finished", false),
    ("start", "finish", false),
    ("start", "stop", false),
    ("begin", "end", false),
    ("begins", "ends", false),
    ("from", "to", false),
    ("from", "until", false),
    ("from", "till", false),
    ("since", "until", false),
    ("after", "before", false),
    ("earliest", "latest", false),
];

/// Two of several names, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Which name is the lower bound's.
    pub lower: usize,
    /// Which name is the upper bound's.
    pub upper: usize,
    /// Whether numbers under these names are bounds for sure.
    amounts: bool,
}

/// The ranges among names that stand in one place.
///
/// ```
/// use specwarden::plan::ranges;
/// let found = ranges(&["name", "startDate", "endDate"]);
/// assert_eq!((found[0].lower, found[0].upper), (1, 2));
/// assert!(ranges(&["start_date", "end_time"]).is_empty());
/// ```
pub fn ranges(names: &[&str]) -> Vec<Range> {
    let mut lowers: BTreeMap<(usize, Vec<String>), usize> = BTreeMap::new();
    let mut uppers = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let words = words(name);
        for at in 0..words.len() {
            for (group, (lower, upper, _)) in WORDS.iter().enumerate() {
                let rest = || [&words[..at], &words[at + 1..]].concat();
                if words[at] == *lower {
                    lowers.entry((group, rest())).or_insert(place);
                } else if words[at] == *upper {
                    uppers.push((group, rest(), place));
                }
            }
        }
    }
    let mut found: Vec<Range> = Vec::new();
    for (group, rest, upper) in uppers {
        if let Some(lower) = lowers.get(&(group, rest)).copied()
            && found.iter().all(|range| range.lower != lower && range.upper != upper)
        {
            found.push(Range { lower, upper, amounts: WORDS[group].2 });
        }
    }
    found
}

impl Range {
    /// Whether these two values, were they the other way round, would surely be nonsense.
    pub fn is_sure(&self, lower: &Value, upper: &Value) -> bool {
        moment(lower).is_some() && moment(upper).is_some()
            || self.amounts && lower.is_number() && upper.is_number()
    }
}

/// How two bounds stand to each other; `None` if they cannot be compared.
pub fn order(lower: &Value, upper: &Value) -> Option<Ordering> {
    match (lower, upper) {
        (Value::Number(lower), Value::Number(upper)) => lower.as_f64()?.partial_cmp(&upper.as_f64()?),
        _ => Some(moment(lower)?.cmp(&moment(upper)?)),
    }
}

/// Whether the value can be a bound at all.
pub fn is_bound(value: &Value) -> bool {
    value.is_number() || moment(value).is_some()
}

/// The value `steps` days or units further on, in the same writing; `None` where there is none.
pub fn moved(value: &Value, steps: i64) -> Option<Value> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(whole.checked_add(steps)?.into()),
            None => Some((number.as_f64()? + steps as f64).into()),
        },
        Value::String(text) => {
            moment(value)?;
            let day: Date = text.get(..10)?.parse().ok()?;
            let day = day.checked_add(steps.days()).ok()?;
            // Only years of four digits are written like that.
            (0..=9999).contains(&day.year()).then(|| format!("{day}{}", &text[10..]).into())
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Seconds since 1970 of a date or date-time (RFC 3339 §5.6), a date at midnight, UTC.
fn moment(value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    let bytes = text.as_bytes();
    if bytes.len() < 10 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    match text.len() {
        10 => {
            let day: Date = text.parse().ok()?;
            Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
        }
        _ => text.parse::<Timestamp>().ok().map(Timestamp::as_second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(names: &[&str], expected: &[(&str, &str)]) {
        let found: Vec<(&str, &str)> =
            ranges(names).iter().map(|range| (names[range.lower], names[range.upper])).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn pairs_are_known_by_their_words() {
        check(&["end_date", "start_date", "name"], &[("start_date", "end_date")]);
        check(&["createdAfter", "createdBefore"], &[("createdAfter", "createdBefore")]);
        check(&["min-price", "max-price", "max-size"], &[("min-price", "max-price")]);
        check(&["price__gte", "price__lte"], &[("price__gte", "price__lte")]);
        check(&["since", "until"], &[("since", "until")]);
        check(&["valid_from", "valid_until"], &[("valid_from", "valid_until")]);
        check(&["startsAt", "endsAt", "createdBy"], &[("startsAt", "endsAt")]);
    }

    #[test]
    fn words_that_only_look_alike_are_no_pair() {
        check(&["start_date", "end_time"], &[]);
        check(&["minute", "maximum"], &[]);
        check(&["started", "vendor"], &[]);
        check(&["low", "high"], &[]);
        check(&["to"], &[]);
    }

    #[test]
    fn bounds_are_compared_and_moved_in_their_own_writing() {
        let later = |a: Value, b: Value| order(&a, &b);
        assert_eq!(later(json!("2024-01-15"), json!("2024-01-14")), Some(Ordering::Greater));
        assert_eq!(
            later(json!("2024-01-15T01:00:00+02:00"), json!("2024-01-14T23:30:00Z")),
            Some(Ordering::Less)
        );
        assert_eq!(later(json!(1.5), json!(2)), Some(Ordering::Less));
        assert_eq!(later(json!("b"), json!("a")), None);
        assert_eq!(moved(&json!("2024-12-31T10:30:00Z"), 1), Some(json!("2025-01-01T10:30:00Z")));
        assert_eq!(moved(&json!("2024-01-01"), -1), Some(json!("2023-12-31")));
        assert_eq!(moved(&json!("9999-12-31"), 1), None);
        assert_eq!(moved(&json!(7), -1), Some(json!(6)));
        assert_eq!(moved(&json!("noon"), 1), None);
    }

    #[test]
    fn numbers_are_bounds_only_under_words_of_amounts() {
        let sure = |names: &[&str]| ranges(names)[0].is_sure(&json!(1), &json!(2));
        assert!(sure(&["min_age", "max_age"]));
        assert!(!sure(&["from_account", "to_account"]));
        assert!(ranges(&["from", "to"])[0].is_sure(&json!("2024-01-15"), &json!("2024-01-16")));
    }
}
