//! Walks a plan: asks for cases, sends them, has them judged, confirms, shrinks, emits events.
//!
//! The only loops that wait live here. It must never print or write; it tells observers.
//! Stages run one after another and learn only at their ends, so that what is sent never depends
//! on the order in which answers arrive.

mod access;
mod budget;
mod claim;
mod clean_up;
mod confirm;
mod coverage;
mod emitter;
mod error;
mod fresh;
mod half_right;
mod health;
mod keys;
mod lanes;
mod late;
mod latency;
mod learn;
mod links;
mod methods;
mod misplaced;
mod naming;
mod options;
mod ownership;
mod pause;
mod presumption;
mod reach;
mod refusal;
mod revive;
mod sending;
mod sequence;
mod snapshots;
mod state;
mod strangers;
mod suite;
#[cfg(test)]
mod tests;
mod trespass;
mod unknown;
mod walk;

pub use emitter::Emitter;
pub use error::EngineError;
pub use options::{EngineOptions, KeyUse, Night, Stages};
pub use walk::walk;
