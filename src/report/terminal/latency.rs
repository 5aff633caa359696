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
                Some(percent) => (tone(percent), moved(percent)),
            };
            let change = match figures.errors {
                0 => change,
                errors => format!("{change}, {}", count(errors, "error", "errors")),
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

fn tone(percent: f64) -> Tone {
    if percent >= NOTABLE {
        Tone::Bad
    } else if percent <= -NOTABLE {
        Tone::Good
    } else {
        Tone::Plain
    }
}

/// `+12 %`; beyond fivefold as a factor, `×5.8`, which can still be grasped.
fn moved(percent: f64) -> String {
    let factor = 1.0 + percent / 100.0;
    if factor < 5.0 {
        format!("{percent:+.0} %")
    } else if factor < 100.0 {
        format!("×{factor:.1}")
    } else {
        format!("×{factor:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_can_be_grasped() {
        let told = [-8.2, 0.3, 110.0, 480.0, 581_062.0].map(moved);
        assert_eq!(told, ["-8 %", "+0 %", "+110 %", "×5.8", "×5812"]);
    }
}
