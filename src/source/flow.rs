//! Flow collections of YAML whose lines are indented less than the block around them.
//!
//! YAML 1.2 §7.4 asks for the block's indentation even between brackets; libyaml and what is built on it do not, so
//! people write `}` wherever they like. After such a fault the lines between the brackets are moved to the
//! right, and columns moved back. A text that parses as it stands is never touched.

use crate::source::json::Fault;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How far lines are moved: beyond the indentation of whatever blocks stand around.
const FAR: usize = 512;
/// How many times a text is parsed again.
const MOST_ROUNDS: usize = 64;
/// How many bytes all those texts may have together.
const MOST_BYTES: usize = 64 << 20;

/// The lines of a text that were moved.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// Numbers of lines, from 1.
    lines: BTreeSet<usize>,
    rounds: usize,
    bytes: usize,
}

impl Moved {
    /// The text to parse.
    pub(super) fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.lines.is_empty() {
            return Cow::Borrowed(text);
        }
        let margin = " ".repeat(FAR);
        let lines = text.split_inclusive('\n').zip(1..);
        let moved = lines.flat_map(|(line, number)| {
            [if self.lines.contains(&number) { margin.as_str() } else { "" }, line]
        });
        Cow::Owned(moved.collect())
    }

    /// Whether there is hope to parse the text with more of its lines moved, now that this fault was found.
    pub(super) fn grow(&mut self, text: &str, fault: &Fault) -> bool {
        let is_ours = ["invalid indentation", "invalid indentation in flow construct"];
        self.rounds += 1;
        self.bytes = self.bytes.saturating_add(text.len());
        if !is_ours.contains(&fault.reason.as_str()) || self.rounds > MOST_ROUNDS || self.bytes > MOST_BYTES {
            return false;
        }
        let before = self.lines.len();
        self.lines.extend(rest_of_collection(text, fault.line));
        self.lines.len() > before && self.lines.len().saturating_mul(FAR) <= MOST_BYTES
    }

    /// The place in the text as written.
    pub(super) fn back(&self, (line, column): (usize, usize)) -> (usize, usize) {
        let margin = if self.lines.contains(&line) { FAR } else { 0 };
        (line, column.saturating_sub(margin).max(1))
    }

    /// The first line that was moved, and how many more were.
    pub(super) fn told(&self) -> Option<(usize, usize)> {
        Some((*self.lines.first()?, self.lines.len() - 1))
    }
}

/// The line on which a fault was found inside a flow collection, and those after it that certainly are inside too.
fn rest_of_collection(text: &str, from: usize) -> Vec<usize> {
    let mut found = Vec::new();
    // One collection is open at least.
    let mut open = 1_usize;
    let mut quote = None;
    for (line, number) in text.split_inclusive('\n').zip(1..).skip(from.saturating_sub(1)) {
        found.push(number);
        let mut before = ' ';
        let mut escaped = false;
        for character in line.chars() {
            match (quote, character) {
                (Some('"'), _) if escaped => escaped = false,
                (Some('"'), '\\') => escaped = true,
                (Some(end), _) if character == end => quote = None,
                (Some(_), _) => {}
                // A quote inside a plain text is a character like any other.
                (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(character),
                (None, '#') if before.is_whitespace() => break,
                (None, '{' | '[') => open += 1,
                (None, '}' | ']') => open -= 1,
                (None, _) => {}
            }
            if open == 0 {
                return found;
            }
            before = character;
        }
    }
    found
}
