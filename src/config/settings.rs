//! Settings: every question answered.

use crate::config::secrets::variables;
use crate::config::{KeyRole, ReportChoice};
use crate::generate::TextFamily;
use crate::plan::{GivenValues, Safety, Seed, Selector};
use crate::report::Gate;
use crate::secret::{Masker, Secret};
use crate::source::RemoteRefs;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// A whole configuration, defaults filled in.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that `.specwarden` lies in: the file's, or the current one.
    pub root: PathBuf,
    /// What is tested.
    pub target: TargetSettings,
    /// As whom.
    pub keys: KeySettings,
    /// How requests are sent.
    pub http: HttpSettings,
    /// What is tested, and how much.
    pub test: TestSettings,
    /// Which operations.
    pub select: SelectSettings,
    /// Values that the user gave.
    pub values: ValueSettings,
    /// Accepted answers.
    pub snapshots: SnapshotSettings,
    /// Known findings.
    pub baseline: BaselineSettings,
    /// Latency.
    pub bench: BenchSettings,
    /// What is kept of past runs.
    pub store: StoreSettings,
    /// Reports to write.
    pub reports: Vec<ReportSetting>,
    /// What fails a run.
    pub gate: Gate,
}

/// What is tested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetSettings {
    /// The document: a path, a URL or `-`.
    pub spec: Option<String>,
    /// Which references into the web are followed; `None` leaves it to where the document is.
    pub remote_refs: Option<RemoteRefs>,
    /// Where the API is served, without a trailing slash.
    pub base_url: Option<String>,
    /// The accepted document.
    pub against: Option<String>,
}

/// As whom requests are sent.
#[derive(Debug, Clone, Default)]
pub struct KeySettings {
    /// The document's security scheme that the keys are for.
    pub scheme: Option<String>,
    /// The header for documents without a scheme.
    pub header: Option<String>,
    /// The key that sends the tests.
    pub main: Option<Secret<String>>,
    /// The name of the variable that a reader must set to use the main key again.
    pub main_variable: String,
    /// Other keys.
    pub others: Vec<KeySetting>,
    /// Keys that are configured but not there.
    pub missing: Vec<MissingKey>,
}

/// A key besides the main one.
#[derive(Debug, Clone)]
pub struct KeySetting {
    /// Its name in reports.
    pub name: String,
    /// The key.
    pub secret: Secret<String>,
    /// What it is for; never [`KeyRole::Main`].
    pub role: KeyRole,
    /// What it must not reach.
    pub denied: Vec<Selector>,
    /// What a peer may reach of the main key's all the same.
    pub allowed: Vec<Selector>,
}

/// A key that is configured and was not found, so that what needs it cannot be exercised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingKey {
    /// Its name.
    pub name: String,
    /// Why, a lower-case fragment.
    pub why: String,
}

/// How requests are sent.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Requests under way at once.
    pub workers: usize,
    /// Requests per second at most.
    pub rate: Option<f64>,
    /// Longest wait for a whole answer.
    pub timeout: Duration,
    /// Longest body that is read, bytes.
    pub max_body_bytes: u64,
    /// Headers on every request.
    pub headers: Vec<(String, HeaderValue)>,
}

/// A configured header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// As written.
    Plain(String),
    /// With something from the environment in it.
    Hidden {
        /// The whole value.
        value: Secret<String>,
        /// As it was written, `${NAME}` in place of what is hidden.
        written: String,
        /// What came from the environment: a target may echo it without the text around it.
        parts: Vec<Secret<String>>,
    },
}

impl HeaderValue {
    /// The `${NAME}`s that it was written with.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::Plain(_) => variables(""),
            Self::Hidden { written, .. } => variables(written),
        }
    }
}

/// What is tested, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSettings {
    /// The seed.
    pub seed: Seed,
    /// How much may be changed on the target.
    pub safety: Safety,
    /// Rules besides the default ones.
    pub enable: Vec<String>,
    /// Rules left out.
    pub disable: Vec<String>,
    /// Families of odd texts that are sent.
    pub families: BTreeSet<TextFamily>,
    /// Slower answers are findings.
    pub max_response: Option<Duration>,
    /// Random valid cases per operation.
    pub random_cases: u32,
    /// Cases per operation in all.
    pub max_cases: u32,
    /// Requests in all.
    pub max_requests: u64,
    /// Wall-clock limit.
    pub max_time: Option<Duration>,
    /// Summed answer time of one operation after which its remaining cases are left out and told.
    pub max_operation_time: Option<Duration>,
    /// How long a target that stops answering well is waited for, in all, before the night gives up.
    pub patience: Duration,
    /// How long what was written may take to show. `None`: as long as readings are usually behind.
    pub settle: Option<Duration>,
}

/// Which operations.
#[derive(Debug, Clone, Default)]
pub struct SelectSettings {
    /// If not empty, only these.
    pub include: Vec<Selector>,
    /// Not these.
    pub exclude: Vec<Selector>,
    /// These change nothing, whatever their method says.
    pub safe: Vec<Selector>,
}

/// Values that the user gave.
#[derive(Debug, Clone, Default)]
pub struct ValueSettings {
    /// The values, by name and by operation.
    pub given: GivenValues,
    /// What in them came from the environment, to be masked wherever it shows.
    pub hidden: Vec<Secret<String>>,
}

/// Accepted answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotSettings {
    /// Whether answers are compared.
    pub enabled: bool,
    /// Where accepted answers lie.
    pub folder: PathBuf,
}

/// Known findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineSettings {
    /// Whether they count.
    pub enabled: bool,
    /// The file in which they stand.
    pub path: PathBuf,
    /// Whether the file was named, so that it must be there.
    pub named: bool,
}

/// Latency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchSettings {
    /// Whether `run` measures.
    pub enabled: bool,
    /// Requests measured per operation.
    pub requests: u32,
    /// Requests before measuring begins.
    pub warm_up: u32,
    /// Longest measurement of one operation.
    pub max_time: Duration,
}

/// What is kept of past runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreSettings {
    /// How many of the newest runs stay when a night is over; `None` for all.
    pub keep: Option<usize>,
}

/// A report to be written.
pub type ReportSetting = ReportChoice;

impl Settings {
    /// Knows every secret of the configuration: keys and headers from the environment.
    pub fn masker(&self) -> Masker {
        let mut masker = Masker::default();
        let mut learn = |secret: &Secret<String>| masker.learn(secret);
        for key in self.keys.main.iter().chain(self.keys.others.iter().map(|key| &key.secret)) {
            learn(key);
            // Of `user:password` the password alone is a secret too.
            if let Some((_, password)) = key.expose().split_once(':') {
                learn(&Secret::new(password.to_owned()));
            }
        }
        for (_, header) in &self.http.headers {
            if let HeaderValue::Hidden { value, parts, .. } = header {
                parts.iter().chain([value]).for_each(&mut learn);
            }
        }
        self.values.hidden.iter().for_each(learn);
        masker
    }
}
