//! The file of known findings, `specwarden-baseline.toml`: read with positions, edited without losing comments.
//!
//! Texts in, texts out: it must never touch the disk or ask what day it is.

mod edit;
mod file;

pub use edit::{NewEntry, add, remove};
pub use file::{BASELINE_NAME, baseline_schema, parse_baseline};

#[cfg(test)]
mod tests;
