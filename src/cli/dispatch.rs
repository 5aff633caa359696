//! Which verb does what: settings made, the front door called, the end told.

use crate::check;
use crate::cli::Exit;
use crate::cli::arguments::{Arguments, DiffArguments, GlobalArguments, SnapshotAction, SnapshotArguments, Verb};
use crate::cli::conclude::{check_targets, conclude};
use crate::cli::failure::Failure;
use crate::cli::flags::{OutputArguments, RunArguments};
use crate::cli::layer::{self, Need};
use crate::cli::output::Output;
use crate::cli::{init, inspect, review, stored};
use crate::config::{File, Settings, Surroundings};
use crate::source::{ReadOptions, read};
use crate::store::SnapshotFolder;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Does what the command line says.
pub(super) async fn dispatch(
    arguments: Arguments,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<Exit, Failure> {
    let global = &arguments.global;
    match &arguments.verb {
        Verb::Inspect(flags) => {
            let flags_layer = File { spec: flags.spec.clone(), ..File::default() };
            let settings = settings(global, flags_layer, Need::Nothing)?;
            let loaded = read(&document(&settings)?, &ReadOptions::default()).await?;
            inspect::inspect(&loaded, flags.json, output)?;
            Ok(Exit::Clean)
        }
        Verb::Report(flags) => again(global, std::slice::from_ref(&flags.run), &flags.output, output),
        Verb::Merge(flags) => again(global, &flags.runs, &flags.output, output),
        Verb::Init(flags) => init::init(flags, Path::new(""), output),
        Verb::Demo(flags) => demo(flags, output, cancel).await,
    }
}
