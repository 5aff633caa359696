//! What validation can say: where a value is wrong, or why a schema cannot judge.

use crate::schema::Pointer;
use serde::{Deserialize, Serialize};

/// One way in which a value does not match its schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaError {
    /// Where in the value.
    pub instance: Pointer,
    /// Which keyword in the document, e.g. `/components/schemas/Pet/properties/id/type`.
    pub schema: Pointer,
    /// The keyword that failed, e.g. `type`.
    pub keyword: String,
    /// What is wrong, in words, without the value itself where it could be large.
    pub message: String,
}

/// Why a schema cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaProblem {
    /// The schema did not compile.
    #[error("compile the schema at `{pointer}`: {reason}")]
    Uncompilable {
        /// The schema.
        pointer: Pointer,
        /// The compiler's words.
        reason: String,
    },
    /// The validator gave up on a value.
    #[error("judge by the schema at `{pointer}`: {reason}")]
    Undecided {
        /// The schema.
        pointer: Pointer,
        /// What went wrong.
        reason: String,
    },
}
