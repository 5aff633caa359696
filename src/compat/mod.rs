//! Breaking changes between two documents: walk both in step, judge each change by rules.
//!
//! Requests may only be accepted more widely, answers may only be promised more narrowly: one relation over sets
//! of values (`relation`), read in one direction for requests and in the other for responses. A changed component
//! that many operations reach is one finding.
//! Pure: two models in, findings out. It must never read a file, and never say more than the documents do.

mod anchor;
mod branches;
mod catalogue;
mod change;
mod compare;
mod content;
#[cfg(test)]
mod fixture;
mod gather;
mod node;
mod options;
mod pair;
mod relation;
mod rules;
mod step;
#[cfg(test)]
mod tests;
mod walk;

pub use catalogue::RULES;
pub use compare::compare;
pub use options::CompatOptions;
