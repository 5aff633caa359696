//! Content types that say nothing sensible about a body: servers may refuse them, and must not fail at them.

use crate::case::{BodyValue, Case, Payload};
use crate::exchange::Body;
use crate::generate::generator::with_body;
use crate::generate::media::{self, Kind};
use crate::generate::positive::why;
use crate::spec::Operation;

/// Parts without the text that parts them (RFC 2046 §5.1.1).
const UNPARTED: &str = "multipart/form-data";
/// A charset that nobody has (RFC 9110 §8.3.2).
const UNKNOWN_CHARSET: &str = "specwarden";

/// A form of parts that names no boundary, and the operation's own body under a charset that does not exist.
pub(super) fn odd_content_types(operation: &Operation, base: &Case, cases: &mut Vec<Case>) {
    let mut add = |media_type: String, payload: Payload, keyword: &str, how: &str| {
        let reason = why(&operation.pointer, keyword, how, "header Content-Type");
        cases.push(with_body(base, Some(BodyValue { media_type, payload }), reason));
    };
    add(
        UNPARTED.to_owned(),
        Payload::Raw(Body(Vec::new())),
        "boundary",
        "a form of parts without a boundary",
    );
    let json = base.body.as_ref().filter(|body| media::kind(&body.media_type) == Kind::Json);
    if let Some(body) = json {
        let essence = body.media_type.split(';').next().unwrap_or_default().trim();
        let media_type = format!("{essence}; charset={UNKNOWN_CHARSET}");
        add(media_type, body.payload.clone(), "charset", "a charset that does not exist");
    }
}
