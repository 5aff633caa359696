//! Tests of validation, by what they are about.

mod hostile;
mod names;
mod openapi;
mod properties;
mod sharing;
