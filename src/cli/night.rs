//! `run` and its stages: a night with progress on stderr, its report at the end.

use crate::cli::Exit;
use crate::cli::arguments::GlobalArguments;
use crate::cli::conclude::{check_targets, conclude};
use crate::cli::failure::Failure;
use crate::cli::flags::RunArguments;
use crate::cli::layer::{Need, settings};
use crate::cli::output::Output;
use crate::cli::progress::{Progress, Show};
use crate::cli::runs::number;
use crate::config::{File, Settings};
use crate::report::Night;
use crate::session::{Stages, run as session_run};
use tokio_util::sync::CancellationToken;

/// Runs the stages asked for, as far as the settings want them.
pub(super) async fn run(
    global: &GlobalArguments,
    flags: &RunArguments,
    stages: Stages,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<Exit, Failure> {
    let need = if flags.demo.is_some() { Need::Embedded } else { Need::Target };
    let mut settings = settings(global, File::from(flags), need)?;
    check_targets(&settings.reports)?;
    #[cfg(feature = "demo")]
    let demo = match flags.demo {
        Some(choice) => Some(crate::cli::target::embedded(choice, &mut settings).await?),
        None => None,
    };
    #[cfg(not(feature = "demo"))]
    if flags.demo.is_some() {
        return Err(Failure::without_demo());
    }
    let result = through(&mut settings, global, flags, stages, output, cancel).await;
    #[cfg(feature = "demo")]
    if let Some(demo) = demo {
        demo.stop().await;
    }
    result
}

async fn through(
    settings: &mut Settings,
    global: &GlobalArguments,
    flags: &RunArguments,
    mut stages: Stages,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<Exit, Failure> {
    // Switches hold for `run`; whoever names a stage wants it whatever the file says.
    if stages == Stages::ALL {
        stages.snapshot = settings.snapshots.enabled;
        stages.bench = settings.bench.enabled;
    } else if stages.snapshot {
        settings.snapshots.enabled = true;
    }
    let mut night = Night::default();
    let mut progress = Progress::new(Show::choose(global.quiet, global.verbose), std::io::stderr());
    #[expect(clippy::disallowed_methods, reason = "the report shows how it was called")]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let finished = session_run(settings, stages, &arguments, cancel, vec![&mut night, &mut progress]).await;
    progress.close();
    let finished = finished?;
    let exit = conclude(night, settings, Some(flags.output.format), output)?;
    if finished.doubts > 0 {
        let places = if finished.doubts == 1 { "place" } else { "places" };
        output.talk(&format!(
            "the document has {} doubtful {places}; `specwarden inspect` shows where",
            finished.doubts
        ));
    }
    match &finished.pruned {
        Ok(0) => {}
        Ok(gone) => output.talk(&format!(
            "removed {}: the newest {} stay (`[store] keep`; `specwarden runs list`)",
            number(*gone),
            settings.store.keep.unwrap_or_default()
        )),
        Err(why) => output.talk(&format!("warning: no old run was removed: {why}")),
    }
    if global.verbose {
        output.talk(&format!("everything about this run lies in {}", finished.folder.display()));
    }
    if let Some(leak) = finished.leaks.first() {
        let error = format!("a secret stands in `{}`", leak.display());
        return Err(
            Failure::new(Exit::Findings, error).hint("remove the run's folder, and report this as a bug")
        );
    }
    match finished.log_error {
        None => Ok(exit),
        Some(reason) => {
            output.talk(&format!("warning: the run's log is not complete: {reason}"));
            Ok(if exit == Exit::Clean { Exit::Target } else { exit })
        }
    }
}
