//! How much to generate, and how deep.

use crate::generate::TextFamily;
use std::collections::BTreeSet;

/// Bounds for the generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateOptions {
    /// Most boundary cases of one operation.
    pub max_boundary: usize,
    /// Most negative cases of one operation.
    pub max_negative: usize,
    /// Most example cases of one operation.
    pub max_examples: usize,
    /// Most strange cases of one operation.
    pub max_robustness: usize,
    /// Which families of odd texts strange cases send.
    pub families: BTreeSet<TextFamily>,
    /// How many levels of nesting are filled with optional parts; deeper, only what is required.
    pub depth: u32,
    /// How many levels of nesting boundary and negative cases descend.
    pub reach: u32,
    /// How often a value that fails its own schema is drawn again.
    pub tries: u32,
    /// The longest text, in code points, that a boundary or negative case sends.
    pub longest_text: usize,
    /// The longest array, in items, that a boundary or negative case sends.
    pub longest_array: usize,
}

impl Default for GenerateOptions {
    fn default() -> Self {
        Self {
            max_boundary: 60,
            max_negative: 60,
            max_examples: 20,
            max_robustness: 60,
            families: BTreeSet::new(),
            depth: 3,
            reach: 3,
            tries: 32,
            longest_text: 4096,
            longest_array: 100,
        }
    }
}
