//! Latency figures: histograms, summaries, comparisons.
//!
//! Pure: durations come in as numbers. It must never read a clock or send, and no figure of it fails a run.

mod compare;
mod plan;
mod recorder;
mod summary;

pub use compare::{Comparison, Verdict, compare};
pub use plan::{BenchOptions, BenchPlan, plan};
pub use recorder::{LatencyRecorder, SLOWEST_US};
pub use summary::Summary;
