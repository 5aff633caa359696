//! A method that the document does not mention is served.
//!
//! ## What it does
//! Sends TRACE, and GET where the document has none, to each documented path; TRACE goes without a key, and nothing that
//! changes anything is ever tried. Reports a GET that is answered 2xx, and a TRACE whose answer repeats the request.
//! Silent on every refusal, whether 405, 404, 403 or 501; on a TRACE that is answered like any other method, by a route
//! that does not look at methods; where another path template of the document serves the same URL (`/users/me` is
//! `/users/{id}` too); on a page of HTML and on a refusal in the body; and where the same method is served at a path that
//! does not exist, as a catch-all does. HEAD is implied by GET and OPTIONS belongs to browsers: neither is tried.
//!
//! ## Why it matters
//! Nobody tests, documents or protects what nobody knows of. A TRACE that echoes shows headers that proxies added; a GET
//! beside a POST often does what the POST does, and every crawler follows it.
//!
//! ## Example
//! The document has `POST /findings/search` alone. `GET /findings/search` answers 200 with all findings.
//!
//! ## How to fix
//! Refuse the method with 405 and `Allow`, or document it.

use crate::check::Context;
use crate::check::refusal::refuses_in_body;
use crate::exchange::{Exchange, Method, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "undocumented-method",
    title: "A method that the document does not mention is served",
    severity: Severity::Warning,
    family: Family::Input,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.8, §15.5.6, OpenAPI 3.0.3 §4.7.9 Path Item Object",
    fault_code: Some(210),
    default_on: true,
};

/// Judges one method at one path of `context.operation`, which is the first that the document has there.
pub(crate) fn check(
    context: &Context,
    exchange: &Exchange,
    made_up: Option<&Exchange>,
) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    match response.status {
        200..=299 if is_no_service(response) => return Some(Vec::new()),
        200..=299 if exchange.request.method == Method::Trace && !echoes(response) => {
            return Some(Vec::new());
        }
        200..=299 => {}
        // Who is asked for a key has not been told anything of the method.
        401 | 407 | 408 | 429 => return None,
        400..=499 | 501 => return Some(Vec::new()),
        _ => return None,
    }
    let elsewhere = made_up?.response()?;
    if !matches!(elsewhere.status, 300..=499 | 501) && !is_no_service(elsewhere) {
        return None;
    }
    let operation = context.operation;
    let method = exchange.request.method.as_str();
    let place =
        Place { document: operation.pointer.parent(), instance: None, label: format!("method {method}") };
    let title = format!("serves {method} {}, which the document does not mention", operation.path);
    let echo = if echoes(response) { "\nthe answer repeats the request, headers included" } else { "" };
    let mut finding = Finding::new(&RULE, Some(&operation.key), &Site::new(&[method]), title)
        .detail(format!(
            "answered {}; the same at a path that does not exist: {}{echo}",
            response.status, elsewhere.status
        ))
        .place(place);
    finding.evidence = vec![exchange.clone()];
    Some(vec![finding])
}

/// Whether the answer is the request as it arrived (RFC 9110 §9.3.8).
fn echoes(response: &Response) -> bool {
    let named = response.media_type().is_some_and(|media_type| media_type.essence() == "message/http");
    named
        || response
            .body
            .text()
            .is_some_and(|text| text.starts_with("TRACE /") || text.starts_with("TRACE http"))
}

/// Whether a 2xx is none: a page for people, or a refusal in its body.
fn is_no_service(response: &Response) -> bool {
    let page = response.media_type().is_some_and(|media_type| media_type.essence() == "text/html");
    response.is_success() && (page || refuses_in_body(response))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer};

    #[track_caller]
    fn count(exchange: &Exchange, made_up: Option<&Exchange>) -> Option<usize> {
        let mut exchange = exchange.clone();
        exchange.request.method = Method::Get;
        let world = World::new(Method::Post, "/pets/search");
        check(&world.context(), &exchange, made_up).map(|found| found.len())
    }

    #[test]
    fn fires_on_a_service_that_is_not_everywhere() {
        let missing = answer(404, "", "");
        assert_eq!(count(&answer(200, "application/json", "[]"), Some(&missing)), Some(1));
        assert_eq!(count(&answer(204, "", ""), Some(&answer(405, "", ""))), Some(1));
        let world = World::new(Method::Post, "/pets/search");
        let mut echo = answer(200, "message/http", "TRACE /pets HTTP/1.1");
        echo.request.method = Method::Trace;
        let found = check(&world.context(), &echo, Some(&missing)).unwrap().remove(0);
        assert_eq!(found.title, "serves TRACE /pets/search, which the document does not mention");
        assert!(found.detail.ends_with("the answer repeats the request, headers included"));
    }

    #[test]
    fn a_route_that_looks_at_no_method_offers_no_trace() {
        let world = World::new(Method::Get, "/pets");
        let mut exchange = answer(200, "application/json", "[]");
        exchange.request.method = Method::Trace;
        assert_eq!(check(&world.context(), &exchange, Some(&answer(404, "", ""))), Some(vec![]));
    }

    #[test]
    fn silent_on_every_refusal() {
        for status in [400, 403, 404, 405, 406, 422, 501] {
            assert_eq!(count(&answer(status, "", ""), None), Some(0), "{status}");
        }
    }

    #[test]
    fn silent_on_pages_and_on_refusals_that_travel_as_200() {
        let missing = answer(404, "", "");
        assert_eq!(count(&answer(200, "text/html", "<p>"), Some(&missing)), Some(0));
        let no = answer(200, "application/json", "{\"ok\": false, \"error\": \"method_not_supported\"}");
        assert_eq!(count(&no, Some(&missing)), Some(0));
    }

    #[test]
    fn cannot_judge_a_server_that_serves_everything() {
        let yes = answer(200, "application/json", "{}");
        assert_eq!(count(&yes, Some(&yes)), None);
        assert_eq!(count(&yes, None), None);
        // A login page for unknown paths is no service.
        assert_eq!(count(&yes, Some(&answer(200, "text/html", "<p>"))), Some(1));
    }

    #[test]
    fn cannot_judge_without_an_answer_about_the_method() {
        for status in [301, 401, 429, 500, 503] {
            assert_eq!(count(&answer(status, "", ""), None), None, "{status}");
        }
    }
}
