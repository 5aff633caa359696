//! The front door: one function per verb, wiring rooms together.
//!
//! [`run`] is a night: test, snapshot, bench, diff, as far as [`Stages`] ask for them. The other verbs are
//! its parts alone, or look at what earlier nights left.
//! It must never decide how anything looks, and never call the process's exit.

mod baseline;
mod call;
mod cases;
mod error;
mod given;
mod inspect;
mod night;
mod past;
mod pending;
mod prepare;
mod replay;
mod runs;

pub use baseline::{Added, DryRun, Label, add_known, baseline, prune_known, standings, today};
pub use call::{Called, call};
pub use cases::{CaseMode, CaseRequest, cases};
pub use error::{Blame, SessionError};
pub use inspect::{diff, inspect};
pub use night::{Finished, Stages, run};
pub use past::{load, merge};
pub use pending::{Decision, pending, settle};
pub use replay::{Replayed, Standing, replay};
pub use runs::{Stays, StoredRun, prune_runs, stored_runs};
