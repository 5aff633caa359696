//! Numbers of a document that a JSON value here cannot hold: integers beyond 64 bits, and what a double would round.
//!
//! The value holds the nearest double; this table holds the text as written, by place. Most documents have none.
//! It must never hold what the document does not say.

use crate::schema::{Decimal, Pointer, find};
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

/// How many numbers are kept; a hostile document has no more than that.
const MOST: usize = 20_000;
/// Below longer pointers nothing is kept.
const LONGEST_POINTER: usize = 4_096;

/// The numbers of a document that a double does not hold, as written, by pointer.
///
/// ```
/// use specwarden::schema::{Digits, Pointer};
/// let mut digits = Digits::default();
/// digits.insert("/maximum", "18446744073709551617");
/// let value = serde_json::json!({"maximum": 18_446_744_073_709_551_617.0});
/// assert_eq!(digits.json(&value, &Pointer::root()), "{\n  \"maximum\": 18446744073709551617\n}");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Digits {
    written: BTreeMap<String, Arc<str>>,
    /// How many were not kept.
    left_out: usize,
}

impl Digits {
    /// Keeps how the number at `pointer` is written.
    pub fn insert(&mut self, pointer: &str, text: impl Into<Arc<str>>) {
        if self.written.len() < MOST && pointer.len() < LONGEST_POINTER {
            self.written.insert(pointer.to_owned(), text.into());
        } else {
            self.left_out += 1;
        }
    }

    /// Whether every number is what its value says.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// How many more there were than are kept.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// How the number at `pointer` is written, if its value does not say.
    pub fn get(&self, pointer: &Pointer) -> Option<&str> {
        if self.written.is_empty() {
            return None;
        }
        self.written.get(pointer.as_str()).map(AsRef::as_ref)
    }

    /// All of them with their pointers, ordered by these.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.written.iter().map(|(pointer, text)| (pointer.as_str(), text))
    }

    /// Those at and below `pointer`, with what of their pointers stands below it.
    pub fn below<'d>(&'d self, pointer: &'d str) -> impl Iterator<Item = (&'d str, &'d Arc<str>)> {
        let own = self.written.get(pointer).map(|text| ("", text));
        // `0` is the character after `/`.
        let range = self.written.range(format!("{pointer}/")..format!("{pointer}0"));
        own.into_iter().chain(range.map(move |(at, text)| (&at[pointer.len()..], text)))
    }

    /// Copies what stands below `from` to the places below `to`, where nothing stands yet.
    pub fn copy(&mut self, from: &str, to: &str) {
        let copies: Vec<_> =
            self.below(from).map(|(rest, text)| (format!("{to}{rest}"), text.clone())).collect();
        for (pointer, text) in copies {
            if !self.written.contains_key(&pointer) {
                self.insert(&pointer, text);
            }
        }
    }

    /// Takes in the numbers of a part that stands at `base`.
    pub fn extend(&mut self, base: &Pointer, part: &Self) {
        for (pointer, text) in part.iter() {
            self.insert(&format!("{}{pointer}", base.as_str()), Arc::clone(text));
        }
        self.left_out += part.left_out;
    }

    /// Forgets what `root` does not hold: the earlier of repeated keys, what something nearer hides.
    pub fn keep_to(&mut self, root: &Value) {
        self.written.retain(|pointer, text| {
            let number = find(root, pointer).and_then(Value::as_f64);
            number.is_some_and(|number| Some(number) == nearest(text))
        });
    }

    /// `value`, which stands at `at`, as indented JSON with every digit that was written.
    pub fn json(&self, value: &Value, at: &Pointer) -> String {
        let mut doubles = Vec::new();
        if !self.is_empty() {
            self.in_order(value, &mut at.as_str().to_owned(), &mut doubles);
        }
        let mut out = Vec::new();
        let exact = Exact { pretty: PrettyFormatter::new(), doubles: doubles.into_iter() };
        // Writing a JSON value into memory cannot fail.
        _ = serde::Serialize::serialize(value, &mut Serializer::with_formatter(&mut out, exact));
        String::from_utf8(out).unwrap_or_default()
    }

    /// How each double of `value` is written, in order; `None` for those that say it themselves.
    fn in_order<'d>(&'d self, value: &Value, at: &mut String, found: &mut Vec<Option<&'d str>>) {
        let length = at.len();
        match value {
            Value::Number(number) if number.is_f64() => {
                found.push(self.written.get(at.as_str()).map(AsRef::as_ref));
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    at.push('/');
                    at.push_str(&index.to_string());
                    self.in_order(item, at, found);
                    at.truncate(length);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    at.push('/');
                    at.push_str(&key.replace('~', "~0").replace('/', "~1"));
                    self.in_order(member, at, found);
                    at.truncate(length);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// The double nearest to a number as written; beyond the largest, the largest.
///
/// ```
/// assert_eq!(specwarden::schema::nearest("-1e400"), Some(f64::MIN));
/// ```
pub fn nearest(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| !number.is_nan()).map(|number| number.clamp(f64::MIN, f64::MAX))
}

/// Whether the text of a number says more than its double would when written again.
pub(crate) fn says_more(text: &str, double: f64) -> bool {
    let whole = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+'));
    (whole && double.abs() >= 9.2e18) || Decimal::parse(text) != Decimal::of_double(double)
}

/// JSON whose doubles are written as given, one after the other.
struct Exact<'p, D> {
    pretty: PrettyFormatter<'p>,
    doubles: D,
}

impl<'d, D: Iterator<Item = Option<&'d str>>> Formatter for Exact<'_, D> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match self.doubles.next().flatten() {
            Some(text) => writer.write_all(json_number(text).as_bytes()),
            None => self.pretty.write_f64(writer, value),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}

/// A number of YAML in JSON's spelling: no plus sign, digits on both sides of the point, no leading nought.
pub(super) fn json_number(text: &str) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let mantissa = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{dot}{fraction}{exponent}")
}
