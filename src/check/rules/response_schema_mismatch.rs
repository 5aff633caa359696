//! The answer's JSON body does not match its documented schema.
//!
//! ## What it does
//! Validates the body of a JSON answer against the schema documented for its status and media type, as an answer:
//! properties that are `writeOnly` are not asked for. Each place in the schema that is broken is one finding, however
//! many items break it. Reported too: a JSON answer that is not JSON, and an empty body where a JSON body is
//! documented. An answer in a sequential media type (`application/jsonl`, `application/json-seq`, `text/event-stream`,
//! `multipart/mixed`) is judged item by item where the document describes its items. An answer in XML is read as the keyword `xml` of its schema says; what the annotations leave open (empty elements, alternatives, lists without a name for their items) is not judged. Of the formats, only `date-time`, `date`, `uuid`, `email`, `ipv4` and `ipv6` are judged, as warnings.
//! Truncated bodies (but for the whole items of a sequential one) and compressed ones are not judged, nor is a 2xx to an invalid request:
//! what was wrongly accepted comes back, and `negative-data-accepted` tells of it.
//!
//! ## Why it matters
//! Clients and generated code take the schema at its word: a property that is missing, null or of another type ends in
//! an exception far from its cause.
//!
//! ## Example
//! `asset_id` is documented as an integer. `GET /assets` answers `[{"asset_id": "17"}]`.
//!
//! ## How to fix
//! Return what the schema says, or correct the schema: mark the property nullable, optional, or of the other type.

use crate::case::{Case, Mode, XmlUnread, read_xml};
use crate::check::Context;
use crate::check::documented::{content_for, documented, has_no_content, is_telling, severity};
use crate::check::items::{self, Row};
use crate::exchange::{Exchange, MediaType, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::schema::{Direction, Pointer, SchemaError};
use crate::spec::{Content, ResponseSpec};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const RULE: Rule = Rule {
    id: "response-schema-mismatch",
    title: "An answer's body does not match its schema",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.14 Media Type Object",
    fault_code: Some(101),
    default_on: true,
};

/// Instances named in a finding's detail; more tell nothing new.
const MOST_INSTANCES: usize = 5;

pub(crate) fn check(context: &Context, case: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    if case.mode == Mode::Negative && response.is_success() {
        return None;
    }
    let spec = documented(context, response)?;
    if has_no_content(context.operation.method, response.status) {
        return None;
    }
    if let Some((content, sent, row)) = row_of(spec, response) {
        return judge_row(context, spec, response, content, &sent, row);
    }
    if response.truncated {
        return None;
    }
    if response.body.is_empty() {
        return empty(context, spec, response);
    }
    if let Some(content) = xml_content(spec, response) {
        return judge_xml(context, spec, response, content);
    }
    let (content, declared) = judged_content(spec, response)?;
    match parse(response) {
        Body::Json(value) => mismatches(context, spec, content.schema.as_ref()?, response, &value),
        Body::Broken(message) if declared => {
            let title = format!("answers {} with a body that is not JSON", response.status);
            Some(vec![finding(context, spec, response, "malformed", title, content).detail(message)])
        }
        Body::Broken(_) | Body::Unreadable => None,
    }
}

/// The items of an answer in a sequential media type, where the document speaks of them.
fn row_of<'a>(spec: &'a ResponseSpec, response: &Response) -> Option<(&'a Content, MediaType, Row)> {
    let sent = response.media_type()?;
    let content = content_for(spec, &sent)?;
    let row = items::row(content, &sent, response)?;
    Some((content, sent, row))
}

fn judge_row(
    context: &Context,
    spec: &ResponseSpec,
    response: &Response,
    content: &Content,
    sent: &MediaType,
    row: Row,
) -> Option<Vec<Finding>> {
    match row {
        Row::Items(list) => {
            let errors = items::errors(context, content, sent, &list, response.truncated)?;
            Some(by_place(context, spec, response, errors, &list))
        }
        Row::Broken(_) if is_foreign(response) => None,
        Row::Broken(message) => {
            let title = format!("answers {} with a body that is not {sent}", response.status);
            Some(vec![finding(context, spec, response, "malformed", title, content).detail(message)])
        }
    }
}

/// The content that describes an answer in XML.
fn xml_content<'a>(spec: &'a ResponseSpec, response: &Response) -> Option<&'a Content> {
    let sent = response.media_type().filter(MediaType::is_xml)?;
    let content = content_for(spec, &sent)?;
    MediaType::parse(&content.media_type).filter(MediaType::is_xml).map(|_| content)
}

/// Judges XML by the annotations of its schema, as far as they settle how it is to be read.
fn judge_xml(
    context: &Context,
    spec: &ResponseSpec,
    response: &Response,
    content: &Content,
) -> Option<Vec<Finding>> {
    if is_foreign(response) {
        return None;
    }
    let schema = content.schema.as_ref()?;
    match read_xml(response.body.bytes(), &context.api.document, schema) {
        Ok(reading) if reading.is_judgeable() => {
            let mut errors = context.validators.validate(schema, Direction::Response, &reading.value).ok()?;
            errors.retain(|error| reading.is_certain(error));
            Some(by_place(context, spec, response, errors, &reading.value))
        }
        Err(XmlUnread::Broken(message)) => {
            let title = format!("answers {} with a body that is not XML", response.status);
            Some(vec![finding(context, spec, response, "malformed", title, content).detail(message)])
        }
        Ok(_) | Err(_) => None,
    }
}

/// The content that describes this body, and whether the answer itself says that it is JSON.
fn judged_content<'a>(spec: &'a ResponseSpec, response: &Response) -> Option<(&'a Content, bool)> {
    let is_stream = |sent: &MediaType| ["stream", "ndjson", "seq"].iter().any(|w| sent.essence().contains(w));
    let documented_json =
        || spec.contents.iter().find(|content| is_json(content)).map(|content| (content, false));
    match response.media_type() {
        Some(sent) if sent.is_json() => {
            content_for(spec, &sent).filter(|_| !is_stream(&sent)).map(|content| (content, true))
        }
        Some(sent) if content_for(spec, &sent).is_some() => None,
        Some(_) | None => documented_json(),
    }
}

fn is_json(content: &Content) -> bool {
    MediaType::parse(&content.media_type).is_some_and(|media_type| media_type.is_json())
}

/// What a body is, read as JSON.
enum Body {
    Json(Value),
    /// Not JSON, and why.
    Broken(String),
    /// Perhaps JSON, but not for us: compressed, in another encoding, too deep, with numbers too large.
    Unreadable,
}

fn parse(response: &Response) -> Body {
    let bytes = response.body.bytes();
    // RFC 8259 §8.1 lets a reader ignore a byte order mark.
    match serde_json::from_slice(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)) {
        Ok(value) => Body::Json(value),
        Err(error) => {
            let message = error.to_string();
            let limits = ["recursion limit exceeded", "number out of range"];
            if is_foreign(response) || limits.iter().any(|limit| message.starts_with(limit)) {
                Body::Unreadable
            } else {
                Body::Broken(message)
            }
        }
    }
}

/// Whether the body is written so that we cannot read it: packed, or in another encoding than UTF-8.
fn is_foreign(response: &Response) -> bool {
    let packed = match &response.packed {
        Some(packed) => packed.fault.is_some(),
        None => response.header("content-encoding").is_some_and(|name| name != "identity"),
    };
    let charset = response.media_type().and_then(|m| m.parameter("charset").map(str::to_owned));
    packed
        || response.body.text().is_none()
        || charset.is_some_and(|name| !["utf-8", "utf8", "us-ascii"].contains(&&*name.to_lowercase()))
}

/// An empty body is wrong where every documented content is JSON with a schema.
fn empty(context: &Context, spec: &ResponseSpec, response: &Response) -> Option<Vec<Finding>> {
    let asks = !(300..400).contains(&response.status)
        && !spec.contents.is_empty()
        && spec.contents.iter().all(|content| is_json(content) && content.schema.is_some());
    let content = spec.contents.first().filter(|_| asks)?;
    let title = format!("answers {} with an empty body, though one is documented", response.status);
    Some(vec![finding(context, spec, response, "empty", title, content)])
}

fn mismatches(
    context: &Context,
    spec: &ResponseSpec,
    schema: &Pointer,
    response: &Response,
    value: &Value,
) -> Option<Vec<Finding>> {
    let errors = context.validators.validate(schema, Direction::Response, value).ok()?;
    Some(by_place(context, spec, response, errors, value))
}

/// One finding for each place in the schema that is broken.
fn by_place(
    context: &Context,
    spec: &ResponseSpec,
    response: &Response,
    errors: Vec<SchemaError>,
    value: &Value,
) -> Vec<Finding> {
    let mut by_schema: BTreeMap<Pointer, Vec<SchemaError>> = BTreeMap::new();
    for error in errors.into_iter().filter(|error| is_telling(context, error, value)) {
        by_schema.entry(error.schema.clone()).or_default().push(error);
    }
    by_schema.values().filter_map(|errors| mismatch(context, spec, response, errors)).collect()
}

/// One finding for all errors at one place of the schema.
fn mismatch(
    context: &Context,
    spec: &ResponseSpec,
    response: &Response,
    errors: &[SchemaError],
) -> Option<Finding> {
    let first = errors.first()?;
    let at = match first.instance.as_str() {
        "" => "body".to_owned(),
        pointer => format!("body {pointer}"),
    };
    let site = Site::new(&[&spec.status.to_string(), first.schema.as_str()]);
    let title = format!("{at} of the {} answer breaks `{}`", response.status, first.keyword);
    let mut lines: Vec<String> =
        errors.iter().take(MOST_INSTANCES).map(|e| format!("{}: {}", e.instance, e.message)).collect();
    if errors.len() > MOST_INSTANCES {
        lines.push(format!("… and {} more", errors.len() - MOST_INSTANCES));
    }
    let place =
        Place { document: Some(first.schema.clone()), instance: Some(first.instance.clone()), label: at };
    let mut finding =
        Finding::new(&RULE, Some(&context.operation.key), &site, title).detail(lines.join("\n")).place(place);
    let format = first.keyword == "format";
    finding.severity = if format { Severity::Warning } else { severity(context, spec, response.status) };
    Some(finding)
}

fn finding(
    context: &Context,
    spec: &ResponseSpec,
    response: &Response,
    site: &str,
    title: String,
    content: &Content,
) -> Finding {
    let site = Site::new(&[&spec.status.to_string(), site]);
    let document = content.schema.clone().or_else(|| Some(content.pointer.clone()));
    let place = Place { document, instance: Some(Pointer::root()), label: "body".to_owned() };
    let mut finding = Finding::new(&RULE, Some(&context.operation.key), &site, title).place(place);
    finding.severity = severity(context, spec, response.status);
    finding
}

#[cfg(test)]
mod sequences;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod xml;
