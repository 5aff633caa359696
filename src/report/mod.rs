//! Folds events into output, each format its own folder, into an `io::Write`.
//!
//! It must never ask the engine, open a file or read a clock: it works from a replayed log as from a live run.
