//! Flags as a layer of configuration, and all layers as settings.

use crate::cli::arguments::GlobalArguments;
use crate::cli::flags::{OutputArguments, RunArguments, TargetArguments};
use crate::config::{
    AuthFile, BenchFile, ConfigError, File, GateFile, HttpFile, SelectFile, Settings, SnapshotsFile, Surroundings,
    TestFile, find, layer_of_environment, read, resolve,
};
use std::path::{Path, PathBuf};

/// Settings of flags over environment over file.
pub(super) fn settings(
    global: &GlobalArguments,
    flags: File,
    folder: &Path,
    surroundings: &Surroundings<'_>,
) -> Result<Settings, ConfigError> {
    let found = match &global.config {
        Some(path) => Some(read(path, surroundings)?),
        None => find(folder, surroundings)?,
    };
    let (root, file) = match found {
        Some(found) => (found.folder().to_owned(), found.file),
        None => (folder.to_owned(), File::default()),
    };
    resolve(flags.over(layer_of_environment(surroundings)?).over(file), &root, surroundings)
}

impl From<&RunArguments> for File {
    fn from(flags: &RunArguments) -> Self {
        let (test, select, stages, gate) = (&flags.test, &flags.select, &flags.stages, &flags.gate);
        Self {
            spec: flags.spec.clone(),
            against: stages.against.clone(),
            test: TestFile {
                seed: test.seed,
                safety: test.safety,
                enable: given(&test.enable),
                disable: given(&test.disable),
                max_response_ms: test.max_response_ms,
                random_cases: test.random_cases,
                max_cases: test.max_cases,
                max_requests: test.max_requests,
                max_time_s: test.max_time_s,
            },
            select: SelectFile {
                include: given(&select.include),
                exclude: given(&select.exclude),
                safe: given(&select.safe),
            },
            snapshots: SnapshotsFile {
                enabled: stages.no_snapshots.then_some(false),
                folder: stages.snapshots.clone(),
            },
            bench: BenchFile {
                enabled: stages.no_bench.then_some(false),
                requests: stages.bench_requests,
                warm_up: stages.bench_warm_up,
                max_time_s: stages.bench_time_s,
            },
            gate: GateFile {
                strict: gate.strict.then_some(true),
                intermittent: gate.intermittent,
                severity: gate.severity,
            },
            ..Self::from(&flags.target).over(Self::from(&flags.output))
        }
    }
}

impl From<&TargetArguments> for File {
    fn from(flags: &TargetArguments) -> Self {
        Self {
            base_url: flags.base_url.clone(),
            auth: AuthFile {
                scheme: flags.auth_scheme.clone(),
                header: flags.auth_header.clone(),
                key_env: flags.api_key_env.clone(),
                key_file: flags.api_key_file.clone(),
            },
            http: HttpFile {
                workers: flags.workers,
                rate: flags.rate,
                timeout_ms: flags.timeout_ms,
                max_body_bytes: flags.max_body_bytes,
                headers: flags.headers.iter().cloned().collect(),
            },
            parameters: flags.parameters.iter().cloned().collect(),
            ..Self::default()
        }
    }
}

impl From<&OutputArguments> for File {
    fn from(flags: &OutputArguments) -> Self {
        Self { reports: given(&flags.reports), ..Self::default() }
    }
}

/// The layer of one flag alone.
pub(super) fn snapshots_in(folder: Option<&PathBuf>) -> File {
    let snapshots = SnapshotsFile { folder: folder.cloned(), ..SnapshotsFile::default() };
    File { snapshots, ..File::default() }
}

/// A repeated flag that was not given at all leaves the layer below alone.
fn given<T: Clone>(values: &[T]) -> Option<Vec<T>> {
    (!values.is_empty()).then(|| values.to_vec())
}
