//! Entity tags (RFC 9110 §8.8.3): what an answer says of its version, and how two of them compare.
//!
//! Only reads; whether a difference is a fault is for the rules to say.

use crate::check::Step;
use crate::spec::{Location, Operation};

/// The entity tag of a successful answer, weak mark included.
pub(crate) fn tag(step: &Step) -> Option<&str> {
    let response = step.response().filter(|response| response.is_success())?;
    response.header("etag").map(str::trim).filter(|tag| tag.ends_with('"') && tag.len() > 2)
}

/// Whether a tag promises that equal tags are equal bytes.
pub(crate) fn is_strong(tag: &str) -> bool {
    tag.starts_with('"')
}

/// The condition that a step was sent with.
pub(crate) fn condition<'s>(step: &'s Step, name: &str) -> Option<&'s str> {
    let mut headers = step.exchange.request.headers.iter();
    headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Whether two tags name the same version, weak or not (RFC 9110 §8.8.3.2).
pub(crate) fn names_same(one: &str, other: &str) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    opaque(one) == opaque(other)
}

/// Whether the document says that an operation heeds `If-Match`: a parameter, or a status that only that explains.
pub(crate) fn is_conditional(operation: &Operation) -> bool {
    let declared = operation
        .parameters
        .iter()
        .any(|p| p.location == Location::Header && p.name.eq_ignore_ascii_case("if-match"));
    let exact = |status: u16| operation.response(status).is_some_and(|spec| spec.status.precision() > 1);
    declared || exact(412) || exact(428)
}
