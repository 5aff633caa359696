//! A documented header of the answer is missing, or its value does not match its schema.
//!
//! ## What it does
//! Reads each documented header of the answer's status. A header that is there must match its schema in one of its
//! readings: as text, as a number, as a truth value, as a list. A header marked `required` must be there.
//! `Content-Type` is not judged here, nor are headers whose schema is an object.
//!
//! ## Why it matters
//! Paging, rate limits and locations travel in headers; a client that reads a number there fails on anything else.
//!
//! ## Example
//! `X-Total-Count` is documented as an integer. The answer says `X-Total-Count: many`.
//!
//! ## How to fix
//! Send the documented value, or correct the header's schema.

use crate::case::Case;
use crate::check::Context;
use crate::check::documented::{documented, is_telling, severity};
use crate::check::reading::readings;
use crate::exchange::{Exchange, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::schema::{Direction, Pointer, SchemaError};
use crate::spec::{HeaderSpec, ResponseSpec};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "response-header-mismatch",
    title: "A documented header is missing or does not match its schema",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.21 Header Object",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    let spec = documented(context, response)?;
    let mut exercised = false;
    let mut findings = Vec::new();
    for header in spec.headers.iter().filter(|header| !header.name.eq_ignore_ascii_case("content-type")) {
        match (values(response, &header.name), &header.schema) {
            (None, _) if header.required => {
                exercised = true;
                findings.push(missing(context, spec, header, response.status));
            }
            (Some(text), Some(schema)) if !header.name.eq_ignore_ascii_case("set-cookie") => {
                if let Some(errors) = mismatch(context, schema, &text, header.delimiter) {
                    exercised = true;
                    findings.extend(wrong(context, spec, header, response.status, &text, &errors));
                }
            }
            _ => exercised |= header.required,
        }
    }
    exercised.then_some(findings)
}

/// All values of a header, joined as RFC 9110 §5.3 allows.
fn values(response: &Response, name: &str) -> Option<String> {
    let found = response.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let values: Vec<&str> = found.map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// What is wrong with `text` in its best reading; empty if some reading is right, `None` if the schema cannot judge.
fn mismatch(context: &Context, schema: &Pointer, text: &str, delimiter: char) -> Option<Vec<SchemaError>> {
    let (_, node) = context.api.document.resolve(schema)?;
    if node.get("type").and_then(Value::as_str) == Some("object") {
        return None;
    }
    let mut best: Option<Vec<SchemaError>> = None;
    for value in readings(text.trim(), delimiter) {
        let mut errors = context.validators.validate(schema, Direction::Response, &value).ok()?;
        errors.retain(|error| is_telling(context, error, &value));
        if errors.is_empty() {
            return Some(errors);
        }
        // A reading of the right type tells more than "is not a number".
        let telling =
            !errors.iter().any(|error| error.keyword == "type" && error.instance.as_str().is_empty());
        if best.is_none() || telling {
            best = Some(errors);
        }
    }
    best
}

fn missing(context: &Context, spec: &ResponseSpec, header: &HeaderSpec, status: u16) -> Finding {
    let name = header.name.to_ascii_lowercase();
    let site = Site::new(&[&spec.status.to_string(), &name, "missing"]);
    let title = format!("answers {status} without the required header {}", header.name);
    let mut finding =
        Finding::new(&RULE, Some(&context.operation.key), &site, title).place(place(header, None));
    finding.severity = severity(context, spec, status);
    finding
}

fn wrong(
    context: &Context,
    spec: &ResponseSpec,
    header: &HeaderSpec,
    status: u16,
    text: &str,
    errors: &[SchemaError],
) -> Option<Finding> {
    let first = errors.first()?;
    let site = Site::new(&[&spec.status.to_string(), &header.name.to_ascii_lowercase()]);
    let title = format!("header {} of the {status} answer does not match its schema", header.name);
    let mut finding = Finding::new(&RULE, Some(&context.operation.key), &site, title)
        .detail(format!("sent: `{text}`\n{}", first.message))
        .place(place(header, Some(first.schema.clone())));
    let formats_only = errors.iter().all(|error| error.keyword == "format");
    finding.severity = if formats_only { Severity::Warning } else { severity(context, spec, status) };
    Some(finding)
}

fn place(header: &HeaderSpec, schema: Option<Pointer>) -> Place {
    let document = Some(schema.unwrap_or_else(|| header.pointer.clone()));
    Place { document, instance: None, label: format!("header {}", header.name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, positive};
    use serde_json::json;

    fn verdict(schema: Value, value: &str) -> Option<Vec<Finding>> {
        let world = World::get().schema("It", schema).response("200", "", None).header("X-It", "It", false);
        check(&world.context(), &positive(), &header(answer(200, "", ""), "x-it", value))
    }

    #[track_caller]
    fn silent(schema: Value, value: &str) {
        assert_eq!(verdict(schema, value), Some(Vec::new()));
    }

    #[track_caller]
    fn fires(schema: Value, value: &str, message: &str) {
        let findings = verdict(schema, value).expect("can judge");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].detail.contains(message), "{}", findings[0].detail);
    }

    #[test]
    fn fires_on_values_of_another_type_or_out_of_bounds() {
        fires(json!({"type": "integer"}), "many", "integer");
        fires(json!({"type": "integer"}), "1.5", "integer");
        fires(json!({"type": "integer", "minimum": 1}), "0", "minimum");
        fires(json!({"type": "boolean"}), "yes", "boolean");
        fires(json!({"type": "array", "items": {"type": "integer"}}), "1,x", "integer");
        fires(json!({"type": "string", "enum": ["a"]}), "b", "\"b\"");
    }

    #[test]
    fn silent_when_some_reading_matches() {
        silent(json!({"type": "integer"}), "12");
        silent(json!({"type": "number"}), "12");
        silent(json!({"type": "string"}), "12");
        silent(json!({"type": "boolean"}), "True");
        silent(json!({"type": "array", "items": {"type": "integer"}}), "1, 2,3");
        silent(json!({"minimum": 5}), "7");
        silent(json!({"type": "integer"}), "18446744073709551616");
    }

    #[test]
    fn a_format_is_a_warning_and_an_unknown_one_nothing() {
        let findings = verdict(json!({"type": "string", "format": "date-time"}), "yesterday").unwrap();
        assert_eq!(findings[0].severity, Severity::Warning);
        silent(json!({"type": "string", "format": "uri"}), "not a uri");
    }

    #[test]
    fn a_required_header_must_be_there() {
        let world = |required| {
            World::get().schema("It", json!({})).response("200", "", None).header("X-It", "It", required)
        };
        let findings = check(&world(true).context(), &positive(), &answer(200, "", "")).unwrap();
        assert_eq!(findings[0].title, "answers 200 without the required header X-It");
        assert_eq!(check(&world(false).context(), &positive(), &answer(200, "", "")), None);
        let there = header(answer(200, "", ""), "X-IT", "1");
        assert_eq!(check(&world(true).context(), &positive(), &there), Some(Vec::new()));
    }

    #[test]
    fn content_type_and_objects_are_not_judged() {
        let world = World::get()
            .schema("Number", json!({"type": "integer"}))
            .schema("Object", json!({"type": "object"}))
            .response("200", "", None)
            .header("Content-Type", "Number", true)
            .header("X-Object", "Object", false);
        let exchange = header(answer(200, "text/html", "x"), "x-object", "a,1");
        assert_eq!(check(&world.context(), &positive(), &exchange), None);
    }
}
