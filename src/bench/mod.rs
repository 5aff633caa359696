//! Latency figures: histograms, summaries, comparisons.
//!
//! Pure: durations come in as numbers. It must never read a clock or send.
