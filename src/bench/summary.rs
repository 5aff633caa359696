//! The figures that are stored and told.

use serde::{Deserialize, Serialize};

/// Latency of one operation over one measurement, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Requests measured, warm-up left out.
    pub count: u64,
    /// Requests whose answer was not the expected success; they are not in the figures.
    pub errors: u64,
    /// Fastest, µs.
    pub min_us: u64,
    /// Median, µs.
    pub p50_us: u64,
    /// 90th percentile, µs.
    pub p90_us: u64,
    /// 99th percentile, µs.
    pub p99_us: u64,
    /// Slowest, µs.
    pub max_us: u64,
}
