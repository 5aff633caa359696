//! Flags as a layer of configuration, and all layers as settings.

use crate::check::RULES;
use crate::cli::arguments::GlobalArguments;
use crate::cli::flags::{OutputArguments, RunArguments, TargetArguments};
use crate::config::{
    AuthFile, BaselineChoice, BenchFile, ConfigError, File, Found, GateFile, HttpFile, SelectFile, Settings,
    SnapshotsFile, Surroundings, TestFile, find, layer_of_environment, read, resolve,
};
use crate::plan::Seed;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

/// What a verb needs of its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// A target to send to: everything must be there.
    Target,
    /// The embedded instance: the configuration of another target does not count, unless it is named.
    Embedded,
    /// No target: headers that cannot be filled in are left out.
    Nothing,
}

/// Settings of flags over environment over file.
#[expect(clippy::disallowed_methods, reason = "`cli` hands environment and disk to `config`")]
pub(super) fn settings(global: &GlobalArguments, flags: File, need: Need) -> Result<Settings, ConfigError> {
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let surroundings = Surroundings {
        variable: &|name| std::env::var(name).ok(),
        read: &|path| std::fs::read_to_string(path),
        rules: &rules,
        fresh_seed: fresh_seed(),
    };
    let found = match (&global.config, need) {
        (Some(path), _) => Some(read(path, &surroundings)?),
        (None, Need::Embedded) => None,
        (None, Need::Target | Need::Nothing) => nearest(&surroundings)?,
    };
    let (root, file) = match found {
        Some(found) => (found.folder().to_owned(), found.file),
        None => (PathBuf::new(), File::default()),
    };
    let mut layers = flags.over(layer_of_environment(&surroundings)?).over(file);
    if need == Need::Nothing {
        let fillable = |text: &str| fillable(text, &surroundings);
        layers.http.headers.retain(|_, value| fillable(value));
        layers.parameters.retain(|_, value| fillable(&value.to_string()));
        layers.values.values_mut().for_each(|values| values.retain(|value| fillable(&value.to_string())));
        layers.operations.retain(|_, own| {
            own.parameters.retain(|_, value| fillable(&value.to_string()));
            own.values.values_mut().for_each(|values| values.retain(|value| fillable(&value.to_string())));
            own.body.take_if(|body| !fillable(&body.to_string()));
            true
        });
    }
    resolve(layers, &root, &surroundings)
}

/// A seed that nobody chose, short enough to be typed again. The standard library's hash keys come from the system.
#[expect(clippy::disallowed_methods, reason = "without a seed chosen, `cli` picks one and shows it")]
fn fresh_seed() -> Seed {
    Seed(RandomState::new().build_hasher().finish() >> 32)
}

/// The file of this folder, by its short name; else the nearest above.
#[expect(clippy::disallowed_methods, reason = "`cli` knows which folder it was started in")]
fn nearest(surroundings: &Surroundings<'_>) -> Result<Option<Found>, ConfigError> {
    match find(Path::new(""), surroundings)? {
        Some(found) => Ok(Some(found)),
        None => match std::env::current_dir() {
            Ok(folder) => find(&folder, surroundings),
            Err(_) => Ok(None),
        },
    }
}

fn fillable(value: &str, surroundings: &Surroundings<'_>) -> bool {
    value.split("${").skip(1).all(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        (surroundings.variable)(name).is_some_and(|value| !value.trim().is_empty())
    })
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
                families: given(&test.families),
                max_response_ms: test.max_response_ms,
                random_cases: test.random_cases,
                max_cases: test.max_cases,
                max_requests: test.max_requests,
                max_time_s: test.max_time_s,
                max_operation_time_s: test.max_operation_time_s,
                patience_s: test.patience_s,
                settle_ms: test.settle_ms,
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
                operations: gate.operations,
                statuses: gate.statuses,
                constraints: gate.constraints,
                checks: given(&gate.checks),
            },
            ..Self::from(&flags.target).over(Self::from(&flags.output))
        }
    }
}

impl From<&TargetArguments> for File {
    fn from(flags: &TargetArguments) -> Self {
        Self {
            remote_refs: flags.remote_refs,
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
        let baseline = match &flags.baseline {
            Some(path) => Some(BaselineChoice::At(path.clone())),
            None => flags.no_baseline.then_some(BaselineChoice::Nowhere),
        };
        Self { reports: given(&flags.reports), baseline, ..Self::default() }
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
