//! Findings that people know of already: which entry of the baseline covers which finding, and until when.
//!
//! Today's date comes in as a value; this file must never ask what day it is.

use crate::finding::Finding;
use crate::schema::Pointer;
use crate::spec::OperationKey;
use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the baseline says of a finding that it covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Known {
    /// Why it is put up with.
    pub reason: String,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// The last day on which the entry holds, `2026-12-31`; `None` for no end.
    pub expires: Option<String>,
    /// Whether that day was over when the finding was looked up: then it is told like any other.
    pub expired: bool,
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |label: &str, text: &Option<String>| text.as_ref().map(|text| format!("{label}{text}"));
        let until = if self.expired { "expired " } else { "until " };
        let more = [named("owner ", &self.owner), named("", &self.ticket), named(until, &self.expires)];
        let more: Vec<String> = more.into_iter().flatten().collect();
        match more.as_slice() {
            [] => f.write_str(&self.reason),
            _ => write!(f, "{} ({})", self.reason, more.join(", ")),
        }
    }
}

/// A pattern over names: `*` stays inside a segment, `**` crosses segments, braces are themselves.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    method: Option<GlobMatcher>,
    rest: GlobMatcher,
}

impl Pattern {
    /// Reads a pattern. The error is a lower-case fragment.
    ///
    /// ```
    /// use specwarden::finding::Pattern;
    /// let pattern = Pattern::parse("GET /projects/{id}/**")?;
    /// assert!(pattern.takes("GET /projects/{id}/assets") && !pattern.takes("PUT /projects/{id}/assets"));
    /// # Ok::<(), String>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // A method is a pattern of its own, so that `GET **` means every path.
        let (method, rest) = match text.split_once(char::is_whitespace) {
            Some((method, rest)) => (Some(glob(&method.to_ascii_uppercase())?), rest.trim()),
            None => (None, text),
        };
        Ok(Self { text: text.to_owned(), method, rest: glob(rest)? })
    }

    /// Whether the pattern takes this rule, operation or pointer.
    pub fn takes(&self, name: &str) -> bool {
        let (method, rest) = match name.split_once(' ') {
            Some((method, rest)) => (Some(method), rest),
            None => (None, name),
        };
        let method = match (&self.method, method) {
            (Some(glob), Some(method)) => glob.is_match(method),
            (Some(_), None) => false,
            (None, _) => true,
        };
        method && self.rest.is_match(rest)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let escaped = pattern.replace('{', "[{]").replace('}', "[}]");
    let glob = GlobBuilder::new(&escaped).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher())
        .map_err(|error| format!("`{pattern}` is not a pattern: {}", error.kind()))
}

/// One entry: what it covers, and what it says of that. Everything that is given must fit.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The fingerprint.
    pub fingerprint: Option<String>,
    /// The rule.
    pub rule: Option<Pattern>,
    /// The operation.
    pub operation: Option<Pattern>,
    /// The place in the document on which the finding stands.
    pub pointer: Option<Pattern>,
    /// Why it is put up with.
    pub reason: String,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// The last day on which the entry holds.
    pub expires: Option<Date>,
}

impl Entry {
    /// Whether this entry speaks of `finding`, expired or not.
    pub fn covers(&self, finding: &Finding) -> bool {
        let at = finding.places.first().and_then(|place| place.document.as_ref());
        let fits = |pattern: &Option<Pattern>, name: Option<&str>| {
            pattern.as_ref().is_none_or(|pattern| name.is_some_and(|name| pattern.takes(name)))
        };
        self.fingerprint.as_ref().is_none_or(|own| own == finding.fingerprint.as_str())
            && fits(&self.rule, Some(&finding.rule))
            && fits(&self.operation, finding.operation.as_ref().map(OperationKey::as_str))
            && fits(&self.pointer, at.map(Pointer::as_str))
    }

    /// What it says on this day.
    pub fn says(&self, today: Date) -> Known {
        Known {
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            ticket: self.ticket.clone(),
            expires: self.expires.map(|date| date.to_string()),
            expired: self.expires.is_some_and(|last| last < today),
        }
    }

    /// Its name in reports: the parts that choose findings.
    pub fn name(&self) -> String {
        let patterns = [&self.rule, &self.operation, &self.pointer];
        let patterns = patterns.into_iter().flatten().map(|pattern| pattern.text.as_str());
        self.fingerprint.as_deref().into_iter().chain(patterns).collect::<Vec<_>>().join("  ")
    }
}

/// The findings that people know of, as they stand on one day.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// The entries, in the order of their file.
    pub entries: Vec<Entry>,
    /// The day on which they are read.
    pub today: Date,
}

impl Baseline {
    /// What is known of `finding`. An entry that holds outranks one that has expired, an earlier one a later one.
    pub fn knows(&self, finding: &Finding) -> Option<Known> {
        let mut said = self.entries.iter().filter(|entry| entry.covers(finding)).map(|e| e.says(self.today));
        let first = said.next()?;
        if first.expired { Some(said.find(|known| !known.expired).unwrap_or(first)) } else { Some(first) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Family, Place, Rule, Severity, Site};

    const RULE: Rule = Rule {
        id: "server-error",
        title: "t",
        severity: Severity::Error,
        family: Family::Response,
        since: "0.1",
        reference: "",
        fault_code: None,
        default_on: true,
    };

    fn finding(operation: Option<&str>) -> Finding {
        let key: Option<OperationKey> =
            operation.map(|key| serde_json::from_value(key.into()).expect("a key"));
        let place = Place { document: Pointer::parse("/definitions/Pet/type"), ..Place::default() };
        Finding::new(&RULE, key.as_ref(), &Site::new(&["500"]), "answers 500").place(place)
    }

    fn entry(rule: &str, operation: &str, pointer: &str) -> Entry {
        let pattern = |text: &str| (!text.is_empty()).then(|| Pattern::parse(text).expect("a pattern"));
        Entry {
            rule: pattern(rule),
            operation: pattern(operation),
            pointer: pattern(pointer),
            reason: "known".to_owned(),
            ..Entry::default()
        }
    }

    #[track_caller]
    fn check(entry: &Entry, expected: bool) {
        assert_eq!(entry.covers(&finding(Some("GET /pets/{id}"))), expected, "{}", entry.name());
    }

    #[test]
    fn everything_that_is_given_must_fit() {
        check(&entry("server-error", "GET /pets/{id}", "/definitions/Pet/**"), true);
        check(&entry("server-*", "* /pets/*", ""), true);
        check(&entry("**", "GET **", ""), true);
        check(&entry("server-error", "PUT /pets/{id}", ""), false);
        check(&entry("server-error", "GET /pets/x", ""), false);
        check(&entry("server-error", "", "/definitions/Cat/**"), false);
        check(&entry("undocumented-*", "GET /pets/{id}", ""), false);
        let own = finding(Some("GET /pets/{id}")).fingerprint.to_string();
        check(&Entry { fingerprint: Some(own.clone()), ..entry("", "", "") }, true);
        check(&Entry { fingerprint: Some(own), ..entry("", "PUT /pets/{id}", "") }, false);
    }

    #[test]
    fn what_is_about_no_operation_fits_no_operation() {
        assert!(!entry("server-error", "**", "").covers(&finding(None)));
        assert!(entry("server-error", "", "").covers(&finding(None)));
    }

    #[test]
    fn an_entry_holds_through_its_last_day() {
        let last = jiff::civil::date(2026, 12, 31);
        let baseline = |today| Baseline {
            entries: vec![Entry { expires: Some(last), ..entry("server-error", "", "") }],
            today,
        };
        let expired = |today| baseline(today).knows(&finding(None)).map(|known| known.expired);
        assert_eq!(expired(last), Some(false));
        assert_eq!(expired(jiff::civil::date(2027, 1, 1)), Some(true));
        let mut both = baseline(jiff::civil::date(2027, 1, 1));
        both.entries.push(entry("server-error", "", ""));
        assert_eq!(both.knows(&finding(None)).map(|known| known.expired), Some(false));
    }

    #[test]
    fn an_entry_says_all_it_knows() {
        let mut entry = entry("server-error", "", "");
        assert_eq!(entry.says(jiff::civil::date(2026, 1, 1)).to_string(), "known");
        entry.owner = Some("payments".to_owned());
        entry.expires = Some(jiff::civil::date(2026, 2, 1));
        let told = entry.says(jiff::civil::date(2026, 3, 1)).to_string();
        assert_eq!(told, "known (owner payments, expired 2026-02-01)");
    }
}
