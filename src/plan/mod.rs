//! Jobs with seeds and budgets: what a run intends to do, decided before anything is sent.
//!
//! A plan is a pure function of the model and the options. It must never depend on arrival order:
//! a case's seed derives from the run's seed, the operation, the phase and the index.

mod danger;
mod follow;
mod given;
mod job;
mod known;
mod lesson;
mod pool;
mod prose;
mod range;
mod refusal;
mod resource;
mod safety;
mod seed;
mod select;
mod words;

pub use follow::{Passed, follow};
pub use given::{Candidates, Given, GivenValues, NamePattern};
pub use job::{Budget, Job, Plan, PlanOptions, is_deselected, plan};
pub use known::Known;
pub use lesson::{Lessons, Wish};
pub(crate) use pool::identity_names;
pub use pool::{Binding, Pool, in_order};
pub use prose::prose;
pub use range::{Range, is_bound, moved, order, ranges};
pub use refusal::taught;
pub use resource::{Resource, item_prefixes, resources};
pub use safety::{Permission, Safety, permission};
pub use seed::Seed;
pub use select::Selector;
pub(crate) use words::{fold, singular};
