//! JUnit XML for CI: one suite per operation, one case per check.
//!
//! A finding that fails the gate is a `failure`; milder ones are told in `system-out`, so that the colour of a
//! case always agrees with the exit code. What was never exercised is `skipped`, with the reason, and so is what the
//! baseline knows of.
//! `error` is never used: it would say that Specwarden broke.

mod suites;
mod xml;

pub(super) use xml::render;
