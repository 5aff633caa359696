//! One histogram per operation.

use crate::bench::Summary;
use hdrhistogram::Histogram;

/// The slowest duration that is told apart, µs: two minutes. Longer ones count as this long.
pub const SLOWEST_US: u64 = 120_000_000;

/// Three significant digits: a figure is off by at most 0.1 %.
const SIGNIFICANT_DIGITS: u8 = 3;

/// Collects the durations of one operation and sums them up.
///
/// Histograms can be merged, percentiles cannot: keep recorders until the end, then [`summary`](Self::summary).
///
/// ```
/// use specwarden::bench::LatencyRecorder;
/// let mut recorder = LatencyRecorder::new();
/// for us in 1..=100 {
///     recorder.record(us * 10);
/// }
/// recorder.record_error();
/// let summary = recorder.summary().unwrap();
/// assert_eq!((summary.count, summary.errors), (100, 1));
/// assert_eq!((summary.min_us, summary.p50_us, summary.max_us), (10, 500, 1000));
/// ```
#[derive(Debug, Clone)]
pub struct LatencyRecorder {
    histogram: Histogram<u64>,
    errors: u64,
    fastest_us: u64,
    slowest_us: u64,
}

impl LatencyRecorder {
    /// An empty recorder.
    pub fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, SLOWEST_US, SIGNIFICANT_DIGITS)
            .expect("the bounds are constants that the histogram accepts");
        Self { histogram, errors: 0, fastest_us: u64::MAX, slowest_us: 0 }
    }

    /// Counts one expected answer that took `us` microseconds, brought into 1 … [`SLOWEST_US`].
    pub fn record(&mut self, us: u64) {
        let us = us.clamp(1, SLOWEST_US);
        self.histogram.saturating_record(us);
        self.fastest_us = self.fastest_us.min(us);
        self.slowest_us = self.slowest_us.max(us);
    }

    /// Counts one request without the expected answer. It has no duration: failing fast is not being fast.
    pub fn record_error(&mut self) {
        self.errors += 1;
    }

    /// Adds everything that `other` has seen.
    pub fn merge(&mut self, other: &Self) {
        self.histogram.add(&other.histogram).expect("every recorder has the same bounds");
        self.errors += other.errors;
        self.fastest_us = self.fastest_us.min(other.fastest_us);
        self.slowest_us = self.slowest_us.max(other.slowest_us);
    }

    /// How many durations were recorded.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// How many requests had no expected answer.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// The figures; `None` if nothing was measured, however many errors there were.
    pub fn summary(&self) -> Option<Summary> {
        if self.histogram.is_empty() {
            return None;
        }
        // The histogram answers with the upper edge of a bucket, which may lie beyond what was ever seen.
        let at = |q: f64| self.histogram.value_at_quantile(q).clamp(self.fastest_us, self.slowest_us);
        Some(Summary {
            count: self.histogram.len(),
            errors: self.errors,
            min_us: self.fastest_us,
            p50_us: at(0.50),
            p90_us: at(0.90),
            p99_us: at(0.99),
            max_us: self.slowest_us,
        })
    }
}

impl Default for LatencyRecorder {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder(durations: impl IntoIterator<Item = u64>) -> LatencyRecorder {
        let mut recorder = LatencyRecorder::new();
        durations.into_iter().for_each(|us| recorder.record(us));
        recorder
    }

    #[test]
    fn nothing_measured_has_no_figures() {
        let mut recorder = LatencyRecorder::new();
        recorder.record_error();
        assert_eq!(recorder.summary(), None);
        assert_eq!(recorder.errors(), 1);
    }

    #[test]
    fn figures_are_within_three_digits_and_in_order() {
        let summary = recorder((1..=10_000).map(|i| i * 37)).summary().unwrap();
        for (got, want) in [(summary.p50_us, 185_000), (summary.p90_us, 333_000), (summary.p99_us, 366_300)] {
            assert!(got.abs_diff(want) * 1000 <= want, "{got} is not within 0.1 % of {want}");
        }
        assert_eq!((summary.min_us, summary.max_us), (37, 370_000));
        let one = recorder([123_457]).summary().unwrap();
        assert!([one.min_us, one.p50_us, one.p90_us, one.p99_us, one.max_us].iter().all(|&us| us == 123_457));
    }

    #[test]
    fn merging_equals_recording_together() {
        let (mut left, right) = (recorder(1..500), recorder(400..90_000));
        left.record_error();
        left.merge(&right);
        let mut both = recorder((1..500).chain(400..90_000));
        both.record_error();
        assert_eq!(left.summary(), both.summary());
        assert_eq!(left.count(), both.count());
    }

    #[test]
    fn out_of_range_durations_count_at_the_edge() {
        let summary = recorder([0, u64::MAX]).summary().unwrap();
        assert_eq!((summary.count, summary.min_us, summary.max_us), (2, 1, SLOWEST_US));
    }
}
