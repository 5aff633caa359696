//! Values judged by schemas: compiled on first use, kept while there is room.
//!
//! A schema that cannot be compiled fails alone. Nothing here fetches anything, and no panic of the validator's
//! leaves this folder.

mod cache;
mod compile;
mod guard;
#[cfg(test)]
mod tests;
mod validators;

pub use validators::Validators;
