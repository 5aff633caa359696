//! JSON: parsed by `serde_json`; positions and repeated keys by a small walk over the text.

use crate::schema::{Digits, nearest, says_more};
use crate::source::position::Lines;
use crate::source::value::{self, Parsed};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) reason: String,
}

/// A key that stands in its object for a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeated {
    /// The pointer of the member.
    pub(super) pointer: String,
    pub(super) line: usize,
    pub(super) column: usize,
    /// How many more there are after this one, which are not listed.
    pub(super) more: usize,
}

/// How many repeated keys are listed.
pub(super) const MOST_REPEATED: usize = 1_000;
/// Longer pointers are not listed: a hostile document repeats keys below a key of megabytes.
pub(super) const LONGEST_POINTER: usize = 4_096;

/// A loaded text.
#[derive(Debug)]
pub(super) struct Json {
    pub(super) value: Value,
    pub(super) repeated: Vec<Repeated>,
    /// Numbers that the value does not hold.
    pub(super) digits: Digits,
}

/// Parses a text; tells every key that is repeated in its object, and every number that is more than a double.
pub(super) fn load(text: &str) -> Result<Json, Fault> {
    let parsed = value::from_str(text).or_else(|error| match within_range(text) {
        Some(finite) if error.to_string().starts_with("number out of range") => value::from_str(&finite),
        _ => Err(error),
    });
    match parsed {
        Ok(Parsed { mut value, repeats, has_doubles, has_giants }) => {
            let mut digits = Digits::default();
            if has_giants || has_doubles && has_long_numbers(text) {
                digits = exact(text);
                for (pointer, written) in digits.iter().filter(|(_, written)| is_out_of_range(written)) {
                    if let (Some(place), Some(nearest)) = (value.pointer_mut(pointer), nearest(written))
                        && place.is_number()
                    {
                        *place = Value::from(nearest);
                    }
                }
                digits.keep_to(&value);
            }
            Ok(Json { value, repeated: if repeats { repeated(text) } else { Vec::new() }, digits })
        }
        Err(error) => {
            let message = error.to_string();
            // The position is told apart from the words.
            let reason = message.split(" at line ").next().unwrap_or(&message).to_owned();
            let (line, column) = Lines::new(text).in_characters(error.line(), error.column());
            Err(Fault { line, column, reason })
        }
    }
}

/// The text of the same length with some double in the place of numbers beyond all. `None` if there are none.
fn within_range(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for number in numbers(text) {
        let written = &text[number.clone()];
        if is_out_of_range(written) {
            // Five characters at least are out of range; what is left is filled up with blanks.
            let finite: &[u8] = if written.starts_with('-') { b"-1e308" } else { b"1e308" };
            bytes[number.clone()].fill(b' ');
            bytes[number.start..number.start + finite.len()].copy_from_slice(finite);
        }
    }
    String::from_utf8(bytes).ok().filter(|finite| finite != text)
}

/// Whether a number is larger than every double.
fn is_out_of_range(written: &str) -> bool {
    written.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// Where the numbers of a JSON text stand.
fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            match bytes[at] {
                b'"' => at = after_string(bytes, at),
                b'-' | b'0'..=b'9' => {
                    at = after_word(bytes, at);
                    return Some(start..at);
                }
                _ => at += 1,
            }
        }
        None
    })
}

/// Whether a run of digits may be a number that a double would round. Looks at few bytes of large texts.
fn has_long_numbers(text: &str) -> bool {
    // A double holds fifteen digits whatever they are; a point may stand between them.
    const EXACT: usize = 15;
    const STRIDE: usize = EXACT.div_ceil(2);
    let bytes = text.as_bytes();
    let in_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    (STRIDE - 1..bytes.len()).step_by(STRIDE).any(|at| {
        in_number(&bytes[at]) && {
            let before = bytes[..at].iter().rev().take(EXACT).take_while(|byte| in_number(byte)).count();
            let after = bytes[at..].iter().take(EXACT + 1).take_while(|byte| in_number(byte)).count();
            before + after > EXACT
        }
    })
}

/// Every number that a double does not hold.
fn exact(text: &str) -> Digits {
    let mut digits = Digits::default();
    walk_words(
        text,
        |_, _, _| {},
        |pointer, word| {
            let is_number = word.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            let is_exact = is_number && (word.parse::<i64>().is_ok() || word.parse::<u64>().is_ok());
            if is_number && !is_exact && nearest(word).is_some_and(|double| says_more(word, double)) {
                digits.insert(pointer, word);
            }
        },
    );
    digits
}

/// Where the nodes at `wanted` stand: a member at its key, an item or the root at its value.
pub(super) fn locate(text: &str, wanted: &HashSet<&str>) -> HashMap<String, (usize, usize)> {
    let mut found = Vec::new();
    walk(text, |pointer, offset, _| {
        if wanted.contains(pointer) {
            found.push((pointer.to_owned(), offset));
        }
    });
    // Of a repeated key the last one counts.
    placed(text, found).collect()
}

/// Every key that is repeated in its object.
fn repeated(text: &str) -> Vec<Repeated> {
    let mut found = Vec::new();
    let mut more = 0;
    walk(text, |pointer, offset, repeated| {
        if !repeated {
            return;
        }
        if found.len() < MOST_REPEATED && (pointer.len() < LONGEST_POINTER || found.is_empty()) {
            found.push((pointer.to_owned(), offset));
        } else {
            more += 1;
        }
    });
    let place = |(pointer, (line, column))| Repeated { pointer, line, column, more: 0 };
    let mut found: Vec<Repeated> = placed(text, found).map(place).collect();
    if let Some(last) = found.last_mut() {
        last.more = more;
    }
    found
}

/// Turns offsets into places.
fn placed(text: &str, found: Vec<(String, usize)>) -> impl Iterator<Item = (String, (usize, usize))> {
    // To know the lines costs a walk over the text.
    let lines = (!found.is_empty()).then(|| Lines::new(text));
    found.into_iter().filter_map(move |(pointer, offset)| Some((pointer, lines.as_ref()?.at(offset))))
}

/// An open object or array.
enum Level {
    Object { keys: HashSet<String>, base: usize },
    Array { next: usize, base: usize },
}

/// Walks a valid JSON text and tells pointer, byte offset and whether the key was there before.
fn walk(text: &str, visit: impl FnMut(&str, usize, bool)) {
    walk_words(text, visit, |_, _| {});
}

/// As [`walk`], and tells pointer and text of every number, boolean and null.
fn walk_words(text: &str, mut visit: impl FnMut(&str, usize, bool), mut word: impl FnMut(&str, &str)) {
    let bytes = text.as_bytes();
    let mut pointer = String::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    // Whether a value, rather than a key, comes next.
    let mut value_next = true;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b':' | b',' => at += 1,
            b'}' | b']' => {
                levels.pop();
                at += 1;
                value_next = matches!(levels.last(), Some(Level::Array { .. }));
            }
            b'"' if !value_next => {
                let end = after_string(bytes, at);
                if let Some(Level::Object { keys, base }) = levels.last_mut() {
                    let key: String =
                        text.get(at..end).and_then(|k| serde_json::from_str(k).ok()).unwrap_or_default();
                    pointer.truncate(*base);
                    push(&mut pointer, &key);
                    let repeated = !keys.insert(key);
                    visit(&pointer, at, repeated);
                }
                at = end;
                value_next = true;
            }
            byte => {
                match levels.last_mut() {
                    None => visit(&pointer, at, false),
                    Some(Level::Array { next, base }) => {
                        pointer.truncate(*base);
                        push(&mut pointer, &next.to_string());
                        *next += 1;
                        visit(&pointer, at, false);
                    }
                    Some(Level::Object { .. }) => {}
                }
                at = match byte {
                    b'{' => {
                        levels.push(Level::Object { keys: HashSet::new(), base: pointer.len() });
                        value_next = false;
                        at + 1
                    }
                    b'[' => {
                        levels.push(Level::Array { next: 0, base: pointer.len() });
                        at + 1
                    }
                    _ => {
                        value_next = matches!(levels.last(), Some(Level::Array { .. }));
                        if byte == b'"' {
                            after_string(bytes, at)
                        } else {
                            let end = after_word(bytes, at);
                            word(&pointer, text.get(at..end).unwrap_or_default());
                            end
                        }
                    }
                };
            }
        }
    }
}

/// Appends a token, escaped (RFC 6901 §3).
pub(super) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

fn after_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn after_word(bytes: &[u8], start: usize) -> usize {
    let end = bytes[start..].iter().position(|byte| b" \t\r\n,]}".contains(byte));
    end.map_or(bytes.len(), |length| start + length.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, pointer: &str, expected: Option<(usize, usize)>) {
        assert_eq!(locate(text, &HashSet::from([pointer])).get(pointer).copied(), expected);
    }

    #[test]
    fn finds_keys_items_and_the_root() {
        let text = "{\n  \"é\": [1, {\"a/b\": \"x\\\"]\", \"c\": {}}],\n \"d\": null}";
        check(text, "", Some((1, 1)));
        check(text, "/é", Some((2, 3)));
        check(text, "/é/0", Some((2, 9)));
        check(text, "/é/1/a~1b", Some((2, 13)));
        check(text, "/é/1/c", Some((2, 28)));
        check(text, "/d", Some((3, 2)));
        check(text, "/gone", None);
    }

    #[test]
    fn tells_repeated_keys() {
        let found = repeated("{\"a\": {\"x\": 1,\n \"x\": 2}, \"b\": [{\"x\": 1}, {\"x\": 1}], \"a\": 3}");
        let places: Vec<_> = found.iter().map(|r| (r.pointer.as_str(), r.line, r.column)).collect();
        assert_eq!(places, [("/a/x", 2, 2), ("/a", 2, 38)]);
    }

    #[test]
    fn faults_carry_their_place() {
        let fault = load("{\n \"é\": tru\n}").expect_err("not JSON");
        assert_eq!((fault.line, fault.column, fault.reason.as_str()), (2, 10, "expected ident"));
        assert!(!fault.reason.contains("line"), "{fault:?}");
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[\"\\\\/~{}\\[\\],:é ]{0,6}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec(("[a~/\"\\\\]{0,3}", inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        let mut child = |key: &str, value: &Value| {
            let mut at = at.to_owned();
            push(&mut at, key);
            pointers(value, &at, all);
        };
        match value {
            Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| child(&i.to_string(), item)),
            Value::Object(members) => members.iter().for_each(|(key, item)| child(key, item)),
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn every_node_is_found(value in values(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let text = text.expect("JSON");
            let mut expected = Vec::new();
            pointers(&value, "", &mut expected);
            let mut found = Vec::new();
            walk(&text, |pointer, _, repeated| { assert!(!repeated); found.push(pointer.to_owned()); });
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            walk(&text, |_, _, _| {});
        }
    }
}
