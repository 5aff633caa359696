//! An operation that asks for a key answers without one.
//!
//! ## What it does
//! Sends a request that was answered 2xx again, without a key and with a well-formed key that nobody issued, and
//! reports when that is answered 2xx too. Silent if the document does not ask for a key, and on any refusal: 401, 403,
//! 404, 429, a redirect to a login, a login page in HTML, and an answer that a cache on the way kept from somebody else.
//! Where a configured header or a parameter carries a key of its own, nothing can be said.
//!
//! ## Why it matters
//! Everybody who can reach the server can read or change what the key was meant to guard.
//!
//! ## Example
//! `GET /projects/1/users` documents `x-apikey`. Without the header it answers 200 with every user.
//!
//! ## How to fix
//! Check the key on this route. If the operation is meant to be public, say so with an empty `security: []`.

use crate::case::Credential;
use crate::check::access::{is_served, served};
use crate::check::{Context, Probe};
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "auth-ignored",
    title: "An operation that asks for a key answers without one",
    severity: Severity::Error,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §11.6, OpenAPI 3.0.3 §4.7.30 Security Requirement Object",
    fault_code: Some(207),
    default_on: true,
};

pub(crate) fn check(context: &Context, control: &Exchange, probes: &[Probe]) -> Option<Vec<Finding>> {
    if !context.operation.needs_credentials() {
        return None;
    }
    let of = |credential: Credential| {
        let probe = probes.iter().find(|probe| probe.credential == credential)?;
        Some((is_served(control, probe.exchange)?, probe.exchange))
    };
    let finding = |site: &str, title: &str, other: &Exchange| {
        Some(vec![served(context, &RULE, site, title.to_owned(), control, other)])
    };
    match (of(Credential::Anonymous), of(Credential::Malformed)) {
        (None, None) => None,
        (Some((true, other)), _) => finding("anonymous", "answers without a key", other),
        (_, Some((true, other))) => finding("malformed", "answers with a key that nobody issued", other),
        _ => Some(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer};

    #[track_caller]
    fn verdict(
        world: &World,
        control: u16,
        anonymous: &Exchange,
        malformed: &Exchange,
    ) -> Option<Vec<String>> {
        let probes = [
            Probe { credential: Credential::Anonymous, exchange: anonymous },
            Probe { credential: Credential::Malformed, exchange: malformed },
        ];
        let findings = check(&world.context(), &answer(control, "application/json", "[]"), &probes)?;
        Some(findings.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_once_however_many_holes() {
        let (ok, no) = (answer(200, "application/json", "[]"), answer(401, "", ""));
        let world = World::get().secured();
        assert_eq!(verdict(&world, 200, &ok, &no).unwrap(), ["answers without a key"]);
        assert_eq!(verdict(&world, 200, &ok, &ok).unwrap(), ["answers without a key"]);
        assert_eq!(verdict(&world, 200, &no, &ok).unwrap(), ["answers with a key that nobody issued"]);
    }

    #[test]
    fn silent_on_every_kind_of_refusal() {
        let world = World::get().secured();
        for status in [301, 302, 401, 403, 404] {
            let refusal = answer(status, "", "");
            assert_eq!(verdict(&world, 200, &refusal, &refusal), Some(vec![]), "{status}");
        }
        let page = answer(200, "text/html; charset=utf-8", "<form>");
        assert_eq!(verdict(&world, 200, &page, &page), Some(vec![]));
    }

    #[test]
    fn cannot_judge_public_operations_nor_failed_controls() {
        let ok = answer(200, "", "");
        assert_eq!(verdict(&World::get(), 200, &ok, &ok), None);
        assert_eq!(verdict(&World::get().secured(), 404, &ok, &ok), None);
        let limited = answer(429, "", "");
        assert_eq!(verdict(&World::get().secured(), 200, &limited, &limited), None);
    }

    #[test]
    fn an_alternative_without_a_key_makes_it_public() {
        let mut world = World::get().secured();
        world.api.operations[0].security.push(crate::spec::Requirement::default());
        let ok = answer(200, "", "");
        assert_eq!(verdict(&world, 200, &ok, &ok), None);
    }
}
