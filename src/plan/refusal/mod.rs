//! Refusals read as people read them: which value the server did not want, and what it wants instead.
//!
//! What is not understood teaches nothing; a lesson must never be guessed from silence.

mod complaints;
mod message;
mod teach;

pub(super) use message::wish;
pub use teach::taught;

#[cfg(test)]
mod tests;
