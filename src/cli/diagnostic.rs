//! Errors and the issues of a document, as a good compiler shows them.

use crate::cli::failure::Failure;
use crate::cli::issues::groups;
use crate::finding::Severity;
use crate::lint::severity;
use crate::source::Loaded;
use crate::spec::{Issue, IssueKind};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::HashMap;
use std::ops::Range;

/// A failure: what, caused by what, and how to fix it.
pub(super) fn failure(failure: &Failure, colour: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let mut out = format!("{} {}{}\n", paint("1;31", "error:"), failure.lead, failure.error);
    let mut told = failure.error.to_string();
    let mut cause = failure.error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // Some libraries repeat their cause in their own message; once is enough.
        if !told.contains(&text) {
            out.push_str(&format!("  {} {text}\n", paint("2", "caused by:")));
        }
        told = text;
        cause = error.source();
    }
    if let Some(hint) = &failure.hint {
        out.push_str(&format!("{} {hint}\n", paint("1;36", "hint:")));
    }
    out
}

/// The issues of a document with the lines they stand on, gravest first, at most `most` of one rule.
pub(super) fn issues(loaded: &Loaded, most: usize, width: usize, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(width);
    let mut lines: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
    let mut out = String::new();
    for group in groups(&loaded.issues) {
        for issue in group.issues.iter().take(most) {
            let origin = loaded.origin(&issue.pointer);
            let lines = lines.entry(origin.file).or_insert_with(|| origin.text.lines().collect());
            out.push_str(&one(issue, loaded, lines, &renderer));
            out.push_str("\n\n");
        }
        let folded = group.issues.len().saturating_sub(most);
        if folded > 0 {
            out.push_str(&format!(
                "... and {folded} more of {}[{}]; `--all --rule {}` shows them\n\n",
                group.severity, group.rule, group.rule
            ));
        }
    }
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn one(issue: &Issue, loaded: &Loaded, lines: &[&str], renderer: &Renderer) -> String {
    let title = format!("{}{}", effect(issue.kind), issue.message);
    let at = issue.line.and_then(|line| Some((line, *lines.get(line.checked_sub(1)?)?)));
    let level = match severity(issue.kind) {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let path = issue.file.as_deref().unwrap_or(&loaded.location);
    let pointer = format!("#{}", issue.place().as_str());
    let mut title = level.primary_title(title.as_str());
    if !issue.rule.is_empty() {
        title = title.id(issue.rule.as_str());
    }
    let mut group = Group::with_title(title);
    if let Some((number, line)) = at {
        let (line, span) = window(line, issue.column.unwrap_or(1));
        let label = AnnotationKind::Primary.span(span).label(pointer.as_str());
        group = group.element(Snippet::source(line).line_start(number).path(path).annotation(label));
    } else {
        group = group.element(Level::NOTE.message(format!("at {pointer} in {path}")));
    }
    if let Some(hint) = &issue.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group])
}

fn effect(kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::OperationSkipped => "operation set aside: ",
        IssueKind::PartSkipped => "part set aside: ",
        IssueKind::Doubtful | IssueKind::Noted => "",
    }
}

/// The byte at which the character of `column` begins. Counted by blocks: each issue of a minified document has its
/// column somewhere in the same megabytes.
fn offset(line: &str, column: usize) -> usize {
    const BLOCK: usize = 4_096;
    let begins = |byte: &u8| byte & 0xC0 != 0x80;
    let mut left = column.saturating_sub(1);
    let mut start = 0;
    for block in line.as_bytes().chunks(BLOCK) {
        let characters = block.iter().filter(|byte| begins(byte)).count();
        if characters > left {
            break;
        }
        left -= characters;
        start += block.len();
    }
    let rest = line.as_bytes()[start..].iter().enumerate().filter(|(_, byte)| begins(byte));
    rest.map(|(at, _)| start + at).nth(left).unwrap_or(line.len())
}

/// What of a line is shown, and the bytes of the token at `column` (from 1, in characters) in it.
///
/// Minified documents are one line of megabytes, of which nobody wants more than the beginning of the token.
fn window(line: &str, column: usize) -> (String, Range<usize>) {
    const LONGEST: usize = 400;
    let start = offset(line, column);
    let (line, start) = if line.len() > LONGEST {
        (line[start..].chars().take(LONGEST / 4).collect::<String>(), 0)
    } else {
        (line.trim_end().to_owned(), start.min(line.trim_end().len()))
    };
    let rest = &line[start..];
    let end = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map_or(rest.len(), |at| at + 2),
        None => rest.find([':', ',', ' ', '\t']).unwrap_or(rest.len()),
    };
    // The end of a list around a plain value is not part of it.
    let token = &rest[..end];
    let end = if token.contains(['[', '{']) { end } else { token.trim_end_matches([']', '}']).len() };
    let end = (start + end.max(1)).min(line.len());
    (line, start.min(end)..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_in_lines_of_any_length() {
        let line = "aé€".repeat(5_000);
        for column in [1, 2, 3, 4, 4_095, 4_096, 4_097, 9_000, 15_000, 15_001, 20_000] {
            let expected = line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at);
            assert_eq!(offset(&line, column), expected, "column {column}");
        }
        assert_eq!(offset("", 1), 0);
    }
}
