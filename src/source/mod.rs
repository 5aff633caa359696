//! Documents in: files, URLs, standard input; JSON and YAML with positions.
//!
//! [`read()`] gets a document and hands it to [`crate::spec::parse`]; [`read_text`] does the same for text that is
//! already in memory. One of the three gates to the world. It must never follow a redirect to another host,
//! write anything, or let a key or password of its location out.

mod error;
mod fetch;
mod file;
mod json;
mod loaded;
mod location;
mod options;
mod position;
mod read;
mod scalar;
#[cfg(test)]
mod tests;
mod value;
mod yaml;

pub use error::SourceError;
pub use loaded::{Format, Loaded, read_text};
pub use options::ReadOptions;
pub use read::read;
