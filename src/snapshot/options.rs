//! What is kept of an answer, and what is not.

use serde::{Deserialize, Serialize};

/// How answers are normalised. The defaults suit an instance whose data stays, more or less, as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotOptions {
    /// Arrays are cut after this many items.
    pub longest_array: usize,
    /// Objects are cut after this many properties, in order of their names.
    pub longest_object: usize,
    /// Text bodies are cut after this many bytes.
    pub longest_text: usize,
    /// Properties of these names are always masked, wherever they are.
    pub volatile_fields: Vec<String>,
    /// Headers of these names (any letter case) are left out, beside those that always are.
    pub dropped_headers: Vec<String>,
}

impl Default for SnapshotOptions {
    fn default() -> Self {
        Self {
            longest_array: 20,
            longest_object: 200,
            longest_text: 16 * 1024,
            volatile_fields: Vec::new(),
            dropped_headers: Vec::new(),
        }
    }
}
