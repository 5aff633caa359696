//! A case: one operation with chosen values and the reason for them.
//!
//! A case knows how to become a request and nothing about sending or judging it.
//! It must never hold a credential: it names one.

mod model;

pub use model::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
