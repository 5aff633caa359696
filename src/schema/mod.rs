//! JSON Schema as OpenAPI uses it: documents addressed by pointer, dialects, references, validation.
//!
//! Schemas stay raw JSON under [`Pointer`]s; nothing is copied into a typed tree that would drop keywords.
//! This room must never fetch anything: a reference that leaves the document does not resolve here.

mod decimal;
mod dialect;
mod digits;
mod document;
mod doubles;
mod embedded;
mod error;
mod identifiers;
mod pattern;
mod pointer;
mod validate;
mod view;

pub use decimal::Decimal;
pub use dialect::{Dialect, Direction};
pub(crate) use digits::says_more;
pub use digits::{Digits, nearest};
pub use document::Document;
pub use doubles::Doubles;
pub(crate) use embedded::{FILES, OWN};
pub use error::{SchemaError, SchemaProblem};
pub(crate) use identifiers::DATA;
pub use identifiers::Identifiers;
pub use pattern::readable_pattern;
pub use pointer::Pointer;
pub(crate) use pointer::find;
pub use validate::Validators;
