//! Groups of flags that several verbs share. Every one of them has a key in `specwarden.toml`.

use crate::cli::choices::DemoChoice;
use crate::config::{
    FamilyChoice, IntermittentChoice, RemoteRefsChoice, ReportChoice, SafetyChoice, SeedChoice,
    SeverityChoice,
};
use crate::report::Format;
use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Args, Command};
use std::ffi::OsStr;
use std::path::PathBuf;

/// Arguments of `run` and its stages.
#[derive(Debug, Clone, Args)]
pub struct RunArguments {
    /// The document: a file, a URL or `-` [default: as configured]
    #[arg(value_name = "SPEC")]
    pub spec: Option<String>,
    /// Against what.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How much.
    #[command(flatten)]
    pub test: TestArguments,
    /// Which operations.
    #[command(flatten)]
    pub select: SelectArguments,
    /// Snapshots and latency.
    #[command(flatten)]
    pub stages: StageArguments,
    /// What fails.
    #[command(flatten)]
    pub gate: GateArguments,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArguments,
    /// Test the embedded instance: with planted faults, or `clean`
    #[arg(
        long,
        value_name = "KIND",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "faulty",
        conflicts_with_all = ["spec", "base_url"],
        help_heading = "Target"
    )]
    pub demo: Option<DemoChoice>,
}

/// Against what, and as whom.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Target")]
pub struct TargetArguments {
    /// Where the API is served [default: the document's first server]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// References into the web to follow [default: same-origin for a fetched document, off for a file]
    #[arg(long, value_name = "WHICH")]
    pub remote_refs: Option<RemoteRefsChoice>,
    /// The environment variable that holds the key [default: SPECWARDEN_API_KEY]
    #[arg(long, value_name = "NAME", conflicts_with = "api_key_file")]
    pub api_key_env: Option<String>,
    /// A file that holds the key and nothing else
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// The document's security scheme that the key is for
    #[arg(long, value_name = "NAME")]
    pub auth_scheme: Option<String>,
    /// The header that carries the key, for documents without a scheme
    #[arg(long, value_name = "NAME")]
    pub auth_header: Option<String>,
    /// A header on every request; `${NAME}` is taken from the environment and kept secret
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = HeaderParser)]
    pub headers: Vec<(String, String)>,
    /// A fixed value for every parameter of this name; what looks like JSON is JSON
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, serde_json::Value)>,
    /// Requests under way at once [default: 4]
    #[arg(long, value_name = "N")]
    pub workers: Option<u32>,
    /// Requests per second at most
    #[arg(long, value_name = "N")]
    pub rate: Option<f64>,
    /// Longest wait for a whole answer, ms [default: 30000]
    #[arg(long = "timeout", value_name = "MS")]
    pub timeout_ms: Option<u64>,
    /// Longest body that is read, bytes [default: 8388608]
    #[arg(long, value_name = "BYTES")]
    pub max_body_bytes: Option<u64>,
}

/// What is tested, and how much.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Tests")]
pub struct TestArguments {
    /// Equal seeds send equal cases; `random` takes a fresh one [default: 1]
    #[arg(long, value_name = "SEED")]
    pub seed: Option<SeedChoice>,
    /// How much may be changed on the target [default: own-resources]
    #[arg(long, value_name = "MODE")]
    pub safety: Option<SafetyChoice>,
    /// Rules to run besides the default ones
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub enable: Vec<String>,
    /// Rules not to run
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub disable: Vec<String>,
    /// Families of odd texts to send where the document allows them [default: none]
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    pub families: Vec<FamilyChoice>,
    /// Slower answers are findings, ms
    #[arg(long = "max-response", value_name = "MS")]
    pub max_response_ms: Option<u64>,
    /// Random valid cases per operation [default: 20]
    #[arg(long, value_name = "N")]
    pub random_cases: Option<u32>,
    /// Cases per operation in all [default: 400]
    #[arg(long, value_name = "N")]
    pub max_cases: Option<u32>,
    /// Requests in all [default: 50000]
    #[arg(long, value_name = "N")]
    pub max_requests: Option<u64>,
    /// Wall-clock limit: seconds, or with units as in 90s, 5m, 1h30m
    #[arg(long = "max-time", value_name = "TIME", value_parser = seconds)]
    pub max_time_s: Option<u64>,
    /// Answer time of one operation, summed, after which its remaining cases are left out, s; 0 for no limit
    /// [default: 20]
    #[arg(long = "max-operation-time", value_name = "TIME", value_parser = seconds)]
    pub max_operation_time_s: Option<u64>,
    /// How long a target that stops answering well is waited for, s [default: 60]
    #[arg(long = "patience", value_name = "TIME", value_parser = seconds)]
    pub patience_s: Option<u64>,
    /// How long what was written may take to show, ms [default: 300, lists 1300]
    #[arg(long = "settle", value_name = "MS")]
    pub settle_ms: Option<u64>,
}

/// Which operations.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Operations")]
pub struct SelectArguments {
    /// Only these: `METHOD /path` with `*` and `**`, an operationId, or `tag:NAME`
    #[arg(long, value_name = "PATTERN")]
    pub include: Vec<String>,
    /// Not these
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// These change nothing, whatever their method says
    #[arg(long = "safe", value_name = "PATTERN")]
    pub safe: Vec<String>,
}

/// Snapshots, latency, breaking changes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Stages")]
pub struct StageArguments {
    /// The accepted document that this one must not break: a file or URL
    #[arg(long, value_name = "SPEC")]
    pub against: Option<String>,
    /// The folder of accepted answers [default: snapshots]
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<PathBuf>,
    /// Do not compare answers
    #[arg(long)]
    pub no_snapshots: bool,
    /// Do not measure latency
    #[arg(long)]
    pub no_bench: bool,
    /// Requests measured per operation [default: 100]
    #[arg(long, value_name = "N")]
    pub bench_requests: Option<u32>,
    /// Requests before measuring begins [default: 10]
    #[arg(long, value_name = "N")]
    pub bench_warm_up: Option<u32>,
    /// Longest measurement of one operation, s [default: 10]
    #[arg(long = "bench-time", value_name = "TIME", value_parser = seconds)]
    pub bench_time_s: Option<u64>,
}

/// What fails a run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Verdict")]
pub struct GateArguments {
    /// End with 4 if something that matters was not exercised
    #[arg(long)]
    pub strict: bool,
    /// What becomes of findings that show only sometimes [default: report]
    #[arg(long, value_name = "POLICY")]
    pub intermittent: Option<IntermittentChoice>,
    /// The mildest severity that fails a run [default: error]
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<SeverityChoice>,
    /// End with 4 if fewer operations answered 2xx, % of those not taken out
    #[arg(long = "gate-operations", value_name = "PERCENT")]
    pub operations: Option<u32>,
    /// End with 4 if fewer documented statuses were seen, %
    #[arg(long = "gate-statuses", value_name = "PERCENT")]
    pub statuses: Option<u32>,
    /// End with 4 if fewer constraints were tested both ways, %
    #[arg(long = "gate-constraints", value_name = "PERCENT")]
    pub constraints: Option<u32>,
    /// End with 4 if one of these checks was exercised nowhere
    #[arg(long = "gate-checks", value_name = "RULE", value_delimiter = ',')]
    pub checks: Vec<String>,
}

/// Where reports go.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// The report on stdout
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    pub format: Format,
    /// Write a report to a file; may be repeated
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    pub reports: Vec<ReportChoice>,
    /// The file of known findings, which fail nothing [default: specwarden-baseline.toml]
    #[arg(long, value_name = "FILE", help_heading = "Verdict")]
    pub baseline: Option<PathBuf>,
    /// Every finding counts, known or not
    #[arg(long, conflicts_with = "baseline", help_heading = "Verdict")]
    pub no_baseline: bool,
}

/// Reads `Name: value`. Its own parser because the usual error repeats the value, and here that may be a key.
#[derive(Debug, Clone, Copy)]
struct HeaderParser;

impl TypedValueParser for HeaderParser {
    type Value = (String, String);

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        header(&value.to_string_lossy()).map_err(|message| {
            let message = format!("`--header`: {message}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as `Name: value`")?;
    let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
    if value.contains("${") || !credential(&name) {
        return Ok((name, value));
    }
    Err(format!("a key must not stand on the command line; write '{name}: ${{VARIABLE}}' in single quotes"))
}

fn credential(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    ["authorization", "cookie", "proxy-authorization"].contains(&name.as_str())
        || ["apikey", "api-key", "token", "secret"].iter().any(|word| name.contains(word))
}

fn parameter(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = pair(text)?;
    let value = serde_json::from_str(&value).unwrap_or(serde_json::Value::String(value));
    Ok((name, value))
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as `name=value`")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Seconds, or a time with units.
fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || "write seconds (`90`) or a time with units (`90s`, `5m`, `1h30m`)".to_owned();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| wrong());
    }
    let time: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    let whole = u64::try_from(time.as_secs()).ok().filter(|_| time.subsec_nanos() == 0);
    whole.ok_or_else(|| "write whole seconds, none below 0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_may_have_units() {
        for (text, expected) in
            [("0", 0), ("90", 90), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("2 minutes", 120)]
        {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "s", "-5", "5x", "1.5s", "-1m", "99999999999999999999"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
