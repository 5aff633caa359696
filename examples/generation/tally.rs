//! The figures of one set of schemas.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// No value may take longer than this.
const SLOW: u64 = 50_000_000;
/// Names kept per kind of fault.
const KEPT: usize = 50_000;
/// So many of the slowest first values are named.
const SLOWEST: usize = 10;

/// What was counted. Times in nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) name: String,
    pub(super) documents: usize,
    pub(super) skipped: Vec<String>,
    pub(super) schemas: usize,
    pub(super) served: usize,
    /// Satisfiable for all we know, and no value was made.
    pub(super) unserved: Vec<String>,
    /// No value was made, and none is known to exist.
    pub(super) empty: Vec<String>,
    pub(super) values: usize,
    pub(super) invalid: Vec<String>,
    pub(super) negatives: usize,
    pub(super) accepted: Vec<String>,
    pub(super) untold: Vec<String>,
    pub(super) boundaries: usize,
    pub(super) inside: (usize, usize),
    pub(super) outside: (usize, usize),
    pub(super) missed: Vec<String>,
    /// Limits of which one side does not exist.
    pub(super) excluded: usize,
    /// Smaller cases that were proposed, and those of another class than the case they came from.
    pub(super) proposals: usize,
    pub(super) strayed: Vec<String>,
    pub(super) first: Vec<u64>,
    /// The slowest first values, the slowest first.
    pub(super) slowest: Vec<(u64, String)>,
    /// The first value that made the process grow most, in KiB.
    pub(super) largest: (u64, String),
    pub(super) each: Vec<u64>,
    pub(super) bodies: Vec<u64>,
    pub(super) slow: Vec<String>,
    pub(super) cases: Vec<u64>,
    pub(super) uncased: Vec<String>,
    pub(super) sets: Vec<u64>,
}

impl Tally {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Notes how long the first value of a schema took, and how much more memory the process ever had after it.
    pub(super) fn first_took(&mut self, nanoseconds: u64, growth: u64, label: &str) {
        self.first.push(nanoseconds);
        self.slowest.push((nanoseconds, label.to_owned()));
        if self.slowest.len() > SLOWEST * 8 {
            self.cut();
        }
        if growth > self.largest.0 {
            self.largest = (growth, label.to_owned());
        }
    }

    fn cut(&mut self) {
        self.slowest.sort_by(|a, b| b.cmp(a));
        self.slowest.truncate(SLOWEST);
    }

    /// The slowest and the largest first values in words.
    pub(super) fn extremes(&mut self) -> String {
        self.cut();
        let mut out = format!("{}, slowest first values:\n", self.name);
        for (took, label) in &self.slowest {
            _ = writeln!(out, "  {:8.1} ms  {label}", *took as f64 / 1e6);
        }
        _ = write!(out, "largest: {:.1} MB  {}", self.largest.0 as f64 / 1024.0, self.largest.1);
        out
    }

    /// Notes how long one value took.
    pub(super) fn took(&mut self, nanoseconds: u64, body: bool, label: &str) {
        self.each.push(nanoseconds);
        if body {
            self.bodies.push(nanoseconds);
        }
        if nanoseconds > SLOW {
            note(&mut self.slow, format!("{label}: {} ms", nanoseconds / 1_000_000));
        }
    }

    /// Whether what must never happen did not happen.
    pub(super) fn passes(&self) -> bool {
        self.unserved.is_empty()
            && self.invalid.is_empty()
            && self.accepted.is_empty()
            && self.strayed.is_empty()
            && self.schemas > 0
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name, "documents": self.documents, "skipped": self.skipped, "schemas": self.schemas,
            "served": self.served, "unserved": self.unserved, "empty": self.empty, "values": self.values,
            "invalid": self.invalid, "negatives": self.negatives, "accepted": self.accepted, "untold": self.untold,
            "boundaries": self.boundaries, "proposals": self.proposals, "strayed": self.strayed, "inside": self.inside, "outside": self.outside, "missed": self.missed, "excluded": self.excluded,
            "first": times(&self.first), "each": times(&self.each), "bodies": times(&self.bodies),
            "slowest": self.slowest, "largest": self.largest, "slow": self.slow, "cases": times(&self.cases), "uncased": self.uncased, "sets": times(&self.sets),
        })
    }
}

/// Keeps a name, within reason.
pub(super) fn note(list: &mut Vec<String>, name: String) {
    if list.len() < KEPT {
        list.push(name);
    }
}

/// Median, 99th percentile and maximum.
fn times(all: &[u64]) -> Value {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    let at = |share: usize| sorted.get(sorted.len().saturating_sub(1) * share / 100).copied().unwrap_or(0);
    json!({"count": sorted.len(), "median": at(50), "p99": at(99), "max": at(100)})
}

/// One row of the table.
type Figure<'f> = Box<dyn Fn(&Tally) -> String + 'f>;

/// All tallies side by side.
pub(super) fn table(tallies: &[Tally]) -> String {
    let micro = |value: &Value, key: &str| format!("{:.1}", value[key].as_f64().unwrap_or(0.0) / 1000.0);
    let three = |all: &[u64]| {
        let all = times(all);
        format!("{} / {} / {}", micro(&all, "median"), micro(&all, "p99"), micro(&all, "max"))
    };
    let share = |(covered, total): (usize, usize)| format!("{covered} / {total}");
    let rows: Vec<(&str, Figure<'_>)> = vec![
        ("documents", Box::new(|t| t.documents.to_string())),
        ("schemas", Box::new(|t| t.schemas.to_string())),
        ("  set aside", Box::new(|t| t.skipped.len().to_string())),
        ("  with values", Box::new(|t| t.served.to_string())),
        ("  satisfiable, without", Box::new(|t| t.unserved.len().to_string())),
        ("  no value known", Box::new(|t| t.empty.len().to_string())),
        ("positive values", Box::new(|t| t.values.to_string())),
        ("  invalid", Box::new(|t| t.invalid.len().to_string())),
        ("boundary cases", Box::new(|t| t.boundaries.to_string())),
        ("negative cases", Box::new(|t| t.negatives.to_string())),
        ("  valid after all", Box::new(|t| t.accepted.len().to_string())),
        ("  for another keyword", Box::new(|t| t.untold.len().to_string())),
        ("shrunk cases proposed", Box::new(|t| t.proposals.to_string())),
        ("  of another class", Box::new(|t| t.strayed.len().to_string())),
        ("limits reached inside", Box::new(move |t| share(t.inside))),
        ("limits broken", Box::new(move |t| share(t.outside))),
        ("  without such a side", Box::new(|t| t.excluded.to_string())),
        ("first value, us (median / p99 / max)", Box::new(move |t| three(&t.first))),
        ("each value, us", Box::new(move |t| three(&t.each))),
        ("each body, us", Box::new(move |t| three(&t.bodies))),
        ("  over 50 ms", Box::new(|t| t.slow.len().to_string())),
        ("random case to request, us", Box::new(move |t| three(&t.cases))),
        ("  no case", Box::new(|t| t.uncased.len().to_string())),
        ("boundary + negative set, us", Box::new(move |t| three(&t.sets))),
    ];
    let mut out = format!("{:<38}", "");
    for tally in tallies {
        _ = write!(out, "{:>28}", tally.name);
    }
    for (title, figure) in rows {
        _ = write!(out, "\n{title:<38}");
        for tally in tallies {
            _ = write!(out, "{:>28}", figure(tally));
        }
    }
    out
}
