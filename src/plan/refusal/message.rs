//! What a message of a validator means.
//!
//! Phrases and numbers alone are read, in English. A phrase that could mean two things is not in the lists.

use crate::plan::Wish;

/// The longest pattern that is believed.
const LONGEST: usize = 200;
/// The most listed values that are believed.
const MOST: usize = 40;

/// What phrases say of the number after them, the longer phrases before those that they contain.
const BOUNDS: &[(&str, Bound)] = &[
    ("greater than or equal to", Bound::Least),
    ("longer than or equal to", Bound::Least),
    ("larger than or equal to", Bound::Least),
    ("less than or equal to", Bound::Most),
    ("shorter than or equal to", Bound::Most),
    ("smaller than or equal to", Bound::Most),
    ("not be less than", Bound::Least),
    ("not be smaller than", Bound::Least),
    ("not be shorter than", Bound::Least),
    ("not have fewer than", Bound::Least),
    ("not have less than", Bound::Least),
    ("no less than", Bound::Least),
    ("no fewer than", Bound::Least),
    ("not less than", Bound::Least),
    ("not be greater than", Bound::Most),
    ("not be larger than", Bound::Most),
    ("not be longer than", Bound::Most),
    ("not be more than", Bound::Most),
    ("not have more than", Bound::Most),
    ("not be bigger than", Bound::Most),
    ("no greater than", Bound::Most),
    ("no longer than", Bound::Most),
    ("no more than", Bound::Most),
    ("not exceed", Bound::Most),
    ("at least", Bound::Least),
    ("at most", Bound::Most),
    ("minimum", Bound::Least),
    ("maximum", Bound::Most),
    ("min length", Bound::Least),
    ("max length", Bound::Most),
    ("greater than", Bound::Above),
    ("larger than", Bound::Above),
    ("longer than", Bound::Above),
    ("more than", Bound::Above),
    ("less than", Bound::Below),
    ("smaller than", Bound::Below),
    ("shorter than", Bound::Below),
    ("fewer than", Bound::Below),
    (">=", Bound::Least),
    ("<=", Bound::Most),
];
/// Words that make a number a count of characters.
const LENGTHS: &[&str] =
    &["character", "length", " long", "too short", "shorter", "longer", "letters", "size must be"];
/// Phrases before a list of values.
const LISTS: &[&str] = &[
    "one of the following values",
    "one of the following options",
    "one of the following",
    "one of the values",
    "must be one of",
    "one of",
    "permitted",
    "allowed values are",
    "allowed values",
    "valid values are",
    "valid values",
    "valid choices are",
    "valid options are",
    "accepted values are",
    "accepted values",
    "possible values are",
    "possible values",
    "available values",
    "choose from",
    "must be either",
    "input should be",
    "expected",
];
/// Phrases that say that a value was missing.
const MISSING: &[&str] = &[
    "required",
    "missing",
    "be blank",
    "not be empty",
    "cannot be empty",
    "can't be empty",
    "be null",
    "mandatory",
    "must be provided",
    "must be present",
    "must be given",
    "must be set",
    "must be specified",
    "must be supplied",
    "not present",
    "not provided",
    "not specified",
    "not supplied",
    "not given",
    "not found in the request",
    "is absent",
];
/// Phrases that say that a text was blank.
const BLANK: &[&str] = &["be blank", "not be empty", "cannot be empty", "can't be empty"];
/// Words for formats, by the format's name in JSON Schema.
const FORMATS: &[(&str, &str)] = &[
    ("email", "email"),
    ("e-mail", "email"),
    ("uuid", "uuid"),
    ("guid", "uuid"),
    ("date-time", "date-time"),
    ("datetime", "date-time"),
    ("iso 8601", "date-time"),
    ("rfc 3339", "date-time"),
    ("timestamp", "date-time"),
    ("yyyy-mm-dd", "date"),
    ("date", "date"),
    ("ipv4", "ipv4"),
    ("ipv6", "ipv6"),
    ("ip address", "ipv4"),
    ("hostname", "hostname"),
    ("url", "uri"),
    ("uri", "uri"),
];
/// Phrases that speak of a form.
const FORMED: &[&str] =
    &["valid", "well-formed", "must be a", "must be an", "format", "should be a", "not a "];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Least,
    Above,
    Most,
    Below,
}

/// What a message says that the server wants of the value that it is about.
pub(in crate::plan) fn wish(text: &str) -> Wish {
    let mut wish = Wish::default();
    // Lower case of ASCII alone, so that places in both texts are the same.
    let small = text.to_ascii_lowercase();
    if let Some(pattern) = pattern(text, &small) {
        wish.pattern = Some(pattern);
        return wish;
    }
    wish.one_of = listed(text, &small);
    if !wish.one_of.is_empty() {
        return wish;
    }
    bounds(&small, &mut wish);
    let bounded = wish != Wish::default();
    wish.required = !bounded && MISSING.iter().any(|phrase| small.contains(phrase));
    if wish.required && BLANK.iter().any(|phrase| small.contains(phrase)) {
        wish.min_length = Some(1);
    }
    if !bounded && !wish.required && FORMED.iter().any(|phrase| small.contains(phrase)) {
        let named = FORMATS.iter().find(|(word, _)| has_word(&small, word));
        wish.format = named.map(|(_, format)| (*format).to_owned());
    }
    wish
}

fn bounds(small: &str, wish: &mut Wish) {
    let length = LENGTHS.iter().any(|word| small.contains(word));
    let mut set = |bound: Bound, number: f64| {
        let step = if length { 1.0 } else { 0.0 };
        let whole = |number: f64| (0.0..=100_000.0).contains(&number).then_some(number as usize);
        match bound {
            Bound::Least | Bound::Above if length => {
                let more = if bound == Bound::Above { step } else { 0.0 };
                wish.min_length = whole(number + more);
            }
            Bound::Most | Bound::Below if length => {
                let less = if bound == Bound::Below { step } else { 0.0 };
                wish.max_length = whole(number - less);
            }
            Bound::Least | Bound::Above => {
                wish.minimum = Some(number);
                wish.exclusive |= bound == Bound::Above;
            }
            Bound::Most | Bound::Below => {
                wish.maximum = Some(number);
                wish.exclusive |= bound == Bound::Below;
            }
        }
    };
    if let Some((_, rest)) = small.split_once("between")
        && let Some((low, after)) = number(rest, 3)
        && let Some((high, _)) = number(after, 8)
    {
        set(Bound::Least, low);
        set(Bound::Most, high);
        return;
    }
    let mut rest = small.to_owned();
    let mut seen = Vec::new();
    for (phrase, bound) in BOUNDS {
        let Some(at) = rest.find(phrase) else { continue };
        let side = matches!(bound, Bound::Least | Bound::Above);
        let Some((value, _)) = number(&rest[at + phrase.len()..], 14) else { continue };
        // A shorter phrase inside a longer one is the same statement.
        rest.replace_range(at..at + phrase.len(), &" ".repeat(phrase.len()));
        if !seen.contains(&side) {
            seen.push(side);
            set(*bound, value);
        }
    }
    for (phrase, bound) in [(" or more", Bound::Least), (" or fewer", Bound::Most), (" or less", Bound::Most)]
    {
        if seen.is_empty()
            && let Some((before, _)) = small.split_once(phrase)
            && let Some(value) =
                before.split_whitespace().rev().take(2).find_map(|word| word.parse::<f64>().ok())
        {
            set(bound, value);
        }
    }
}

/// The first number within `reach` bytes, and what follows it.
fn number(text: &str, reach: usize) -> Option<(f64, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    if start > reach {
        return None;
    }
    let start = if text[..start].ends_with('-') { start - 1 } else { start };
    let digits = text[start..]
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.' | '_')))
        .unwrap_or(text.len() - start);
    let (written, rest) = text[start..].split_at(digits);
    written.trim_end_matches(['.', '-', '_']).parse().ok().map(|value| (value, rest))
}

/// The values that a message lists.
fn listed(text: &str, small: &str) -> Vec<String> {
    let Some((at, phrase)) = LISTS.iter().find_map(|phrase| Some((small.find(phrase)?, *phrase))) else {
        return Vec::new();
    };
    let rest = text[at + phrase.len()..].trim_start_matches([':', ' ', '=']);
    // These two phrases come before all sorts of things; only quoted values make a list of them.
    let vague = ["input should be", "expected"].contains(&phrase);
    let (rest, bracketed) = match rest.chars().next() {
        Some('[') => (rest[1..].split(']').next().unwrap_or_default(), true),
        Some('(') => (rest[1..].split(')').next().unwrap_or_default(), true),
        Some('{') => (rest[1..].split('}').next().unwrap_or_default(), true),
        _ => (rest, false),
    };
    let small = rest.to_ascii_lowercase();
    let ends = [", received", " but ", ", got", "; ", ". ", "\n", " (", ", not "];
    let end = ends.iter().filter_map(|end| small.find(end)).min().unwrap_or(rest.len());
    let rest = if bracketed { rest } else { &rest[..end] };
    let quote = rest.chars().find(|c| matches!(c, '\'' | '"' | '`'));
    if let Some(quote) = quote {
        let values = rest.split(quote).skip(1).step_by(2);
        return values
            .filter(|value| !value.is_empty() && value.len() <= 80)
            .take(MOST)
            .map(str::to_owned)
            .collect();
    }
    if vague {
        return Vec::new();
    }
    let unified = rest.replace(" or ", ",").replace(" and ", ",").replace('|', ",");
    let values = unified.split(',').map(|value| value.trim().trim_end_matches('.').trim());
    let values: Vec<String> =
        values.filter(|value| !value.is_empty()).take(MOST).map(str::to_owned).collect();
    // Values without quotes are single words; a sentence is no list.
    if values.iter().all(|value| !value.contains(' ') && value.len() <= 60) { values } else { Vec::new() }
}

/// The pattern that a message quotes.
fn pattern(text: &str, small: &str) -> Option<String> {
    let at = ["pattern", "regular expression", "regex", "match"]
        .iter()
        .filter_map(|word| small.find(word))
        .min()?;
    let rest = &text[at..];
    let open = rest.find(['"', '\'', '`', '/'])?;
    let quote = rest[open..].chars().next()?;
    let inner = &rest[open + 1..];
    let pattern = &inner[..inner.rfind(quote)?];
    let formed = pattern.contains(['^', '$', '[', '(', '\\', '*', '+']);
    (formed && pattern.len() <= LONGEST).then(|| pattern.to_owned())
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
