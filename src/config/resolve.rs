//! From layers to settings.

use crate::config::baseline::BASELINE_NAME;
use crate::config::error::nearest;
use crate::config::given::given;
use crate::config::secrets::{header, keys, selectors};
use crate::config::{
    BaselineChoice, BaselineSettings, BenchSettings, ConfigError, FamilyChoice, File, HttpSettings,
    IntermittentChoice, RemoteRefsChoice, SafetyChoice, SeedChoice, SelectSettings, Settings, SeverityChoice,
    SnapshotSettings, StoreSettings, Surroundings, TargetSettings, TestSettings,
};
use crate::plan::Seed;
use crate::report::{Demands, Gate};
use std::path::Path;
use std::time::Duration;

/// Answers every question that the layers leave open. `root` is the folder of the file, or the current one.
pub fn resolve(layers: File, root: &Path, surroundings: &Surroundings<'_>) -> Result<Settings, ConfigError> {
    let File {
        spec,
        remote_refs,
        base_url,
        against,
        baseline,
        reports,
        auth,
        keys: key_files,
        http,
        test,
        select,
        snapshots,
        bench,
        gate,
        store,
        parameters,
        values,
        operations,
    } = layers;
    let default_gate = Gate::default();
    let mut headers = Vec::new();
    for (name, value) in &http.headers {
        headers.push((name.clone(), header(name, value, surroundings)?));
    }
    let rate = http.rate.map(|rate| in_range("http.rate", rate, f64::MIN_POSITIVE, 1e6)).transpose()?;
    Ok(Settings {
        root: root.to_owned(),
        target: TargetSettings {
            spec,
            remote_refs: remote_refs.map(RemoteRefsChoice::remote_refs),
            base_url: base_url.map(|url| address(&url)).transpose()?,
            against,
        },
        keys: keys(auth, key_files, surroundings)?,
        http: HttpSettings {
            workers: in_range("http.workers", http.workers.unwrap_or(4), 1, 256)? as usize,
            rate,
            timeout: Duration::from_millis(in_range(
                "http.timeout_ms",
                http.timeout_ms.unwrap_or(30_000),
                1,
                DAY_MS,
            )?),
            max_body_bytes: in_range(
                "http.max_body_bytes",
                http.max_body_bytes.unwrap_or(8 << 20),
                1,
                1 << 40,
            )?,
            headers,
        },
        test: TestSettings {
            seed: match test.seed {
                None => Seed(1),
                Some(SeedChoice::Fixed(seed)) => seed,
                Some(SeedChoice::Random) => surroundings.fresh_seed,
            },
            safety: test.safety.map(SafetyChoice::safety).unwrap_or_default(),
            enable: rules("test.enable", test.enable.unwrap_or_default(), surroundings)?,
            disable: rules("test.disable", test.disable.unwrap_or_default(), surroundings)?,
            families: test.families.into_iter().flatten().map(FamilyChoice::family).collect(),
            max_response: test
                .max_response_ms
                .map(|ms| in_range("test.max_response_ms", ms, 1, DAY_MS).map(Duration::from_millis))
                .transpose()?,
            random_cases: test.random_cases.unwrap_or(20),
            max_cases: in_range("test.max_cases", test.max_cases.unwrap_or(400), 1, u32::MAX)?,
            max_requests: in_range("test.max_requests", test.max_requests.unwrap_or(50_000), 1, u64::MAX)?,
            max_time: test
                .max_time_s
                .map(|s| in_range("test.max_time_s", s, 1, DAY_MS).map(Duration::from_secs))
                .transpose()?,
            max_operation_time: match test.max_operation_time_s.unwrap_or(20) {
                0 => None,
                s => Some(Duration::from_secs(in_range("test.max_operation_time_s", s, 1, DAY_MS)?)),
            },
            patience: Duration::from_secs(in_range(
                "test.patience_s",
                test.patience_s.unwrap_or(60),
                0,
                86_400,
            )?),
            settle: test
                .settle_ms
                .map(|ms| in_range("test.settle_ms", ms, 0, 600_000).map(Duration::from_millis))
                .transpose()?,
        },
        select: SelectSettings {
            include: selectors("select.include", &select.include.unwrap_or_default())?,
            exclude: selectors("select.exclude", &select.exclude.unwrap_or_default())?,
            safe: selectors("select.safe", &select.safe.unwrap_or_default())?,
        },
        values: given(parameters, values, operations, surroundings)?,
        snapshots: SnapshotSettings {
            enabled: snapshots.enabled.unwrap_or(true),
            folder: snapshots.folder.unwrap_or_else(|| root.join("snapshots")),
        },
        baseline: BaselineSettings {
            enabled: baseline != Some(BaselineChoice::Nowhere),
            named: matches!(baseline, Some(BaselineChoice::At(_))),
            path: match baseline {
                Some(BaselineChoice::At(path)) => path,
                None | Some(BaselineChoice::Nowhere) => root.join(BASELINE_NAME),
            },
        },
        bench: BenchSettings {
            enabled: bench.enabled.unwrap_or(true),
            requests: in_range("bench.requests", bench.requests.unwrap_or(100), 1, 1_000_000)?,
            warm_up: bench.warm_up.unwrap_or(10),
            max_time: Duration::from_secs(in_range(
                "bench.max_time_s",
                bench.max_time_s.unwrap_or(10),
                1,
                DAY_MS,
            )?),
        },
        store: StoreSettings {
            keep: match in_range("store.keep", store.keep.unwrap_or(30), 0, 1_000_000)? {
                0 => None,
                keep => Some(keep as usize),
            },
        },
        reports: reports.unwrap_or_default(),
        gate: Gate {
            severity: gate.severity.map_or(default_gate.severity, SeverityChoice::severity),
            intermittent: gate.intermittent.map_or(default_gate.intermittent, IntermittentChoice::policy),
            strict: gate.strict.unwrap_or(default_gate.strict),
            demands: Demands {
                operations: percent("gate.operations", gate.operations)?,
                statuses: percent("gate.statuses", gate.statuses)?,
                constraints: percent("gate.constraints", gate.constraints)?,
                checks: rules("gate.checks", gate.checks.unwrap_or_default(), surroundings)?,
            },
        },
    })
}

fn percent(key: &str, value: Option<u32>) -> Result<Option<u32>, ConfigError> {
    value.map(|value| in_range(key, value, 1, 100)).transpose()
}

/// A day in ms: the longest that any single wait may be set to.
const DAY_MS: u64 = 86_400_000;

fn in_range<T: PartialOrd + std::fmt::Display>(
    key: &str,
    value: T,
    least: T,
    most: T,
) -> Result<T, ConfigError> {
    if value >= least && value <= most {
        return Ok(value);
    }
    let message =
        if value < least { format!("{value} is too small") } else { format!("{value} is too large") };
    Err(ConfigError::Invalid {
        key: key.to_owned(),
        message,
        hint: Some(format!("at most {most}, and more than 0")),
    })
}

fn rules(key: &str, names: Vec<String>, surroundings: &Surroundings<'_>) -> Result<Vec<String>, ConfigError> {
    match names.iter().find(|name| !surroundings.rules.contains(&name.as_str())) {
        None => Ok(names),
        Some(name) => Err(ConfigError::UnknownRule {
            key: key.to_owned(),
            name: name.clone(),
            nearest: nearest(name, surroundings.rules.iter().copied()),
        }),
    }
}

/// A base URL without its trailing slash.
fn address(text: &str) -> Result<String, ConfigError> {
    let invalid = |message: String| ConfigError::Invalid {
        key: "base_url".to_owned(),
        message,
        hint: Some("an absolute URL such as `https://staging.example.com/api`".to_owned()),
    };
    let url = url::Url::parse(text).map_err(|error| invalid(format!("not a URL: {error}")))?;
    // The text is not repeated before it is sure that no password stands in it.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("a base URL must not hold a user or password".to_owned()));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(format!("`{text}` is not an http or https URL")));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid(format!("`{text}` has a query or fragment, which would be lost")));
    }
    Ok(text.trim_end_matches('/').to_owned())
}
