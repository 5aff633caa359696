//! API documents of every version become one model: [`Api`].
//!
//! The model names operations, parameters, bodies, responses and security; schemas are [`Pointer`]s
//! (see [`crate::schema`]) into the raw document it carries. A bad corner is an [`Issue`], not a failure.
//! This room must never read files or fetch anything: it gets parsed JSON and gives a model.
//!
//! [`Pointer`]: crate::schema::Pointer

mod annotated;
mod api;
mod error;
mod issue;
mod link;
mod operation;
mod parameter;
mod parse;
mod path;
mod response;
mod security;

pub use annotated::Annotated;
pub use api::{Api, Server, SpecVersion};
pub use error::SpecError;
pub use issue::{Issue, IssueKind};
pub use link::{Expression, Link, LinkParameter, LinkPiece, LinkValue, Source};
pub use operation::{Content, Encoding, Operation, OperationKey, RequestBody, Sequence};
pub use parameter::{Location, Parameter, Style};
pub(crate) use parse::LEADS_NOWHERE;
pub use parse::parse;
pub use path::{PathSegment, PathTemplate};
pub use response::{HeaderSpec, ResponseSpec, StatusPattern};
pub use security::{Requirement, SecurityScheme};
