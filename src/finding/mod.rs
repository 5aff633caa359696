//! What is wrong with the target: findings, the rules behind them, how grave, and what makes two the same.
//!
//! A finding is data. This room must never send, print or decide an exit code.

mod fingerprint;
mod known;
mod model;
mod rule;

pub use fingerprint::Fingerprint;
pub use known::{Baseline, Entry, Known, Pattern};
pub use model::{Classification, Finding, Place, Site};
pub use rule::{Family, Rule, Severity};
