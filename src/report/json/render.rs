//! From a night to the published shape.

use crate::event::{IncidentKind, LatencySummary, OperationReport, SnapshotState};
use crate::finding::{Classification, Finding, Known, Place};
use crate::report::cause::{Cause, causes};
use crate::report::json::document::{
    BaselineEntry, CheckEntry, ChoosingEntry, ClassificationEntry, CoverageEntry, Document, Figures,
    FindingEntry, IncidentEntry, IssueEntry, KnownEntry, LatencyEntry, OperationEntry, Outcome, PlaceEntry,
    Run, ShareEntry, SidesEntry, SnapshotEntry, Totals, UnobservedEntry, VERSION, VerdictName,
};
use crate::report::terminal::{docs, summary};
use crate::report::{Gate, Night, Options, Share, Standing, Tally, Verdict};
use crate::schema::Pointer;
use crate::spec::IssueKind;
use serde_json::Value;
use std::io;

/// The report as pretty JSON with a line end.
pub(in crate::report) fn render(night: &Night, options: &Options) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(&document(night, options)?)?;
    text.push('\n');
    Ok(text)
}

fn document(night: &Night, options: &Options) -> io::Result<Document> {
    Ok(Document {
        version: VERSION,
        run: night.run.as_ref().map(|run| Run {
            id: run.id.clone(),
            tool_version: run.tool_version.clone(),
            started: run.started.clone(),
            document: run.document.clone(),
            title: run.title.clone(),
            api_version: run.api_version.clone(),
            base_url: run.base_url.clone(),
            seed: run.seed.0,
            safety: run.safety.clone(),
            keys: run.keys.clone(),
            arguments: run.arguments.clone(),
        }),
        outcome: outcome(night, options),
        findings: causes(&night.findings)
            .iter()
            .map(|cause| entry(cause, &options.gate))
            .collect::<io::Result<_>>()?,
        baseline: night.baseline.as_deref().map(|all| baseline(all, night)),
        coverage: night.coverage().map(|coverage| CoverageEntry {
            operations: share(coverage.operations),
            statuses: share(coverage.statuses),
            media_types: share(coverage.media_types),
            constraints: share(coverage.constraints),
            unmet: night.unmet(&options.gate.demands),
        }),
        operations: night.operations.iter().map(|account| operation(account, night)).collect(),
        issues: night
            .issues
            .iter()
            .map(|issue| IssueEntry {
                rule: issue.rule.clone(),
                kind: match issue.kind {
                    IssueKind::OperationSkipped => "operation-skipped",
                    IssueKind::PartSkipped => "part-skipped",
                    IssueKind::Doubtful => "doubtful",
                    IssueKind::Noted => "noted",
                }
                .to_owned(),
                pointer: issue.place().as_str().to_owned(),
                file: issue.file.clone(),
                message: issue.message.clone(),
                hint: issue.hint.clone(),
                line: issue.line,
                column: issue.column,
            })
            .collect(),
        incidents: night
            .incidents
            .iter()
            .map(|incident| IncidentEntry {
                kind: incident_kind(incident.kind).to_owned(),
                operation: incident.operation.as_ref().map(ToString::to_string),
                message: incident.message.clone(),
            })
            .collect(),
        snapshots: night
            .snapshots
            .iter()
            .map(|row| SnapshotEntry {
                operation: row.operation.to_string(),
                name: row.name.clone(),
                state: match row.state {
                    SnapshotState::Unchanged => "unchanged",
                    SnapshotState::Changed => "changed",
                    SnapshotState::New => "new",
                }
                .to_owned(),
            })
            .collect(),
        latency: night
            .latencies
            .iter()
            .map(|row| LatencyEntry {
                operation: row.operation.to_string(),
                figures: figures(&row.latency),
                accepted: row.accepted.as_ref().map(figures),
                change_percent: row.change_percent().map(|percent| (percent * 10.0).round() / 10.0),
            })
            .collect(),
    })
}

fn outcome(night: &Night, options: &Options) -> Outcome {
    let counts = night.counts();
    let tally = Tally::of(causes(night.unknown()).iter().map(|cause| cause.lead));
    Outcome {
        verdict: match night.verdict(&options.gate) {
            Verdict::Passed => VerdictName::Passed,
            Verdict::Failed => VerdictName::Failed,
            Verdict::Undecided => VerdictName::Undecided,
            Verdict::Interrupted => VerdictName::Interrupted,
        },
        summary: summary(night, options),
        interrupted: night.outcome.as_ref().is_some_and(|outcome| outcome.interrupted),
        elapsed_ms: night.outcome.as_ref().map(|outcome| outcome.elapsed_ms),
        counts: Totals {
            operations: counts.operations,
            reached: counts.reached,
            cases: counts.cases,
            requests: counts.requests,
            created: counts.created,
            removed: counts.removed,
            errors: tally.errors,
            warnings: tally.warnings,
            notes: tally.notes,
            known: causes(night.known()).len(),
        },
    }
}

fn entry(cause: &Cause, gate: &Gate) -> io::Result<FindingEntry> {
    let finding = cause.lead;
    let (kind, shown, sent) = match finding.classification {
        Classification::Unconfirmed => ("unconfirmed", None, None),
        Classification::Persistent => ("persistent", None, None),
        Classification::Intermittent { shown, sent } => ("intermittent", Some(shown), Some(sent)),
        Classification::StateDependent => ("state-dependent", None, None),
        Classification::Environment => ("environment", None, None),
        Classification::RateLimited => ("rate-limited", None, None),
    };
    Ok(FindingEntry {
        rule: finding.rule.clone(),
        family: finding.family.to_string(),
        operation: finding.operation.as_ref().map(ToString::to_string),
        severity: finding.severity.to_string(),
        fingerprint: finding.fingerprint.to_string(),
        title: finding.title.clone(),
        detail: finding.detail.clone(),
        classification: ClassificationEntry { kind: kind.to_owned(), shown, sent },
        fails: gate.fails(finding),
        known: finding.known.as_ref().filter(|known| !known.expired).map(known),
        expired: finding.known.as_ref().filter(|known| known.expired).map(known),
        places: cause.all().flat_map(places).collect(),
        reproduce: (!finding.reproduce.is_empty()).then(|| finding.reproduce.clone()),
        case: finding.case.as_ref().map(serde_json::to_value).transpose()?,
        evidence: finding.evidence.iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>()?,
        docs: docs(finding),
    })
}

fn known(known: &Known) -> KnownEntry {
    KnownEntry {
        reason: known.reason.clone(),
        owner: known.owner.clone(),
        ticket: known.ticket.clone(),
        expires: known.expires.clone(),
    }
}

fn baseline(all: &[Standing], night: &Night) -> BaselineEntry {
    let unobserved = night.unobserved().map(|standing| UnobservedEntry {
        entry: ChoosingEntry {
            number: standing.number,
            fingerprint: standing.fingerprint.clone(),
            rule: standing.rule.clone(),
            operation: standing.operation.clone(),
            pointer: standing.pointer.clone(),
            known: known(&standing.known),
            expired: standing.known.expired,
        },
        state: standing.state.id().to_owned(),
        why: standing.why.clone(),
    });
    BaselineEntry { entries: all.len(), unobserved: unobserved.collect() }
}

/// The places of one finding; one that has none still says which operation it is about.
fn places(finding: &Finding) -> Vec<PlaceEntry> {
    let nowhere = [Place::default()];
    let places = if finding.places.is_empty() { &nowhere[..] } else { &finding.places };
    let entry = |place: &Place| {
        let (file, document) = place.document.as_ref().map(Pointer::in_file).unzip();
        PlaceEntry {
            operation: finding.operation.as_ref().map(ToString::to_string),
            fingerprint: finding.fingerprint.to_string(),
            document: document.map(str::to_owned),
            file: file.flatten(),
            instance: place.instance.as_ref().map(|pointer| pointer.as_str().to_owned()),
            label: place.label.clone(),
        }
    };
    places.iter().map(entry).collect()
}

fn operation(account: &OperationReport, night: &Night) -> OperationEntry {
    let troubles = night.troubles.iter().filter(|trouble| trouble.operation == account.operation);
    OperationEntry {
        operation: account.operation.to_string(),
        cases: account.cases.iter().map(|(phase, n)| (phase.to_string(), *n)).collect(),
        statuses: account
            .statuses
            .iter()
            .map(|(status, n)| (if *status == 0 { "none".to_owned() } else { status.to_string() }, *n))
            .collect(),
        troubles: troubles.map(|trouble| (trouble.what.clone(), trouble.times)).collect(),
        checks: account
            .checks
            .iter()
            .map(|(rule, count)| {
                let entry = CheckEntry {
                    exercised: count.exercised,
                    findings: count.findings,
                    why_not: count.why_not.clone(),
                };
                (rule.clone(), entry)
            })
            .collect(),
        documented_statuses: account.coverage.statuses.clone(),
        media_types: account.coverage.media_types.clone(),
        constraints_open: account
            .coverage
            .constraints
            .iter()
            .filter(|(_, sides)| !sides.both())
            .map(|(at, sides)| (at.clone(), SidesEntry { obeyed: sides.obeyed, broken: sides.broken }))
            .collect(),
        constraints_tested: account.coverage.constraints.values().filter(|sides| sides.both()).count() as u64,
        not_exercised: account.not_exercised.clone(),
    }
}

fn share(share: Share) -> ShareEntry {
    ShareEntry { seen: share.seen, all: share.all }
}

fn figures(summary: &LatencySummary) -> Figures {
    Figures {
        count: summary.count,
        errors: summary.errors,
        min_us: summary.min_us,
        p50_us: summary.p50_us,
        p90_us: summary.p90_us,
        p99_us: summary.p99_us,
        max_us: summary.max_us,
    }
}

fn incident_kind(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::NotExercised => "not-exercised",
        IncidentKind::NotConfirmed => "not-confirmed",
        IncidentKind::Environment => "environment",
        IncidentKind::RateLimited => "rate-limited",
        IncidentKind::Leftover => "leftover",
        IncidentKind::Budget => "budget",
        IncidentKind::Generation => "generation",
        IncidentKind::Interrupted => "interrupted",
        IncidentKind::Configuration => "configuration",
        IncidentKind::Learned => "learned",
    }
}
