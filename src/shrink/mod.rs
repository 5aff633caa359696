//! Makes a failing case smaller while it stays in its class.
//!
//! Pure: it proposes, the engine sends and answers. It must never send anything itself, and never turn a valid
//! case into an invalid one, one broken rule into another, or a change of one thing into a change of something else.

mod class;
mod edit;
mod measure;
mod shrinker;
mod simpler;

#[cfg(test)]
mod tests;

pub use shrinker::Shrinker;
