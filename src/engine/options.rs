//! What a walk needs: the model, the rooms it asks, and how far it may go.

use crate::bench::Summary;
use crate::check::CheckOptions;
use crate::generate::Generator;
use crate::plan::{GivenValues, Plan, Selector};
use crate::schema::Validators;
use crate::spec::{Api, OperationKey};
use crate::store::SnapshotFolder;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Everything a walk reads. Cheap to copy: references alone.
pub struct Night<'n, T> {
    /// The API.
    pub api: &'n Api,
    /// The plan for it.
    pub plan: &'n Plan,
    /// Where requests go.
    pub transport: &'n T,
    /// Where cases come from.
    pub generator: &'n Generator,
    /// What judges values.
    pub validators: &'n Validators,
    /// How far to go.
    pub options: &'n EngineOptions,
    /// Accepted answers, if snapshots are wanted.
    pub snapshots: Option<&'n SnapshotFolder>,
    /// Latency of the last accepted run.
    pub accepted_latency: &'n BTreeMap<OperationKey, Summary>,
    /// Stops the walk between two answers.
    pub cancel: &'n CancellationToken,
}

impl<T> Clone for Night<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Night<'_, T> {}

/// How far a walk goes.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Where the document came from, as snapshots name it.
    pub document: String,
    /// Where the API is served, without a trailing slash.
    pub base_url: String,
    /// Requests under way at once.
    pub workers: usize,
    /// What to do.
    pub stages: Stages,
    /// If set, only these operations are tested; the others are still asked for what exists.
    pub focus: Option<BTreeSet<OperationKey>>,
    /// Which rules, and their limits.
    pub checks: CheckOptions,
    /// Keys besides the main one.
    pub keys: Vec<KeyUse>,
    /// Whether a main key was given.
    pub has_main_key: bool,
    /// What stands for keys in recorded requests, such as `$SPECWARDEN_API_KEY`.
    pub placeholders: Vec<String>,
    /// Values that the user gave.
    pub given: GivenValues,
    /// Requests in all, confirmations and measurements included.
    pub max_requests: u64,
    /// Wall-clock limit.
    pub max_time: Option<Duration>,
    /// Summed answer time of one operation in one stage, after which its remaining cases are left out.
    pub max_operation_time: Option<Duration>,
    /// How long a target that stops answering well is waited for, in all.
    pub patience: Duration,
    /// How long what was written may take to show. `None`: 0.3 s for the thing itself, 1.3 s for a list.
    pub settle: Option<Duration>,
    /// Requests that shrinking one finding may cost.
    pub shrink_requests: u32,
    /// Requests measured per operation.
    pub bench_requests: u32,
    /// Requests sent before measuring begins.
    pub bench_warm_up: u32,
    /// Longest measurement of one operation.
    pub bench_time: Duration,
}

/// The stages of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stages {
    /// Contract tests.
    pub test: bool,
    /// Snapshots.
    pub snapshot: bool,
    /// Latency.
    pub bench: bool,
}

/// A key besides the main one, and what is known of it.
#[derive(Debug, Clone)]
pub struct KeyUse {
    /// Its name in configuration and reports.
    pub name: String,
    /// Whether it was revoked, so that every use must be refused.
    pub revoked: bool,
    /// What it must not reach: patterns over method and concrete path.
    pub denied: Vec<Selector>,
    /// Whether it is a stranger to everything that the main key creates.
    pub peer: bool,
    /// What a peer may reach all the same.
    pub allowed: Vec<Selector>,
}

impl EngineOptions {
    /// Whether this operation is to be tested.
    pub(super) fn focuses(&self, key: &OperationKey) -> bool {
        self.focus.as_ref().is_none_or(|focus| focus.contains(key))
    }
}
