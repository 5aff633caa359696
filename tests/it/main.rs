//! Whole nights against the staging instance, and everything that goes through the binary.

mod binary;
mod breaking;
mod determinism;
mod hostile;
mod night;
mod secrets;
mod snapshots;
mod transcripts;
mod truth;
mod verbs;
