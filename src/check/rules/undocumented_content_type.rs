//! The answer's body is of a media type that the document does not mention.
//!
//! ## What it does
//! Compares the `Content-Type` of an answer that has a body with the media types documented for its status. Ranges such
//! as `image/*` cover what they say; parameters such as `charset` do not count. A body without a readable
//! `Content-Type` is reported too. Where the document mentions no media type for a status, nothing is judged, nor
//! is the page of a crash, which is told as one.
//!
//! ## Why it matters
//! Clients choose their parser by the media type. An HTML page in place of JSON breaks them before they see the status.
//!
//! ## Example
//! `GET /assets` documents `application/json`. It answers with `Content-Type: text/html`.
//!
//! ## How to fix
//! Send the documented `Content-Type`, or document the media type that is sent.

use crate::case::Case;
use crate::check::Context;
use crate::check::documented::{content_for, documented, has_no_content, severity};
use crate::exchange::{Exchange, MediaType};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "undocumented-content-type",
    title: "An answer's media type is not documented",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §8.3, OpenAPI 3.0.3 §4.7.17 Response Object",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    let spec = documented(context, response)?;
    // A crash is told as a crash; how its page is written is no second fault.
    if response.status >= 500 {
        return None;
    }
    if response.body.is_empty() || has_no_content(context.operation.method, response.status) {
        return None;
    }
    // A documented media type that cannot be read could mean anything, the one that was sent included.
    let readable = |media_type: &str| MediaType::parse(media_type).is_some();
    if spec.contents.is_empty() || !spec.contents.iter().all(|content| readable(&content.media_type)) {
        return None;
    }
    let (site, title) = match (response.header("content-type"), response.media_type()) {
        (_, Some(sent)) if content_for(spec, &sent).is_some() => return Some(Vec::new()),
        (_, Some(sent)) => (sent.essence(), format!("answers {} with `{sent}`", response.status)),
        (None, _) => {
            ("missing".to_owned(), format!("answers {} with a body but no Content-Type", response.status))
        }
        (Some(_), None) => {
            ("malformed".to_owned(), format!("answers {} with a malformed Content-Type", response.status))
        }
    };
    let names: Vec<&str> = spec.contents.iter().map(|content| content.media_type.as_str()).collect();
    let sent = response.header("content-type").unwrap_or_default();
    let place = Place {
        document: Some(spec.pointer.clone()),
        instance: None,
        label: "header Content-Type".to_owned(),
    };
    let site = Site::new(&[&spec.status.to_string(), &site]);
    let mut finding = Finding::new(&RULE, Some(&context.operation.key), &site, title)
        .detail(format!("sent: `{sent}`\ndocumented: {}", names.join(", ")))
        .place(place);
    finding.severity = severity(context, spec, response.status);
    Some(vec![finding])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, positive};
    use crate::exchange::Method;

    #[track_caller]
    fn titles(documented: &[&str], exchange: &Exchange) -> Option<Vec<String>> {
        let world = documented.iter().fold(World::get(), |world, name| world.response("200", name, None));
        let findings = check(&world.context(), &positive(), exchange)?;
        Some(findings.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_on_another_type_none_and_nonsense() {
        let json = ["application/json"];
        assert_eq!(titles(&json, &answer(200, "text/html", "x")).unwrap(), ["answers 200 with `text/html`"]);
        assert_eq!(titles(&json, &answer(200, "text/json", "{}")).unwrap(), ["answers 200 with `text/json`"]);
        let missing = titles(&json, &answer(200, "", "{}")).unwrap();
        assert_eq!(missing, ["answers 200 with a body but no Content-Type"]);
        let malformed = titles(&json, &answer(200, "json", "{}")).unwrap();
        assert_eq!(malformed, ["answers 200 with a malformed Content-Type"]);
    }

    #[test]
    fn silent_on_parameters_letter_case_and_ranges() {
        let check = |documented: &str, sent: &str| {
            assert_eq!(titles(&[documented], &answer(200, sent, "x")), Some(vec![]), "{documented} {sent}");
        };
        check("application/json", "application/json; charset=utf-8");
        check("application/json;charset=UTF-8", "application/json");
        check("application/json", "Application/JSON");
        check("image/*", "image/png");
        check("*/*", "text/html");
    }

    #[test]
    fn cannot_judge_without_a_body_or_without_a_documented_type() {
        assert_eq!(titles(&["application/json"], &answer(200, "text/html", "")), None);
        assert_eq!(titles(&[""], &answer(200, "text/html", "x")), None);
        assert_eq!(titles(&["application/json", "json"], &answer(200, "text/html", "x")), None);
        assert_eq!(titles(&["application/json"], &answer(404, "text/html", "x")), None);
        let crash = World::get().response("500", "application/json", None);
        assert_eq!(check(&crash.context(), &positive(), &answer(500, "text/plain", "x")), None);
        let head = World::new(Method::Head, "/pets").response("200", "application/json", None);
        assert_eq!(check(&head.context(), &positive(), &answer(200, "text/html", "x")), None);
    }

    #[test]
    fn a_gateway_page_under_default_is_a_warning() {
        let world = World::get().response("default", "application/json", None);
        let of = |status| {
            check(&world.context(), &positive(), &answer(status, "text/html", "x")).unwrap()[0].severity
        };
        assert_eq!(of(413), Severity::Warning);
        assert_eq!(of(200), Severity::Error);
        assert_eq!(check(&world.context(), &positive(), &answer(502, "text/html", "x")), None);
    }
}
