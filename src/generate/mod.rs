//! From a schema, the cases that find bugs: positive, boundary, negative, by construction.
//!
//! Pure: it must never send, and never draw from anything but the seed it is given.

mod assume;
mod boundary;
mod breaks;
mod build;
mod census;
mod constraints;
mod content_type;
mod doubts;
mod draw;
mod error;
mod fact;
mod format;
mod generator;
mod grid;
mod hard_text;
mod items;
mod malformed;
mod media;
mod members;
mod merge;
mod moments;
mod negative;
mod odd_text;
mod options;
mod pattern;
mod piece;
mod places;
mod positive;
mod ranges;
mod rescue;
mod robustness;
mod shape;
mod shapes;
mod single;
mod strategy;
mod text;
mod tree;
mod variant;
mod wire;
mod wishes;

pub use census::constraint;
pub use error::GenerateError;
pub use generator::Generator;
pub use odd_text::TextFamily;
pub use options::GenerateOptions;
pub use places::Names;
pub use strategy::{SchemaStrategy, SchemaTree};

#[cfg(test)]
mod tests;
