//! Whole nights against the staging instance, and everything that goes through the binary.

mod night;
mod snapshots;
mod truth;
