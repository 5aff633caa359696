//! Flags, subcommands, exit codes; how errors look to a person.
//!
//! It must never hold logic that another front end would need, and nothing else may decide an exit code.

mod arguments;
mod baseline;
mod choices;
mod conclude;
mod diagnostic;
mod dispatch;
mod documents;
mod examples;
mod exit;
mod explain;
mod failure;
mod flags;
mod init;
mod inspect;
mod issues;
mod layer;
mod night;
mod output;
mod progress;
mod replaying;
mod review;
mod runs;
mod single;
mod start;
#[cfg(feature = "demo")]
mod target;

pub use arguments::{Arguments, Verb};
pub use exit::Exit;
pub use start::{main, run};

#[cfg(test)]
mod tests;
