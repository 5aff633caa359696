//! Values that cannot be printed, and the mask that keeps them out of every sink.
//!
//! Keys enter the program as [`Secret`] and stay so until the one place that writes them on the wire.
//! [`Masker`] removes them by value from anything that is stored or shown.
//! This room must never print, log, hash or serialise a secret.

mod masker;
mod minted;
mod spellings;
mod value;

pub use masker::{MASK, Masker};
pub use minted::{minted, password_names};
pub use value::Secret;
