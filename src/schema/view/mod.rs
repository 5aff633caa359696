//! One schema as `jsonschema` must see it: rewritten for a direction, with what it refers to and nothing else.
//!
//! OpenAPI 2.0/3.0 schemas are not plain draft 4: `nullable`, `x-nullable`, `type: file`, a boolean `required`
//! on a property, `readOnly`/`writeOnly` by direction. Starting at the schema asked for, every schema reached by a
//! reference is copied and rewritten, wherever it stands; each place in the copy has its place in the document.
//! Nothing here compiles, and nothing unreachable is ever looked at.

mod chain;
mod closure;
mod keywords;
mod mend;
mod rewrite;
#[cfg(test)]
mod tests;

pub(super) use closure::{Origins, View, view};
