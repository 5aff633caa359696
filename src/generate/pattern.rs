//! Texts that match a pattern, by construction and with a wanted length.
//!
//! A pattern is ECMA-262 and searched, not matched whole. Look-around is not built but tried for; what is built is
//! always checked with the same engine that the validator uses.

use crate::generate::draw::Draw;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Repetitions without end stop after so many more.
const MORE: usize = 8;
/// Nothing longer is built.
const LONGEST: usize = 20_000;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    /// As written.
    pub(super) source: String,
    parts: Vec<Hir>,
    check: Option<fancy_regex::Regex>,
    from_start: bool,
    to_end: bool,
}

impl Pattern {
    /// Compiles as far as it can; a pattern that cannot be read matches everything here.
    pub(super) fn new(source: &str) -> Self {
        let rust = jsonschema_regex::to_rust_regex(source).map_or_else(|()| source.to_owned(), Into::into);
        let parse = |text: &str| regex_syntax::parse(text).ok();
        let mut parts: Vec<Hir> = parse(&rust).into_iter().collect();
        if parts.is_empty() {
            let split = jsonschema_regex::split_leading_lookaheads(source).unwrap_or_default();
            parts = split.iter().filter_map(|part| parse(&without_looks(part))).collect();
        }
        if parts.is_empty() {
            parts = parse(&without_looks(&rust)).into_iter().collect();
        }
        let from_start = source.starts_with('^');
        let to_end = source.ends_with('$') && !source.ends_with("\\$");
        Self {
            source: source.to_owned(),
            parts,
            check: fancy_regex::Regex::new(&rust).ok(),
            from_start,
            to_end,
        }
    }

    /// Whether `text` matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.check.as_ref().is_none_or(|regex| regex.is_match(text).unwrap_or(false))
    }

    /// A matching text of `low..=high` code points, if one is found in a few tries.
    pub(super) fn produce(&self, low: usize, high: Option<usize>, draw: &mut Draw<'_>) -> Option<String> {
        let high = high.unwrap_or(LONGEST).min(LONGEST);
        if low > high || self.parts.last().is_some_and(|part| lengths(part).0 > high) {
            return None;
        }
        let tries = if draw.is_simplest() { 1 } else { 24 };
        for attempt in 0..tries {
            let mut text = String::new();
            // Leading look-aheads all speak of the same text: the last part alone, or all in a row.
            if attempt % 2 == 0 || self.parts.len() < 2 {
                build(self.parts.last()?, low, high, draw, &mut text);
            } else {
                for part in &self.parts {
                    build(part, 0, high, draw, &mut text);
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
            if (low..=high).contains(&length) && self.matches(&text) {
                return Some(text);
            }
        }
        let witness = jsonschema_regex::pattern_witness(&self.source)?;
        ((low..=high).contains(&witness.chars().count()) && self.matches(&witness)).then_some(witness)
    }

    /// The shortest and longest lengths that construction can reach.
    pub(super) fn lengths(&self) -> (usize, Option<usize>) {
        let (low, high) = self.parts.last().map_or((0, None), lengths);
        (low, if self.from_start && self.to_end { high } else { None })
    }
}

/// How many code points a piece can have.
fn lengths(hir: &Hir) -> (usize, Option<usize>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            let count = String::from_utf8_lossy(&literal.0).chars().count();
            (count, Some(count))
        }
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Capture(capture) => lengths(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (low, high) = lengths(&repetition.sub);
            let most = repetition.max.and_then(|max| Some(high?.saturating_mul(max as usize)));
            (low.saturating_mul(repetition.min as usize), if high == Some(0) { Some(0) } else { most })
        }
        HirKind::Concat(pieces) => pieces.iter().map(lengths).fold((0, Some(0)), |(low, high), (l, h)| {
            (low.saturating_add(l), high.and_then(|high| Some(high.saturating_add(h?))))
        }),
        HirKind::Alternation(branches) => branches
            .iter()
            .map(lengths)
            .reduce(|(low, high), (l, h)| (low.min(l), high.and_then(|high| Some(high.max(h?)))))
            .unwrap_or((0, Some(0))),
    }
}

/// Writes one match of `hir` with `low..=high` code points where that is possible; returns how many it wrote.
fn build(hir: &Hir, low: usize, high: usize, draw: &mut Draw<'_>, out: &mut String) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            out.push_str(&text);
            text.chars().count()
        }
        HirKind::Class(class) => {
            out.push(character(class, draw));
            1
        }
        HirKind::Capture(capture) => build(&capture.sub, low, high, draw, out),
        HirKind::Repetition(repetition) => {
            let (least, most) = lengths(&repetition.sub);
            let min = repetition.min as usize;
            let max = repetition.max.map_or(usize::MAX, |max| max as usize);
            let fitting = max.min(high.checked_div(least).unwrap_or(max)).max(min);
            let needed = match most {
                Some(0) | None => min,
                Some(most) => low.div_ceil(most).clamp(min, fitting),
            };
            let needed = if least == 0 && low > 0 { needed.max(1) } else { needed };
            let count = draw.length(needed, fitting.min(needed.saturating_add(MORE))).min(LONGEST);
            let each = (least, most);
            sequence(std::iter::repeat_n((&*repetition.sub, each), count), each, count, low, high, draw, out)
        }
        HirKind::Concat(pieces) => {
            let measured: Vec<(&Hir, (usize, Option<usize>))> =
                pieces.iter().map(|p| (p, lengths(p))).collect();
            let mut written = 0usize;
            for (index, (piece, _)) in measured.iter().enumerate() {
                let rest = &measured[index + 1..];
                let least = rest.iter().fold(written, |all, (_, (low, _))| all.saturating_add(*low));
                let most =
                    rest.iter().try_fold(written, |all, (_, (_, high))| Some(all.saturating_add((*high)?)));
                let low = most.map_or(0, |most| low.saturating_sub(most));
                written += build(piece, low, high.saturating_sub(least), draw, out);
            }
            written
        }
        HirKind::Alternation(branches) => {
            let fits = |branch: &&Hir| {
                let (least, most) = lengths(branch);
                least <= high && most.is_none_or(|most| most >= low)
            };
            let fitting: Vec<&Hir> = branches.iter().filter(fits).collect();
            match draw.pick(&fitting) {
                Some(branch) => build(branch, low, high, draw, out),
                None => draw.pick(branches).map_or(0, |branch| build(branch, low, high, draw, out)),
            }
        }
    }
}

fn sequence<'h>(
    pieces: impl Iterator<Item = (&'h Hir, (usize, Option<usize>))>,
    (least, most): (usize, Option<usize>),
    count: usize,
    low: usize,
    high: usize,
    draw: &mut Draw<'_>,
    out: &mut String,
) -> usize {
    let mut written = 0usize;
    for (index, (piece, _)) in pieces.enumerate() {
        if out.len() > LONGEST * 4 {
            break;
        }
        let left = count - index - 1;
        let floor =
            most.map_or(0, |most| low.saturating_sub(left.saturating_mul(most).saturating_add(written)));
        let ceiling = high.saturating_sub(left.saturating_mul(least).saturating_add(written));
        written += build(piece, floor, ceiling, draw, out);
    }
    written
}

/// A character of a class: mostly one that a person can read.
fn character(class: &Class, draw: &mut Draw<'_>) -> char {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
    };
    let holds = |c: char| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
    if draw.is_simplest() {
        for c in ['a', '1', 'A', '0', '_', '-', ' '] {
            if holds(c) {
                return c;
            }
        }
        return ranges.first().map_or('a', |(from, _)| *from);
    }
    if !draw.one_in(8) {
        let readable: Vec<(char, char)> = ranges
            .iter()
            .filter(|(from, to)| *from <= '~' && *to >= ' ')
            .map(|(f, t)| ((*f).max(' '), (*t).min('~')))
            .collect();
        if let Some(c) = from_ranges(&readable, draw) {
            return c;
        }
    }
    from_ranges(&ranges, draw).unwrap_or('a')
}

fn from_ranges(ranges: &[(char, char)], draw: &mut Draw<'_>) -> Option<char> {
    // Each character of a small class is as likely as any other; one giant range does not swallow the rest.
    let weight = |(from, to): &(char, char)| (*to as usize - *from as usize + 1).min(64);
    let total: usize = ranges.iter().map(weight).sum();
    let mut at = draw.below(total);
    for range in ranges {
        if at < weight(range) {
            let (from, to) = (i64::from(u32::from(range.0)), i64::from(u32::from(range.1)));
            let code = u32::try_from(draw.between(from, to)).ok()?;
            return char::from_u32(code).or(Some(range.0));
        }
        at -= weight(range);
    }
    None
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
    use crate::plan::Seed;
    use proptest::test_runner::{RngAlgorithm, TestRng};

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
    }

    #[test]
    fn what_cannot_match_is_not_produced() {
        assert_eq!(Pattern::new("^[a-z]{5}$").produce(6, Some(9), &mut Draw::Simplest), None);
    }
}
