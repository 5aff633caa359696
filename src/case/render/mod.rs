//! From case to request: parameters by style, bodies by media type, headers that HTTP can carry.
//!
//! It must never add a credential, and never quietly send something else than the case says.

mod body;
mod encode;
mod form;
mod multipart;
mod request;
mod sequence;
mod style;
mod undefined;

#[cfg(test)]
mod independent;
#[cfg(test)]
mod roundtrip;
#[cfg(test)]
mod roundtrip_bodies;
#[cfg(test)]
mod sendable;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod versions;

pub use style::{parameter_text, scalar as scalar_text};
pub use undefined::undefined_serialisation;
