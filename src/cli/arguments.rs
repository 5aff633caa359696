//! The subcommands.

use crate::cli::choices::{CiChoice, ColourChoice, ModeChoice};
use crate::cli::examples;
use crate::cli::flags::{OutputArguments, RunArguments, TargetArguments, pair};
use crate::config::{FamilyChoice, RemoteRefsChoice, SeedChoice};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Keeps an API to its contract, every night.
///
/// From a Swagger or OpenAPI document and an API key it tests every operation with generated requests, validates
/// every answer, compares answers with accepted ones, finds breaking changes and measures latency.
#[derive(Debug, Parser)]
#[command(name = "specwarden", bin_name = "specwarden", version, after_help = examples::TOP, max_term_width = 120)]
#[command(propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
    /// Flags of every verb.
    #[command(flatten)]
    pub global: GlobalArguments,
}

/// Flags of every verb.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct GlobalArguments {
    /// Configuration file [default: the nearest specwarden.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColourChoice,
    /// Say nothing but data and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on stderr
    #[arg(long, short, global = true)]
    pub verbose: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Everything in one night: contract tests, snapshots, breaking changes, latency
    #[command(after_help = examples::RUN)]
    Run(Box<RunArguments>),
    /// Contract tests only
    #[command(after_help = examples::TEST)]
    Test(Box<RunArguments>),
    /// Compare real answers with accepted ones, and decide on changes
    #[command(after_help = examples::SNAPSHOT, args_conflicts_with_subcommands = true)]
    Snapshot(Box<SnapshotArguments>),
    /// Latency only
    #[command(after_help = examples::BENCH)]
    Bench(Box<RunArguments>),
    /// Breaking changes between two documents, each with a witness
    #[command(after_help = examples::DIFF)]
    Diff(DiffArguments),
    /// What was understood of a document: operations, servers, security, issues
    #[command(after_help = examples::INSPECT)]
    Inspect(InspectArguments),
    /// Print the page of a rule: what it says, why it matters, how to fix it
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArguments),
    /// Print generated cases as JSON lines; nothing is sent
    #[command(after_help = examples::GENERATE)]
    Generate(GenerateArguments),
    /// Send one call and validate the answer
    #[command(after_help = examples::TRY)]
    Try(Box<TryArguments>),
    /// Send stored cases again: still failing, fixed, or changed
    #[command(after_help = examples::REPLAY)]
    Replay(Box<ReplayArguments>),
    /// Any report of a stored run again
    #[command(after_help = examples::REPORT)]
    Report(ReportArguments),
    /// Make one run of several shards' runs
    #[command(after_help = examples::MERGE)]
    Merge(MergeArguments),
    /// Known findings, kept in a file: told in every report, failing no run
    #[command(after_help = examples::BASELINE, subcommand_required = true, arg_required_else_help = true)]
    Baseline(BaselineArguments),
    /// Stored runs: which there are, which stay, and removing the others
    #[command(after_help = examples::RUNS, subcommand_required = true, arg_required_else_help = true)]
    Runs(RunsArguments),
    /// Serve the embedded staging instance
    #[command(after_help = examples::DEMO)]
    Demo(DemoArguments),
    /// Write a configuration and a CI job, ready to commit
    #[command(after_help = examples::INIT)]
    Init(InitArguments),
}

/// Arguments of `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArguments {
    /// What to do with answers that wait for a decision.
    #[command(subcommand)]
    pub action: Option<SnapshotAction>,
    /// How to ask for answers.
    #[command(flatten)]
    pub run: RunArguments,
}

/// Decisions on answers.
#[derive(Debug, Subcommand)]
pub enum SnapshotAction {
    /// What waits for a decision
    List(SnapshotPlace),
    /// Decide one by one: accept, reject or skip
    Review(SnapshotPlace),
    /// Accept answers
    Accept(SnapshotNames),
    /// Reject answers
    Reject(SnapshotNames),
}

/// Where accepted answers lie.
#[derive(Debug, Args)]
pub struct SnapshotPlace {
    /// The folder of accepted answers [default: snapshots]
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<PathBuf>,
}

/// Which answers.
#[derive(Debug, Args)]
pub struct SnapshotNames {
    /// Names as `snapshot list` prints them
    #[arg(value_name = "NAME", required_unless_present = "all")]
    pub names: Vec<String>,
    /// All that wait
    #[arg(long, conflicts_with = "names")]
    pub all: bool,
    /// Where they lie.
    #[command(flatten)]
    pub place: SnapshotPlace,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The old document: a file, a URL or `-`
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The new document
    #[arg(value_name = "NEW")]
    pub new: String,
    /// References into the web to follow [default: same-origin for a fetched document, off for a file]
    #[arg(long, value_name = "WHICH")]
    pub remote_refs: Option<RemoteRefsChoice>,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// The document: a file, a URL or `-` [default: as configured]
    #[arg(value_name = "SPEC")]
    pub spec: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Only issues of this rule; may be given several times
    #[arg(long = "rule", value_name = "RULE")]
    pub rules: Vec<String>,
    /// Every issue, however many there are of one rule
    #[arg(long)]
    pub all: bool,
    /// Exit 1 if an issue is an error or a warning, 4 if the document is too large to judge all of it
    #[arg(long)]
    pub strict: bool,
    /// References into the web to follow [default: same-origin for a fetched document, off for a file]
    #[arg(long, value_name = "WHICH")]
    pub remote_refs: Option<RemoteRefsChoice>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The id of a check, a breaking change or a document rule [default: lists them all]
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// The document: a file, a URL or `-` [default: as configured]
    #[arg(value_name = "SPEC")]
    pub spec: Option<String>,
    /// Only this operation: `METHOD /path`, operationId or pattern
    #[arg(long, value_name = "OPERATION")]
    pub operation: Option<String>,
    /// Bare values of the schema at this pointer instead of cases
    #[arg(long, value_name = "POINTER", conflicts_with = "operation")]
    pub schema: Option<String>,
    /// Which cases
    #[arg(long, value_name = "MODE", default_value = "positive")]
    pub mode: ModeChoice,
    /// How many per operation
    #[arg(short = 'n', long = "number", value_name = "N", default_value_t = 10)]
    pub number: u32,
    /// Families of odd texts among the strange ones [default: none]
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    pub families: Vec<FamilyChoice>,
    /// The seed
    #[arg(long, value_name = "SEED")]
    pub seed: Option<SeedChoice>,
    /// References into the web to follow [default: same-origin for a fetched document, off for a file]
    #[arg(long, value_name = "WHICH")]
    pub remote_refs: Option<RemoteRefsChoice>,
}

/// Arguments of `try`.
#[derive(Debug, Args)]
pub struct TryArguments {
    /// The document: a file, a URL or `-`
    #[arg(value_name = "SPEC")]
    pub spec: String,
    /// The operation: `METHOD /path` or operationId
    #[arg(value_name = "OPERATION")]
    pub operation: String,
    /// A parameter; what looks like JSON is JSON, all else is text
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    pub values: Vec<(String, String)>,
    /// The body: JSON, or `@FILE`
    #[arg(long, value_name = "BODY")]
    pub body: Option<String>,
    /// Against what.
    #[command(flatten)]
    pub target: TargetArguments,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// A run's id or folder, `latest`, or a finding's fingerprint
    #[arg(value_name = "RUN|FINDING", default_value = "latest")]
    pub what: String,
    /// Against what.
    #[command(flatten)]
    pub target: TargetArguments,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// A run's id or folder, or `latest`
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Runs by id or folder
    #[arg(value_name = "RUN", required = true, num_args = 1..)]
    pub runs: Vec<String>,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// What to do with known findings.
    #[command(subcommand)]
    pub action: BaselineAction,
}

/// What to do with known findings.
#[derive(Debug, Subcommand)]
pub enum BaselineAction {
    /// Add findings: all of a run, or some by fingerprint
    #[command(after_help = examples::BASELINE_ADD)]
    Add(BaselineAdd),
    /// Add every finding of the newest run that is not known yet
    #[command(after_help = examples::BASELINE_UPDATE)]
    Update(BaselineUpdate),
    /// Remove what a run shows to be fixed, and what has expired
    #[command(after_help = examples::BASELINE_PRUNE)]
    Prune(BaselinePrune),
    /// Every entry, as a run shows it
    #[command(after_help = examples::BASELINE_LIST)]
    List(BaselineList),
}

/// Arguments of `baseline add`.
#[derive(Debug, Args)]
pub struct BaselineAdd {
    /// Runs by id or folder, `latest`, or fingerprints of the newest run's findings
    #[arg(value_name = "RUN|FINGERPRINT", required = true, num_args = 1..)]
    pub targets: Vec<String>,
    /// Why they are put up with
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub reason: String,
    /// What else is known.
    #[command(flatten)]
    pub label: LabelArguments,
    /// Where.
    #[command(flatten)]
    pub place: BaselinePlace,
}

/// Arguments of `baseline update`.
#[derive(Debug, Args)]
pub struct BaselineUpdate {
    /// A run's id or folder
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// Why they are put up with [default: the run that found them]
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub reason: Option<String>,
    /// What else is known.
    #[command(flatten)]
    pub label: LabelArguments,
    /// Where.
    #[command(flatten)]
    pub place: BaselinePlace,
}

/// Arguments of `baseline prune`.
#[derive(Debug, Args)]
pub struct BaselinePrune {
    /// The run that shows what is fixed: its id or folder
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// Show what would go, and leave the file alone
    #[arg(long)]
    pub dry_run: bool,
    /// Where.
    #[command(flatten)]
    pub place: BaselinePlace,
}

/// Arguments of `baseline list`.
#[derive(Debug, Args)]
pub struct BaselineList {
    /// The run to hold the entries against [default: the newest, if there is one]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Where.
    #[command(flatten)]
    pub place: BaselinePlace,
}

/// What an entry says besides its reason.
#[derive(Debug, Args)]
pub struct LabelArguments {
    /// Who looks after them
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// Where they are tracked
    #[arg(long, value_name = "ID")]
    pub ticket: Option<String>,
    /// The last day on which they are put up with, such as 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub expires: Option<jiff::civil::Date>,
}

/// Where known findings stand.
#[derive(Debug, Args)]
pub struct BaselinePlace {
    /// The file of known findings [default: specwarden-baseline.toml]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// Arguments of `runs`.
#[derive(Debug, Args)]
pub struct RunsArguments {
    /// What to do with stored runs.
    #[command(subcommand)]
    pub action: RunsAction,
}

/// What to do with stored runs.
#[derive(Debug, Subcommand)]
pub enum RunsAction {
    /// Every stored run, the newest first, and why it stays
    #[command(after_help = examples::RUNS_LIST)]
    List(RunsList),
    /// Remove old runs now
    #[command(after_help = examples::RUNS_PRUNE)]
    Prune(RunsPrune),
}

/// Arguments of `runs list`.
#[derive(Debug, Args)]
pub struct RunsList {
    /// How many of the newest runs stay [default: as configured, else 30]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
}

/// Arguments of `runs prune`.
#[derive(Debug, Args)]
pub struct RunsPrune {
    /// How many of the newest runs stay [default: as configured, else 30]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: Option<u32>,
    /// Show what would go, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}

fn day(text: &str) -> Result<jiff::civil::Date, String> {
    let plain = text.len() == "2026-12-31".len();
    text.parse().ok().filter(|_| plain).ok_or_else(|| "write a day as `2026-12-31`".to_owned())
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Planted faults: `all`, `none`, or names with commas
    #[arg(long, value_name = "FAULTS", default_value = "all")]
    pub faults: String,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Write a CI job too
    #[arg(long, value_name = "CI")]
    pub ci: Option<CiChoice>,
    /// Overwrite what is there
    #[arg(long)]
    pub force: bool,
}
