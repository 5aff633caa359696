//! The end of every verb that tells a night: the report on stdout, reports in files, the exit code.

use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::{Output, forgive};
use crate::config::{ReportSetting, Settings};
use crate::report::{Format, Night, Options, write};
use crate::session::{baseline, today};
use crate::store::{StoreError, ensure_writable, write_report};

/// Fails early if a report could not be written at the end: hours of testing for nothing.
pub(super) fn check_targets(reports: &[ReportSetting]) -> Result<(), Failure> {
    for report in reports {
        ensure_writable(&report.path).map_err(unwritable)?;
    }
    Ok(())
}

/// Holds the night against the baseline, tells it on stdout, if in a `format`, and in every configured file; gives
/// its verdict.
pub(super) fn conclude(
    mut night: Night,
    settings: &Settings,
    format: Option<Format>,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    if let Some(known) = baseline(settings, today())? {
        night.know(&known);
    }
    let night = &night;
    let layout = output.layout(&settings.gate, settings.masker());
    if let Some(format) = format {
        forgive(write(format, night, output.data, &layout).and_then(|()| output.data.flush()))?;
    }
    for report in &settings.reports {
        let mut bytes = Vec::new();
        let layout = Options { colour: false, ..layout.clone() };
        write(report.format, night, &mut bytes, &layout)?;
        write_report(&report.path, &bytes).map_err(|error| {
            let failure = unwritable(error);
            match &night.run {
                // Nothing is lost: hours of testing need not be repeated for a full disk.
                Some(run) => failure.hint(format!(
                    "the run is kept: `specwarden report {} --report {}=PATH` writes the report again",
                    run.id, report.format
                )),
                None => failure,
            }
        })?;
    }
    Ok(night.verdict(&settings.gate).into())
}

fn unwritable(error: StoreError) -> Failure {
    Failure { exit: Exit::Target, ..Failure::from(error) }
}
