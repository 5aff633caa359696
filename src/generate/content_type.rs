//! Headers about content: types that say nothing sensible about a body, which servers may refuse and must not fail at,
//! and a readiness to take any answer.

use crate::case::{BodyValue, Case, ParameterValue, Payload};
use crate::exchange::Body;
use crate::generate::generator::with_body;
use crate::generate::media::{self, Kind};
use crate::generate::positive::why;
use crate::spec::{Location, Operation};
use serde_json::json;

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

/// A question that takes any answer, where the document names what is answered: many clients ask so.
pub(super) fn accept_anything(operation: &Operation, base: &Case, cases: &mut Vec<Case>) {
    let names_types = operation.responses.iter().any(|response| !response.contents.is_empty());
    if !operation.method.is_safe() || !names_types {
        return;
    }
    let mut case = base.clone();
    case.reason = why(&operation.pointer, "accept", "any answer is taken", "header Accept");
    let payload = Payload::Json(json!("*/*"));
    case.parameters.push(ParameterValue { name: "accept".to_owned(), location: Location::Header, payload });
    cases.push(case);
}
