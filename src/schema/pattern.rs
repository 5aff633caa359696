//! Regular expressions as documents write them: ECMA-262, its lax web dialect included.

use jsonschema::{Draft, PatternOptions};
use serde_json::json;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The pattern in a form that the validator's engine reads, or `None` if there is none.
///
/// Browsers accept more than strict engines do (ECMA-262 Annex B.1.2), and documents use it: a hyphen beside a
/// class escape (`[\w-.]`) and a brace that begins no quantifier are taken literally.
///
/// ```
/// use specwarden::schema::readable_pattern;
/// assert_eq!(readable_pattern("^[a-z]+$").as_deref(), Some("^[a-z]+$"));
/// assert_eq!(readable_pattern(r"^[\w-.]+$").as_deref(), Some(r"^[\w\-.]+$"));
/// assert_eq!(readable_pattern("^(a"), None);
/// ```
pub fn readable_pattern(pattern: &str) -> Option<Cow<'_, str>> {
    if compiles(pattern) {
        return Some(Cow::Borrowed(pattern));
    }
    let strict = strict(pattern);
    (strict != pattern && compiles(&strict)).then_some(Cow::Owned(strict))
}

/// As [`readable_pattern`], asked once per pattern: documents repeat them.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    known: Mutex<HashMap<String, Option<String>>>,
}

impl Patterns {
    pub(super) fn readable(&self, pattern: &str) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
        known.unwrap_or_else(|| {
            let readable = readable_pattern(pattern).map(Cow::into_owned);
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(pattern.to_owned(), readable.clone());
            readable
        })
    }
}

/// Asks the validator itself, which has several ways to read a pattern.
fn compiles(pattern: &str) -> bool {
    let schema = json!({"type": "string", "pattern": pattern});
    let options = jsonschema::options().with_draft(Draft::Draft4);
    options.with_pattern_options(PatternOptions::fancy_regex()).offline().build(&schema).is_ok()
}

/// Escapes what the lax dialect takes literally.
fn strict(pattern: &str) -> String {
    let text: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len() + 4);
    let mut in_class = false;
    // Whether the last member of the class was an escape for many characters.
    let mut after_escape = false;
    let mut at = 0;
    while let Some(&character) = text.get(at) {
        if character == '\\' {
            let length = escape_length(&text[at..]);
            out.extend(&text[at..at + length]);
            after_escape = is_class_escape(&text[at..]);
            at += length;
            continue;
        }
        match character {
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '-' if in_class => {
                let next = text.get(at + 1..).unwrap_or_default();
                if next.first() != Some(&']') && (after_escape || is_class_escape(next)) {
                    out.push('\\');
                }
            }
            '{' if !in_class && !is_quantifier(&text[at..]) => out.push('\\'),
            '}' if !in_class && !closes_quantifier(&text[..at]) => out.push('\\'),
            _ => {}
        }
        after_escape = false;
        out.push(character);
        at += 1;
    }
    out
}

/// `\w`, `\p{L}` and the like: many characters, so no end of a range.
fn is_class_escape(text: &[char]) -> bool {
    matches!(text, ['\\', 'w' | 'W' | 'd' | 'D' | 's' | 'S' | 'p' | 'P', ..])
}

fn escape_length(text: &[char]) -> usize {
    let braced = matches!(text, ['\\', 'p' | 'P' | 'u' | 'x', '{', ..]);
    let close = text.iter().position(|character| *character == '}');
    match close {
        Some(close) if braced => close + 1,
        _ => text.len().min(2),
    }
}

/// `{2}`, `{2,}`, `{2,3}` at the beginning of `text`.
fn is_quantifier(text: &[char]) -> bool {
    let Some(close) = text.iter().position(|character| *character == '}') else { return false };
    let inner: String = text[1..close].iter().collect();
    let (least, most) = inner.split_once(',').unwrap_or((&inner, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

/// Whether the text before a `}` begins a quantifier that it ends.
fn closes_quantifier(before: &[char]) -> bool {
    let Some(open) = before.iter().rposition(|character| *character == '{') else { return false };
    if before[open..].contains(&'}') {
        return false;
    }
    let mut whole = before[open..].to_vec();
    whole.push('}');
    is_quantifier(&whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(pattern: &str, expected: Option<&str>) {
        assert_eq!(readable_pattern(pattern).as_deref(), expected);
    }

    #[test]
    fn the_lax_dialect_is_read() {
        check(r"[\w-\/.]{1,3}", Some(r"[\w\-\/.]{1,3}"));
        check(r"^[.-\w]$", Some(r"^[.\-\w]$"));
        check(r"^[a-z\d-]$", Some(r"^[a-z\d-]$"));
        check("^(?:{[0-9]{4}})$", Some(r"^(?:\{[0-9]{4}\})$"));
        check("[a-z]{1-70}", Some(r"[a-z]\{1-70\}"));
        check(r"^\d+(?!\.)$", Some(r"^\d+(?!\.)$"));
    }

    #[test]
    fn what_no_engine_reads_is_refused() {
        for pattern in ["(", "[", "a**", r"[\p{all}]", "[z-a]"] {
            check(pattern, None);
        }
    }

    proptest! {
        #[test]
        fn no_pattern_makes_it_panic(pattern in r"(\\w|\\p\{L\}|\\|-|\[|\]|\{|\}|1|,|a|\(|\)|\*|é){0,12}") {
            if let Some(readable) = readable_pattern(&pattern) {
                prop_assert!(compiles(&readable));
            }
        }
    }
}
