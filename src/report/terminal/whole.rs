//! The pages: a night, the changes between two documents, the issues of one.

use crate::event::{IncidentKind, RunInfo, SnapshotState};
use crate::finding::{Family, Finding};
use crate::report::cause::causes;
use crate::report::terminal::findings::section;
use crate::report::terminal::page::{Page, Tone};
use crate::report::terminal::{coverage, head, latency, shell};
use crate::report::text::{count, left, span, width, wrap};
use crate::report::{Night, Options, Tally, Verdict};
use crate::spec::{Issue, IssueKind};

/// A whole night as text.
pub fn night(night: &Night, options: &Options) -> String {
    let mut page = Page::new(options.width, options.colour);
    head::head(&mut page, night);
    document_issues(&mut page, night);
    let ordinary = |finding: &&Finding| !matches!(finding.family, Family::Breaking | Family::Snapshot);
    section(&mut page, "Findings", "", night.certain().filter(ordinary));
    section(
        &mut page,
        "Intermittent findings",
        "shown on some sendings of the very same request and not on others",
        night.intermittent(),
    );
    section(
        &mut page,
        "Not decided",
        "likely the surroundings (gateways, resets, limits); no verdict on the API",
        night.undecided(),
    );
    snapshots(&mut page, night);
    let breaking = |finding: &&Finding| finding.family == Family::Breaking;
    section(&mut page, "Breaking changes", "", night.certain().filter(breaking));
    latency::section(&mut page, night);
    coverage::exercised(&mut page, night);
    coverage::not_exercised(&mut page, night);
    coverage::incidents(&mut page, night);
    coverage::leftovers(&mut page, night);
    again(&mut page, night);
    verdict(&mut page, night, options);
    page.finish()
}

/// The changes between two documents as text: what `diff` prints.
pub fn changes(old: &str, new: &str, found: &[Finding], options: &Options) -> String {
    let night = Night::of_findings(found.iter().cloned()).masked(&options.masker);
    let mut page = Page::new(options.width, options.colour);
    page.line(&[(Tone::Faint, "old  "), (Tone::Name, old)]);
    page.line(&[(Tone::Faint, "new  "), (Tone::Name, new)]);
    section(&mut page, "Breaking changes", "", night.findings.iter());
    page.gap();
    if night.findings.is_empty() {
        page.line(&[(Tone::Good, "PASSED"), (Tone::Plain, "  no breaking change")]);
    } else {
        verdict(&mut page, &night, options);
    }
    options.masker.mask(&page.finish()).into_owned()
}

/// Findings alone, without head or verdict: what `try` prints under an answer.
pub fn findings(found: &[Finding], options: &Options) -> String {
    let night = Night::of_findings(found.iter().cloned()).masked(&options.masker);
    let mut page = Page::new(options.width, options.colour);
    section(&mut page, "Findings", "", night.findings.iter());
    options.masker.mask(&page.finish()).into_owned()
}

/// The issues of a document as a list, for where its text is not at hand.
pub fn issues(issues: &[Issue], options: &Options) -> String {
    let mut page = Page::new(options.width, options.colour);
    for issue in issues {
        let (word, tone) = match issue.kind {
            IssueKind::OperationSkipped => ("operation set aside", Tone::Bad),
            IssueKind::PartSkipped => ("part set aside", Tone::Doubtful),
            IssueKind::Doubtful => ("doubtful", Tone::Faint),
            IssueKind::Noted => ("noted", Tone::Faint),
        };
        let at = match (issue.line, issue.column) {
            (Some(line), Some(column)) => format!("line {line}, column {column}"),
            (Some(line), None) => format!("line {line}"),
            (None, _) => format!("#{}", issue.place().as_str()),
        };
        let at = match &issue.file {
            Some(file) => format!("{file}, {at}"),
            None => at,
        };
        page.line(&[(tone, word), (Tone::Plain, "  "), (Tone::Faint, &at)]);
        page.prose(2, Tone::Plain, &issue.message);
        if let Some(hint) = &issue.hint {
            page.prose(2, Tone::Faint, &format!("hint: {hint}"));
        }
    }
    options.masker.mask(&page.finish()).into_owned()
}

/// The sentence after the verdict's word: what was found, and what was really tested.
pub(in crate::report) fn summary(night: &Night, options: &Options) -> String {
    let findings = night.findings.iter().filter(|finding| night.undecided().all(|u| u != *finding));
    let places = findings.clone().count();
    let tally = Tally::of(causes(findings).iter().map(|cause| cause.lead));
    let mut text = count(tally.total() as u64, "finding", "findings");
    let kinds: Vec<String> = [
        (tally.errors, "error", "errors"),
        (tally.warnings, "warning", "warnings"),
        (tally.notes, "note", "notes"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, many)| count(n as u64, one, many))
    .collect();
    if !kinds.is_empty() {
        text.push_str(&format!(" ({})", kinds.join(", ")));
    }
    if places > tally.total() {
        text.push_str(&format!(" at {places} places"));
    }
    if night.run.is_some() {
        let counts = night.counts();
        text.push_str(&format!(
            " in {}, {}",
            count(counts.operations, "operation", "operations"),
            count(counts.requests, "request", "requests"),
        ));
        if let Some(outcome) = &night.outcome {
            text.push_str(&format!(", {}", span(outcome.elapsed_ms)));
        }
        if night.outcome.is_some() && counts.cases == 0 {
            text.push_str("; no operation was tested");
        } else if counts.cases > 0 {
            text.push_str(&format!("; {} of {} operations reached a 2xx", counts.reached, counts.operations));
        }
    }
    let undecided = night.undecided().count();
    if undecided > 0 {
        text.push_str(&format!("; {undecided} not decided"));
    }
    if night.run.is_some() && night.outcome.is_none() {
        text.push_str("; the log ends before the run did");
    }
    let silent = night.left_open().count();
    if night.verdict(options.gate) == Verdict::Undecided && silent > 0 {
        text.push_str(&format!("; {} not exercised", count(silent as u64, "operation", "operations")));
    }
    text
}

fn document_issues(page: &mut Page, night: &Night) {
    if night.issues.is_empty() {
        return;
    }
    let skipped = night.issues.iter().filter(|issue| issue.kind == IssueKind::OperationSkipped).count();
    let mut text = count(night.issues.len() as u64, "issue", "issues") + " in the document";
    if skipped > 0 {
        text.push_str(&format!(", {} set aside", count(skipped as u64, "operation", "operations")));
    }
    page.prose(0, Tone::Doubtful, &(text + "; `specwarden inspect` shows where"));
}

fn snapshots(page: &mut Page, night: &Night) {
    let wrong = night.certain().filter(|finding| finding.family == Family::Snapshot);
    section(page, "Changed answers", "", wrong);
    let (mut changed, mut new, mut same) = (Vec::new(), Vec::new(), 0_u64);
    for row in &night.snapshots {
        match row.state {
            SnapshotState::Changed => changed.push(row),
            SnapshotState::New => new.push(row),
            SnapshotState::Unchanged => same += 1,
        }
    }
    if changed.is_empty() && new.is_empty() {
        return;
    }
    page.heading("Snapshots");
    if changed.is_empty() && same == 0 {
        let answers = count(new.len() as u64, "new answer", "new answers");
        page.prose(
            2,
            Tone::Plain,
            &format!(
                "{answers}; decide with `specwarden snapshot review`, or `specwarden snapshot accept --all`"
            ),
        );
        return;
    }
    let more = new.len().saturating_sub(NEW_SHOWN);
    new.truncate(NEW_SHOWN);
    for (mark, tone, rows) in [("changed", Tone::Doubtful, changed), ("new    ", Tone::Good, new)] {
        for row in rows {
            page.line(&[(Tone::Plain, "  "), (tone, mark), (Tone::Plain, "  "), (Tone::Plain, &row.name)]);
        }
    }
    if more > 0 {
        page.line(&[(Tone::Faint, &format!("  … {more} more new"))]);
    }
    page.prose(
        2,
        Tone::Faint,
        &format!("{same} unchanged; accept or reject with `specwarden snapshot review`"),
    );
}

/// How many new answers are named; changed ones are named all.
const NEW_SHOWN: usize = 5;

fn again(page: &mut Page, night: &Night) {
    let Some(run) = &night.run else { return };
    page.heading("Again");
    let mut ways = Vec::new();
    // The embedded instance is gone when its run is over.
    let embedded = run.arguments.iter().any(|a| a == "--demo" || a.starts_with("--demo="));
    if !night.findings.is_empty() && !embedded {
        ways.push((format!("specwarden replay {}", run.id), "every finding once more"));
    }
    if let Some(finding) = night.findings.iter().find(|finding| finding.case.is_some() && !embedded) {
        ways.push((format!("specwarden replay {}", finding.fingerprint), "one finding"));
    }
    ways.push((once_more(run), "the same night"));
    let size = ways.iter().map(|(command, _)| width(command)).max().unwrap_or(0);
    let beside = size + 4 + ways.iter().map(|(_, what)| width(what)).max().unwrap_or(0) <= page.width();
    for (command, what) in ways {
        if beside {
            page.line(&[
                (Tone::Plain, "  "),
                (Tone::Plain, &left(&command, size)),
                (Tone::Plain, "  "),
                (Tone::Faint, what),
            ]);
        } else {
            page.prose(2, Tone::Plain, &command);
            page.prose(4, Tone::Faint, what);
        }
    }
    if night.incidents_of(IncidentKind::Budget).next().is_some() {
        page.prose(
            2,
            Tone::Faint,
            "a budget ran out: raise --max-requests, --max-cases or --max-time for the rest",
        );
    }
}

/// The command that makes the run again: its own arguments with the seed that it had.
fn once_more(run: &RunInfo) -> String {
    let mut words = vec!["specwarden".to_owned()];
    let mut arguments = run.arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--seed" {
            arguments.next();
        } else if !argument.starts_with("--seed=") {
            words.push(shell::quote(argument));
        }
    }
    if run.arguments.is_empty() {
        words.extend(["run".to_owned(), shell::quote(&run.document)]);
    }
    format!("{} --seed {}", words.join(" "), run.seed)
}

fn verdict(page: &mut Page, night: &Night, options: &Options) {
    let verdict = night.verdict(options.gate);
    let tone = match verdict {
        Verdict::Passed => Tone::Good,
        Verdict::Failed => Tone::Bad,
        Verdict::Undecided | Verdict::Interrupted => Tone::Doubtful,
    };
    page.gap();
    let lines = wrap(&summary(night, options), page.width() - verdict.word().len() - 2);
    let pad = " ".repeat(verdict.word().len());
    for (at, line) in lines.iter().enumerate() {
        let word = if at == 0 { verdict.word() } else { &pad };
        page.line(&[(tone, word), (Tone::Plain, "  "), (Tone::Plain, line)]);
    }
}
