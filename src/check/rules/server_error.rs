//! The server fails at a request instead of answering it.
//!
//! ## What it does
//! Reports an answer with a status of 500 or above, a connection that is closed before the answer is complete, and a
//! request that is never answered in time. A status above 500 is excused if the operation documents it by its exact
//! code, such as a 503 of a health check; `default` and `5XX` excuse nothing, and nothing excuses a 500: it says that
//! the server met a condition it did not expect. A 502, 503 or 504 that never comes again, or that comes while a harmless
//! request that was served before fails too, is the surroundings'. An operation that fails at an odd header (a charset that
//! does not exist, a form of parts without a boundary) fails apart from what else it fails at.
//!
//! ## Why it matters
//! No request, however wrong, may break a server: a crash on bad input is a defect today and often a weakness that can
//! be exploited tomorrow.
//!
//! ## Example
//! `GET /assets?limit=1000` answers `500 Internal Server Error`, though 1000 is the documented maximum of `limit`.
//!
//! ## How to fix
//! Find the exception in the server's log and handle the input. Answer 4xx if the request is wrong. If the status is
//! meant, such as a 503 during maintenance, document it by its exact code (not 500, which is never meant).

use crate::case::{Case, Mode};
use crate::check::Context;
use crate::check::wording::request_words;
use crate::exchange::{Exchange, TransportErrorKind};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::spec::StatusPattern;

pub(crate) const RULE: Rule = Rule {
    id: "server-error",
    title: "The server fails at a request",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §15.6.1",
    fault_code: Some(100),
    default_on: true,
};

pub(crate) fn check(context: &Context, case: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let request = request_words(case);
    let (site, title, detail) = match &exchange.outcome {
        Ok(response) => {
            let status = response.status;
            let documented = context.operation.response(status).map(|spec| spec.status);
            let exactly = documented == Some(StatusPattern::Code(status));
            if status < 500 || exactly && status != 500 {
                return Some(Vec::new());
            }
            let detail = match documented {
                None => format!("the operation does not document {status}"),
                Some(_) if exactly => format!("documenting {status} does not make it an answer"),
                Some(pattern) => format!("the operation documents `{pattern}`, but not {status} itself"),
            };
            (status.to_string(), format!("answers {status} to {request}"), detail)
        }
        Err(error) => match error.kind {
            TransportErrorKind::Closed => {
                let title = format!("closes the connection without an answer to {request}");
                ("closed".to_owned(), title, error.message.clone())
            }
            TransportErrorKind::Timeout => {
                ("timeout".to_owned(), format!("never answers {request}"), error.message.clone())
            }
            TransportErrorKind::Connect | TransportErrorKind::Protocol | TransportErrorKind::Unsendable => {
                return None;
            }
        },
    };
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: format!("status {site}"),
    };
    // Headers are read before anything else is: who fails at one fails elsewhere than in the operation itself.
    let reason = &case.reason;
    let odd_header = case.mode == Mode::Robustness && reason.part.starts_with("header ");
    let site =
        if odd_header { Site::new(&[&site, &reason.part, &reason.keyword]) } else { Site::new(&[&site]) };
    let finding = Finding::new(&RULE, Some(&context.operation.key), &site, title);
    Some(vec![finding.detail(detail).place(place)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, negative, no_answer, positive};

    #[track_caller]
    fn verdict(case: &Case, exchange: &Exchange) -> Option<Vec<String>> {
        let world =
            World::get().response("200", "", None).response("503", "", None).response("default", "", None);
        let findings = check(&world.context(), case, exchange)?;
        Some(findings.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_on_a_crash_whatever_the_request() {
        let crash = answer(500, "", "");
        assert_eq!(verdict(&positive(), &crash).unwrap(), ["answers 500 to a valid request"]);
        let wrong = negative("body /name", "maxLength", "one character too long");
        let expected = "answers 500 to an invalid request (one character too long in body /name)";
        assert_eq!(verdict(&wrong, &crash).unwrap(), [expected]);
    }

    #[test]
    fn fires_when_no_answer_comes() {
        let closed = verdict(&positive(), &no_answer(TransportErrorKind::Closed)).unwrap();
        assert_eq!(closed, ["closes the connection without an answer to a valid request"]);
        let late = verdict(&positive(), &no_answer(TransportErrorKind::Timeout)).unwrap();
        assert_eq!(late, ["never answers a valid request"]);
    }

    #[test]
    fn silent_on_other_statuses_and_on_a_documented_code() {
        for status in [200, 302, 404, 429, 499, 503] {
            assert_eq!(verdict(&positive(), &answer(status, "", "")), Some(vec![]), "{status}");
        }
    }

    #[test]
    fn a_documented_500_is_still_a_crash() {
        let world = World::get().response("500", "", None);
        let found = check(&world.context(), &positive(), &answer(500, "", "")).unwrap();
        assert_eq!(found[0].detail, "documenting 500 does not make it an answer");
    }

    #[test]
    fn cannot_judge_what_never_reached_the_server() {
        for kind in
            [TransportErrorKind::Connect, TransportErrorKind::Protocol, TransportErrorKind::Unsendable]
        {
            assert_eq!(verdict(&positive(), &no_answer(kind)), None);
        }
    }

    #[test]
    fn a_crash_at_an_odd_header_is_another_crash() {
        let world = World::get();
        let of = |case| check(&world.context(), &case, &answer(500, "", "")).unwrap().remove(0).fingerprint;
        let odd =
            |part: &str, keyword: &str| Case { mode: Mode::Robustness, ..negative(part, keyword, "odd") };
        let content_type = "header Content-Type";
        assert_eq!(of(odd(content_type, "charset")), of(odd(content_type, "charset")));
        assert_ne!(of(odd(content_type, "charset")), of(odd(content_type, "boundary")));
        assert_ne!(of(odd(content_type, "charset")), of(positive()));
        assert_eq!(of(odd("body /name", "control")), of(positive()));
    }

    #[test]
    fn the_same_crash_is_the_same_finding_whatever_the_request() {
        let world = World::get();
        let of = |case| check(&world.context(), &case, &answer(500, "", "")).unwrap().remove(0).fingerprint;
        assert_eq!(of(positive()), of(negative("body /name", "maxLength", "too long")));
    }
}
