//! Jobs with seeds and budgets: what a run intends to do, decided before anything is sent.
//!
//! A plan is a pure function of the model and the options. It must never depend on arrival order:
//! a case's seed derives from the run's seed, the operation, the phase and the index.

mod known;
mod seed;

pub use known::Known;
pub use seed::Seed;
