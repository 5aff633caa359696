//! What is doubtful about a document: rules about its meaning, and the pages of every document rule.
//!
//! [`lint`] tells the corners that can be read but hardly mean what they say: schemas that no value satisfies,
//! examples that break their own schema, keywords of another version. Reading itself tells its issues in
//! [`crate::spec::parse()`]; the catalogue here holds the pages of both kinds.
//! This room is pure, never changes what is tested, and takes "unknown" for no issue.

mod all;
mod catalogue;
mod discriminator;
#[cfg(test)]
mod documentation;
mod exemplar;
#[cfg(test)]
mod fixture;
mod keyword;
mod local;
mod parsing;
mod rule;
mod rules;
mod scene;
mod walk;

pub use all::lint;
pub use catalogue::{RULES, rule};
pub use rule::{LintRule, severity};
