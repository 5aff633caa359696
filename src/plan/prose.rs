//! What descriptions say that a value looks like: `Name of the zone (e.g. "example.com.")`.
//!
//! People write down in words what they leave out of schemas. What is read here is a candidate for cases that try
//! harder; it must never judge an answer.

use crate::plan::Wish;
use crate::plan::refusal::wish;

/// The most values that are believed.
const MOST: usize = 8;
/// Longer values are sentences.
const LONGEST: usize = 80;
/// Longer descriptions are not read.
const READ: usize = 2_000;
/// What stands before an example.
const EXAMPLES: &[&str] = &["e.g.", "eg.", "for example", "for instance", "example:", "examples:", "such as"];
/// What stands before the only value there is, at the beginning of a sentence.
const SETTLED: &[&str] =
    &["set to", "must be", "must be set to", "has to be", "should be", "is always", "always"];

/// The values that a description gives as examples, or as all there are. Empty if it gives none.
pub fn prose(description: &str) -> Wish {
    let mut found = Wish::default();
    if description.len() > READ {
        return found;
    }
    let text = straight(description);
    found.one_of = wish(&text).one_of;
    let small = text.to_ascii_lowercase();
    for lead in EXAMPLES.iter().chain(SETTLED) {
        for (at, _) in small.match_indices(lead) {
            let begins = text[..at].trim_end().is_empty() || text[..at].trim_end().ends_with('.');
            if SETTLED.contains(lead) && !begins {
                continue;
            }
            let loose = EXAMPLES.contains(lead) && text[..at].trim_end().ends_with(['(', '[']);
            for value in values(&text[at + lead.len()..], loose) {
                if !found.one_of.contains(&value) {
                    found.one_of.push(value);
                }
            }
        }
    }
    for (at, _) in text.match_indices("(\"") {
        let listed = values(&text[at + 1..], false);
        // One value in brackets may be anything; several are a choice.
        if listed.len() > 1 {
            let new: Vec<String> = listed.into_iter().filter(|value| !found.one_of.contains(value)).collect();
            found.one_of.extend(new);
        }
    }
    found.one_of.truncate(MOST);
    found
}

/// Every kind of quotation mark as the plain one; an apostrophe inside a word stays.
fn straight(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let opens = |before: &str| before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        match c {
            '“' | '”' | '„' | '«' | '»' | '‘' | '`' => out.push('"'),
            '\'' | '’' if opens(&out) || out.matches('"').count() % 2 == 1 => out.push('"'),
            other => out.push(other),
        }
    }
    out
}

/// Quoted values that follow one another at once; `loose`: or one word up to the end of its brackets.
fn values(text: &str, loose: bool) -> Vec<String> {
    let mut rest = text.trim_start_matches([' ', ':', ',', '\n', '*']);
    let mut found = Vec::new();
    while let Some(inner) = rest.strip_prefix('"') {
        let Some((value, after)) = inner.split_once('"') else { break };
        found.push(value.to_owned());
        rest = after.trim_start_matches([' ', ',', '\n']);
        rest = ["or ", "and "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim_start();
    }
    if found.is_empty() && loose {
        let word = rest.split([')', ']', ',', ';', ' ', '\n']).next().unwrap_or_default();
        // A plain word may be the beginning of anything.
        let odd = word.contains(|c: char| !c.is_ascii_alphabetic());
        if odd && word.contains(|c: char| c.is_ascii_alphanumeric()) {
            found.push(word.to_owned());
        }
    }
    found.retain(|value| !value.trim().is_empty() && value.len() <= LONGEST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(prose(text).one_of, expected, "{text}");
        assert!(!prose(text).required);
    }

    #[test]
    fn examples_and_only_values_are_found_in_their_quotes() {
        check("Name of the zone (e.g. “example.com.”) MUST have a trailing dot", &["example.com."]);
        check("Type of this record (e.g. “A”, “PTR”, “MX”)", &["A", "PTR", "MX"]);
        check("Set to “Zone”", &["Zone"]);
        check("The name of this setting (e.g. ‘webserver-port’)", &["webserver-port"]);
        check("Type of data to search for, one of “all”, “zone”, “record”", &["all", "zone", "record"]);
        check("Colour, for example `red` or `blue`.", &["red", "blue"]);
        check("File type ('file', 'directory'), such as 'file'", &["file", "directory"]);
        check("The name ('x') of it", &[]);
        check("Path dtype ('notebook', 'file', 'directory')", &["notebook", "file", "directory"]);
        check("Address (e.g. 192.0.2.1:53)", &["192.0.2.1:53"]);
    }

    #[test]
    fn sentences_are_no_values() {
        for text in [
            "The user's name, e.g. whatever they like",
            "It can't be set to nothing",
            "Required. MUST be added when updating",
            "Must be present",
            "MUST NOT be included when changetype is set to “DELETE”",
            "Looks like this (e.g. )",
            "",
            "e.g.",
            "such as \"",
        ] {
            check(text, &[]);
        }
    }
}
