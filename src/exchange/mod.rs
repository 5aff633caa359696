//! What went over the wire, as plain data: request, answer, timing.
//!
//! An [`Exchange`] owns everything it says and survives serialisation. It must never hold a secret:
//! credentials appear in it only as `$NAME` placeholders.

mod body;
mod curl;
mod media;
mod method;
mod record;
mod script;
mod sequence;

pub use body::Body;
pub use curl::curl;
pub use media::MediaType;
pub use method::{Method, MethodName};
pub use record::{
    ACCEPTED_CODINGS, Exchange, Packed, Request, Response, Timing, TransportError, TransportErrorKind,
};
pub use script::script;
pub use sequence::{Framing, items};
