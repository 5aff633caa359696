//! Documents in: files, URLs, standard input; JSON and YAML with positions.
//!
//! [`read()`] gets a document and hands it to [`crate::spec::parse`]; [`read_text`] does the same for text that is
//! already in memory. A document in several files becomes one on the way in. One of the three gates to the world. It must never follow a redirect to another host,
//! write anything, or let a key or password of its location out.

mod bundle;
mod decode;
mod error;
mod fetch;
mod file;
mod flow;
mod guard;
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
pub use loaded::{Format, Loaded, Origin, SourceFile, read_text};
pub use options::{ReadOptions, RemoteRefs};
pub use read::read;
