//! How many requests a measurement takes.

use serde::{Deserialize, Serialize};

/// Under this many requests a median says little; the time cap alone does not push a plan below it.
const FEWEST: u32 = 10;

/// What the user allows, per operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchOptions {
    /// Requests sent first and not measured.
    pub warm_up: u32,
    /// Requests measured.
    pub requests: u32,
    /// How long one operation may take in all, ms.
    pub time_cap_ms: u64,
}

impl Default for BenchOptions {
    fn default() -> Self {
        Self { warm_up: 5, requests: 60, time_cap_ms: 10_000 }
    }
}

/// What is sent for one operation, one request after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchPlan {
    /// Requests sent first and not measured.
    pub warm_up: u32,
    /// Requests measured.
    pub requests: u32,
    /// When to stop even if the plan is not done, ms.
    pub time_cap_ms: u64,
}

/// Fits `options` to an operation whose answers so far took `typical_us` microseconds, if any are known.
///
/// A slow operation gets fewer requests, so that the night has an end, but never fewer than ten
/// (or than asked for): the cap in the plan then stops the measurement, which keeps what it has.
///
/// ```
/// use specwarden::bench::{BenchOptions, plan};
/// let options = BenchOptions { warm_up: 5, requests: 100, time_cap_ms: 10_000 };
/// assert_eq!(plan(&options, None).requests, 100);
/// assert_eq!(plan(&options, Some(200_000)).requests, 45);
/// ```
pub fn plan(options: &BenchOptions, typical_us: Option<u64>) -> BenchPlan {
    let typical = typical_us.unwrap_or(0).max(1);
    let affordable = u32::try_from(options.time_cap_ms.saturating_mul(1000) / typical).unwrap_or(u32::MAX);
    // Warm-up may take a tenth of the budget, but one request at least if any is wanted.
    let warm_up = options.warm_up.min((affordable / 10).max(1));
    let least = FEWEST.min(options.requests);
    let requests = options.requests.min(affordable.saturating_sub(warm_up)).max(least);
    BenchPlan { warm_up, requests, time_cap_ms: options.time_cap_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: (u32, u32, u64), typical_us: Option<u64>, expected: (u32, u32)) {
        let options = BenchOptions { warm_up: options.0, requests: options.1, time_cap_ms: options.2 };
        let got = plan(&options, typical_us);
        assert_eq!((got.warm_up, got.requests), expected);
        assert_eq!(got.time_cap_ms, options.time_cap_ms);
    }

    #[test]
    fn counts_fit_the_time() {
        check((5, 60, 10_000), None, (5, 60));
        check((5, 60, 10_000), Some(0), (5, 60));
        check((5, 60, 10_000), Some(1_000), (5, 60));
        check((5, 60, 10_000), Some(250_000), (4, 36));
        check((5, 60, 10_000), Some(5_000_000), (1, 10));
        check((0, 60, 10_000), Some(5_000_000), (0, 10));
        check((5, 3, 10_000), Some(5_000_000), (1, 3));
        check((5, 0, 10_000), None, (5, 0));
        check((5, 60, u64::MAX), Some(1), (5, 60));
    }
}
