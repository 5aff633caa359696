//! The report for people: calm, whole without colour, never wider than asked.
//!
//! Data first, verdict last, so that the last line on the screen is the answer.
//! It must never measure the terminal or decide on colour: both are given.

mod coverage;
mod findings;
mod head;
mod known;
mod latency;
mod page;
mod shell;
mod whole;

pub(in crate::report) use findings::{docs, place};
pub(in crate::report) use whole::summary;
pub use whole::{changes, findings, issues, night};
