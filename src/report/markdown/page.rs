//! The summary.

use crate::finding::{Finding, Severity};
use crate::report::cause::{Cause, causes};
use crate::report::terminal::summary;
use crate::report::text::{clip, count, harmless};
use crate::report::{Night, Options, Verdict};

/// How many findings the table holds; job summaries are capped in size.
const SHOWN: usize = 50;

/// The summary as GitHub-flavoured Markdown.
pub(in crate::report) fn render(night: &Night, options: &Options) -> String {
    let verdict = night.verdict(&options.gate);
    let mark = match verdict {
        Verdict::Passed => "✅",
        Verdict::Failed => "❌",
        Verdict::Undecided | Verdict::Interrupted => "⚠️",
    };
    let mut out = format!("## {mark} {}", verdict.word());
    if let Some(run) = &night.run {
        out.push_str(&format!(": {} {}", cell(&run.title), cell(&run.api_version)));
    }
    out.push_str(&format!("\n\n{}\n", cell(&summary(night, options))));
    if let Some(run) = &night.run {
        out.push_str(&format!(
            "\nRun {} against {}, seed {}.\n",
            code(&run.id),
            code(&run.base_url),
            run.seed
        ));
    }
    if let Some(coverage) = night.coverage() {
        let mut sentence = coverage.sentence();
        sentence.replace_range(..1, "T");
        out.push_str(&format!("\n{sentence}.\n"));
    }
    let causes = causes(night.unknown());
    if !causes.is_empty() {
        out.push_str("\n| | operation | rule | finding | seen |\n|---|---|---|---|---|\n");
        for cause in causes.iter().take(SHOWN) {
            out.push_str(&row(cause));
        }
        if causes.len() > SHOWN {
            out.push_str(&format!("\n… {} more\n", causes.len() - SHOWN));
        }
    }
    known(&mut out, night);
    let silent: Vec<_> = night
        .left_open()
        .filter_map(|account| Some((&account.operation, account.not_exercised.as_deref()?)))
        .collect();
    if !silent.is_empty() {
        let title = count(silent.len() as u64, "operation", "operations");
        out.push_str(&format!("\n<details><summary>{title} not exercised</summary>\n\n"));
        for (operation, why) in silent.iter().take(SHOWN) {
            out.push_str(&format!("- {}: {}\n", code(operation.as_str()), cell(why)));
        }
        out.push_str("\n</details>\n");
    }
    out
}

/// What the baseline knows of, and its entries that found nothing.
fn known(out: &mut String, night: &Night) {
    let known = causes(night.known());
    if !known.is_empty() {
        let title = count(night.known().count() as u64, "known finding", "known findings");
        out.push_str(&format!("\n<details><summary>{title}, failing nothing</summary>\n\n"));
        for cause in known.iter().take(SHOWN) {
            let finding = cause.lead;
            let operation = finding.operation.as_ref().map_or("the whole API", |key| key.as_str());
            let why = finding.known.as_ref().map(ToString::to_string).unwrap_or_default();
            let others = match cause.others.len() {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            out.push_str(&format!(
                "- {} {}{others}: {} – {}\n",
                code(&finding.rule),
                code(operation),
                cell(&clip(&finding.title, 160)),
                cell(&why),
            ));
        }
        out.push_str("\n</details>\n");
    }
    let unobserved: Vec<_> = night.unobserved().collect();
    if !unobserved.is_empty() {
        let title = count(unobserved.len() as u64, "entry", "entries");
        out.push_str(&format!("\n<details><summary>{title} of the baseline not found</summary>\n\n"));
        for standing in unobserved.iter().take(SHOWN) {
            let state = standing.state.word();
            out.push_str(&format!("- {state}: {} – {}\n", code(&standing.name), cell(&standing.why)));
        }
        out.push_str("\n</details>\n");
    }
}

fn row(cause: &Cause) -> String {
    let finding = cause.lead;
    let mark = match finding.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let mut operation = finding.operation.as_ref().map_or_else(|| "–".to_owned(), |key| code(key.as_str()));
    if !cause.others.is_empty() {
        let here = cause.others.iter().all(|other| other.operation == finding.operation);
        let of = if here { " places" } else { "" };
        operation.push_str(&format!(" and {} more{of}", cause.others.len()));
    }
    format!(
        "| {mark} {} | {operation} | {} | {} | {} |\n",
        finding.severity,
        code(&finding.rule),
        cell(&clip(&finding.title, 160)),
        seen(finding),
    )
}

/// How sure it is, and whether an entry of the baseline has run out.
fn seen(finding: &Finding) -> String {
    match &finding.known {
        Some(known) => format!("{}; known: {}", finding.classification, cell(&known.to_string())),
        None => finding.classification.to_string(),
    }
}

/// Text that is nothing but text in a table cell: no markup, no column, no line break, no HTML.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in harmless(text).replace('\n', " ").chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '!' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text in code style. A backtick cannot be escaped in it, so it becomes a quote.
fn code(text: &str) -> String {
    format!("`{}`", harmless(text).replace('\n', " ").replace('`', "'").replace('|', "\\|"))
}
