//! The server answers with a status that the document does not mention.
//!
//! ## What it does
//! Compares the answer's status with the documented ones: exact codes, ranges such as `4XX`, and `default`. Silent are
//! statuses that servers give by themselves, where they make sense: 401 and 403 where a key is asked for, 404 and 410
//! where the path has a parameter, 405, 406, 413 and the like, and 400 or 422 as the answer to an invalid request.
//! Redirects are not among them, but one to the same path with or without a slash at its end is followed. A 5xx is `server-error`'s to tell.
//!
//! ## Why it matters
//! A client is written against the documented statuses. One that it has never heard of ends in its error branch, or in
//! the wrong branch.
//!
//! ## Example
//! `GET /assets` documents 200 and 401. It answers `206 Partial Content`.
//!
//! ## How to fix
//! Answer with a documented status, or add the status to the operation's `responses`.

use crate::case::{Case, Credential, Mode};
use crate::check::Context;
use crate::check::wording::request_words;
use crate::exchange::{Exchange, Method};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "undocumented-status",
    title: "An answer has a status that the document does not mention",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.16 Responses Object",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, case: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let operation = context.operation;
    let status = exchange.status()?;
    let unusual = matches!(operation.method, Method::Head | Method::Options | Method::Trace);
    if operation.responses.is_empty() || unusual || status >= 500 {
        return None;
    }
    if operation.response(status).is_some() || is_implicit(context, case, exchange, status) {
        return Some(Vec::new());
    }
    let documented: Vec<String> = operation.responses.iter().map(|spec| spec.status.to_string()).collect();
    let title =
        format!("answers {status} to {}, a status the document does not mention", request_words(case));
    let place = Place {
        document: Some(operation.pointer.push("responses")),
        instance: None,
        label: format!("status {status}"),
    };
    let finding = Finding::new(&RULE, Some(&operation.key), &Site::new(&[&status.to_string()]), title)
        .detail(format!("documented: {}", documented.join(", ")))
        .place(place);
    Some(vec![finding])
}

/// Whether this status needs no documentation as an answer to this case.
fn is_implicit(context: &Context, case: &Case, exchange: &Exchange, status: u16) -> bool {
    let other_key = case.credential != Credential::Main;
    let refused = match case.mode {
        Mode::Negative => matches!(status, 400 | 422),
        Mode::Robustness => (400..500).contains(&status),
        Mode::Positive => false,
    };
    let login = matches!(status, 302 | 303 | 307) && other_key;
    let makes_sense = match status {
        401 | 403 => other_key || context.operation.needs_credentials(),
        404 | 410 => context.operation.path.names().next().is_some(),
        _ => true,
    };
    let asked_for = |names: &[&str]| {
        exchange.request.headers.iter().any(|(name, _)| names.iter().any(|n| name.eq_ignore_ascii_case(n)))
    };
    // RFC 9110 §13 and §14: whoever sends a condition or a range asks for these.
    let conditional = match status {
        304 => asked_for(&["if-none-match", "if-modified-since"]),
        412 => asked_for(&["if-match", "if-unmodified-since", "if-none-match"]),
        206 | 416 => asked_for(&["range"]),
        _ => false,
    };
    refused || login || conditional || (makes_sense && context.options.implicit_statuses.contains(&status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, negative, positive};

    #[track_caller]
    fn fires(world: &World, case: &Case, status: u16, expected: bool) {
        let findings = check(&world.context(), case, &answer(status, "", "")).expect("can judge");
        assert_eq!(!findings.is_empty(), expected, "{status}: {findings:?}");
    }

    #[test]
    fn fires_on_statuses_that_nobody_expects() {
        let world = World::get().response("200", "", None).response("401", "", None);
        for status in [201, 206, 301, 302, 304, 308, 400, 409, 418, 422] {
            fires(&world, &positive(), status, true);
        }
        fires(&world, &positive(), 200, false);
    }

    #[test]
    fn silent_where_a_range_or_default_covers() {
        let world = World::get().response("2XX", "", None).response("4XX", "", None);
        fires(&world, &positive(), 206, false);
        fires(&world, &positive(), 418, false);
        fires(&world, &positive(), 302, true);
        fires(&World::get().response("default", "", None), &positive(), 302, false);
    }

    #[test]
    fn silent_on_what_servers_answer_by_themselves() {
        let world = World::get().response("200", "", None);
        for status in [405, 406, 413, 414, 415, 429, 431] {
            fires(&world, &positive(), status, false);
        }
    }

    #[test]
    fn refusing_an_invalid_request_needs_no_documentation() {
        let world = World::get().response("200", "", None);
        let wrong = negative("query parameter limit", "type", "not a number");
        fires(&world, &wrong, 422, false);
        fires(&world, &wrong, 400, false);
        fires(&world, &wrong, 409, true);
        fires(&world, &positive(), 422, true);
    }

    #[test]
    fn a_404_makes_sense_only_where_something_is_looked_up() {
        fires(&World::get().response("200", "", None), &positive(), 404, true);
        let world = World::new(Method::Get, "/pets/{id}").response("200", "", None);
        fires(&world, &positive(), 404, false);
        fires(&world, &positive(), 410, false);
    }

    #[test]
    fn a_401_makes_sense_only_where_a_key_is_asked_for_or_missing() {
        let open = World::get().response("200", "", None);
        fires(&open, &positive(), 401, true);
        fires(&World::get().response("200", "", None).secured(), &positive(), 401, false);
        let stranger = Case { credential: Credential::Anonymous, ..positive() };
        fires(&open, &stranger, 403, false);
        fires(&open, &stranger, 302, false);
    }

    #[test]
    fn a_conditional_request_asks_for_its_304() {
        let world = World::get().response("200", "", None);
        let mut exchange = answer(304, "", "");
        let fires = |exchange: &Exchange| {
            !check(&world.context(), &positive(), exchange).expect("can judge").is_empty()
        };
        assert!(fires(&exchange));
        exchange.request.headers.push(("If-None-Match".to_owned(), "\"x\"".to_owned()));
        assert!(!fires(&exchange));
    }

    #[test]
    fn cannot_judge_crashes_nor_operations_without_documented_responses() {
        let world = World::get().response("200", "", None);
        assert_eq!(check(&world.context(), &positive(), &answer(500, "", "")), None);
        assert_eq!(check(&World::get().context(), &positive(), &answer(200, "", "")), None);
        let world = World::new(Method::Head, "/pets").response("200", "", None);
        assert_eq!(check(&world.context(), &positive(), &answer(204, "", "")), None);
    }
}
