//! Which suites and cases a night has.

use crate::finding::{Family, Finding};
use crate::plan::is_deselected;
use crate::report::terminal::{docs, place};
use crate::report::{Gate, Night};
use std::collections::BTreeMap;

/// The name of the suite for what belongs to no single operation.
const WHOLE: &str = "the whole API";

pub(super) struct Suite {
    pub(super) name: String,
    pub(super) cases: Vec<TestCase>,
}

pub(super) struct TestCase {
    pub(super) name: String,
    pub(super) state: State,
    /// Findings that do not fail the gate, in words.
    pub(super) aside: String,
}

pub(super) enum State {
    Passed,
    Skipped { why: String },
    Failed { message: String, kind: String, text: String },
}

impl Suite {
    pub(super) fn failures(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.state, State::Failed { .. })).count()
    }

    pub(super) fn skipped(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.state, State::Skipped { .. })).count()
    }
}

/// Suites by operation, then the one for the whole API: breaking changes and findings without an operation.
pub(super) fn suites(night: &Night, gate: &Gate) -> Vec<Suite> {
    let mut suites: BTreeMap<String, BTreeMap<String, Vec<&Finding>>> = BTreeMap::new();
    let mut idle: BTreeMap<(String, String), String> = BTreeMap::new();
    // Thousands of skipped cases for what the user took out would bury those that matter.
    let asked = night
        .operations
        .iter()
        .filter(|account| !account.not_exercised.as_deref().is_some_and(is_deselected));
    for account in asked {
        let name = account.operation.to_string();
        let cases = suites.entry(name.clone()).or_default();
        for (rule, count) in &account.checks {
            cases.entry(rule.clone()).or_default();
            if count.exercised == 0 {
                let why = count.why_not.clone().or_else(|| account.not_exercised.clone());
                idle.insert(
                    (name.clone(), rule.clone()),
                    why.unwrap_or_else(|| "no case could show it".to_owned()),
                );
            }
        }
        if let (true, Some(why)) = (account.checks.is_empty(), &account.not_exercised) {
            cases.entry("exercised".to_owned()).or_default();
            idle.insert((name, "exercised".to_owned()), why.clone());
        }
    }
    let mut whole: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in &night.findings {
        match &finding.operation {
            Some(operation) if finding.family != Family::Breaking => {
                suites
                    .entry(operation.to_string())
                    .or_default()
                    .entry(finding.rule.clone())
                    .or_default()
                    .push(finding);
            }
            _ => whole.entry(finding.rule.clone()).or_default().push(finding),
        }
    }
    let named = suites.into_iter().chain((!whole.is_empty()).then(|| (WHOLE.to_owned(), whole)));
    named
        .map(|(name, cases)| {
            let cases = cases
                .into_iter()
                .map(|(rule, findings)| {
                    let why = idle.get(&(name.clone(), rule.clone()));
                    test_case(rule, &findings, why, gate)
                })
                .collect();
            Suite { name, cases }
        })
        .collect()
}

fn test_case(rule: String, findings: &[&Finding], idle: Option<&String>, gate: &Gate) -> TestCase {
    let (failing, mild): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| gate.fails(finding));
    let known = mild.iter().filter(|finding| finding.is_known()).find_map(|finding| finding.known.as_ref());
    let aside = words(&mild);
    let state = match (failing.as_slice(), idle) {
        ([first, rest @ ..], _) => State::Failed {
            message: match rest.len() {
                0 => first.title.clone(),
                more => format!("{} (and {more} more)", first.title),
            },
            kind: format!("{} {}", first.severity, first.rule),
            text: words(&failing),
        },
        ([], _) if known.is_some() => {
            State::Skipped { why: known.map(|known| format!("known: {known}")).unwrap_or_default() }
        }
        ([], Some(why)) if mild.is_empty() => State::Skipped { why: why.clone() },
        ([], _) => State::Passed,
    };
    TestCase { name: rule, state, aside }
}

fn words(findings: &[&Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{} [{}] {}\n", finding.severity, finding.fingerprint, finding.title));
        if let (Some(operation), Family::Breaking) = (&finding.operation, finding.family) {
            out.push_str(&format!("operation: {operation}\n"));
        }
        if !finding.detail.is_empty() {
            out.push_str(finding.detail.trim_end());
            out.push('\n');
        }
        for text in finding.places.iter().map(place).filter(|text| !text.is_empty()) {
            out.push_str(&format!("at: {text}\n"));
        }
        out.push_str(&format!("seen: {}\n", finding.classification));
        if let Some(known) = &finding.known {
            out.push_str(&format!("known: {known}\n"));
        }
        if !finding.reproduce.is_empty() {
            // Several calls are several commands: each on its own line, so that they can be copied as they are.
            let gap = if finding.reproduce.contains('\n') { '\n' } else { ' ' };
            out.push_str(&format!("again:{gap}{}\n", finding.reproduce));
        }
        out.push_str(&format!("docs: {}\n", docs(finding)));
    }
    out
}
