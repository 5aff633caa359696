//! What a baseline file means, how it is refused, and what editing leaves alone.

use crate::config::ConfigError;
use crate::config::baseline::{BASELINE_NAME, NewEntry, add, baseline_schema, parse_baseline, remove};
use crate::finding::{Baseline, Entry};
use jiff::civil::date;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const RULES: &[&str] = &["server-error", "undocumented-status"];

fn parsed(text: &str) -> Result<Baseline, ConfigError> {
    parse_baseline(Path::new(BASELINE_NAME), text, RULES, date(2026, 11, 23))
}

#[track_caller]
fn refused(text: &str, at: &str, message: &str, hint: Option<&str>) {
    let error = parsed(text).expect_err(text);
    let expected = format!("{BASELINE_NAME}:{at}: {message}");
    assert_eq!((error.to_string(), error.hint().as_deref()), (expected, hint));
}

const TWO: &str = "\
# Ours.

# Payments crash on Sundays.
[[known]]
fingerprint = \"0123456789ab\" # seen first in spring
rule = \"server-error\"
reason = \"a known crash\"
ticket = \"PAY-1\"
expires = 2026-12-31

# Everything below comes from the old gateway.

[[known]]
rule = \"undocumented-*\"
operation = \"GET /pets/**\"
reason = \"the gateway answers 429\"
";

#[test]
fn entries_are_read() {
    let baseline = parsed(TWO).expect("sound");
    let names: Vec<String> = baseline.entries.iter().map(Entry::name).collect();
    assert_eq!(names, ["0123456789ab  server-error", "undocumented-*  GET /pets/**"]);
    assert_eq!(baseline.entries[0].expires, Some(date(2026, 12, 31)));
    assert_eq!(baseline.entries[0].ticket.as_deref(), Some("PAY-1"));
    assert!(parsed("").expect("nothing is known").entries.is_empty());
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let entry = |line: &str| format!("[[known]]\nreason = 'r'\n{line}\n");
    refused(&entry("finger = 'x'"), "3:1", "unknown key `finger`", Some("did you mean `fingerprint`?"));
    refused("[[knwon]]\n", "1:3", "unknown key `knwon`", Some("did you mean `known`?"));
    refused(
        &entry("fingerprint = 'XYZ'"),
        "3:15",
        "`XYZ` is not a fingerprint",
        Some("twelve digits and letters from a to f, as reports show them"),
    );
    refused(
        &entry("rule = 'server-eror'"),
        "3:8",
        "no rule is called `server-eror`",
        Some("did you mean `server-error`?"),
    );
    refused(
        &entry("operation = '**'"),
        "1:1",
        "the entry does not say what it covers",
        Some("give `fingerprint`, or `rule` and `operation`"),
    );
    refused(
        &entry("rule = '*'\nexpires = 2026-12-31T10:00:00Z"),
        "4:11",
        "`2026-12-31T10:00:00Z` is not a day",
        Some("write a date without a time, such as 2026-12-31"),
    );
    refused(
        "[[known]]\nrule = '*'\nreason = ' '",
        "3:10",
        "the reason is empty",
        Some("say why this is put up with"),
    );
    refused("[[known]]\nrule = '*'\n", "1:1", "missing field `reason`", None);
    refused(
        &entry("rule = '[a'"),
        "3:8",
        "`[a` is not a pattern: unclosed character class; missing ']'",
        None,
    );
}

fn entry(fingerprint: &str) -> NewEntry {
    NewEntry {
        fingerprint: fingerprint.to_owned(),
        rule: "server-error".to_owned(),
        operation: Some("GET /pets/{id}".to_owned()),
        title: "answers 500\nto all".to_owned(),
        reason: "it \"just\" happens".to_owned(),
        owner: None,
        ticket: None,
        expires: Some(date(2027, 1, 31)),
    }
}

#[test]
fn what_is_added_stands_at_the_end_and_nothing_else_moves() {
    let text = add(TWO, &[entry("ba9876543210")]);
    assert!(text.starts_with(TWO), "{text}");
    insta::assert_snapshot!(&text[TWO.len()..], @r#"

    # answers 500 to all
    [[known]]
    fingerprint = "ba9876543210"
    rule = "server-error"
    operation = "GET /pets/{id}"
    reason = 'it "just" happens'
    expires = 2027-01-31
    "#);
    assert_eq!(parsed(&text).expect("sound").entries.len(), 3);
    let with_end = format!("{TWO}\n# The end.\n");
    let text = add(&with_end, &[entry("ba9876543210")]);
    assert!(text.starts_with(&with_end) && parsed(&text).is_ok(), "{text}");
}

#[test]
fn a_file_is_begun_and_an_entry_renewed_in_its_place() {
    let begun = add("", &[entry("ba9876543210"), entry("ba9876543211")]);
    assert!(begun.starts_with("# Findings that people know of"), "{begun}");
    assert_eq!(parsed(&begun).expect("sound").entries.len(), 2);
    let renewed = add(TWO, &[entry("0123456789ab")]);
    assert!(renewed.contains("fingerprint = \"0123456789ab\" # seen first in spring\n"), "{renewed}");
    let baseline = parsed(&renewed).expect("sound");
    assert_eq!(baseline.entries.len(), 2);
    assert_eq!(baseline.entries[0].expires, Some(date(2027, 1, 31)));
    assert_eq!(baseline.entries[0].ticket.as_deref(), Some("PAY-1"));
    let inline = "known = [{ rule = '*', reason = 'r' }]\n";
    assert_eq!(parsed(&add(inline, &[entry("ba9876543210")])).expect("sound").entries.len(), 2);
}

#[test]
fn what_is_removed_takes_its_own_comment_alone() {
    let numbers = |numbers: &[usize]| numbers.iter().copied().collect::<BTreeSet<_>>();
    let first = remove(TWO, &numbers(&[1]));
    assert!(
        first.contains("# Ours.\n") && first.contains("old gateway") && !first.contains("Sundays"),
        "{first}"
    );
    assert_eq!(parsed(&first).expect("sound").entries.len(), 1);
    let none = remove(TWO, &numbers(&[1, 2, 7]));
    assert!(parsed(&none).expect("sound").entries.is_empty(), "{none}");
    assert!(none.starts_with("# Ours.\n") && none.contains("old gateway"), "{none}");
    assert_eq!(remove(TWO, &numbers(&[])), TWO);
    assert_eq!(remove("known = [{ rule = '*', reason = 'r' }]\n", &numbers(&[1])), "known = []\n");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the published schema is a file")]
fn the_published_schema_is_fresh_and_takes_what_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/baseline.schema.json");
    let fresh = serde_json::to_string_pretty(&baseline_schema()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &fresh).expect("docs are writable");
    }
    assert_eq!(std::fs::read_to_string(path).expect("a schema"), fresh, "run the tests with UPDATE_DOCS=1");
    let validator = jsonschema::validator_for(&baseline_schema()).expect("a schema");
    let takes = |text: &str| validator.is_valid(&serde_json::from_str::<Value>(text).expect("JSON"));
    assert!(takes(r#"{"known": [{"rule": "*", "reason": "r", "expires": "2026-12-31"}]}"#));
    assert!(!takes(r#"{"known": [{"rule": "*"}]}"#));
    assert!(!takes(r#"{"known": [{"fingerprint": "x", "reason": "r"}]}"#));
}
