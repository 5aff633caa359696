//! What a night comes to: passed, failed, or not decided.

use crate::event::{IncidentKind, OperationReport};
use crate::finding::{Classification, Finding, Severity};
use crate::plan::is_deselected;
use crate::report::{Demands, Night};

/// Which findings turn a run red.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The mildest severity that fails a run.
    pub severity: Severity,
    /// What becomes of findings that showed only sometimes.
    pub intermittent: IntermittentPolicy,
    /// Whether a run fails to decide when something that matters was not exercised.
    pub strict: bool,
    /// How much of the document must have been tested.
    pub demands: Demands,
}

/// What becomes of intermittent findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntermittentPolicy {
    /// They are told, and do not fail the run.
    Report,
    /// They fail the run like persistent ones.
    Fail,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            severity: Severity::Error,
            intermittent: IntermittentPolicy::Report,
            strict: false,
            demands: Demands::default(),
        }
    }
}

/// What a night comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that fails the gate.
    Passed,
    /// At least one finding fails the gate.
    Failed,
    /// Nothing failed, but what matters could not be decided.
    Undecided,
    /// It was stopped before its plan was done.
    Interrupted,
}

impl Verdict {
    /// The word that a report ends with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Failed => "FAILED",
            Self::Undecided => "UNDECIDED",
            Self::Interrupted => "INTERRUPTED",
        }
    }

    /// The same in lower case, for machines.
    pub fn id(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Undecided => "undecided",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Gate {
    /// Whether this finding fails a run. What the baseline knows of does not.
    pub fn fails(&self, finding: &Finding) -> bool {
        let sure = match finding.classification {
            Classification::Persistent | Classification::Unconfirmed => true,
            Classification::Intermittent { .. } | Classification::StateDependent => {
                self.intermittent == IntermittentPolicy::Fail
            }
            Classification::Environment | Classification::RateLimited => false,
        };
        sure && finding.severity >= self.severity && !finding.is_known()
    }
}

impl Night {
    /// The verdict. Interruption outranks everything: half a night is no night.
    ///
    /// A night in which no operation answered 2xx is undecided even without `strict`: nothing was tested. So is one
    /// that stopped early because the environment or the key failed, or before each operation had its turn.
    pub fn verdict(&self, gate: &Gate) -> Verdict {
        let unfinished = self.run.is_some() && self.outcome.is_none();
        if unfinished || self.outcome.as_ref().is_some_and(|outcome| outcome.interrupted) {
            Verdict::Interrupted
        } else if self.findings.iter().any(|finding| gate.fails(finding)) {
            Verdict::Failed
        } else if self.decided_nothing()
            || self.gave_up()
            || (gate.strict && self.left_something_open())
            || !self.unmet(&gate.demands).is_empty()
        {
            Verdict::Undecided
        } else {
            Verdict::Passed
        }
    }

    fn decided_nothing(&self) -> bool {
        self.outcome.is_some() && self.counts().reached == 0
    }

    /// Whether it stopped by itself before each operation had its turn.
    fn gave_up(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.stopped.is_some())
    }

    /// Accounts of operations that were not exercised though the user did not take them out.
    pub(super) fn left_open(&self) -> impl Iterator<Item = &OperationReport> {
        self.operations
            .iter()
            .filter(|account| account.not_exercised.as_deref().is_some_and(|why| !is_deselected(why)))
    }

    fn left_something_open(&self) -> bool {
        self.left_open().next().is_some()
            || self.undecided().next().is_some()
            || self.incidents.iter().any(|incident| match incident.kind {
                IncidentKind::Environment | IncidentKind::Budget => true,
                IncidentKind::NotExercised => !is_deselected(&incident.message),
                IncidentKind::NotConfirmed
                | IncidentKind::RateLimited
                | IncidentKind::Leftover
                | IncidentKind::Generation
                | IncidentKind::Interrupted
                | IncidentKind::Configuration
                | IncidentKind::Learned => false,
            })
    }
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Tally {
    /// The tally of these findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut tally = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Note => tally.notes += 1,
            }
        }
        tally
    }

    /// All of them.
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.notes
    }
}
