//! Why no value or case could be made.

use crate::generate::build::{DEEPEST, FUEL};
use crate::schema::Pointer;
use crate::spec::OperationKey;

/// Why the generator could not make what was asked for. Always a fact about the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// The schema allows no value, or none that ends within bounds.
    #[error("no value of at most {DEEPEST} levels and {FUEL} nodes exists for the schema at `{pointer}`")]
    NoFiniteValue {
        /// The schema.
        pointer: Pointer,
    },
    /// Values were made, and each broke the schema.
    #[error("no valid value found for the schema at `{pointer}` in {tries} tries (`{keyword}` kept failing)")]
    NoValidValue {
        /// The schema.
        pointer: Pointer,
        /// How many values were made.
        tries: u32,
        /// The keyword that the last one broke.
        keyword: String,
    },
    /// Valid values exist, but none that can travel where the parameter stands.
    #[error("no value of the {part} of `{operation}` can travel there")]
    Untransportable {
        /// The operation.
        operation: OperationKey,
        /// Which part, e.g. `path parameter id`.
        part: String,
    },
}
