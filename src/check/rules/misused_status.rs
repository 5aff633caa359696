//! A status says something that cannot be so.
//!
//! ## What it does
//! Reports a 201 as the answer to a question (GET, HEAD), which creates nothing; a 204 with a `Content-Length` or
//! `Transfer-Encoding` of content, and a 205 with content; a 206 to a request that asked for no part, or one that does not
//! say which part it is; a 304 to a request without a condition; a 406 to a request that takes any answer; a 416 to a request
//! that asked for no part; a 413 or 415 to a request that carries nothing. A status that the document does not mention is left to `undocumented-status`.
//! Silent on `Content-Length: 0`, on a 406 that is documented, names a language or answers a wrong request, on a 413 to a request whose URL is long, and on a 415 to a method that expects a body.
//!
//! ## Why it matters
//! Libraries act on these statuses before anybody reads the body: they take a copy from the cache, put a part where it
//! does not belong, drop a body, or stumble over what follows it on the connection.
//!
//! ## Example
//! `GET /assets`, sent without `If-None-Match`, answers `304 Not Modified`. The client has nothing that it could show.
//!
//! ## How to fix
//! Answer with the status that says what happened: 200 for what was read, 400 or 422 for a wrong parameter.

use crate::case::{Case, Mode};
use crate::check::Context;
use crate::exchange::{Body, Exchange, Method, Request, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "misused-status",
    title: "A status says something that cannot be so",
    severity: Severity::Warning,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §8.6, §15.3, §15.4.5, §15.5.7, §15.5.14, §15.5.16, §15.5.17",
    fault_code: None,
    default_on: true,
};

/// Below this many bytes nobody calls a URL too large.
const LONG_URL: usize = 1_000;

pub(crate) fn check(context: &Context, case: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    let status = response.status;
    let judged = matches!(status, 201 | 204 | 205 | 206 | 304 | 406 | 413 | 415 | 416);
    let mentioned = context.operation.responses.is_empty()
        || context.operation.response(status).is_some()
        || context.options.implicit_statuses.contains(&status);
    // Some services call a wrong value not acceptable, and document it so.
    let meant =
        status == 406 && (case.mode == Mode::Negative || context.operation.response(status).is_some());
    if !judged || !mentioned || meant {
        return None;
    }
    let Some(why) = misuse(&exchange.request, response) else { return Some(Vec::new()) };
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: format!("status {status}"),
    };
    let title = format!("answers {status} {why}");
    let site = Site::new(&[&status.to_string()]);
    Some(vec![Finding::new(&RULE, Some(&context.operation.key), &site, title).place(place)])
}

/// What the status claims and cannot be so.
fn misuse(request: &Request, response: &Response) -> Option<&'static str> {
    let asked = |names: &[&str]| {
        request.headers.iter().any(|(name, _)| names.iter().any(|n| name.eq_ignore_ascii_case(n)))
    };
    let nothing_sent = request.body.as_ref().is_none_or(Body::is_empty);
    match response.status {
        201 if matches!(request.method, Method::Get | Method::Head) => {
            Some("to a question that creates nothing")
        }
        204 if announces_content(response) => Some("and announces content"),
        205 if !response.body.is_empty() => Some("with content"),
        206 if !asked(&["range"]) => Some("to a request that asked for no part"),
        206 if !says_which_part(response) => Some("without saying which part it is"),
        304 if !asked(&["if-none-match", "if-modified-since"]) => Some("to a request without a condition"),
        406 if takes_anything(request) => Some("to a request that takes any answer"),
        416 if !asked(&["range"]) => Some("to a request that asked for no part"),
        413 if nothing_sent && request.url.len() < LONG_URL => Some("to a request without content"),
        // Where content is expected, none of it may well be of the wrong type.
        415 if nothing_sent && !request.method.expects_body() && !asked(&["content-type"]) => {
            Some("to a request without content")
        }
        _ => None,
    }
}

/// RFC 9110 §8.6 forbids any length with a 204; a zero harms nobody.
fn announces_content(response: &Response) -> bool {
    let length = response.header("content-length").is_some_and(|length| length.trim() != "0");
    length || response.header("transfer-encoding").is_some() || !response.body.is_empty()
}

/// Whether no header of the request leaves anything out of what it takes (RFC 9110 §12.1).
fn takes_anything(request: &Request) -> bool {
    let wishes = request.headers.iter().filter(|(name, _)| name.to_ascii_lowercase().starts_with("accept"));
    wishes.into_iter().all(|(name, value)| match name.to_ascii_lowercase().as_str() {
        "accept" => value.split(',').any(|range| range.trim() == "*/*"),
        "accept-encoding" => true,
        _ => false,
    })
}

fn says_which_part(response: &Response) -> bool {
    response.header("content-range").is_some()
        || response.media_type().is_some_and(|media_type| media_type.essence() == "multipart/byteranges")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, positive};

    const ALL: [&str; 9] = ["201", "204", "205", "206", "304", "413", "415", "416", "200"];

    #[track_caller]
    fn fires(exchange: &Exchange) -> Option<bool> {
        let world = ALL.iter().fold(World::get(), |world, status| world.response(status, "", None));
        check(&world.context(), &positive(), exchange).map(|found| !found.is_empty())
    }

    fn asking(mut exchange: Exchange, name: &str, value: &str) -> Exchange {
        exchange.request.headers.push((name.to_owned(), value.to_owned()));
        exchange
    }

    fn sending(mut exchange: Exchange, method: Method, body: &str) -> Exchange {
        exchange.request.method = method;
        exchange.request.body = Some(Body(body.as_bytes().to_vec()));
        exchange
    }

    #[test]
    fn fires_on_what_cannot_be_so() {
        for status in [201, 206, 304, 413, 415, 416] {
            assert_eq!(fires(&answer(status, "", "")), Some(true), "{status}");
        }
        assert_eq!(fires(&header(answer(204, "", ""), "content-length", "5")), Some(true));
        assert_eq!(fires(&header(answer(204, "", ""), "transfer-encoding", "chunked")), Some(true));
        assert_eq!(fires(&answer(205, "", "x")), Some(true));
        assert_eq!(fires(&asking(answer(206, "", "x"), "range", "bytes=0-")), Some(true));
    }

    #[test]
    fn silent_where_the_request_asked_for_it() {
        let part = asking(answer(206, "", "x"), "Range", "bytes=0-");
        assert_eq!(fires(&header(part.clone(), "content-range", "bytes 0-0/1")), Some(false));
        let parts = asking(answer(206, "multipart/byteranges; boundary=x", "x"), "Range", "bytes=0-,3-");
        assert_eq!(fires(&parts), Some(false));
        assert_eq!(fires(&asking(answer(304, "", ""), "If-None-Match", "\"x\"")), Some(false));
        assert_eq!(fires(&asking(answer(304, "", ""), "if-modified-since", "x")), Some(false));
        assert_eq!(fires(&asking(answer(416, "", ""), "range", "bytes=9-")), Some(false));
        assert_eq!(fires(&sending(answer(413, "", ""), Method::Post, "x")), Some(false));
        assert_eq!(fires(&sending(answer(415, "", ""), Method::Post, "x")), Some(false));
        assert_eq!(fires(&sending(answer(201, "", ""), Method::Post, "x")), Some(false));
    }

    #[test]
    fn silent_on_habits_that_harm_nobody() {
        assert_eq!(fires(&header(answer(204, "", ""), "content-length", "0")), Some(false));
        assert_eq!(fires(&answer(204, "", "")), Some(false));
        assert_eq!(fires(&answer(205, "", "")), Some(false));
        // A body was expected, and none came: its type is as wrong as can be.
        assert_eq!(fires(&sending(answer(415, "", ""), Method::Post, "")), Some(false));
        let mut long = answer(413, "", "");
        long.request.url.push_str(&"x".repeat(2_000));
        assert_eq!(fires(&long), Some(false));
    }

    #[test]
    fn a_406_needs_a_wish_that_cannot_be_met() {
        let world = World::get().response("200", "image/png", None);
        let told = |world: &World, case: &Case, exchange: &Exchange| {
            check(&world.context(), case, exchange).is_some_and(|found| !found.is_empty())
        };
        let refusal = || {
            let mut refusal = answer(406, "", "");
            refusal.request.headers.clear();
            refusal
        };
        let wrong = Case { mode: Mode::Negative, ..positive() };
        assert!(told(&world, &positive(), &refusal()));
        assert!(told(&world, &positive(), &asking(refusal(), "Accept", "*/*")));
        assert!(told(&world, &positive(), &asking(refusal(), "accept", "image/png, */*")));
        assert!(!told(&world, &positive(), &asking(refusal(), "accept", "image/png")));
        assert!(!told(&world, &positive(), &asking(refusal(), "accept", "*/*;q=0")));
        assert!(!told(&world, &positive(), &asking(refusal(), "accept-language", "de")));
        assert!(!told(&world, &wrong, &asking(refusal(), "accept", "*/*")));
        let documented = World::get().response("200", "image/png", None).response("406", "", None);
        assert!(!told(&documented, &positive(), &refusal()));
    }

    #[test]
    fn a_status_that_is_not_documented_is_told_by_another_rule() {
        let world = World::get().response("200", "", None);
        for status in [201, 206, 304] {
            assert_eq!(check(&world.context(), &positive(), &answer(status, "", "")), None, "{status}");
        }
        // 415 needs no documentation.
        assert_eq!(check(&world.context(), &positive(), &answer(415, "", "")).unwrap().len(), 1);
    }
}
