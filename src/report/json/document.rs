//! The shape of the JSON report.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The version of this shape. Raise it with every change that a reader could trip over.
pub(super) const VERSION: u32 = 1;

/// The JSON Schema of the report, for `docs/report.schema.json`.
pub fn schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Document>().to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "Specwarden report".into());
    }
    schema
}

/// A Specwarden run, told for machines.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Document {
    /// The version of this shape.
    pub(super) version: u32,
    /// What was run; null when only documents were compared.
    pub(super) run: Option<Run>,
    /// How it ended.
    pub(super) outcome: Outcome,
    /// What is wrong with the target, gravest first.
    pub(super) findings: Vec<FindingEntry>,
    /// What the baseline says beside its findings; null without a baseline.
    pub(super) baseline: Option<BaselineEntry>,
    /// How much of the API document was tested, without what the user took out; null if nothing was to be tested.
    pub(super) coverage: Option<CoverageEntry>,
    /// What was done with each operation.
    pub(super) operations: Vec<OperationEntry>,
    /// Corners of the API document that were set aside or are doubtful.
    pub(super) issues: Vec<IssueEntry>,
    /// What was skipped, in the order in which it happened.
    pub(super) incidents: Vec<IncidentEntry>,
    /// Representative answers against the accepted ones.
    pub(super) snapshots: Vec<SnapshotEntry>,
    /// Latency, slowest first.
    pub(super) latency: Vec<LatencyEntry>,
}

/// What was run, and against what.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Run {
    /// The run's id.
    pub(super) id: String,
    /// Specwarden's version.
    pub(super) tool_version: String,
    /// When it began, RFC 3339, UTC.
    pub(super) started: String,
    /// Where the API document came from.
    pub(super) document: String,
    /// The API's title.
    pub(super) title: String,
    /// The API's version.
    pub(super) api_version: String,
    /// The base URL that requests went to.
    pub(super) base_url: String,
    /// The seed. Readers that keep numbers as doubles lose digits above 2^53.
    pub(super) seed: u64,
    /// `read-only`, `own-resources` or `full`.
    pub(super) safety: String,
    /// Names of the keys in use.
    pub(super) keys: Vec<String>,
    /// The arguments that make the run again.
    pub(super) arguments: Vec<String>,
}

/// How it ended.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Outcome {
    /// The verdict.
    pub(super) verdict: VerdictName,
    /// The verdict's sentence.
    pub(super) summary: String,
    /// Whether the run was stopped before its plan was done.
    pub(super) interrupted: bool,
    /// From beginning to end, ms; null if the log stops before the run did.
    pub(super) elapsed_ms: Option<u64>,
    /// Totals.
    pub(super) counts: Totals,
}

/// What a run comes to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum VerdictName {
    Passed,
    Failed,
    Undecided,
    Interrupted,
}

/// Totals of a run.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Totals {
    /// Operations in the document.
    pub(super) operations: u64,
    /// Operations that reached a 2xx.
    pub(super) reached: u64,
    /// Cases sent.
    pub(super) cases: u64,
    /// Requests sent in all.
    pub(super) requests: u64,
    /// Resources created.
    pub(super) created: u64,
    /// Resources created and removed again.
    pub(super) removed: u64,
    /// Findings of severity error.
    pub(super) errors: usize,
    /// Findings of severity warning.
    pub(super) warnings: usize,
    /// Findings of severity note.
    pub(super) notes: usize,
    /// Findings that the baseline knows of, counted nowhere else.
    pub(super) known: usize,
}

/// One thing that is wrong with the target: one cause, with every place where it shows.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FindingEntry {
    /// The rule's id.
    pub(super) rule: String,
    /// The rule's family.
    pub(super) family: String,
    /// The operation of the first place, e.g. `GET /pets/{id}`; null if it is about the whole API.
    pub(super) operation: Option<String>,
    /// `error`, `warning` or `note`.
    #[schemars(regex(pattern = "^(error|warning|note)$"))]
    pub(super) severity: String,
    /// The same finding has the same fingerprint in every run.
    #[schemars(regex(pattern = "^[0-9a-f]{12}$"))]
    pub(super) fingerprint: String,
    /// One line: what is wrong.
    pub(super) title: String,
    /// The details in words.
    pub(super) detail: String,
    /// How sure it is.
    pub(super) classification: ClassificationEntry,
    /// Whether it fails the run.
    pub(super) fails: bool,
    /// What the baseline says of it; null if it is not known. A known finding does not fail a run.
    pub(super) known: Option<KnownEntry>,
    /// What the baseline said of it until that entry expired; null otherwise.
    pub(super) expired: Option<KnownEntry>,
    /// Where: in which operations, where in document and answer.
    pub(super) places: Vec<PlaceEntry>,
    /// A shell command that shows it again; null if none can.
    pub(super) reproduce: Option<String>,
    /// The shrunk case in Specwarden's own words, as `generate` prints them; null if nothing was sent.
    #[schemars(with = "Option<serde_json::Map<String, Value>>")]
    pub(super) case: Option<Value>,
    /// The exchanges that show it, the last one the proof.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    pub(super) evidence: Vec<Value>,
    /// The handbook's page on the rule.
    pub(super) docs: String,
}

/// How sure a finding is.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ClassificationEntry {
    /// `unconfirmed`, `persistent`, `intermittent`, `state-dependent`, `environment` or `rate-limited`.
    #[schemars(regex(
        pattern = "^(unconfirmed|persistent|intermittent|state-dependent|environment|rate-limited)$"
    ))]
    pub(super) kind: String,
    /// How often it showed, if intermittent.
    pub(super) shown: Option<u32>,
    /// How often it was sent, if intermittent.
    pub(super) sent: Option<u32>,
}

/// What the baseline says of a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct KnownEntry {
    /// Why it is put up with.
    pub(super) reason: String,
    /// Who looks after it.
    pub(super) owner: Option<String>,
    /// Where it is tracked.
    pub(super) ticket: Option<String>,
    /// The last day on which the entry holds.
    #[schemars(extend("format" = "date"))]
    pub(super) expires: Option<String>,
}

/// The baseline beside its findings.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct BaselineEntry {
    /// How many entries it has.
    pub(super) entries: usize,
    /// Entries that covered none of the findings.
    pub(super) unobserved: Vec<UnobservedEntry>,
}

/// An entry of the baseline that covered nothing.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct UnobservedEntry {
    /// The entry.
    pub(super) entry: ChoosingEntry,
    /// `fixed`: all of it was exercised and nothing found. `not-exercised`: nothing can be said.
    #[schemars(regex(pattern = "^(fixed|not-exercised)$"))]
    pub(super) state: String,
    /// Why.
    pub(super) why: String,
}

/// An entry of the baseline.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ChoosingEntry {
    /// Its number in the file, from 1.
    pub(super) number: usize,
    /// The fingerprint that it covers.
    pub(super) fingerprint: Option<String>,
    /// The rules that it covers.
    pub(super) rule: Option<String>,
    /// The operations that it covers.
    pub(super) operation: Option<String>,
    /// The places that it covers.
    pub(super) pointer: Option<String>,
    /// What it says.
    pub(super) known: KnownEntry,
    /// Whether it has expired.
    pub(super) expired: bool,
}

/// Where something is wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PlaceEntry {
    /// The operation; null if it is about the whole API. One cause may show in several.
    pub(super) operation: Option<String>,
    /// The fingerprint of what is wrong at this place: rule, operation and site.
    #[schemars(regex(pattern = "^[0-9a-f]{12}$"))]
    pub(super) fingerprint: String,
    /// JSON pointer into the API document, or into `file` of it.
    pub(super) document: Option<String>,
    /// The file that `document` points into, if the API document is spread over several and it is not the root.
    pub(super) file: Option<String>,
    /// JSON pointer into the body.
    pub(super) instance: Option<String>,
    /// In words.
    pub(super) label: String,
}

/// What was done with one operation.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct OperationEntry {
    /// The operation.
    pub(super) operation: String,
    /// Cases sent, by phase.
    pub(super) cases: BTreeMap<String, u64>,
    /// Answers, by status; `none` where there was no answer.
    pub(super) statuses: BTreeMap<String, u64>,
    /// Answers that did not come, or not whole, by what happened.
    pub(super) troubles: BTreeMap<String, u64>,
    /// Every check.
    pub(super) checks: BTreeMap<String, CheckEntry>,
    /// Documented statuses (`200`, `4XX`, `default`): how many answers had one.
    pub(super) documented_statuses: BTreeMap<String, u64>,
    /// Documented media types, `200 application/json` of answers and `request application/json` of requests: how
    /// many had one.
    pub(super) media_types: BTreeMap<String, u64>,
    /// Constraints that were not tested both ways, by the JSON pointer of their keyword: what was tested of them.
    pub(super) constraints_open: BTreeMap<String, SidesEntry>,
    /// How many constraints were tested both ways.
    pub(super) constraints_tested: u64,
    /// Why it was not exercised; null if it was.
    pub(super) not_exercised: Option<String>,
}

/// What was tested of a constraint: a request that obeys it, a request that breaks it.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SidesEntry {
    /// A request that obeys it was answered.
    pub(super) obeyed: bool,
    /// A request that breaks it was answered.
    pub(super) broken: bool,
}

/// How much of the API document was tested.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CoverageEntry {
    /// Operations that answered 2xx.
    pub(super) operations: ShareEntry,
    /// Documented statuses that were seen.
    pub(super) statuses: ShareEntry,
    /// Documented media types that were seen or sent.
    pub(super) media_types: ShareEntry,
    /// Constraints on requests that were tested both ways: by one that obeys and one that breaks.
    pub(super) constraints: ShareEntry,
    /// What the gate asks for and the run has not tested, in words.
    pub(super) unmet: Vec<String>,
}

/// So many of so many.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ShareEntry {
    /// How many were seen.
    pub(super) seen: u64,
    /// How many there are.
    pub(super) all: u64,
}

/// How often one check was really exercised.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CheckEntry {
    /// How often it could have fired. At 0 it has not passed: nothing is known.
    pub(super) exercised: u64,
    /// Findings it reported.
    pub(super) findings: u64,
    /// Why it was never exercised.
    pub(super) why_not: Option<String>,
}

/// A corner of the API document.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct IssueEntry {
    /// The id of the document rule that it breaks; empty in runs of old versions.
    pub(super) rule: String,
    /// `operation-skipped`, `part-skipped`, `doubtful` or `noted`.
    pub(super) kind: String,
    /// JSON pointer into the document, or into `file`.
    pub(super) pointer: String,
    /// The file, if it is not the document's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    /// What is wrong.
    pub(super) message: String,
    /// How to fix it.
    pub(super) hint: Option<String>,
    /// Line, from 1.
    pub(super) line: Option<usize>,
    /// Column, from 1, in characters.
    pub(super) column: Option<usize>,
}

/// Something skipped.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct IncidentEntry {
    /// What kind, in kebab-case.
    pub(super) kind: String,
    /// About which operation.
    pub(super) operation: Option<String>,
    /// In words.
    pub(super) message: String,
}

/// A representative answer.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SnapshotEntry {
    /// The operation.
    pub(super) operation: String,
    /// The snapshot's name, without ending.
    pub(super) name: String,
    /// `unchanged`, `changed` or `new`.
    pub(super) state: String,
}

/// The latency of one operation.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct LatencyEntry {
    /// The operation.
    pub(super) operation: String,
    /// The figures of this run.
    pub(super) figures: Figures,
    /// The figures of the last accepted run.
    pub(super) accepted: Option<Figures>,
    /// By how many percent the median moved.
    pub(super) change_percent: Option<f64>,
}

/// Latency figures, µs.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Figures {
    /// Requests measured.
    pub(super) count: u64,
    /// Requests left out because their answer was not a success.
    pub(super) errors: u64,
    /// Fastest.
    pub(super) min_us: u64,
    /// Median.
    pub(super) p50_us: u64,
    /// 90th percentile.
    pub(super) p90_us: u64,
    /// 99th percentile.
    pub(super) p99_us: u64,
    /// Slowest.
    pub(super) max_us: u64,
}
