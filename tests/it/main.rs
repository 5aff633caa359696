//! Whole nights against the staging instance, and everything that goes through the binary.
#![expect(clippy::disallowed_methods, reason = "tests make folders, files and processes of their own")]

mod baseline;
mod binary;
mod breaking;
mod conforming;
mod determinism;
mod field;
mod hostile;
mod interrupted;
mod late;
mod night;
mod patience;
mod repeated;
mod runs;
mod secrets;
mod snapshots;
mod transcripts;
mod tried;
mod truth;
mod vacuity;
mod values;
mod verbs;
