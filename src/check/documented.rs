//! What the document says about one answer: which response covers it, and which of its contents.
//!
//! Only looks things up; whether a difference is a fault is for the rules to say.

use crate::check::Context;
use crate::exchange::{MediaType, Method, Response};
use crate::finding::Severity;
use crate::schema::SchemaError;
use crate::spec::{Content, ResponseSpec, StatusPattern};
use serde_json::Value;

/// Formats whose breach is worth a word in an answer. Others are advisory, or mean different things to different people.
const JUDGED_FORMATS: &[&str] = &["date-time", "date", "uuid", "email", "ipv4", "ipv6"];

/// The documented response that covers this answer's body and headers.
///
/// A 5xx that only a range or `default` covers is left to `server-error`: a crash seldom keeps to a schema.
pub(crate) fn documented<'a>(context: &Context<'a>, response: &Response) -> Option<&'a ResponseSpec> {
    let spec = context.operation.response(response.status)?;
    let exact = matches!(spec.status, StatusPattern::Code(_));
    (response.status < 500 || exact).then_some(spec)
}

/// How grave a breach of `spec` is: `default` rarely means to describe what gateways answer by themselves.
pub(crate) fn severity(context: &Context, spec: &ResponseSpec, status: u16) -> Severity {
    let implicit = context.options.implicit_statuses.contains(&status);
    if spec.status == StatusPattern::Default && implicit { Severity::Warning } else { Severity::Error }
}

/// Whether an answer to this method with this status carries no content (RFC 9110 §6.4.1, §15.3.5, §15.3.6).
pub(crate) fn has_no_content(method: Method, status: u16) -> bool {
    method == Method::Head || matches!(status, 100..=199 | 204 | 205 | 304)
}

/// The content that describes a body of this media type, the most precise first.
pub(crate) fn content_for<'a>(spec: &'a ResponseSpec, media_type: &MediaType) -> Option<&'a Content> {
    let precision = |content: &Content| {
        let documented = MediaType::parse(&content.media_type)?;
        if !documented.covers(media_type) {
            return None;
        }
        let same = |name: &str| documented.parameter(name) == media_type.parameter(name);
        let agreeing = ["version", "v", "profile"].iter().filter(|name| same(name)).count();
        Some((!documented.is_range(), documented.essence() != "*/*", agreeing))
    };
    let mut best: Option<(&Content, _)> = None;
    for content in &spec.contents {
        if let Some(rank) = precision(content)
            && best.is_none_or(|(_, known)| rank > known)
        {
            best = Some((content, rank));
        }
    }
    best.map(|(content, _)| content)
}

/// The name of the format that `error` is about, if it is about one.
pub(crate) fn format_of<'a>(context: &Context<'a>, error: &SchemaError) -> Option<&'a str> {
    (error.keyword == "format").then(|| context.api.document.get(&error.schema).and_then(Value::as_str))?
}

/// Whether this error says something about the answer: not about an advisory format, and not about a whole
/// number that is written with a fraction or is too large for a 64-bit integer.
pub(crate) fn is_telling(context: &Context, error: &SchemaError, value: &Value) -> bool {
    if error.keyword == "format" {
        return format_of(context, error).is_some_and(|name| JUDGED_FORMATS.contains(&name));
    }
    if error.keyword == "type"
        && let Some(number) = value.pointer(error.instance.as_str()).and_then(Value::as_f64)
        && number.fract() == 0.0
    {
        let allows_integer = |node: &Value| match node {
            Value::String(name) => name == "integer",
            Value::Array(names) => names.iter().any(|name| name == "integer"),
            _ => false,
        };
        return !context.api.document.get(&error.schema).is_some_and(allows_integer);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::World;

    #[test]
    fn the_most_precise_content_describes_a_body() {
        let world = World::get()
            .response("200", "*/*", None)
            .response("200", "application/*", None)
            .response("200", "application/json", None);
        let spec = world.operation().response(200).expect("documented");
        let check = |media_type: &str, expected: &str| {
            let media_type = MediaType::parse(media_type).expect("a media type");
            assert_eq!(content_for(spec, &media_type).expect("covered").media_type, expected);
        };
        check("application/json; charset=utf-8", "application/json");
        check("application/xml", "application/*");
        check("text/html", "*/*");
    }

    #[test]
    fn a_crash_under_default_is_left_alone() {
        let world = World::get().response("default", "application/json", None).response("503", "", None);
        let answer = |status| crate::check::fixture::response(status, "text/html", "x");
        assert!(documented(&world.context(), &answer(500)).is_none());
        assert!(documented(&world.context(), &answer(503)).is_some());
        assert!(documented(&world.context(), &answer(404)).is_some());
    }
}
