//! Entries added to a baseline's text and taken out of it; what else stands there stays as it is.

use crate::finding::Finding;
use jiff::civil::Date;
use std::collections::BTreeSet;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// The head of a file that is begun.
const HEAD: &str = "\
# Findings that people know of: told in every report, failing no run. `specwarden baseline --help` keeps this file.
# An entry covers a fingerprint, or every finding of a rule on the operations and places that its patterns take.
";

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The fingerprint.
    pub fingerprint: String,
    /// The rule, so that a later run can say that the finding is fixed.
    pub rule: String,
    /// The operation, for the same reason; `None` for what is about the whole API.
    pub operation: Option<String>,
    /// What is wrong, for the comment above the entry.
    pub title: String,
    /// Why it is put up with.
    pub reason: String,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// The last day on which it holds.
    pub expires: Option<Date>,
}

impl NewEntry {
    /// An entry for this finding, with a reason and nothing else.
    pub fn of(finding: &Finding, reason: &str) -> Self {
        Self {
            fingerprint: finding.fingerprint.to_string(),
            rule: finding.rule.clone(),
            operation: finding.operation.as_ref().map(ToString::to_string),
            title: finding.title.clone(),
            reason: reason.to_owned(),
            owner: None,
            ticket: None,
            expires: None,
        }
    }
}

/// The text with these entries at its end. An entry whose fingerprint is there already is renewed in its place.
///
/// `text` must have been read as a baseline before; what is no TOML comes back as it is.
pub fn add(text: &str, entries: &[NewEntry]) -> String {
    let begun = if text.trim().is_empty() { HEAD } else { text };
    let Ok(mut document) = begun.parse::<DocumentMut>() else { return text.to_owned() };
    // A comment at the end of the file belongs before what is added, not behind it.
    let mut trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    document.set_trailing("");
    for entry in entries {
        let known = document.entry("known").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        if renew(known, entry) {
            continue;
        }
        if let Some(tables) = known.as_array_of_tables_mut() {
            let mut table = Table::new();
            fill(&mut table, entry);
            let gap = if trailing.trim().is_empty() { "\n" } else { trailing.as_str() };
            let gap = if gap.ends_with("\n\n") || gap == "\n" { gap.to_owned() } else { format!("{gap}\n") };
            table.decor_mut().set_prefix(format!("{gap}# {}\n", comment(&entry.title)));
            trailing.clear();
            tables.push(table);
        } else if let Some(list) = known.as_array_mut() {
            let mut table = InlineTable::new();
            fill(&mut table, entry);
            list.push(Value::InlineTable(table));
        }
    }
    if !trailing.is_empty() {
        document.set_trailing(trailing);
    }
    document.to_string()
}

/// The text without the entries of these numbers, counted from 1; comments right above them go with them.
pub fn remove(text: &str, numbers: &BTreeSet<usize>) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_owned() };
    let mut orphans = String::new();
    let Some(known) = document.get_mut("known") else { return text.to_owned() };
    for number in numbers.iter().rev().filter_map(|number| number.checked_sub(1)) {
        if let Some(tables) = known.as_array_of_tables_mut().filter(|tables| number < tables.len()) {
            // A paragraph of its own above the comment is about more than this entry.
            let above = tables.get(number).and_then(|table| table.decor().prefix());
            let above = above.and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
            let kept = not_its_own(&above).to_owned();
            tables.remove(number);
            if kept.is_empty() {
                continue;
            }
            match tables.get_mut(number) {
                Some(next) => {
                    let own = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
                    let own = format!("{kept}\n{}", own.trim_start_matches('\n'));
                    next.decor_mut().set_prefix(own);
                }
                None => orphans = format!("{kept}\n{orphans}"),
            }
        } else if let Some(list) = known.as_array_mut().filter(|list| number < list.len()) {
            list.remove(number);
        }
    }
    if !orphans.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default();
        let trailing = format!("{orphans}{trailing}");
        document.set_trailing(trailing);
    }
    document.to_string()
}

/// What stands above an entry without belonging to it: all but the lines that touch it. Without blank lines at its end.
fn not_its_own(above: &str) -> &str {
    let mut rest = above;
    while let Some(line) = rest.lines().next_back().filter(|line| !line.trim().is_empty()) {
        let end = rest.trim_end_matches('\n').len() - line.len();
        rest = &rest[..end];
    }
    let rest = rest.trim_end();
    &above[..rest.len() + usize::from(!rest.is_empty() && above.len() > rest.len())]
}

fn renew(known: &mut Item, entry: &NewEntry) -> bool {
    let is_same = |table: &dyn TableLike| {
        table.get("fingerprint").and_then(Item::as_str) == Some(entry.fingerprint.as_str())
    };
    if let Some(tables) = known.as_array_of_tables_mut() {
        if let Some(table) = tables.iter_mut().find(|table| is_same(*table)) {
            fill(table, entry);
            return true;
        }
    } else if let Some(list) = known.as_array_mut() {
        let mut tables = list.iter_mut().filter_map(Value::as_inline_table_mut);
        if let Some(table) = tables.find(|table| is_same(*table)) {
            fill(table, entry);
            return true;
        }
    }
    false
}

fn fill(table: &mut dyn TableLike, entry: &NewEntry) {
    let expires = entry.expires.and_then(|date| date.to_string().parse::<toml_edit::Datetime>().ok());
    let texts = [
        ("fingerprint", Some(&entry.fingerprint)),
        ("rule", Some(&entry.rule)),
        ("operation", entry.operation.as_ref()),
        ("reason", Some(&entry.reason)),
        ("owner", entry.owner.as_ref()),
        ("ticket", entry.ticket.as_ref()),
    ];
    let values = texts.map(|(key, text)| (key, text.map(|text| Value::from(text.as_str()))));
    for (key, value) in values.into_iter().chain([("expires", expires.map(Value::from))]) {
        match (value, table.get(key)) {
            // What stands beside a value, such as a comment, outlives the value.
            (Some(mut value), Some(old)) => {
                if let Some(old) = old.as_value() {
                    *value.decor_mut() = old.decor().clone();
                }
                table.insert(key, Item::Value(value));
            }
            (Some(value), None) => {
                table.insert(key, Item::Value(value));
            }
            // A renewed entry has the end that it is given now, or none.
            (None, Some(_)) if key == "expires" => {
                table.remove(key);
            }
            (None, _) => {}
        }
    }
}

/// One line of comment: TOML forbids control characters in it.
fn comment(title: &str) -> String {
    title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
