//! **Specwarden** keeps an API to its contract, every night.
//!
//! This file is the map. Rooms stand on floors; a room imports only from floors below its own,
//! and `tests/tidy.rs` holds it to that. [`session`] is the front door: one function per verb.
//!
//! ```text
//! 10  cli                                       flags, subcommands, exit codes
//!  9  session                                   one function per verb
//!  8  config                                    file, environment, flags → typed options
//!  7  engine · report                           the walk · the tellings
//!  6  source · client · store                   the only gates to the world
//!  5  event                                     what happened, in order
//!  4  generate · check · shrink · snapshot · compat · bench · lint
//!  3  plan · finding                            jobs · what is wrong
//!  2  case                                      an operation with chosen values
//!  1  spec, on exchange                         the document's model, on what goes over the wire
//!  0  schema · secret                           JSON Schema · values that cannot be printed
//!     demo                                      beside the tower: an instance to try it on
//! ```

// Floor 0
pub mod schema;
pub mod secret;
// Floor 1
pub mod exchange;
pub mod spec;
// Floor 2
pub mod case;
// Floor 3
pub mod finding;
pub mod plan;
// Floor 4
pub mod bench;
pub mod check;
pub mod compat;
pub mod generate;
pub mod lint;
pub mod shrink;
pub mod snapshot;
// Floor 5
pub mod event;
// Floor 6
pub mod client;
pub mod source;
pub mod store;
// Floor 7
pub mod engine;
pub mod report;
// Floor 8
pub mod config;
// Floor 9
pub mod session;
// Floor 10
#[cfg(feature = "cli")]
pub mod cli;
// Beside the tower
#[cfg(feature = "demo")]
pub mod demo;
