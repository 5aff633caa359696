//! The whole night for machines, by a published schema (`docs/report.schema.json`).
//!
//! The shape is a contract of its own: it must never change just because a type inside the house does.

mod document;
mod render;

pub use document::schema;
pub(super) use render::render;
