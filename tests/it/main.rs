//! Whole nights against the staging instance, and everything that goes through the binary.

mod breaking;
mod night;
mod snapshots;
mod truth;
