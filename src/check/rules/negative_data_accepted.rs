//! The server accepts a request that the document forbids.
//!
//! ## What it does
//! Sends requests with exactly one rule of the document broken and reports those that are answered 2xx. Silent where
//! nobody could be blamed: a text on the wire that is right in one of its readings (`5` is a number and a string),
//! bodies that are plain text, a body that is invalid only because alternatives of a `oneOf` overlap, a broken path
//! value that names another operation, an answer whose body says that it was refused (`{"ok": false}`), headers that
//! HTTP lets a server ignore if it does not understand them (`Accept-Language`, `Range`, `Prefer`, `traceparent`). A
//! warning, not an error, where many servers are lenient on purpose: numbers in quotes, another content type, null for
//! something optional (a property, a parameter, the whole body), a PATCH without what its schema requires, a page size
//! above the greatest, a format in an OpenAPI 3.1 document, an answer 202 that only promises to look at the request.
//!
//! ## Why it matters
//! What is accepted is stored, and comes back: too long, of the wrong type, outside its enumeration. Validation that
//! the document promises and the server forgets is also the first thing an attacker looks for.
//!
//! ## Example
//! `asset_name` has `maxLength: 255`. `POST /assets` with 256 characters answers `201 Created`.
//!
//! ## How to fix
//! Validate the input as documented and answer 4xx, or relax the document to what the server really accepts.

use crate::case::{Case, Mode, Payload, Phase, Reason};
use crate::check::Context;
use crate::check::paging::is_limit;
use crate::check::reading::{readings, wire_text};
use crate::check::refusal::refuses_in_body;
use crate::check::route::fits;
use crate::check::wording::{change_words, without_indices};
use crate::exchange::{Exchange, Framing, MediaType, Method};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::schema::{Dialect, Direction, Pointer};
use crate::spec::{Location, Operation};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "negative-data-accepted",
    title: "The server accepts what the document forbids",
    severity: Severity::Error,
    family: Family::Input,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.12 Parameter Object, §4.7.13 Request Body Object",
    fault_code: Some(102),
    default_on: true,
};

/// Headers that a recipient ignores if it cannot make sense of them: RFC 9110 §10.1, §12.5, §13.1.3, §13.1.4 and §14.2,
/// RFC 9111 §5.2, RFC 7240 §2, RFC 9218 §5, W3C Trace Context §3.2; ids of requests are replaced by proxies.
const IGNORED: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "baggage",
    "cache-control",
    "correlation-id",
    "dnt",
    "forwarded",
    "from",
    "if-modified-since",
    "if-range",
    "if-unmodified-since",
    "pragma",
    "prefer",
    "priority",
    "range",
    "referer",
    "request-id",
    "save-data",
    "traceparent",
    "tracestate",
    "user-agent",
    "via",
    "x-correlation-id",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-request-id",
    "x-trace-id",
];

pub(crate) fn check(context: &Context, case: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    if case.mode != Mode::Negative || case.phase == Phase::Access {
        return None;
    }
    let in_path = case.reason.part.starts_with("path parameter");
    match response.status {
        200..=299 if refuses_in_body(response) => return Some(Vec::new()),
        200..=299 => {}
        401 | 403 | 408 | 429 => return None,
        404 | 410 => return in_path.then(Vec::new),
        400..=499 => return Some(Vec::new()),
        _ => return None,
    }
    if nobody_to_blame(context, case, &exchange.request.url) {
        return None;
    }
    let reason = &case.reason;
    let site = Site::new(&[&without_indices(&reason.part), &reason.keyword, reason.pointer.as_str()]);
    let change = match change_words(case) {
        words if words.is_empty() => "against the document".to_owned(),
        words => words,
    };
    let place = Place {
        document: Some(reason.pointer.clone()),
        instance: body_pointer(case),
        label: reason.part.clone(),
    };
    let operation = context.operation;
    let mut finding =
        Finding::new(&RULE, Some(&operation.key), &site, format!("accepts an invalid request: {change}"))
            .detail(format!("answered {}, though the request breaks `{}`", response.status, reason.keyword))
            .place(place);
    if response.status == 202 || is_lenient(context, case) {
        finding.severity = Severity::Warning;
    }
    Some(vec![finding])
}

/// Whether many servers accept this on purpose.
fn is_lenient(context: &Context, case: &Case) -> bool {
    let reason = &case.reason;
    // JSON Schema 2020-12 §7.2.1: there, a format is an annotation and need not be enforced.
    let annotation = reason.keyword == "format" && context.api.document.dialect() == Dialect::Draft202012;
    annotation
        || reason.how.contains("lenient coercion")
        || reason.keyword == "content-type"
        || is_part_of_a_change(context, reason)
        || is_beyond_a_page(reason)
        || null_for_optional(context, case)
}

/// Whether a PATCH leaves something out: documents often give it the schema of the whole.
fn is_part_of_a_change(context: &Context, reason: &Reason) -> bool {
    context.operation.method == Method::Patch
        && reason.keyword == "required"
        && reason.how.starts_with("without the required property")
}

/// Whether more was asked for than a page may hold: many servers cut it down to the most (Google AIP-158).
fn is_beyond_a_page(reason: &Reason) -> bool {
    let name = reason.part.strip_prefix("query parameter ");
    matches!(reason.keyword.as_str(), "maximum" | "exclusiveMaximum") && name.is_some_and(is_limit)
}

/// Whether the only fault is a null where nothing at all could have been sent.
fn null_for_optional(context: &Context, case: &Case) -> bool {
    if let Some((location, name)) = parameter_named(&case.reason.part) {
        let parameter = context.operation.parameter(location, name);
        return parameter.is_some_and(|parameter| !parameter.required)
            && case.parameter(location, name) == Some(&Value::Null);
    }
    if case.reason.part == "body" && body_value(case) == Some(&Value::Null) {
        return context.operation.body.as_ref().is_some_and(|body| !body.required);
    }
    let (Some(at), Some(body), Some(schema)) =
        (body_pointer(case), body_value(case), body_schema(context, case))
    else {
        return false;
    };
    if body.pointer(at.as_str()) != Some(&Value::Null) {
        return false;
    }
    let (Some(parent), Some(name)) = (at.parent(), at.last()) else { return false };
    let mut without = body.clone();
    let Some(Value::Object(map)) = without.pointer_mut(parent.as_str()) else { return false };
    map.shift_remove(&name);
    context.validators.is_valid(schema, Direction::Request, &without).unwrap_or(false)
}

/// Whether the request that was really sent may be a valid one, for this operation or another.
fn nobody_to_blame(context: &Context, case: &Case, url: &str) -> bool {
    let Some((location, name)) = parameter_named(&case.reason.part) else {
        return body_is_blameless(context, case) || body_fits_too_well(context, case);
    };
    let missing = case.reason.keyword == "required";
    (location == Location::Path && leads_elsewhere(context, url))
        || (location == Location::Header && !missing && is_ignored(name))
        || parameter_is_blameless(context, case, location, name)
}

/// The parameter that a part of a request names: `query parameter limit`.
fn parameter_named(part: &str) -> Option<(Location, &str)> {
    let mut words = part.splitn(3, ' ');
    let location = match words.next()? {
        "path" => Location::Path,
        "query" => Location::Query,
        "querystring" => Location::Querystring,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        _ => return None,
    };
    Some((location, words.nth(1).unwrap_or_default()))
}

/// Whether a header of this name may be ignored.
fn is_ignored(name: &str) -> bool {
    IGNORED.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether some reading of the parameter's text is valid.
fn parameter_is_blameless(context: &Context, case: &Case, location: Location, name: &str) -> bool {
    let Some(parameter) = context.operation.parameter(location, name) else { return false };
    let Some(value) = case.parameter(location, name) else { return false };
    let value = match value {
        // In a query, a list of one looks like its element.
        Value::Array(items) if items.len() == 1 => &items[0],
        other => other,
    };
    let (Some(text), Some(schema)) = (wire_text(value), &parameter.schema) else { return false };
    (text.is_empty() && parameter.allow_empty)
        || readings(&text, ',')
            .iter()
            .any(|reading| context.validators.is_valid(schema, Direction::Request, reading).unwrap_or(false))
}

/// Whether the only fault of a body is that several alternatives of a `oneOf` take it: they overlap, which is the
/// document's slip, and the server reads the value as one of them.
fn body_fits_too_well(context: &Context, case: &Case) -> bool {
    let (Some(body), Some(schema)) = (body_value(case), body_schema(context, case)) else { return false };
    case.reason.keyword == "oneOf"
        && context.validators.is_valid_loosely(schema, Direction::Request, body).unwrap_or(false)
}

/// Whether the body travels as text in which the broken rule cannot be seen.
fn body_is_blameless(context: &Context, case: &Case) -> bool {
    let Some(media_type) = case.body.as_ref().and_then(|body| MediaType::parse(&body.media_type)) else {
        return false;
    };
    let json_rows = matches!(Framing::of(&media_type), Some(Framing::Lines | Framing::Records));
    let structured = media_type.is_json() || media_type.is_xml() || json_rows;
    let is_form = media_type.is_form() || media_type.is_multipart();
    if structured || matches!(case.reason.keyword.as_str(), "required" | "content-type") {
        return false;
    }
    let (Some(body), Some(schema)) = (body_value(case), body_schema(context, case)) else { return !is_form };
    if !is_form {
        return true;
    }
    let Some(text) = body_pointer(case).and_then(|at| body.pointer(at.as_str())).and_then(wire_text) else {
        return false;
    };
    readings(&text, ',').into_iter().any(|reading| {
        let mut read = body.clone();
        if let Some(slot) = body_pointer(case).and_then(|at| read.pointer_mut(at.as_str())) {
            *slot = reading;
        }
        context.validators.is_valid(schema, Direction::Request, &read).unwrap_or(false)
    })
}

/// Whether the URL no longer names this operation: an empty segment, or another operation's own words.
fn leads_elsewhere(context: &Context, url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    let path = url.path();
    if !fits(context.operation, path) {
        return true;
    }
    let literal = |operation: &Operation| operation.path.names().count();
    context.api.operations.iter().any(|other| {
        other.method == context.operation.method
            && literal(other) < literal(context.operation)
            && fits(other, path)
    })
}

fn body_value(case: &Case) -> Option<&Value> {
    match &case.body.as_ref()?.payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}

fn body_schema<'a>(context: &Context<'a>, case: &Case) -> Option<&'a Pointer> {
    context.operation.body_content(&case.body.as_ref()?.media_type)?.schema.as_ref()
}

/// Where in the body the broken rule is: `body /tags/0` → `/tags/0`.
fn body_pointer(case: &Case) -> Option<Pointer> {
    Pointer::parse(case.reason.part.strip_prefix("body")?.trim_start())
}

#[cfg(test)]
mod tests;
