//! What was exercised, what was not, and why: a check that could not fire has not passed.

use crate::case::Phase;
use crate::event::{IncidentKind, OperationReport};
use crate::plan::is_deselected;
use crate::report::Night;
use crate::report::terminal::page::{Page, Tone};
use crate::report::text::{count, thousands};
use std::collections::BTreeMap;

/// How many operations a table or list holds.
const SHOWN: usize = 60;
/// How many operations stand under one reason.
const PER_REASON: usize = 12;

/// Operations by phase and status.
pub(super) fn exercised(page: &mut Page, night: &Night) {
    let rows: Vec<&OperationReport> =
        night.operations.iter().filter(|account| !account.statuses.is_empty()).collect();
    if rows.is_empty() {
        return;
    }
    page.heading("Exercised");
    let mut phases: Vec<Phase> = rows.iter().flat_map(|account| account.cases.keys().copied()).collect();
    phases.sort_unstable();
    phases.dedup();
    let mut heads = vec!["operation"];
    heads.extend(phases.iter().map(|phase| short(*phase)));
    heads.push("answers");
    let table: Vec<Vec<(Tone, String)>> = rows
        .iter()
        .take(SHOWN)
        .map(|account| {
            let mut row = vec![(Tone::Name, account.operation.to_string())];
            row.extend(phases.iter().map(|phase| match account.cases.get(phase) {
                None | Some(0) => (Tone::Faint, "–".to_owned()),
                Some(n) => (Tone::Plain, thousands(*n)),
            }));
            row.push((Tone::Plain, statuses(&account.statuses)));
            row
        })
        .collect();
    page.table(&heads, &table);
    more(page, rows.len());
    let names: Vec<String> = phases.iter().map(ToString::to_string).collect();
    page.prose(2, Tone::Faint, &format!("cases by phase ({}), answers by status class", names.join(", ")));
    if let Some(coverage) = night.coverage() {
        page.gap();
        page.prose(2, Tone::Plain, &coverage.sentence());
    }
}

/// Operations that were not exercised, and checks that never could fire anywhere.
pub(super) fn not_exercised(page: &mut Page, night: &Night) {
    let silent: Vec<(&str, &str)> = night
        .operations
        .iter()
        .filter_map(|account| Some((account.operation.as_str(), account.not_exercised.as_deref()?)))
        .collect();
    let mut reasons: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut fired: Vec<&str> = Vec::new();
    // Of operations that the user took out nobody expects that a check fires.
    for (rule, counts) in night.asked().flat_map(|account| &account.checks) {
        if counts.exercised > 0 {
            fired.push(rule);
        } else {
            let why = counts.why_not.as_deref().unwrap_or("no case could show it");
            *reasons.entry(rule).or_default().entry(why).or_default() += 1;
        }
    }
    reasons.retain(|rule, _| !fired.contains(rule));
    // A run that was not asked to test has nothing to explain.
    if fired.is_empty() && reasons.values().all(|whys| whys.keys().all(|why| *why == "not enabled")) {
        reasons.clear();
    }
    if silent.is_empty() && reasons.is_empty() {
        return;
    }
    page.heading("Not exercised");
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (operation, why) in &silent {
        by_reason.entry(why).or_default().push(operation);
    }
    for (why, operations) in &by_reason {
        if is_deselected(why) {
            let number = count(operations.len() as u64, "operation", "operations");
            page.prose(2, Tone::Plain, &format!("{why}: {number}"));
            continue;
        }
        page.prose(2, Tone::Plain, &format!("{why}:"));
        for operation in operations.iter().take(PER_REASON) {
            page.line(&[(Tone::Plain, "    "), (Tone::Name, operation)]);
        }
        if operations.len() > PER_REASON {
            page.line(&[(Tone::Faint, &format!("    … {} more", operations.len() - PER_REASON))]);
        }
    }
    if !reasons.is_empty() {
        page.gap();
        page.prose(2, Tone::Faint, "checks that could fire nowhere:");
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (rule, whys) in &reasons {
            // The reason that holds for most operations stands for all.
            let why = whys.iter().max_by_key(|(_, n)| **n).map_or("", |(why, _)| why);
            by_reason.entry(why).or_default().push(rule);
        }
        for (why, rules) in by_reason {
            page.prose(4, Tone::Plain, &format!("{why}: {}", rules.join(", ")));
        }
    }
}

/// Incidents other than leftovers and coverage, and answers that did not come or not whole; alike ones told once.
pub(super) fn incidents(page: &mut Page, night: &Night) {
    let mut told: Vec<(String, usize)> = Vec::new();
    for incident in &night.incidents {
        if matches!(incident.kind, IncidentKind::Leftover | IncidentKind::NotExercised) {
            continue;
        }
        let about = incident.operation.as_ref().map(|operation| format!("{operation}: ")).unwrap_or_default();
        let text = format!("{}: {about}{}", kind(incident.kind), incident.message);
        match told.iter_mut().find(|(known, _)| *known == text) {
            Some((_, times)) => *times += 1,
            None => told.push((text, 1)),
        }
    }
    for trouble in &night.troubles {
        let times = usize::try_from(trouble.times).unwrap_or(usize::MAX);
        told.push((format!("{}: {}", trouble.operation, trouble.what), times));
    }
    if told.is_empty() {
        return;
    }
    page.heading("Along the way");
    for (text, times) in told.iter().take(SHOWN) {
        let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
        page.prose(2, Tone::Plain, &format!("{text}{times}"));
    }
    more(page, told.len());
}

/// Resources that the run created and could not remove.
pub(super) fn leftovers(page: &mut Page, night: &Night) {
    let all: Vec<_> = night.incidents_of(IncidentKind::Leftover).collect();
    if all.is_empty() {
        return;
    }
    page.heading("Left behind on the target");
    for incident in all.iter().take(SHOWN) {
        let about = incident.operation.as_ref().map(|operation| format!("{operation}: ")).unwrap_or_default();
        page.prose(2, Tone::Doubtful, &format!("{about}{}", incident.message));
    }
    more(page, all.len());
}

/// `5xx×1 2xx×12 4xx×3 none×1`: server errors first, where a cut cannot hide them. The exact statuses are in the JSON report.
fn statuses(statuses: &BTreeMap<u16, u64>) -> String {
    let mut classes: BTreeMap<u16, u64> = BTreeMap::new();
    for (status, n) in statuses.iter().filter(|(status, _)| **status != 0) {
        *classes.entry(status / 100).or_default() += n;
    }
    let (broken, others): (Vec<_>, Vec<_>) = classes.iter().partition(|(class, _)| **class >= 5);
    let answered = broken.into_iter().chain(others).map(|(class, n)| format!("{class}xx×{n}"));
    let parts: Vec<String> = answered.chain(statuses.get(&0).map(|n| format!("none×{n}"))).collect();
    parts.join(" ")
}

fn short(phase: Phase) -> &'static str {
    match phase {
        Phase::Reach => "reach",
        Phase::Examples => "exam",
        Phase::Boundary => "bound",
        Phase::Negative => "neg",
        Phase::Random => "rand",
        Phase::Access => "acc",
        Phase::Sequence => "seq",
        Phase::Robustness => "robust",
        Phase::Learned => "learn",
    }
}

fn kind(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::NotExercised => "not exercised",
        IncidentKind::NotConfirmed => "not confirmed",
        IncidentKind::Environment => "environment",
        IncidentKind::RateLimited => "rate-limited",
        IncidentKind::Leftover => "left behind",
        IncidentKind::Budget => "budget",
        IncidentKind::Generation => "generation",
        IncidentKind::Interrupted => "interrupted",
        IncidentKind::Configuration => "configuration",
        IncidentKind::Learned => "learned",
    }
}

fn more(page: &mut Page, all: usize) {
    if all > SHOWN {
        page.line(&[(Tone::Faint, &format!("  … {} more", all - SHOWN))]);
    }
}
