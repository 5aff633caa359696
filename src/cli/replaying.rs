//! `replay`: how stored findings stand now.

use crate::cli::Exit;
use crate::cli::arguments::{GlobalArguments, ReplayArguments};
use crate::cli::conclude::{check_targets, conclude};
use crate::cli::failure::Failure;
use crate::cli::layer::{Need, settings};
use crate::cli::output::Output;
use crate::config::{File, Settings};
use crate::report::{Format, Night};
use crate::session::{Replayed, Standing, baseline, replay, today};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Sends stored cases again and tells how their findings stand.
pub(super) async fn again(
    global: &GlobalArguments,
    flags: &ReplayArguments,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<Exit, Failure> {
    let layer = File::from(&flags.output).over(File::from(&flags.target));
    let settings = settings(global, layer, Need::Target)?;
    check_targets(&settings.reports)?;
    let known = baseline(&settings, today())?;
    let mut all = replay(&settings, &flags.what, cancel).await?;
    if let Some(known) = &known {
        for replayed in &mut all {
            for finding in replayed.now.iter_mut().chain([&mut replayed.before]) {
                finding.known = known.knows(finding);
            }
        }
    }
    let still = Night::of_findings(all.iter().filter_map(|replayed| replayed.now.clone()));
    match flags.output.format {
        Format::Terminal => output.data(&settings.masker().mask(&text(&all)))?,
        Format::Json => output.data(&settings.masker().mask(&(value(&all).to_string() + "\n")))?,
        format @ (Format::Junit | Format::Markdown) => {
            conclude(still, &settings, Some(format), output)?;
            return Ok(verdict(&all, &settings));
        }
    }
    conclude(still, &settings, None, output)?;
    Ok(verdict(&all, &settings))
}

fn verdict(all: &[Replayed], settings: &Settings) -> Exit {
    let fails = |replayed: &Replayed| replayed.now.as_ref().is_some_and(|now| settings.gate.fails(now));
    if all.iter().any(fails) {
        Exit::Findings
    } else if all.iter().any(|replayed| replayed.standing == Standing::NotTried) {
        Exit::Undecided
    } else {
        Exit::Clean
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::StillFailing => "still failing",
        Standing::Changed => "changed",
        Standing::Fixed => "fixed",
        Standing::NotTried => "not tried",
    }
}

fn text(all: &[Replayed]) -> String {
    let mut out = String::new();
    for Replayed { before, now, standing } in all {
        let operation = before.operation.as_ref().map_or("the whole API", |operation| operation.as_str());
        out.push_str(&format!(
            "{:13}  {}  {}  {operation}\n",
            word(*standing),
            before.fingerprint,
            before.rule
        ));
        out.push_str(&format!("               {}\n", before.title));
        if let Some(known) = before.known.as_ref().filter(|_| *standing == Standing::StillFailing) {
            let word = if known.expired { "no longer known" } else { "known" };
            out.push_str(&format!("               {word}: {known}\n"));
        }
        if let (Standing::Changed, Some(now)) = (standing, now) {
            out.push_str(&format!("               now {}  {}\n", now.fingerprint, now.title));
        }
    }
    let count = |wanted| all.iter().filter(|replayed| replayed.standing == wanted).count();
    let standings = [Standing::StillFailing, Standing::Changed, Standing::Fixed, Standing::NotTried];
    let parts: Vec<String> = standings
        .into_iter()
        .filter(|standing| count(*standing) > 0)
        .map(|standing| format!("{} {}", count(standing), word(standing)))
        .collect();
    match parts.as_slice() {
        [] => out.push_str("the run has no findings\n"),
        _ => out.push_str(&format!("\n{}\n", parts.join(", "))),
    }
    out.chars().map(|c| if c.is_control() && c != '\n' { '�' } else { c }).collect()
}

fn value(all: &[Replayed]) -> Value {
    let entries = all.iter().map(|replayed| {
        json!({
            "standing": word(replayed.standing).replace(' ', "-"),
            "before": replayed.before,
            "now": replayed.now,
        })
    });
    Value::Array(entries.collect())
}
