//! Bodies in XML, by the `xml` keyword of their schemas (OpenAPI 3.1.1 §4.8.26, 3.2 §4.27).
//!
//! Written for requests, read from answers. What the keyword leaves open must never be judged: a reading says which
//! of its parts are certain.

mod read;
mod tree;
mod view;
mod write;

#[cfg(test)]
mod tests;

pub use read::{XmlReading, read_xml};
pub use tree::XmlUnread;
pub(in crate::case) use write::write;
