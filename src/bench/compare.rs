//! Tonight against the accepted night, in words.
//!
//! Two single sessions on a shared machine differ by chance, medians by a sixth and 90th percentiles
//! nearly twofold on an unchanged server. So the thresholds are coarse, the fastest answer has to agree
//! (contention only adds time, a slower program slows every request), and no verdict fails a run.

use crate::bench::Summary;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The median has to change this many times over.
const NOTABLE: f64 = 1.30;
/// And the fastest answer this many times over, in the same direction.
const AGREED: f64 = 1.10;
/// And the median by this much, µs: below it schedulers and sockets speak louder than programs.
const FLOOR_US: u64 = 500;
/// Fewer measured requests than this say nothing.
const ENOUGH: u64 = 20;

/// How tonight's latency stands to the accepted one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Tonight's median over the accepted one; 2.0 is twice as slow.
    pub p50_ratio: f64,
    /// Tonight's 90th percentile over the accepted one.
    pub p90_ratio: f64,
    /// What can be said.
    pub verdict: Verdict,
    /// The accepted median, µs.
    pub accepted_p50_us: u64,
    /// Tonight's median, µs.
    pub tonight_p50_us: u64,
}

/// What two measurements allow to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Clearly faster.
    Faster,
    /// No difference beyond the noise of a shared machine.
    Similar,
    /// Clearly slower.
    Slower,
    /// Too few requests to say anything.
    Unclear,
}

/// Compares two measurements of one operation.
pub fn compare(accepted: &Summary, tonight: &Summary) -> Comparison {
    let p50_ratio = ratio(accepted.p50_us, tonight.p50_us);
    let min_ratio = ratio(accepted.min_us, tonight.min_us);
    let beyond_floor = accepted.p50_us.abs_diff(tonight.p50_us) >= FLOOR_US;
    let verdict = if accepted.count.min(tonight.count) < ENOUGH {
        Verdict::Unclear
    } else if beyond_floor && p50_ratio >= NOTABLE && min_ratio >= AGREED {
        Verdict::Slower
    } else if beyond_floor && p50_ratio <= NOTABLE.recip() && min_ratio <= AGREED.recip() {
        Verdict::Faster
    } else {
        Verdict::Similar
    };
    Comparison {
        p50_ratio,
        p90_ratio: ratio(accepted.p90_us, tonight.p90_us),
        verdict,
        accepted_p50_us: accepted.p50_us,
        tonight_p50_us: tonight.p50_us,
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Faster => "faster",
            Self::Similar => "similar",
            Self::Slower => "slower",
            Self::Unclear => "unclear",
        })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: median {:.2}× ({} → {}), 90th percentile {:.2}×",
            self.verdict,
            self.p50_ratio,
            Milliseconds(self.accepted_p50_us),
            Milliseconds(self.tonight_p50_us),
            self.p90_ratio
        )
    }
}

struct Milliseconds(u64);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} ms", self.0 as f64 / 1000.0)
    }
}

fn ratio(accepted_us: u64, tonight_us: u64) -> f64 {
    tonight_us.max(1) as f64 / accepted_us.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(count: u64, min_us: u64, p50_us: u64, p90_us: u64) -> Summary {
        Summary { count, errors: 0, min_us, p50_us, p90_us, p99_us: p90_us * 2, max_us: p90_us * 3 }
    }

    #[track_caller]
    fn check(accepted: Summary, tonight: Summary, expected: Verdict) {
        assert_eq!(compare(&accepted, &tonight).verdict, expected);
    }

    #[test]
    fn verdicts_are_coarse_and_need_agreement() {
        let base = summary(60, 4_000, 5_000, 9_000);
        check(base, base, Verdict::Similar);
        check(base, summary(60, 8_000, 10_000, 18_000), Verdict::Slower);
        check(base, summary(60, 2_000, 2_500, 4_000), Verdict::Faster);
        // A busy machine: the median doubles, the fastest answer does not move.
        check(base, summary(60, 4_050, 10_000, 40_000), Verdict::Similar);
        // The tail alone says nothing between two single sessions.
        check(base, summary(60, 4_000, 5_100, 27_000), Verdict::Similar);
        // Twice as slow, but in microseconds.
        check(summary(60, 100, 150, 300), summary(60, 250, 300, 600), Verdict::Similar);
        check(base, summary(19, 8_000, 10_000, 18_000), Verdict::Unclear);
    }

    #[test]
    fn swapping_the_nights_swaps_the_verdict() {
        let (a, b) = (summary(60, 4_000, 5_000, 9_000), summary(60, 6_000, 7_000, 9_500));
        check(a, b, Verdict::Slower);
        check(b, a, Verdict::Faster);
    }

    #[test]
    fn is_told_in_words() {
        let told = compare(&summary(60, 1_500, 2_000, 4_000), &summary(60, 3_000, 3_600, 6_000)).to_string();
        assert_eq!(told, "slower: median 1.80× (2.0 ms → 3.6 ms), 90th percentile 1.50×");
    }
}
