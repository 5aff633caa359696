//! The model that every format is told from: one run, folded from its events.

use crate::event::{
    Counts, Event, EventKind, Incident, IncidentKind, LatencySummary, Observer, OperationReport, RunInfo,
    RunOutcome, SnapshotState,
};
use crate::exchange::Exchange;
use crate::finding::{Classification, Finding};
use crate::report::Standing;
use crate::secret::Masker;
use crate::spec::{Issue, OperationKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// One run as a value: everything a report tells, in the order in which it is told.
///
/// It is an [`Observer`], so a live run and a replayed log fold alike. The logs of several shards fold into one
/// night too: accounts and totals of the same operation add up, and a finding seen by two shards is kept once.
///
/// ```
/// use specwarden::report::{Gate, Night, Verdict};
/// let night = Night::of_events(&[]);
/// assert_eq!(night.verdict(&Gate::default()), Verdict::Passed);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Night {
    /// What was run; `None` when only findings are told, as for two compared documents.
    pub run: Option<RunInfo>,
    /// Corners of the document, in its order.
    pub issues: Vec<Issue>,
    /// Findings: gravest first, then by operation, rule, fingerprint.
    pub findings: Vec<Finding>,
    /// What was skipped, in the order in which it happened.
    pub incidents: Vec<Incident>,
    /// What was done with each operation, by operation.
    pub operations: Vec<OperationReport>,
    /// Answers that did not come, or not whole, by operation.
    pub troubles: Vec<Trouble>,
    /// Representative answers against the accepted ones, by name.
    pub snapshots: Vec<SnapshotRow>,
    /// Latency, slowest 99th percentile first.
    pub latencies: Vec<LatencyRow>,
    /// Cases seen so far, counted one by one; the outcome's totals win once they are there.
    pub cases: u64,
    /// How it ended; `None` if the log stops before.
    pub outcome: Option<RunOutcome>,
    /// Names of the stages that began.
    pub stages: BTreeSet<String>,
    /// The entries of the baseline, each as this night shows it; `None` without a baseline.
    pub baseline: Option<Vec<Standing>>,
}

/// Answers of one operation that did not come, or not whole, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The operation.
    pub operation: OperationKey,
    /// What happened, a lower-case fragment.
    pub what: String,
    /// How often.
    pub times: u64,
}

/// One representative answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRow {
    /// The operation.
    pub operation: OperationKey,
    /// The snapshot's name, without ending.
    pub name: String,
    /// How it compares.
    pub state: SnapshotState,
}

/// The latency of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyRow {
    /// The operation.
    pub operation: OperationKey,
    /// The figures, µs.
    pub latency: LatencySummary,
    /// The figures of the last accepted run, µs.
    pub accepted: Option<LatencySummary>,
}

impl LatencyRow {
    /// By how many percent the median moved against the accepted run; `None` without one.
    pub fn change_percent(&self) -> Option<f64> {
        let before = self.accepted?.p50_us;
        (before > 0).then(|| (self.latency.p50_us as f64 - before as f64) * 100.0 / before as f64)
    }
}

impl Observer for Night {
    fn observe(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.run.get_or_insert_with(|| run.clone());
            }
            EventKind::IssueFound { issue } => {
                if !self.issues.contains(issue) {
                    self.issues.push(issue.clone());
                }
            }
            EventKind::StageStarted { stage, .. } => {
                self.stages.insert(stage.clone());
            }
            EventKind::CaseFinished { case, exchange, .. } => {
                self.cases += 1;
                if let Some(what) = trouble(exchange) {
                    self.add_trouble(&case.operation, what);
                }
            }
            EventKind::FindingReported { finding } => self.add_finding(finding.clone()),
            EventKind::IncidentHappened { incident } => self.incidents.push(incident.clone()),
            EventKind::SnapshotTaken { operation, name, state } => {
                self.add_snapshot(SnapshotRow {
                    operation: operation.clone(),
                    name: name.clone(),
                    state: *state,
                });
            }
            EventKind::LatencyMeasured { operation, latency, accepted } => {
                let row = LatencyRow { operation: operation.clone(), latency: *latency, accepted: *accepted };
                let at = self.latencies.partition_point(|known| {
                    (row.latency.p99_us, &known.operation) < (known.latency.p99_us, &row.operation)
                });
                self.latencies.insert(at, row);
            }
            EventKind::OperationFinished { report } => self.add_operation(report),
            EventKind::RunFinished { outcome } => self.add_outcome(outcome),
        }
    }
}

impl Night {
    /// The night that these events tell.
    pub fn of_events<'e>(events: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut night = Self::default();
        for event in events {
            night.observe(event);
        }
        night
    }

    /// A night of findings alone, of which nobody says what else was looked for.
    pub fn of_findings(findings: impl IntoIterator<Item = Finding>) -> Self {
        let mut night = Self::default();
        for finding in findings {
            night.add_finding(finding);
        }
        night
    }

    /// The same for the changes between two documents: what is not among them is not there.
    pub fn of_changes(changes: impl IntoIterator<Item = Finding>) -> Self {
        let mut night = Self::of_findings(changes);
        night.stages.insert("diff".to_owned());
        night
    }

    /// The same night with every known secret masked in every text of it.
    ///
    /// Laying out comes later: a line break inside a secret would hide it from a mask over the finished text.
    pub fn masked(&self, masker: &Masker) -> Self {
        let Ok(mut value) = serde_json::to_value(self) else { return self.clone() };
        mask_texts(&mut value, masker);
        // A key such as `persistent` is also a word of ours; then only the mask over the finished text is left.
        serde_json::from_value(value).unwrap_or_else(|_| self.clone())
    }

    /// Totals: the outcome's, or what can be counted of a log that stops early.
    pub fn counts(&self) -> Counts {
        match &self.outcome {
            Some(outcome) => outcome.counts.clone(),
            None => Counts {
                operations: self.run.as_ref().map_or(0, |run| run.operations),
                reached: self.operations.iter().filter(|account| reached(account)).count() as u64,
                cases: self.cases,
                requests: self.cases,
                ..Counts::default()
            },
        }
    }

    /// Findings that the baseline does not know of, or not any more.
    pub fn unknown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.is_known())
    }

    /// Findings that the baseline knows of.
    pub fn known(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_known())
    }

    /// Unknown findings whose classification is not in doubt: persistent ones, and those that cannot be sent again.
    pub fn certain(&self) -> impl Iterator<Item = &Finding> {
        self.unknown().filter(|finding| {
            matches!(finding.classification, Classification::Persistent | Classification::Unconfirmed)
        })
    }

    /// Unknown findings that showed only sometimes.
    pub fn intermittent(&self) -> impl Iterator<Item = &Finding> {
        self.unknown().filter(|finding| {
            matches!(
                finding.classification,
                Classification::Intermittent { .. } | Classification::StateDependent
            )
        })
    }

    /// Unknown findings that the surroundings may have caused: no verdict on the target.
    pub fn undecided(&self) -> impl Iterator<Item = &Finding> {
        self.unknown().filter(|finding| {
            matches!(finding.classification, Classification::Environment | Classification::RateLimited)
        })
    }

    /// Incidents of one kind.
    pub fn incidents_of(&self, kind: IncidentKind) -> impl Iterator<Item = &Incident> {
        self.incidents.iter().filter(move |incident| incident.kind == kind)
    }

    fn add_finding(&mut self, finding: Finding) {
        if self.findings.iter().any(|known| known.fingerprint == finding.fingerprint) {
            return;
        }
        let at = self.findings.partition_point(|known| order(known, &finding) == Ordering::Less);
        self.findings.insert(at, finding);
    }

    fn add_trouble(&mut self, operation: &OperationKey, what: String) {
        let key = (operation, what.as_str());
        match self.troubles.binary_search_by(|known| (&known.operation, known.what.as_str()).cmp(&key)) {
            Ok(at) => self.troubles[at].times += 1,
            Err(at) => {
                self.troubles.insert(at, Trouble { operation: operation.clone(), what, times: 1 });
            }
        }
    }

    fn add_snapshot(&mut self, row: SnapshotRow) {
        let at = self.snapshots.partition_point(|known| known.name < row.name);
        self.snapshots.insert(at, row);
    }

    fn add_operation(&mut self, report: &OperationReport) {
        match self.operations.binary_search_by(|known| known.operation.cmp(&report.operation)) {
            Ok(at) => merge_accounts(&mut self.operations[at], report),
            Err(at) => self.operations.insert(at, report.clone()),
        }
    }

    fn add_outcome(&mut self, outcome: &RunOutcome) {
        let Some(known) = &mut self.outcome else {
            self.outcome = Some(outcome.clone());
            return;
        };
        let (sum, new) = (&mut known.counts, &outcome.counts);
        sum.operations = sum.operations.max(new.operations);
        sum.reached += new.reached;
        sum.cases += new.cases;
        sum.requests += new.requests;
        sum.created += new.created;
        sum.removed += new.removed;
        known.interrupted |= outcome.interrupted;
        known.stopped = known.stopped.max(outcome.stopped);
        known.elapsed_ms = known.elapsed_ms.max(outcome.elapsed_ms);
    }
}

/// What was wrong with an answer before anyone looked at what it says.
fn trouble(exchange: &Exchange) -> Option<String> {
    match &exchange.outcome {
        Ok(response) if response.truncated => {
            Some("answer longer than the size limit, judged by its beginning".to_owned())
        }
        Ok(_) => None,
        Err(error) => Some(format!("no answer, {}", error.kind)),
    }
}

/// Whether an operation answered 2xx at least once.
pub(super) fn reached(account: &OperationReport) -> bool {
    account.statuses.keys().any(|status| (200..300).contains(status))
}

fn order(a: &Finding, b: &Finding) -> Ordering {
    (b.severity.cmp(&a.severity))
        .then_with(|| a.operation.cmp(&b.operation))
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

fn merge_accounts(known: &mut OperationReport, new: &OperationReport) {
    for (phase, count) in &new.cases {
        *known.cases.entry(*phase).or_default() += count;
    }
    for (status, count) in &new.statuses {
        *known.statuses.entry(*status).or_default() += count;
    }
    for (rule, count) in &new.checks {
        let sum = known.checks.entry(rule.clone()).or_default();
        sum.exercised += count.exercised;
        sum.findings += count.findings;
        sum.why_not = match sum.exercised {
            0 => sum.why_not.take().or_else(|| count.why_not.clone()),
            _ => None,
        };
    }
    known.coverage.add(&new.coverage);
    if !(known.not_exercised.is_some() && new.not_exercised.is_some()) {
        known.not_exercised = None;
    }
}

fn mask_texts(value: &mut Value, masker: &Masker) {
    match value {
        Value::String(text) => *text = masker.mask(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_texts(item, masker)),
        Value::Object(entries) => {
            let taken = std::mem::take(entries);
            for (key, mut item) in taken {
                mask_texts(&mut item, masker);
                entries.insert(masker.mask(&key).into_owned(), item);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
