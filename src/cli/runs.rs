//! `runs`: stored runs listed, and old ones removed.

use crate::cli::Exit;
use crate::cli::arguments::{GlobalArguments, RunsAction};
use crate::cli::failure::Failure;
use crate::cli::layer::{Need, settings};
use crate::cli::output::Output;
use crate::config::{File, Settings, StoreFile};
use crate::session::{DryRun, Stays, StoredRun, prune_runs, stored_runs};

/// Does what was asked for.
pub(super) fn look_after(
    global: &GlobalArguments,
    action: &RunsAction,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let (keep, dry) = match action {
        RunsAction::List(flags) => (flags.keep, None),
        RunsAction::Prune(flags) => (flags.keep, Some(if flags.dry_run { DryRun::Yes } else { DryRun::No })),
    };
    let layer = File { store: StoreFile { keep }, ..File::default() };
    let settings = settings(global, layer, Need::Nothing)?;
    match dry {
        None => {
            let runs = stored_runs(&settings, settings.store.keep)?;
            output.data(&runs.iter().map(line).collect::<String>())?;
            output.talk(&summary(&runs, &settings));
        }
        Some(dry) => {
            let gone = prune_runs(&settings, settings.store.keep, dry)?;
            output.data(&gone.iter().map(line).collect::<String>())?;
            output.talk(&pruned(&gone, dry, &settings));
        }
    }
    Ok(Exit::Clean)
}

fn line(run: &StoredRun) -> String {
    let why = match run.stays {
        Some(Stays::Newest) => "",
        Some(Stays::Known) => "  stays: it shows what the baseline knows",
        Some(Stays::Latency) => "  stays: latency is compared with it",
        Some(Stays::UnderWay) => "  stays: it has no end yet",
        Some(Stays::Renamed) => "  stays: it does not bear a run's name",
        None => "  old",
    };
    format!("{:20}  {:>9}{why}\n", harmless(&run.id), size(run.bytes))
}

fn summary(runs: &[StoredRun], settings: &Settings) -> String {
    let old = runs.iter().filter(|run| run.stays.is_none()).count();
    let gap = if runs.is_empty() { "" } else { "\n" };
    let rule = match settings.store.keep {
        None => "all of them stay".to_owned(),
        Some(keep) if old == 0 => format!("the newest {keep} stay"),
        Some(keep) => format!("the newest {keep} stay, {old} old, which `specwarden runs prune` removes"),
    };
    format!("{gap}{}, {}; {rule}", number(runs.len()), size(runs.iter().map(|run| run.bytes).sum()))
}

fn pruned(gone: &[StoredRun], dry: DryRun, settings: &Settings) -> String {
    let Some(keep) = settings.store.keep else {
        return "nothing is removed: `[store] keep = 0` keeps every run; say how many stay with `--keep N`"
            .to_owned();
    };
    let gap = if gone.is_empty() { "" } else { "\n" };
    let verb = if dry == DryRun::Yes { "would go" } else { "removed" };
    let bytes = size(gone.iter().map(|run| run.bytes).sum());
    format!("{gap}{}, {bytes}, {verb}; the newest {keep} stay", number(gone.len()))
}

/// `1 run`, `2 runs`.
pub(super) fn number(runs: usize) -> String {
    if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") }
}

/// Bytes as people read them.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

/// A folder that somebody named must not steer the reader's terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '�' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_can_be_read() {
        for (bytes, expected) in
            [(0, "0.0 kB"), (1_499, "1.5 kB"), (8_700_000, "8.7 MB"), (12_000_000_000, "12.0 GB")]
        {
            assert_eq!(size(bytes), expected);
        }
    }
}
