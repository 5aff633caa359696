//! Texts that match a pattern, by construction and with a wanted length.
//!
//! A pattern is ECMA-262 and searched, not matched whole. Look-around is not built but tried for; where
//! construction alone is not enough, the text is checked with the same engine that the validator uses.

use crate::generate::draw::Draw;
use crate::generate::piece::{LONGEST, Piece, is_exact};
use crate::plan::Seed;
use crate::schema::readable_pattern;
use proptest::test_runner::{RngAlgorithm, TestRng};
use regex_syntax::hir::{Hir, HirKind, Look};
use std::sync::OnceLock;

/// How many texts are tried before a pattern counts as one that cannot be built for.
const PROBES: usize = 60;

/// How many alternatives of a pattern are looked at one by one.
const MOST_ALTERNATIVES: usize = 4;
/// What is put beside a match; the first that the pattern does not take for a part of it.
const STRANGERS: &[&str] = &["x", "1", "!", "~"];

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    /// As written.
    pub(super) source: String,
    parts: Vec<Piece>,
    /// The pattern with what it looks ahead for written out, as another guess.
    ahead: Option<Piece>,
    /// Whether what the only part writes matches without a look.
    exact: bool,
    /// Whether no text of fixed seed ever matched, so that trying on would be in vain.
    hopeless: OnceLock<bool>,
    /// Whether it was read whole, nothing left out.
    translated: bool,
    /// The engine's text, and the engine when it was first asked.
    engine: String,
    check: OnceLock<Option<fancy_regex::Regex>>,
    from_start: bool,
    to_end: bool,
}

impl Pattern {
    /// The pattern; `None` if the validator cannot read it either, so that it judges nothing.
    pub(super) fn read(source: &str) -> Option<Self> {
        let pattern = Self::new(source);
        // Asking the validator compiles the pattern, which is dear: only where our own reading failed.
        if pattern.translated { Some(pattern) } else { readable_pattern(source).map(|text| Self::new(&text)) }
    }

    /// Compiles as far as it can; a pattern that cannot be read matches everything here.
    pub(super) fn new(source: &str) -> Self {
        let translated = jsonschema_regex::to_rust_regex(source);
        let parsed_whole = translated.is_ok();
        let rust = translated.map_or_else(|()| source.to_owned(), Into::into);
        let parse = |text: &str| regex_syntax::parse(text).ok();
        let mut parts: Vec<Hir> = parse(&rust).into_iter().collect();
        let parsed_whole = parsed_whole && !parts.is_empty();
        if parts.is_empty() {
            let split = jsonschema_regex::split_leading_lookaheads(source).unwrap_or_default();
            parts = split.iter().filter_map(|part| parse(&without_looks(part))).collect();
        }
        if parts.is_empty() {
            parts = parse(&without_looks(&rust)).into_iter().collect();
        }
        let looks = source.contains("(?=");
        let ahead = if looks { parse(&with_aheads(source)).as_ref().map(Piece::new) } else { None };
        let exact = matches!(parts.as_slice(), [only] if is_exact(only, true, true)) && parsed_whole;
        let from_start = source.starts_with('^');
        let to_end = source.ends_with('$') && !source.ends_with("\\$");
        Self {
            source: source.to_owned(),
            parts: parts.iter().map(Piece::new).collect(),
            ahead,
            exact,
            hopeless: OnceLock::new(),
            translated: parsed_whole,
            check: OnceLock::new(),
            engine: rust,
            from_start,
            to_end,
        }
    }

    /// Whether every text that is written matches, in the eyes of any engine.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether `text` matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let check = self.check.get_or_init(|| fancy_regex::Regex::new(&self.engine).ok());
        check.as_ref().is_none_or(|regex| regex.is_match(text).unwrap_or(false))
    }

    /// A matching text of `low..=high` code points, if one is found in a few tries.
    pub(super) fn produce(&self, low: usize, high: Option<usize>, draw: &mut Draw<'_>) -> Option<String> {
        let high = high.unwrap_or(LONGEST).min(LONGEST);
        if low > high || self.parts.last().is_some_and(|part| part.least > high) {
            return None;
        }
        let tries = if draw.is_simplest() { 1 } else { 24 };
        if self.exact || !self.is_hopeless() {
            let found = (0..tries).find_map(|attempt| self.attempt(attempt, low, high, draw));
            if found.is_some() {
                return found;
            }
        }
        let witness = jsonschema_regex::pattern_witness(&self.source)?;
        ((low..=high).contains(&witness.chars().count()) && self.matches(&witness)).then_some(witness)
    }

    /// Whether a score of texts, always the same ones, failed. A matter of the pattern alone, not of what came before.
    fn is_hopeless(&self) -> bool {
        *self.hopeless.get_or_init(|| {
            let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(5).derive(&self.source).bytes());
            let draw = &mut Draw::Random(&mut rng);
            (0..PROBES).all(|attempt| self.attempt(attempt, 0, LONGEST, draw).is_none())
        })
    }

    /// One matching text of `low..=high` code points, if this attempt makes one.
    fn attempt(&self, attempt: usize, low: usize, high: usize, draw: &mut Draw<'_>) -> Option<String> {
        let mut text = String::new();
        if let (Some(ahead), 2) = (&self.ahead, attempt % 3) {
            // What is looked ahead for is read again by what follows: the plainest text has the best chances.
            let plainest = &mut Draw::Simplest;
            ahead.write(low, high, if attempt % 6 == 5 { plainest } else { draw }, &mut text);
        } else
        // Leading look-aheads all speak of the same text: the last part alone, or all in a row.
        if attempt.is_multiple_of(2) || self.parts.len() < 2 {
            let written = self.parts.last()?.write(low, high, draw, &mut text);
            if self.exact && (low..=high).contains(&written) {
                return Some(text);
            }
        } else {
            for part in &self.parts {
                part.write(0, high, draw, &mut text);
            }
        }
        let length = text.chars().count();
        if length < low {
            let fill = "a".repeat(low - length);
            if !self.to_end {
                text.push_str(&fill);
            } else if !self.from_start {
                text.insert_str(0, &fill);
            }
        }
        let length = text.chars().count();
        ((low..=high).contains(&length) && self.matches(&text)).then_some(text)
    }

    /// Texts in which a match stands beside something else, where no anchor forbids it, and in words what stands where.
    ///
    /// A pattern is searched for: whoever reads it as the form of the whole text meets what it never thought of.
    pub(super) fn beside_a_match(&self) -> Vec<(String, &'static str)> {
        let Ok(hir) = regex_syntax::parse(&self.engine) else { return Vec::new() };
        let alternatives = alternatives(&hir);
        let open = |hir: &Hir| {
            let properties = hir.properties();
            let before = !properties.look_set_prefix().contains(Look::Start);
            (before, !properties.look_set_suffix().contains(Look::End))
        };
        // What matches nothing at all says nothing of any text.
        if alternatives.iter().all(|hir| open(hir) == (false, false)) || self.matches("") {
            return Vec::new();
        }
        let whole = fancy_regex::Regex::new(&format!(r"\A(?:{})\z", self.engine)).ok();
        let beyond = |text: &String| {
            let whole = whole.as_ref().is_none_or(|regex| regex.is_match(text).unwrap_or(true));
            !whole && self.matches(text)
        };
        let mut out: Vec<(String, &'static str)> = Vec::new();
        for hir in alternatives.into_iter().take(MOST_ALTERNATIVES) {
            let mut core = String::new();
            Piece::new(hir).write(0, LONGEST, &mut Draw::Simplest, &mut core);
            let (before, after) = open(hir);
            let beside = |how: &'static str, put: &dyn Fn(&str) -> String| {
                STRANGERS.iter().map(|stranger| put(stranger)).find(beyond).map(|text| (text, how))
            };
            if after {
                out.extend(beside("a match and something after it", &|more| format!("{core}{more}")));
            }
            if before {
                out.extend(beside("a match and something before it", &|more| format!("{more}{core}")));
            }
        }
        out
    }

    /// The shortest and longest lengths that construction can reach.
    pub(super) fn lengths(&self) -> (usize, Option<usize>) {
        let (low, high) = self.parts.last().map_or((0, None), |part| (part.least, part.most));
        (low, if self.from_start && self.to_end { high } else { None })
    }
}

/// The alternatives of a pattern, or the pattern itself where it has none.
fn alternatives(hir: &Hir) -> Vec<&Hir> {
    match hir.kind() {
        HirKind::Alternation(branches) => branches.iter().collect(),
        HirKind::Capture(capture) => alternatives(&capture.sub),
        HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Repetition(_)
        | HirKind::Concat(_) => vec![hir],
    }
}

/// The pattern with look-ahead groups as if they were read, and without any other look-around.
fn with_aheads(pattern: &str) -> String {
    without_looks(&pattern.replace("(?=", "(?:"))
}

/// The pattern without its look-around groups and back-references, as a first guess to be checked.
fn without_looks(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let look = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|open| rest.starts_with(open));
        if look {
            rest = &rest[group_length(rest)..];
        } else if c == '\\' {
            let next = rest[1..].chars().next();
            let taken = 1 + next.map_or(0, char::len_utf8);
            if !next.is_some_and(|n| ('1'..='9').contains(&n)) {
                out.push_str(&rest[..taken]);
            }
            rest = &rest[taken..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn group_length(text: &str) -> usize {
    let (mut depth, mut escaped, mut class) = (0usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, low: usize, high: Option<usize>) {
        let pattern = Pattern::new(source);
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(7).bytes());
        for _ in 0..50 {
            let text = pattern.produce(low, high, &mut Draw::Random(&mut rng)).expect("a text");
            let length = text.chars().count();
            assert!(fancy_regex::Regex::new(source).unwrap().is_match(&text).unwrap(), "{text}");
            assert!(length >= low && high.is_none_or(|high| length <= high), "{text}");
        }
    }

    #[test]
    fn texts_match_and_have_the_wanted_length() {
        check("^[a-z]{3,12}@[a-z]+\\.(com|org)$", 20, Some(20));
        check("^CVE-\\d{4}-\\d{4,7}$", 0, Some(13));
        check("^(a|bb|ccc)+$", 10, Some(11));
        check("^.*$", 40, Some(40));
        check("[A-Z]", 5, Some(9));
        check("x$", 7, Some(7));
        check("^(?=.*[A-Z])(?=.*\\d).{8,}$", 8, Some(30));
        check("^(?!admin)[a-z]+$", 1, Some(10));
        check("^\\p{L}+$", 2, Some(4));
        check("^[a-z0-9](-*[a-z0-9])*$", 63, Some(63));
        check("^arn:(?=[^:]+:fsx:[^:]+:\\d{12}:)((|[a-z0-9].*(?<!-)):){4}(?!/).{0,64}$", 8, Some(200));
    }

    #[test]
    fn what_no_anchor_holds_has_room_beside_it() {
        #[track_caller]
        fn check(source: &str, expected: &[&str]) {
            let found = Pattern::new(source).beside_a_match();
            assert_eq!(found.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), expected, "{source}");
        }
        check(r#"^"([0-9]+?)"$|\*"#, &["*x", "x*"]);
        check("[A-Z]{3}", &["AAAx", "xAAA"]);
        check("^[a-z]+", &["a1"]);
        check(r"\d$", &["x1"]);
        check("^(a|b)$", &[]);
        check("^[a-z]+$", &[]);
        check(".*", &[]);
        check("[a-z]*", &[]);
        check("(?=.*[A-Z])", &[]);
    }

    #[test]
    fn what_cannot_match_is_not_produced() {
        assert_eq!(Pattern::new("^[a-z]{5}$").produce(6, Some(9), &mut Draw::Simplest), None);
    }
}
