//! What a `specwarden.toml` can say.

use crate::config::{
    BaselineChoice, FamilyChoice, IntermittentChoice, RemoteRefsChoice, ReportChoice, SafetyChoice,
    SeedChoice, SeverityChoice,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One layer of configuration: a file, the environment, or the flags. What is `None` is left to the layer below.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// The API document: a path (relative to this file) or a URL.
    pub spec: Option<String>,
    /// Which references of the document into the web are followed. Default: same-origin for a document that is
    /// fetched itself, off for a file.
    pub remote_refs: Option<RemoteRefsChoice>,
    /// Where the API is served. Without it the document's first server counts.
    pub base_url: Option<String>,
    /// The accepted document that this one must not break: a path or a URL.
    pub against: Option<String>,
    /// Where the known findings stand, relative to this file; `false`: none count. Default: specwarden-baseline.toml.
    pub baseline: Option<BaselineChoice>,
    /// Reports to write, each `FORMAT=PATH`; formats: terminal, json, junit, markdown.
    pub reports: Option<Vec<ReportChoice>>,
    /// How requests authenticate.
    pub auth: AuthFile,
    /// Keys by name.
    pub keys: Vec<KeyFile>,
    /// How requests are sent.
    pub http: HttpFile,
    /// What is tested, and how much.
    pub test: TestFile,
    /// Which operations.
    pub select: SelectFile,
    /// Accepted answers.
    pub snapshots: SnapshotsFile,
    /// Latency.
    pub bench: BenchFile,
    /// What fails a run.
    pub gate: GateFile,
    /// What is kept of past runs.
    pub store: StoreFile,
    /// Fixed values for parameters by name, on every operation. `${NAME}` is replaced by the environment variable and
    /// then kept secret.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub parameters: BTreeMap<String, Value>,
    /// Values that valid requests prefer, by the name of a parameter or property, or a pattern with `*`.
    #[schemars(with = "BTreeMap<String, Vec<Value>>")]
    pub values: BTreeMap<String, Vec<Value>>,
    /// Settings of single operations, by `METHOD /path`, `operationId` or pattern.
    pub operations: BTreeMap<String, OperationFile>,
}

/// How requests authenticate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthFile {
    /// The name of the document's security scheme that the keys are for, if there are several.
    pub scheme: Option<String>,
    /// The header that carries the key, for documents that declare no scheme.
    pub header: Option<String>,
    /// The environment variable that holds the main key. Default: SPECWARDEN_API_KEY.
    pub key_env: Option<String>,
    /// A file that holds the main key and nothing else.
    pub key_file: Option<PathBuf>,
}

/// A key, named here and kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// Its name in reports.
    pub name: String,
    /// The environment variable that holds it.
    #[serde(default)]
    pub env: Option<String>,
    /// A file that holds it and nothing else.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// What it is for.
    #[serde(default)]
    pub role: KeyRole,
    /// What it must not reach: patterns over method and concrete path, such as `GET /projects/2/**`.
    #[serde(default)]
    pub denied: Vec<String>,
    /// For a peer: what it may reach of the main key's all the same, as patterns like those of `denied`.
    #[serde(default)]
    pub allowed: Vec<String>,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyRole {
    /// Sends the tests.
    Main,
    /// May do less; proves that it cannot do more.
    #[default]
    Limited,
    /// Equal to the main key in rights and a stranger to it: proves that it cannot reach what the main key creates.
    Peer,
    /// Was valid once; proves that it is refused everywhere.
    Revoked,
}

/// How requests are sent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HttpFile {
    /// Requests under way at once, 1 to 256. Default: 4.
    #[schemars(range(min = 1, max = 256))]
    pub workers: Option<u32>,
    /// At most this many requests per second. Default: no limit.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub rate: Option<f64>,
    /// Longest wait for a whole answer, ms. Default: 30000.
    #[schemars(range(min = 1))]
    pub timeout_ms: Option<u64>,
    /// Longest body that is read, bytes. Default: 8388608.
    #[schemars(range(min = 1))]
    pub max_body_bytes: Option<u64>,
    /// Headers on every request. `${NAME}` is replaced by the environment variable and then kept secret.
    pub headers: BTreeMap<String, String>,
}

/// What is tested, and how much.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TestFile {
    /// The seed: equal seeds send equal cases. Default: 1.
    pub seed: Option<SeedChoice>,
    /// How much may be changed on the target. Default: own-resources.
    pub safety: Option<SafetyChoice>,
    /// Rules to run besides the default ones.
    pub enable: Option<Vec<String>>,
    /// Rules not to run.
    pub disable: Option<Vec<String>>,
    /// Families of odd texts that are sent where the document allows them: unicode, control, whitespace, injection. A
    /// refusal is never a finding, a crash is. Default: none.
    pub families: Option<Vec<FamilyChoice>>,
    /// Answers slower than this are findings, ms. Default: none.
    #[schemars(range(min = 1))]
    pub max_response_ms: Option<u64>,
    /// Random valid cases per operation. Default: 20.
    pub random_cases: Option<u32>,
    /// Cases per operation in all. Default: 400.
    #[schemars(range(min = 1))]
    pub max_cases: Option<u32>,
    /// Requests in all. Default: 50000.
    #[schemars(range(min = 1))]
    pub max_requests: Option<u64>,
    /// Wall-clock limit, s. Default: none.
    #[schemars(range(min = 1))]
    pub max_time_s: Option<u64>,
    /// Summed answer time of one operation after which its remaining cases are left out and told, s; 0 for no
    /// limit. Default: 20.
    pub max_operation_time_s: Option<u64>,
    /// How long a target that stops answering well (502, 503, 504, no answer) is waited for before the night gives up,
    /// s. Default: 60.
    #[schemars(range(max = 86400))]
    pub patience_s: Option<u64>,
    /// How long what was written may take to show before it counts as lost, ms: the window of a store that is
    /// eventually consistent. Default: 300 for the thing itself, 1300 for a list.
    #[schemars(range(max = 600_000))]
    pub settle_ms: Option<u64>,
}

/// Which operations. A pattern is `METHOD /path` with `*` and `**`, an `operationId`, or `tag:NAME`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SelectFile {
    /// Only these.
    pub include: Option<Vec<String>>,
    /// Not these.
    pub exclude: Option<Vec<String>>,
    /// These change nothing, whatever their method says: searches by POST.
    pub safe: Option<Vec<String>>,
}

/// Accepted answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SnapshotsFile {
    /// Whether answers are compared. Default: true.
    pub enabled: Option<bool>,
    /// Where accepted answers lie. Default: snapshots, beside this file.
    pub folder: Option<PathBuf>,
}

/// Latency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BenchFile {
    /// Whether `run` measures. Default: true.
    pub enabled: Option<bool>,
    /// Requests measured per operation. Default: 100.
    #[schemars(range(min = 1))]
    pub requests: Option<u32>,
    /// Requests before measuring begins. Default: 10.
    pub warm_up: Option<u32>,
    /// Longest measurement of one operation, s. Default: 10.
    #[schemars(range(min = 1))]
    pub max_time_s: Option<u64>,
}

/// What fails a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GateFile {
    /// Whether a run in which something that matters was not exercised ends with 4. Default: false.
    pub strict: Option<bool>,
    /// What becomes of findings that show only sometimes. Default: report.
    pub intermittent: Option<IntermittentChoice>,
    /// The mildest severity that fails a run. Default: error.
    pub severity: Option<SeverityChoice>,
    /// How many of the operations that are not taken out must have answered 2xx, %; below, the run ends with 4.
    #[schemars(range(min = 1, max = 100))]
    pub operations: Option<u32>,
    /// How many of their documented statuses must have been seen, %; below, the run ends with 4.
    #[schemars(range(min = 1, max = 100))]
    pub statuses: Option<u32>,
    /// How many constraints on their requests must have been tested both ways, %; below, the run ends with 4.
    #[schemars(range(min = 1, max = 100))]
    pub constraints: Option<u32>,
    /// Checks that must have been exercised somewhere; if one was not, the run ends with 4.
    pub checks: Option<Vec<String>>,
}

/// What is kept of past runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StoreFile {
    /// How many runs `.specwarden/runs` keeps when a night is over, the newest; 0 for all. Runs that show a finding of
    /// the baseline, and those with which latency is compared, stay besides. Default: 30.
    #[schemars(range(max = 1_000_000))]
    pub keep: Option<u32>,
}

/// Settings of one operation.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OperationFile {
    /// Fixed values for its parameters by name.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub parameters: BTreeMap<String, Value>,
    /// Values that its valid requests prefer, by name or pattern; before those for every operation.
    #[schemars(with = "BTreeMap<String, Vec<Value>>")]
    pub values: BTreeMap<String, Vec<Value>>,
    /// The body that its valid requests begin with.
    #[schemars(with = "Option<Value>")]
    pub body: Option<Value>,
    /// The same from a JSON file, relative to this file.
    pub body_file: Option<PathBuf>,
}

/// The JSON Schema of the file, for editors: `docs/config.schema.json`.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(File).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "specwarden.toml".into());
        root.insert("description".to_owned(), "Configuration of Specwarden.".into());
    }
    schema
}
