//! One document: what was understood, how long it took, how much memory it needed.

use serde_json::{Map, Value, json};
use specwarden::source::{SourceError, read_text};
use specwarden::spec::{IssueKind, SpecError};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// Methods of a path item that make an operation.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
/// How many texts of set-aside corners are kept per document.
const MOST_TEXTS: usize = 50;

/// The figures of one file; `outcome` is `other` if it is no API document.
pub(super) fn measure(path: &Path) -> Value {
    let Ok(bytes) = std::fs::read(path) else { return json!({"outcome": "other"}) };
    let Ok(text) = String::from_utf8(bytes) else { return json!({"outcome": "other"}) };
    let before = peak();
    let start = now();
    let loaded = read_text(&path.to_string_lossy(), &text);
    let seconds = seconds_since(start);
    let memory = peak();
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return refused(&text, &error),
    };
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut aside = Vec::new();
    for issue in &loaded.issues {
        *kinds.entry(format!("{:?}", issue.kind)).or_default() += 1;
        if issue.kind != IssueKind::Doubtful && aside.len() < MOST_TEXTS {
            aside.push(json!({"kind": issue.kind, "pointer": issue.pointer, "message": issue.message}));
        }
    }
    let written = written(loaded.api.document.root());
    let mut row = json!({
        "outcome": "loaded", "version": loaded.api.spec_version.to_string(), "bytes": text.len(),
        "format": loaded.format.to_string(), "operations": loaded.api.operations.len(), "written": written,
        "issues": kinds, "aside": aside, "seconds": seconds, "peak_kb": memory, "start_kb": before,
    });
    drop(loaded);
    let start = now();
    if black_box(serde_json::from_str::<Value>(&text)).is_ok() {
        row["json_seconds"] = json!(seconds_since(start));
    }
    row
}

/// A document that was refused as a whole: an API document all the same, if it says so near its beginning.
fn refused(text: &str, error: &SourceError) -> Value {
    let head: String = text.chars().take(4_000).collect();
    let speaks =
        ["\"swagger\"", "\"openapi\"", "\nswagger:", "\nopenapi:"].iter().any(|key| head.contains(key))
            || head.starts_with("swagger:")
            || head.starts_with("openapi:");
    let outcome = match error {
        SourceError::Spec { source: SpecError::UnsupportedVersion { .. }, .. } => "version",
        SourceError::Spec { .. } => "other",
        _ if speaks => "refused",
        _ => "other",
    };
    json!({"outcome": outcome, "reason": error.to_string()})
}

/// How many operations the document writes, counted without our model: methods of path items, references followed.
fn written(root: &Value) -> usize {
    let item = |item: &Value| {
        let local = item.as_object();
        let target = item.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
        let target = target.and_then(|to| {
            let decoded = percent_encoding::percent_decode_str(to).decode_utf8().ok()?;
            root.pointer(&decoded)?.as_object()
        });
        let methods = |members: Option<&Map<String, Value>>| -> Vec<String> {
            let keys = members.into_iter().flat_map(Map::keys).map(|key| key.to_ascii_lowercase());
            keys.filter(|key| METHODS.contains(&key.as_str())).collect()
        };
        let mut all = methods(local);
        all.extend(methods(target));
        all.sort();
        all.dedup();
        all.len()
    };
    let paths = root.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-")).map(|(_, node)| item(node)).sum()
}

/// CPU time of this thread if the system tells it, else a moment of the clock.
enum Moment {
    Cpu(Duration),
    Wall(Instant),
}

fn now() -> Moment {
    cpu().map_or_else(|| Moment::Wall(Instant::now()), Moment::Cpu)
}

fn seconds_since(start: Moment) -> f64 {
    match start {
        Moment::Cpu(start) => cpu().unwrap_or(start).saturating_sub(start).as_secs_f64(),
        Moment::Wall(start) => start.elapsed().as_secs_f64(),
    }
}

fn cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The largest memory this process has had, in kB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
