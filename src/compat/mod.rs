//! Breaking changes between two documents: walk both in step, judge each change by rules.
//!
//! Pure: two models in, findings out. It must never read a file.
