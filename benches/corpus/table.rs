//! Rows to figures, figures to a table.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many documents a list of extremes names.
const NAMED: usize = 10;

/// The figures over all documents, the rows included.
pub(super) fn report(rows: &[Value], limit: f64) -> Value {
    let loaded: Vec<&Value> = rows.iter().filter(|row| row["outcome"] == "loaded").collect();
    let sum = |key: &str| loaded.iter().filter_map(|row| row[key].as_u64()).sum::<u64>();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        *outcomes.entry(row["outcome"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    for row in &loaded {
        let version = format!(
            "{} {}",
            row["version"].as_str().unwrap_or_default(),
            row["format"].as_str().unwrap_or_default()
        );
        *versions.entry(version).or_default() += 1;
        for (kind, count) in row["issues"].as_object().into_iter().flatten() {
            *kinds.entry(kind.clone()).or_default() += count.as_u64().unwrap_or_default();
        }
    }
    let mut seconds: Vec<f64> = loaded.iter().filter_map(|row| row["seconds"].as_f64()).collect();
    seconds.sort_by(f64::total_cmp);
    let extremes = |key: &str| -> Vec<Value> {
        let mut order = loaded.clone();
        order.sort_by(|a, b| {
            b[key].as_f64().unwrap_or_default().total_cmp(&a[key].as_f64().unwrap_or_default())
        });
        let few = ["path", "bytes", "seconds", "json_seconds", "peak_kb", "operations"];
        order
            .iter()
            .take(NAMED)
            .map(|row| few.iter().map(|key| ((*key).to_owned(), row[*key].clone())).collect())
            .collect()
    };
    json!({
        "documents": rows.len(), "outcomes": outcomes, "versions": versions,
        "operations": {"written": sum("written"), "kept": sum("operations")},
        "issues": kinds, "bytes": sum("bytes"),
        "seconds": {"sum": seconds.iter().sum::<f64>(), "median": seconds.get(seconds.len() / 2),
            "json_sum": loaded.iter().filter_map(|row| row["json_seconds"].as_f64()).sum::<f64>(),
            "over_limit": seconds.iter().filter(|time| **time > limit).count(), "limit": limit},
        "slowest": extremes("seconds"), "largest": extremes("peak_kb"), "rows": rows,
    })
}

/// The figures for people.
pub(super) fn text(report: &Value) -> String {
    let mut out = String::new();
    let mut line = |text: String| _ = writeln!(out, "{text}");
    line(format!("documents    {}   {}", report["documents"], report["outcomes"]));
    line(format!("versions     {}", report["versions"]));
    line(format!("operations   {}", report["operations"]));
    line(format!("issues       {}", report["issues"]));
    line(format!("seconds      {}", report["seconds"]));
    for (title, key) in [("slowest", "slowest"), ("most memory", "largest")] {
        line(format!(
            "\n{title:<60} {:>7} {:>8} {:>8} {:>6} {:>8} {:>6}",
            "MB", "seconds", "json", "ratio", "peak MB", "ops"
        ));
        for row in report[key].as_array().into_iter().flatten() {
            let number = |key: &str| row[key].as_f64().unwrap_or_default();
            let path = row["path"].as_str().unwrap_or_default();
            let short: String = path.chars().rev().take(58).collect::<Vec<_>>().into_iter().rev().collect();
            let ratio = number("seconds") / number("json_seconds");
            line(format!(
                "{short:<60} {:>7.2} {:>8.4} {:>8.4} {:>6.1} {:>8.1} {:>6}",
                number("bytes") / 1e6,
                number("seconds"),
                number("json_seconds"),
                if ratio.is_finite() { ratio } else { 0.0 },
                number("peak_kb") / 1024.0,
                number("operations"),
            ));
        }
    }
    line("\nset aside or refused".to_owned());
    for row in report["rows"].as_array().into_iter().flatten() {
        let path = row["path"].as_str().unwrap_or_default();
        if row["outcome"] != "loaded" {
            line(format!("{}  {path}\n      {}", row["outcome"], row["reason"]));
        } else if row["operations"] != row["written"] {
            line(format!("{} of {} operations  {path}", row["operations"], row["written"]));
            for issue in row["aside"].as_array().into_iter().flatten() {
                if issue["kind"] == "operation-skipped" {
                    line(format!("      {}: {}", issue["pointer"], issue["message"]));
                }
            }
        }
    }
    out
}
