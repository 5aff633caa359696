//! Which verb does what.

use crate::cli::arguments::{Arguments, ReportArguments, Verb};
use crate::cli::conclude::conclude;
use crate::cli::failure::Failure;
use crate::cli::layer::{Need, settings};
use crate::cli::output::Output;
use crate::cli::{Exit, baseline, documents, explain, init, night, replaying, review, runs, single};
use crate::config::File;
use crate::report::Night;
use crate::session::{Stages, load, merge};
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Does what the command line says.
pub(super) async fn dispatch(
    arguments: Arguments,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<Exit, Failure> {
    let global = &arguments.global;
    let only = Stages { test: false, snapshot: false, bench: false, diff: false };
    match &arguments.verb {
        Verb::Run(flags) => night::run(global, flags, Stages::ALL, output, cancel).await,
        Verb::Test(flags) => night::run(global, flags, Stages { test: true, ..only }, output, cancel).await,
        Verb::Bench(flags) => night::run(global, flags, Stages { bench: true, ..only }, output, cancel).await,
        Verb::Snapshot(flags) => match &flags.action {
            None => night::run(global, &flags.run, Stages { snapshot: true, ..only }, output, cancel).await,
            Some(action) => {
                let settings = settings(global, review::layer(action), Need::Nothing)?;
                review::decide(action, &settings, &mut std::io::stdin().lock(), output)
            }
        },
        Verb::Diff(flags) => documents::diff(global, flags, output).await,
        Verb::Inspect(flags) => documents::inspect(global, flags, output).await,
        Verb::Explain(flags) => explain::explain(flags, output),
        Verb::Generate(flags) => single::generate(global, flags, output).await,
        Verb::Try(flags) => single::call_once(global, flags, output).await,
        Verb::Replay(flags) => replaying::again(global, flags, output, cancel).await,
        Verb::Report(ReportArguments { run, output: flags }) => {
            let settings = settings(global, File::from(flags), Need::Nothing)?;
            conclude(Night::of_events(&load(&settings, run)?), &settings, Some(flags.format), output)
        }
        Verb::Merge(flags) => {
            let settings = settings(global, File::from(&flags.output), Need::Nothing)?;
            let (run, events) = merge(&settings, &flags.runs)?;
            output.talk(&format!("merged into {run}"));
            conclude(Night::of_events(&events), &settings, Some(flags.output.format), output)
        }
        Verb::Baseline(flags) => baseline::keep(global, &flags.action, output),
        Verb::Runs(flags) => runs::look_after(global, &flags.action, output),
        #[cfg(feature = "demo")]
        Verb::Demo(flags) => crate::cli::target::serve(flags, output, cancel).await,
        #[cfg(not(feature = "demo"))]
        Verb::Demo(_) => Err(Failure::without_demo()),
        Verb::Init(flags) => init::init(flags, Path::new(""), output),
    }
}
