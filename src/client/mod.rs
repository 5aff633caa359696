//! HTTP out: the one place where requests leave and where keys are put on them.
//!
//! One of the three gates to the world. It must never judge an answer, never record a key, and never contact
//! another origin than the base URL's: no redirect is followed but the one to the same path with or without a slash at
//! its end, no hidden retry is made.

mod credential;
mod decode;
mod error;
mod http;
mod keyring;
mod limiter;
mod options;
mod outcome;
mod redirect;
mod retry_after;
mod scripted;
mod setup;
mod transport;

#[cfg(test)]
mod tests;

pub use credential::Placement;
pub use error::ClientError;
pub use http::{Client, SendStats};
pub use keyring::{FAKE_KEY, Key, Keyring, fake_pair};
pub use options::{ClientOptions, Proxy};
pub use scripted::{Outcome, Scripted};
pub use transport::Transport;
