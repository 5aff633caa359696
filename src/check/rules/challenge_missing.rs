//! A 401 answer does not say how to authenticate.
//!
//! ## What it does
//! Reports an answer with 401 that has no `WWW-Authenticate` header. It is a note and never fails a run by default.
//!
//! ## Why it matters
//! RFC 9110 requires the header: clients that can do more than one scheme, and proxies, learn from it which one to use.
//!
//! ## Example
//! `GET /assets` without a key answers `401 Unauthorized` with a body and no challenge.
//!
//! ## How to fix
//! Send a challenge with every 401, for a key in a header for instance `WWW-Authenticate: ApiKey realm="api"`. If the
//! caller is known and may not do this, answer 403.

use crate::check::Context;
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "challenge-missing",
    title: "A 401 answer has no challenge",
    severity: Severity::Note,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §11.6.1, §15.5.2",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response().filter(|response| response.status == 401)?;
    if response.header("www-authenticate").is_some() {
        return Some(Vec::new());
    }
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: "header WWW-Authenticate".to_owned(),
    };
    let title = "answers 401 without a WWW-Authenticate header";
    let finding = Finding::new(&RULE, Some(&context.operation.key), &Site::new(&[]), title);
    Some(vec![finding.place(place)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header};

    #[track_caller]
    fn count(exchange: &Exchange) -> Option<usize> {
        check(&World::get().context(), exchange).map(|found| found.len())
    }

    #[test]
    fn fires_without_a_challenge_and_is_silent_with_one() {
        assert_eq!(count(&answer(401, "", "")), Some(1));
        assert_eq!(count(&header(answer(401, "", ""), "www-authenticate", "Basic realm=\"x\"")), Some(0));
    }

    #[test]
    fn other_refusals_need_none() {
        assert_eq!(count(&answer(403, "", "")), None);
        assert_eq!(count(&answer(200, "", "")), None);
    }
}
