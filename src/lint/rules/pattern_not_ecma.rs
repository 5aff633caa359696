//! # pattern-not-ecma
//!
//! ## What it says
//!
//! Reports a `pattern` that uses what only other engines know: slashes around it, inline flags such as `(?i)`,
//! the anchors `\\A` and `\\Z`, POSIX classes, atomic groups, `(?P<name>…)`.
//!
//! ## Why it matters
//!
//! A `pattern` is an ECMA-262 regular expression. Other tools read the foreign part as something else, so that
//! clients and server disagree; slashes are taken as characters of the text.
//!
//! ## Example
//!
//! `pattern: "/^[a-z]+$/"` asks for a slash before the beginning of the text, which no text has.
//!
//! ## How to fix
//!
//! Write the pattern without delimiters and flags: `^[a-z]+$`.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::schema::readable_pattern;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "pattern-not-ecma",
    "a pattern is written for another engine than ECMA-262",
    "JSON Schema Validation §6.3.3",
);

/// What is foreign, and what to write instead.
const FOREIGN: &[(&str, &str)] = &[
    ("(?i)", "spell both letter cases out, as `[Aa]`"),
    ("(?s)", "write `[\\s\\S]` for any character"),
    ("(?m)", "anchor the whole text"),
    ("(?x)", "write the pattern without spaces"),
    ("(?P<", "write `(?<`"),
    ("(?>", "write `(?:`"),
    ("\\A", "write `^`"),
    ("\\Z", "write `$`"),
    ("\\z", "write `$`"),
    ("[[:", "spell the class out"),
    ("*+", "write `*`"),
    ("++", "write `+`"),
];

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(pattern) = node.schema.get("pattern").and_then(Value::as_str) else { return Vec::new() };
    if !scene.counts(node.schema) {
        return Vec::new();
    }
    let at = node.at.push("pattern");
    if is_delimited(pattern) {
        let message = format!("pattern `{pattern}` stands between slashes, which count as characters");
        return vec![RULE.at(&at, message, "drop the slashes and flags")];
    }
    let plain = without_classes(pattern);
    let foreign = FOREIGN.iter().find(|(sign, _)| plain.contains(sign));
    // What nobody can read is told where it is parsed.
    foreign
        .filter(|_| readable_pattern(pattern).is_some())
        .map(|(sign, hint)| {
            RULE.at(&at, format!("pattern `{pattern}` uses `{sign}`, which ECMA-262 does not know"), *hint)
        })
        .into_iter()
        .collect()
}

/// `/^…$/` or `/^…/i`.
fn is_delimited(pattern: &str) -> bool {
    let Some(rest) = pattern.strip_prefix("/^") else { return false };
    rest.rsplit_once('/').is_some_and(|(body, flags)| {
        (body.ends_with('$') || !body.contains('/')) && flags.chars().all(|flag| "gimsuy".contains(flag))
    })
}

/// The pattern without escaped backslashes and the members of classes, except for the beginning of POSIX ones.
fn without_classes(pattern: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let next = characters.next();
                if let Some(letter) = next.filter(|next| !inside && next.is_ascii_alphabetic()) {
                    out.push('\\');
                    out.push(letter);
                } else {
                    out.push('.');
                }
            }
            '[' if !inside => {
                inside = true;
                out.push('[');
                if characters.peek() == Some(&'[') {
                    characters.next();
                    out.push_str(if characters.peek() == Some(&':') { "[:" } else { "" });
                }
            }
            ']' => {
                inside = false;
                out.push(']');
            }
            _ if inside => {}
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "string", "pattern": "/^[a-z]+$/"})));
        fires(&RULE, &request("3.0.3", json!({"type": "string", "pattern": "(?i)abc"})));
        fires(&RULE, &request("3.0.3", json!({"type": "string", "pattern": "\\A[0-9]+\\z"})));
        silent(&request("3.0.3", json!({"type": "string", "pattern": "^[a-z*++]+$"})));
        silent(&request("3.0.3", json!({"type": "string", "pattern": "^/a/b\\+\\\\A?$"})));
    }
}
