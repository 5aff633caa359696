//! Findings, grouped by operation, each with what a developer needs to see it again.

use crate::finding::{Classification, Family, Finding, Place, Severity};
use crate::report::cause::{Cause, causes};
use crate::report::terminal::page::{Page, Tone};
use crate::report::terminal::shell;
use crate::report::text::harmless;

/// How many further places of one cause are listed.
const PLACES: usize = 12;

/// One section of findings; nothing if there are none.
pub(super) fn section<'f>(
    page: &mut Page,
    title: &str,
    why: &str,
    findings: impl Iterator<Item = &'f Finding>,
) {
    let groups = by_operation(causes(findings));
    if groups.is_empty() {
        return;
    }
    page.heading(title);
    if !why.is_empty() {
        page.prose(0, Tone::Faint, why);
        page.gap();
    }
    for (operation, causes) in groups {
        page.line(&[(Tone::Name, operation)]);
        page.gap();
        for cause in causes {
            one(page, &cause);
            page.gap();
        }
    }
}

/// The page of the handbook on a finding's rule.
pub(in crate::report) fn docs(finding: &Finding) -> String {
    let page = if finding.family == Family::Breaking { "breaking-rules" } else { "checks" };
    format!("docs/{page}.md#{}", finding.rule)
}

/// A place in words.
pub(in crate::report) fn place(place: &Place) -> String {
    let mut parts = Vec::new();
    if !place.label.is_empty() {
        parts.push(place.label.clone());
    }
    if let Some(instance) = &place.instance {
        parts.push(format!("body {instance}"));
    }
    if let Some(document) = &place.document {
        let (file, pointer) = document.in_file();
        parts.push(match file {
            Some(file) => format!("document {file}#{pointer}"),
            None => format!("document {pointer}"),
        });
    }
    parts.join(" · ")
}

/// Findings of each operation, the operation with the gravest first; those of the whole API lead.
fn by_operation(causes: Vec<Cause<'_>>) -> Vec<(&str, Vec<Cause<'_>>)> {
    let mut groups: Vec<(&str, Vec<Cause>)> = Vec::new();
    for cause in causes {
        let name = cause.lead.operation.as_ref().map_or("the whole API", |operation| operation.as_str());
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(cause),
            None => groups.push((name, vec![cause])),
        }
    }
    groups
}

fn one(page: &mut Page, cause: &Cause) {
    let finding = cause.lead;
    let (mark, tone) = match finding.severity {
        Severity::Error => ("✗ error", Tone::Bad),
        Severity::Warning => ("▲ warning", Tone::Doubtful),
        Severity::Note => ("· note", Tone::Faint),
    };
    page.line(&[
        (Tone::Plain, "  "),
        (tone, mark),
        (Tone::Plain, "  "),
        (Tone::Strong, &finding.rule),
        (Tone::Plain, "  "),
        (Tone::Faint, finding.fingerprint.as_str()),
    ]);
    page.prose(4, Tone::Strong, &finding.title);
    if !finding.detail.is_empty() {
        page.prose(6, Tone::Plain, &finding.detail);
    }
    for (at, text) in finding.places.iter().map(place).filter(|text| !text.is_empty()).enumerate() {
        page.entry(4, if at == 0 { "at" } else { "" }, Tone::Plain, &text);
    }
    for (number, also) in cause.others.iter().enumerate().take(PLACES) {
        let operation = also.operation.as_ref().map_or("the whole API", |operation| operation.as_str());
        let label = |finding: &'_ Finding| finding.places.first().map(|place| place.label.clone());
        let elsewhere = label(also).filter(|at| !at.is_empty() && Some(at) != label(finding).as_ref());
        let elsewhere = elsewhere.map(|at| format!(" · {at}")).unwrap_or_default();
        // In the same operation the place tells them apart.
        let part = also.case.as_ref().map(|case| case.reason.part.as_str()).filter(|part| !part.is_empty());
        let text = match part.filter(|_| also.operation == finding.operation) {
            Some(part) => format!("{part}  {}", also.fingerprint),
            None => format!("{operation}{elsewhere}  {}", also.fingerprint),
        };
        page.entry(4, if number == 0 { "also" } else { "" }, Tone::Plain, &text);
    }
    if cause.others.len() > PLACES {
        page.entry(4, "", Tone::Faint, &format!("… and {} more", cause.others.len() - PLACES));
    }
    if let Some(case) = &finding.case {
        let how = [case.reason.part.as_str(), case.reason.how.as_str()];
        let how: Vec<&str> = how.into_iter().filter(|text| !text.is_empty()).collect();
        let text = format!("{} ({}): {}", case.name(), case.mode, how.join(" "));
        page.entry(4, "case", Tone::Plain, text.trim_end_matches([':', ' ']));
    }
    if finding.classification != Classification::Unconfirmed {
        page.entry(4, "seen", Tone::Plain, &finding.classification.to_string());
    }
    // What the baseline knows of and still stands here has an entry that holds no more.
    if let Some(known) = &finding.known {
        page.entry(4, "known", Tone::Doubtful, &format!("no longer: {known}"));
    }
    if !finding.reproduce.is_empty() {
        page.line(&[(Tone::Faint, "    again")]);
        for command in shell::commands(&harmless(&finding.reproduce)) {
            for line in shell::fold(command, 6, page.width()) {
                page.verbatim(Tone::Plain, &line);
            }
        }
    }
    page.entry(4, "docs:", Tone::Faint, &docs(finding));
}
