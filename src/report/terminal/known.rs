//! What the baseline knows of: its findings in short, and its entries that found nothing.

use crate::finding::Severity;
use crate::report::cause::causes;
use crate::report::terminal::page::{Page, Tone};
use crate::report::text::count;
use crate::report::{EntryState, Night, Standing};

/// How many entries of each kind are named.
const SHOWN: usize = 40;

/// The two sections; nothing where there is nothing to tell.
pub(super) fn section(page: &mut Page, night: &Night) {
    let causes = causes(night.known());
    if !causes.is_empty() {
        page.heading("Known findings");
        page.prose(0, Tone::Faint, "in the baseline: they do not fail the run");
        page.gap();
    }
    for cause in causes.iter().take(SHOWN) {
        let finding = cause.lead;
        let (mark, tone) = match finding.severity {
            Severity::Error => ("✗ error", Tone::Faint),
            Severity::Warning => ("▲ warning", Tone::Faint),
            Severity::Note => ("· note", Tone::Faint),
        };
        let operation = finding.operation.as_ref().map_or("the whole API", |operation| operation.as_str());
        page.line(&[
            (Tone::Plain, "  "),
            (tone, mark),
            (Tone::Plain, "  "),
            (Tone::Strong, &finding.rule),
            (Tone::Plain, "  "),
            (Tone::Faint, finding.fingerprint.as_str()),
            (Tone::Plain, "  "),
            (Tone::Name, operation),
        ]);
        page.prose(4, Tone::Plain, &finding.title);
        if let Some(known) = &finding.known {
            page.entry(4, "known", Tone::Plain, &known.to_string());
        }
        if !cause.others.is_empty() {
            let more = count(cause.others.len() as u64, "other place", "other places");
            page.entry(4, "also", Tone::Faint, &format!("at {more}"));
        }
    }
    more(page, causes.len());
    unobserved(page, night);
}

/// Entries that covered nothing: fixed ones may go, the others say why they cannot be judged.
fn unobserved(page: &mut Page, night: &Night) {
    let all: Vec<&Standing> = night.unobserved().collect();
    if all.is_empty() {
        return;
    }
    page.heading("Known, and not found");
    for standing in all.iter().take(SHOWN) {
        let (tone, word) = match standing.state {
            EntryState::Fixed => (Tone::Good, "fixed        "),
            EntryState::NotExercised | EntryState::Observed => (Tone::Doubtful, "not exercised"),
        };
        page.line(&[(Tone::Plain, "  "), (tone, word), (Tone::Plain, "  "), (Tone::Plain, &standing.name)]);
        page.prose(17, Tone::Plain, &standing.known.to_string());
        if standing.state == EntryState::NotExercised {
            page.prose(17, Tone::Faint, &standing.why);
        }
    }
    more(page, all.len());
    if all.iter().any(|standing| standing.state == EntryState::Fixed || standing.known.expired) {
        page.prose(2, Tone::Faint, "`specwarden baseline prune` removes what is fixed or has expired");
    }
}

fn more(page: &mut Page, all: usize) {
    if all > SHOWN {
        page.line(&[(Tone::Faint, &format!("  … {} more", all - SHOWN))]);
    }
}
