//! A short summary for a CI job's page: the verdict, a table of findings, what was not decided.
//!
//! It must stay short: the whole story is in the other formats.

mod page;

pub(super) use page::render;
