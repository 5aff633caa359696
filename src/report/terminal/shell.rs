//! Shell commands folded so that they still run when copied.

use crate::report::text::width;

/// `command` over several lines of at most `limit` columns, each but the last ending in a backslash.
///
/// Between words the next line is indented by `indent`. A word that is too long by itself is broken without
/// indentation, which the shell joins again: inside single quotes they are closed and opened anew (POSIX §2.2).
pub(super) fn fold(command: &str, indent: usize, limit: usize) -> Vec<String> {
    let limit = limit.max(indent + 12);
    let pad = " ".repeat(indent);
    let mut lines = Vec::new();
    let mut line = pad.clone();
    let mut fresh = true;
    for word in paired(words(command), limit.saturating_sub(indent + 4)) {
        if !fresh && width(&line) + 1 + width(&word) + 2 > limit {
            lines.push(format!("{line} \\"));
            line = format!("{pad}  ");
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        fresh = false;
        if width(&line) + width(&word) + 2 <= limit {
            line.push_str(&word);
        } else {
            break_word(&word, limit, &mut line, &mut lines);
        }
    }
    lines.push(line);
    lines
}

/// The commands of a text of several lines, one command per line. A line break inside quotes ends no command.
pub(super) fn commands(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut place) = (0, Place::default());
    for (at, c) in text.char_indices() {
        if c == '\n' && place == Place::default() {
            out.push(&text[start..at]);
            start = at + 1;
        }
        place.step(c);
    }
    out.push(&text[start..]);
    out.retain(|command| !command.trim().is_empty());
    out
}

/// A word as a POSIX shell reads it back, quoted only if it must be.
pub(super) fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Where in a command a reader stands. The default is outside quotes, with nothing escaped.
#[derive(Default, PartialEq, Eq)]
struct Place {
    quote: Quote,
    escaped: bool,
}

impl Place {
    fn step(&mut self, c: char) {
        if self.escaped {
            self.escaped = false;
        } else if c == '\\' && self.quote != Quote::Single {
            self.escaped = true;
        } else {
            self.quote = self.quote.after(c);
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Quote {
    #[default]
    None,
    Single,
    Double,
}

impl Quote {
    fn after(self, c: char) -> Self {
        match (self, c) {
            (Self::None, '\'') => Self::Single,
            (Self::None, '"') => Self::Double,
            (Self::Single, '\'') | (Self::Double, '"') => Self::None,
            _ => self,
        }
    }
}

/// The command split at its unquoted spaces.
fn words(command: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut place = Place::default();
    for c in command.chars() {
        if c == ' ' && place == Place::default() {
            out.push(String::new());
            continue;
        }
        if let Some(word) = out.last_mut() {
            word.push(c);
        }
        place.step(c);
    }
    out.retain(|word| !word.is_empty());
    out
}

/// The words, an option of curl's and its value as one where they fit on a line together.
fn paired(words: Vec<String>, limit: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words {
        match out.last_mut() {
            Some(option)
                if matches!(option.as_str(), "-H" | "-X" | "-u" | "--data-raw" | "--data-binary")
                    && width(option) + 1 + width(&word) <= limit =>
            {
                option.push(' ');
                option.push_str(&word);
            }
            _ => out.push(word),
        }
    }
    out
}

fn break_word(word: &str, limit: usize, line: &mut String, lines: &mut Vec<String>) {
    let mut place = Place::default();
    for c in word.chars() {
        // Three columns are kept for the closing quote and the backslash. A `$NAME` must stay whole only in
        // double quotes, where a backslash-newline vanishes, so any place that is not escaped will do.
        let mut buffer = [0; 4];
        if !place.escaped && width(line) + width(c.encode_utf8(&mut buffer)) + 3 > limit {
            let (close, open) = if place.quote == Quote::Single { ("'\\", "'") } else { ("\\", "") };
            lines.push(format!("{line}{close}"));
            *line = open.to_owned();
        }
        line.push(c);
        place.step(c);
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a shell must read the lines as they were meant")]
mod tests {
    use super::*;
    use std::process::Command;

    #[track_caller]
    fn check(arguments: &str, limit: usize) {
        let command = format!("printf '%s\\n' {arguments}");
        let folded = fold(&command, 4, limit);
        for line in &folded {
            assert!(width(line) <= limit, "{line:?}");
        }
        let run = |text: &str| {
            let out = Command::new("sh").arg("-c").arg(text).env("KEY", "k").output().expect("a shell");
            String::from_utf8(out.stdout).expect("text")
        };
        assert_eq!(run(&folded.join("\n")), run(&command), "{folded:#?}");
        assert!(!run(&command).is_empty());
    }

    #[test]
    fn folded_commands_mean_the_same() {
        check("-i -X GET 'http://127.0.0.1:1/a b' -H \"x-apikey: $KEY\"", 40);
        check(&format!("'{}' next", "abc ".repeat(60)), 50);
        check(&format!("\"{}$KEY and \\\" quotes {}\" next", "d".repeat(70), "e ".repeat(40)), 44);
        check(&format!("'it'\\''s {}' plain{}", "x".repeat(80), "y".repeat(90)), 48);
        check("'short'", 80);
    }

    #[test]
    fn several_commands_are_told_apart() {
        let text = "curl -X POST 'u' --data-raw '{\n}'\ncurl \"a\\\"\nb\" c\\\nd\n\ncurl e";
        let expected = ["curl -X POST 'u' --data-raw '{\n}'", "curl \"a\\\"\nb\" c\\\nd", "curl e"];
        assert_eq!(commands(text), expected);
    }
}
