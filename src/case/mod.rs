//! A case: one operation with chosen values and the reason for them.
//!
//! A case knows how to become a request ([`Case::render`]) and nothing about sending or judging it.
//! It must never hold a credential: it names one.

mod error;
mod model;
mod readings;
mod render;
mod xml;

pub use error::RenderError;
pub use model::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
pub use readings::{Shape, readings, reread_parameter, spelled_number};
pub use render::{parameter_text, scalar_text, undefined_serialisation};
pub use xml::{XmlReading, XmlUnread, read_xml};
