//! `docs/lint-rules.md` from the pages, and what every page must have.
#![expect(clippy::disallowed_methods, reason = "the sources are read, and the docs are written")]

use crate::lint::catalogue::{ROWS, Row};
use crate::lint::{RULES, parsing};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const SECTIONS: [&str; 4] = ["## What it says", "## Why it matters", "## Example", "## How to fix"];

fn rows() -> Vec<&'static Row> {
    let mut rows: Vec<&Row> = ROWS.iter().chain(parsing::ROWS).collect();
    rows.sort_by_key(|row| row.rule.id);
    rows
}

fn page(row: &Row) -> String {
    if !row.source.starts_with("//!") {
        return row.source.to_owned();
    }
    let lines = row.source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect()
}

fn documentation() -> String {
    let mut out = String::from(
        "# Document rules\n\n<!-- Generated from the pages in src/lint. `UPDATE_DOCS=1 cargo test --lib docs_are_fresh` writes it again. -->\n\n\
         Each corner of a document that is bad or doubtful breaks a rule with an id that never changes. An *error* sets\n\
         something aside, a *warning* is doubtful, a *note* is worth knowing; some rules are told less gravely where they\n\
         cost less. `specwarden inspect` shows them with their places, `specwarden explain RULE` prints one of these pages.\n\n\
         | rule | what is wrong | severity |\n|---|---|---|\n",
    );
    for row in rows() {
        let rule = row.rule;
        let _ = writeln!(out, "| [`{id}`](#{id}) | {} | {} |", rule.title, rule.severity, id = rule.id);
    }
    for row in rows() {
        let text = page(row);
        let text = text.split_once('\n').map_or("", |(_, rest)| rest).trim().replace("## ", "### ");
        let _ = write!(out, "\n## {}\n\n{text}\n\n*since {}", row.rule.id, row.rule.since);
        if !row.rule.reference.is_empty() {
            let _ = write!(out, " · {}", row.rule.reference);
        }
        out.push_str("*\n");
    }
    out
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn ids_are_kebab_case_and_unique() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    for id in ids {
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
    }
}

#[test]
fn every_file_has_a_row() {
    let ids: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    let mut files = BTreeSet::new();
    for path in sources("src/lint/rules").into_iter().chain(sources("src/lint/pages")) {
        let stem = path.file_stem().expect("a name").to_string_lossy().replace('_', "-");
        if stem != "mod" {
            files.insert(stem);
        }
    }
    assert_eq!(ids, files);
}

#[test]
fn every_page_has_its_sections() {
    for row in rows() {
        let text = page(row);
        assert!(text.starts_with(&format!("# {}\n", row.rule.id)), "{}", row.rule.id);
        let mut rest = text.as_str();
        for section in SECTIONS {
            let at =
                rest.find(&format!("{section}\n")).unwrap_or_else(|| panic!("{}: {section}", row.rule.id));
            rest = &rest[at + section.len()..];
        }
    }
}

#[test]
fn whatever_reading_tells_has_a_page() {
    let known: BTreeSet<&str> = parsing::ROWS.iter().map(|row| row.rule.id).collect();
    let mut told = BTreeSet::new();
    for path in sources("src/spec/parse").into_iter().chain(sources("src/source")) {
        if path.extension().is_none_or(|ending| ending != "rs") || path.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source");
        for call in ["issue(", "rule: "] {
            for piece in text.split(call).skip(1) {
                let Some(literal) = piece.trim_start().strip_prefix('"') else { continue };
                told.insert(literal.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    assert_eq!(known, told.iter().map(String::as_str).collect());
}

#[test]
fn lint_docs_are_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lint-rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, documentation()).expect("the docs folder");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, documentation(), "run `UPDATE_DOCS=1 cargo test --lib fresh`");
}
