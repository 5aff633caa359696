//! Bare values of one schema, for people who want to look at them.

use crate::generate::{GenerateError, Generator};
use crate::plan::{Known, Seed};
use crate::schema::Pointer;
use serde_json::Value;

impl Generator {
    /// A random valid value of the schema at `schema`. The same seed makes the same value.
    pub fn value(&self, schema: &Pointer, seed: Seed) -> Result<Value, GenerateError> {
        self.draw(schema, &Known::default(), seed)
    }
}
