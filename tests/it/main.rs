//! Whole nights against the staging instance, and everything that goes through the binary.

mod binary;
mod breaking;
mod hostile;
mod night;
mod snapshots;
mod transcripts;
mod truth;
mod verbs;
