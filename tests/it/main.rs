//! Whole nights against the staging instance, and everything that goes through the binary.

mod binary;
mod hostile;
mod night;
mod secrets;
mod transcripts;
mod truth;
mod verbs;
