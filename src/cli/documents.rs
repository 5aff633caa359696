//! Verbs about documents alone: `diff`, `inspect`.

use crate::cli::Exit;
use crate::cli::arguments::{DiffArguments, GlobalArguments, InspectArguments};
use crate::cli::conclude::{check_targets, conclude};
use crate::cli::failure::Failure;
use crate::cli::issues::Tally;
use crate::cli::layer::{Need, settings};
use crate::cli::output::Output;
use crate::cli::{explain, inspect};
use crate::config::File;
use crate::report::{Format, Night, terminal};

/// Breaking changes between two documents.
pub(super) async fn diff(
    global: &GlobalArguments,
    flags: &DiffArguments,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let layer = File { remote_refs: flags.remote_refs, ..File::from(&flags.output) };
    let settings = settings(global, layer, Need::Nothing)?;
    check_targets(&settings.reports)?;
    let found = crate::session::diff(&flags.old, &flags.new, &settings).await?;
    let night = Night::of_findings(found);
    if flags.output.format != Format::Terminal {
        return conclude(&night, &settings, Some(flags.output.format), output);
    }
    let layout = output.layout(settings.gate, settings.masker());
    output.data(&terminal::changes(&flags.old, &flags.new, &night.findings, &layout))?;
    conclude(&night, &settings, None, output)
}

/// What was understood of a document.
pub(super) async fn inspect(
    global: &GlobalArguments,
    flags: &InspectArguments,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let layer = File { spec: flags.spec.clone(), remote_refs: flags.remote_refs, ..File::default() };
    let settings = settings(global, layer, Need::Nothing)?;
    for wanted in &flags.rules {
        if crate::lint::rule(wanted).is_none() {
            return Err(explain::unknown(wanted, crate::lint::RULES.iter().map(|rule| rule.id)));
        }
    }
    let mut loaded = crate::session::inspect(&settings).await?;
    if !flags.rules.is_empty() {
        loaded.issues.retain(|issue| flags.rules.contains(&issue.rule));
    }
    inspect::inspect(&loaded, flags, output)?;
    Ok(if flags.strict { Tally::of(&loaded.issues).exit() } else { Exit::Clean })
}
