//! A whole night.

use crate::bench::Summary;
use crate::compat::{CompatOptions, compare};
use crate::config::Settings;
use crate::engine::{Emitter, Night, walk};
use crate::event::{EventKind, Incident, IncidentKind, Observer, RunInfo, VERSION};
use crate::finding::Classification;
use crate::generate::Generator;
use crate::lint::lint;
use crate::plan::plan;
use crate::report::{Night as Fold, Verdict};
use crate::schema::{FILES, OWN, Validators};
use crate::secret::Masker;
use crate::session::given::misfits;
use crate::session::prepare::{
    base_url, client, document, engine_options, generate_options, plan_options, read_options,
};
use crate::session::{DryRun, SessionError, baseline, prune_runs, today};
use crate::source::{Loaded, read, read_text};
use crate::spec::{Api, IssueKind, OperationKey};
use crate::store::{DOCUMENT, History, Night as Row, SnapshotFolder, Workspace, run_id, scan_for_secrets};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What a night does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stages {
    /// Contract tests.
    pub test: bool,
    /// Snapshots of representative answers.
    pub snapshot: bool,
    /// Latency.
    pub bench: bool,
    /// Tonight's document against the accepted one.
    pub diff: bool,
}

impl Stages {
    /// Everything.
    pub const ALL: Self = Self { test: true, snapshot: true, bench: true, diff: true };
}

/// What a night leaves behind besides its events.
#[derive(Debug)]
pub struct Finished {
    /// The run's id.
    pub run: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Files of the folder in which a secret was found. Anything here fails the run.
    pub leaks: Vec<PathBuf>,
    /// How many places of the document are doubtful by their meaning (see [`crate::lint`]).
    pub doubts: usize,
    /// What went wrong while the log was written; the run itself went on.
    pub log_error: Option<String>,
    /// How many old runs were removed afterwards, or why none could be.
    pub pruned: Result<usize, String>,
}

/// Runs a night, telling `observers` what happens as it happens.
///
/// The verdict is the observers' to take (see [`crate::report::Night::verdict`]); an error means that the
/// night could not begin, or could not go on. Cancelling ends it early and in order.
pub async fn run(
    settings: &Settings,
    stages: Stages,
    arguments: &[String],
    cancel: &CancellationToken,
    observers: Vec<&mut dyn Observer>,
) -> Result<Finished, SessionError> {
    let mut finished = walk_night(settings, stages, arguments, None, cancel, observers).await?;
    if settings.store.keep.is_some() {
        let gone = prune_runs(settings, settings.store.keep, DryRun::No);
        finished.pruned = gone.map(|gone| gone.len()).map_err(|error| told(&error));
    }
    Ok(finished)
}

/// An error with its causes, in one line.
fn told(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// A night that tests only `focus`, if that is set.
pub(super) async fn walk_night(
    settings: &Settings,
    stages: Stages,
    arguments: &[String],
    focus: Option<BTreeSet<OperationKey>>,
    cancel: &CancellationToken,
    observers: Vec<&mut dyn Observer>,
) -> Result<Finished, SessionError> {
    // A mistake in the baseline is told before the night, not after it.
    let known = baseline(settings, today())?;
    let loaded = document(settings).await?;
    let base = base_url(settings, &loaded)?;
    let client = client(settings, &loaded.api, &base)?;
    let masker = settings.masker();
    let engine = crate::engine::Stages { test: stages.test, snapshot: stages.snapshot, bench: stages.bench };
    let mut options = engine_options(settings, &loaded, &base, engine)?;
    options.focus = focus;
    let plan = plan(&loaded.api, &plan_options(settings));
    let validators = Arc::new(Validators::new(&loaded.api.document));
    let shaping = generate_options(settings);
    let generator = Generator::with_options(&loaded.api, Arc::clone(&validators), shaping);
    let snapshots = snapshot_folder(settings, &loaded.api, &masker)?;

    #[expect(clippy::disallowed_methods, reason = "a run is named after the time it began")]
    let now = jiff::Timestamp::now();
    let started = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let precisely = now.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let workspace = Workspace::open(&settings.root)?;
    let folder = workspace.create_run(&run_id(&precisely, settings.test.seed))?;
    let history = History::open(&workspace);
    let accepted = history.last_accepted(&loaded.api.title, &base)?;
    let accepted: BTreeMap<OperationKey, Summary> =
        accepted.map(|night| night.operations).unwrap_or_default();

    let mut log = folder.log(masker.clone())?;
    let mut fold = Fold::default();
    let mut all: Vec<&mut dyn Observer> = vec![&mut log, &mut fold];
    for observer in observers {
        all.push(observer);
    }
    let mut emitter = Emitter::new(all);
    let info = RunInfo {
        id: folder.id().to_owned(),
        version: VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        started: started.clone(),
        document: masker.mask(&loaded.location).into_owned(),
        title: loaded.api.title.clone(),
        api_version: loaded.api.version.clone(),
        base_url: masker.mask(&base).into_owned(),
        seed: settings.test.seed,
        safety: settings.test.safety.to_string(),
        keys: key_names(settings),
        operations: loaded.api.operations.len() as u64,
        arguments: arguments.iter().map(|argument| masker.mask(argument).into_owned()).collect(),
    };
    emitter.emit(EventKind::RunStarted { run: info });
    for issue in &loaded.issues {
        emitter.emit(EventKind::IssueFound { issue: issue.clone() });
    }
    for misfit in misfits(settings, &loaded.api, &generator) {
        incident(&mut emitter, IncidentKind::Configuration, misfit);
    }
    for key in &settings.keys.missing {
        incident(
            &mut emitter,
            IncidentKind::NotExercised,
            format!("key `{}` is not there: {}", key.name, key.why),
        );
    }
    if stages.diff {
        compare_documents(settings, &loaded, snapshots.as_ref(), &mut emitter).await?;
    }
    let night = Night {
        api: &loaded.api,
        plan: &plan,
        transport: &client,
        generator: &generator,
        validators: &validators,
        options: &options,
        snapshots: snapshots.as_ref().filter(|_| stages.snapshot),
        accepted_latency: &accepted,
        cancel,
    };
    let outcome = Box::pin(walk(night, &mut emitter)).await?;
    emitter.emit(EventKind::RunFinished { outcome });
    let minted = emitter.minted().clone();
    drop(emitter);
    let log_error = log.finish().err().map(|error| error.to_string());
    if let Some(known) = &known {
        fold.know(known);
    }
    remember(settings, &fold, &history, folder.id(), &started, &loaded.api.title, &base)?;
    let mut leaks = scan_for_secrets(folder.path(), &masker)?;
    leaks.extend(scan_for_secrets(folder.path(), &minted)?);
    let doubts = lint(&loaded.api).iter().filter(|issue| issue.kind == IssueKind::Doubtful).count();
    let (run, folder) = (folder.id().to_owned(), folder.path().to_owned());
    Ok(Finished { run, folder, leaks, doubts, log_error, pruned: Ok(0) })
}

fn incident(emitter: &mut Emitter<'_>, kind: IncidentKind, message: String) {
    emitter.emit(EventKind::IncidentHappened { incident: Incident { kind, operation: None, message } });
}

fn key_names(settings: &Settings) -> Vec<String> {
    let main = settings.keys.main.as_ref().map(|_| "main".to_owned());
    main.into_iter().chain(settings.keys.others.iter().map(|key| key.name.clone())).collect()
}

/// The folder with this API's accepted answers: one below the configured one, named after the API.
pub(super) fn snapshot_folder(
    settings: &Settings,
    api: &Api,
    masker: &Masker,
) -> Result<Option<SnapshotFolder>, SessionError> {
    if !settings.snapshots.enabled {
        return Ok(None);
    }
    let folder = SnapshotFolder::open(&settings.snapshots.folder.join(slug(&api.title)))?;
    Ok(Some(folder.masking(masker.clone())))
}

fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "api".to_owned() } else { out.chars().take(60).collect() }
}

/// Tonight's document against the accepted one: `--against`, else the one beside the snapshots.
async fn compare_documents(
    settings: &Settings,
    loaded: &Loaded,
    folder: Option<&SnapshotFolder>,
    emitter: &mut Emitter<'_>,
) -> Result<(), SessionError> {
    let accepted: Option<Api> = match &settings.target.against {
        Some(location) => Some(Box::pin(read(location, &read_options(settings))).await?.api),
        None => match folder.map(SnapshotFolder::accepted_document).transpose()?.flatten() {
            Some(text) => read_text(DOCUMENT, &text).ok().map(|accepted| accepted.api),
            None => None,
        },
    };
    if let Some(folder) = folder.filter(|_| settings.target.against.is_none()) {
        let mut document = loaded.api.document.root().as_ref().clone();
        if let Some(map) = document.as_object_mut() {
            // Ours, not theirs, but for the files of a split document; and where the instance listens tonight is no
            // part of the contract.
            if let Some(mut own) = map.shift_remove(OWN)
                && let Some(files) = own.get_mut(FILES)
            {
                map.insert(OWN.to_owned(), json!({FILES: files.take()}));
            }
            for place in ["host", "servers", "schemes"] {
                map.shift_remove(place);
            }
        }
        folder.propose_document(&document, loaded.api.document.digits())?;
    }
    let Some(accepted) = accepted else {
        let message = "no accepted document to compare with; `specwarden snapshot accept` accepts tonight's";
        incident(emitter, IncidentKind::NotExercised, message.to_owned());
        return Ok(());
    };
    emitter.emit(EventKind::StageStarted { stage: "diff".to_owned(), steps: 1 });
    for mut finding in compare(&accepted, &loaded.api, &CompatOptions::default()) {
        finding.classification = Classification::Persistent;
        emitter.emit(EventKind::FindingReported { finding });
    }
    Ok(())
}

/// Writes latency into the history. A night that passed its gate becomes the one to compare with.
fn remember(
    settings: &Settings,
    fold: &Fold,
    history: &History,
    run: &str,
    started: &str,
    title: &str,
    base: &str,
) -> Result<(), SessionError> {
    if fold.latencies.is_empty() {
        return Ok(());
    }
    let operations = fold.latencies.iter().map(|row| (row.operation.clone(), row.latency)).collect();
    history.append(&Row {
        run: run.to_owned(),
        started: started.to_owned(),
        accepted: fold.verdict(&settings.gate) == Verdict::Passed,
        title: title.to_owned(),
        base_url: base.to_owned(),
        operations,
    })?;
    Ok(())
}
