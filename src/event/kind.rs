//! The events of a run.

use crate::bench::Summary as LatencySummary;
use crate::case::{Case, Phase};
use crate::event::Coverage;
use crate::exchange::Exchange;
use crate::finding::{Finding, Fingerprint};
use crate::plan::Seed;
use crate::spec::{Issue, OperationKey};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// The version of the stored event format. Raise it with every change that old readers cannot take.
pub const VERSION: u32 = 1;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number in the run, from 0, without gaps.
    pub seq: u64,
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// What happened.
    pub kind: EventKind,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum EventKind {
    /// The run begins. Always first.
    RunStarted {
        /// What is run, and against what.
        run: RunInfo,
    },
    /// A corner of the document was set aside or is doubtful.
    IssueFound {
        /// The corner.
        issue: Issue,
    },
    /// A stage begins: `keys`, `snapshot`, `reach`, `test`, `access`, `ownership`, `sequence`, `bench`, `diff`, `clean-up`.
    StageStarted {
        /// Its name.
        stage: String,
        /// How many steps it has, where known.
        steps: u64,
    },
    /// A case was sent and judged.
    CaseFinished {
        /// The case.
        case: Case,
        /// What went over the wire.
        exchange: Exchange,
        /// Fingerprints of candidates seen in it, confirmed or not.
        candidates: Vec<Fingerprint>,
    },
    /// A finding stands: confirmed, shrunk, classified.
    FindingReported {
        /// The finding.
        finding: Finding,
    },
    /// Something was skipped or could not be done; no verdict on the target.
    IncidentHappened {
        /// What.
        incident: Incident,
    },
    /// A representative answer was compared with the accepted one.
    SnapshotTaken {
        /// The operation.
        operation: OperationKey,
        /// The snapshot's name, without ending.
        name: String,
        /// How it compares.
        state: SnapshotState,
    },
    /// The latency of one operation was measured.
    LatencyMeasured {
        /// The operation.
        operation: OperationKey,
        /// The figures.
        latency: LatencySummary,
        /// The figures of the last accepted run, if there is one.
        accepted: Option<LatencySummary>,
    },
    /// One operation is done: what was exercised, and what was not.
    OperationFinished {
        /// The account.
        report: OperationReport,
    },
    /// The run ends. Always last.
    RunFinished {
        /// How.
        outcome: RunOutcome,
    },
}

/// What is run, and against what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The run's id, also its folder's name.
    pub id: String,
    /// The stored format's version.
    pub version: u32,
    /// Specwarden's version.
    pub tool_version: String,
    /// When it began, RFC 3339, UTC.
    pub started: String,
    /// Where the document came from, secrets removed.
    pub document: String,
    /// The API's title.
    pub title: String,
    /// The API's version.
    pub api_version: String,
    /// The base URL that requests went to.
    pub base_url: String,
    /// The seed.
    pub seed: Seed,
    /// The safety mode: `read-only`, `own-resources`, `full`.
    pub safety: String,
    /// Names of the keys in use, never their values.
    pub keys: Vec<String>,
    /// How many operations the document holds.
    pub operations: u64,
    /// The arguments that make the run again, secrets removed.
    pub arguments: Vec<String>,
}

/// Something skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What kind.
    pub kind: IncidentKind,
    /// About which operation, if about one.
    pub operation: Option<OperationKey>,
    /// In words, a lower-case fragment.
    pub message: String,
}

/// Kinds of [`Incident`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentKind {
    /// An operation or check was not exercised, and why.
    NotExercised,
    /// A candidate did not show again and is not reported.
    NotConfirmed,
    /// The network or the target's surroundings failed.
    Environment,
    /// The target asked to slow down.
    RateLimited,
    /// Something that the run created could not be removed.
    Leftover,
    /// A budget of requests or time ran out.
    Budget,
    /// A schema or case could not be made.
    Generation,
    /// The user interrupted the run.
    Interrupted,
    /// A setting of the configuration means nothing for this document.
    Configuration,
    /// Refusals taught something that the document does not say.
    Learned,
}

/// How a representative answer compares with the accepted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotState {
    /// Equal.
    Unchanged,
    /// Different; a pending file was written.
    Changed,
    /// Nothing accepted yet; a pending file was written.
    New,
}

/// What was done with one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationReport {
    /// The operation.
    pub operation: OperationKey,
    /// Cases sent, by phase.
    pub cases: BTreeMap<Phase, u64>,
    /// Answers, by status; 0 stands for no answer.
    #[serde(deserialize_with = "by_status")]
    pub statuses: BTreeMap<u16, u64>,
    /// Every check: how often it could have fired, or why it could not.
    pub checks: BTreeMap<String, CheckCount>,
    /// What the document promises of it, and what was seen. Empty in runs stored before it was counted.
    #[serde(default, skip_serializing_if = "Coverage::is_empty")]
    pub coverage: Coverage,
    /// Why the operation was not exercised at all, or never reached 2xx.
    pub not_exercised: Option<String>,
}

/// How often one check was really exercised on one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCount {
    /// How often it could have fired.
    pub exercised: u64,
    /// Findings it reported.
    pub findings: u64,
    /// Why it was never exercised; set only when `exercised` is 0.
    pub why_not: Option<String>,
}

/// Totals of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Operations in the document.
    pub operations: u64,
    /// Operations that reached a 2xx.
    pub reached: u64,
    /// Cases sent.
    pub cases: u64,
    /// Requests sent in all, confirmations, measurements and clean-up included.
    pub requests: u64,
    /// Resources created.
    pub created: u64,
    /// Resources created and removed again.
    pub removed: u64,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOutcome {
    /// Totals.
    pub counts: Counts,
    /// Whether it was interrupted before its plan was done.
    pub interrupted: bool,
    /// Why it stopped by itself before each operation had its turn, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stop>,
    /// Milliseconds from beginning to end.
    pub elapsed_ms: u64,
}

/// Why a run stopped early by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// Its requests or its time were spent before each operation was tested.
    Budget,
    /// The main key stopped working.
    Key,
    /// The target or its surroundings stopped answering well, and did not recover.
    Environment,
}

/// JSON's keys are strings. `serde` reads them as numbers only outside of a tagged enum, which buffers what it reads.
fn by_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<u16, u64>, D::Error> {
    let named = BTreeMap::<String, u64>::deserialize(deserializer)?;
    let entry = |(status, count): (String, u64)| Ok((status.parse().map_err(D::Error::custom)?, count));
    named.into_iter().map(entry).collect()
}
