//! The latency table: the slowest operations, and how they moved.

use crate::report::Night;
use crate::report::terminal::page::{Page, Tone};
use crate::report::text::{count, millis, thousands};

/// How many operations are shown.
const SHOWN: usize = 12;
/// A move of the median beyond this, in percent, is coloured. It is no verdict: findings are.
const NOTABLE: f64 = 20.0;

pub(super) fn section(page: &mut Page, night: &Night) {
    if night.latencies.is_empty() {
        return;
    }
    page.heading("Latency (ms)");
    let rows: Vec<Vec<(Tone, String)>> = night
        .latencies
        .iter()
        .take(SHOWN)
        .map(|row| {
            let figures = &row.latency;
            let (tone, change) = match row.change_percent() {
                None => (Tone::Faint, "new".to_owned()),
                Some(percent) if percent >= NOTABLE => (Tone::Bad, format!("{percent:+.0} %")),
                Some(percent) if percent <= -NOTABLE => (Tone::Good, format!("{percent:+.0} %")),
                Some(percent) => (Tone::Plain, format!("{percent:+.0} %")),
            };
            let change = match figures.errors {
                0 => change,
                errors => format!("{change}, {} left out", count(errors, "error", "errors")),
            };
            vec![
                (Tone::Name, row.operation.to_string()),
                (Tone::Plain, thousands(figures.count)),
                (Tone::Plain, millis(figures.p50_us)),
                (Tone::Plain, millis(figures.p90_us)),
                (Tone::Strong, millis(figures.p99_us)),
                (Tone::Plain, millis(figures.max_us)),
                (tone, change),
            ]
        })
        .collect();
    page.table(&["operation", "n", "p50", "p90", "p99", "max", "p50 change"], &rows);
    if night.latencies.len() > SHOWN {
        let more = night.latencies.len() - SHOWN;
        page.line(&[(Tone::Faint, &format!("  … {more} more, all faster"))]);
    }
}
