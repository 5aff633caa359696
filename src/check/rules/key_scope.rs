//! A key reaches what it must not reach.
//!
//! ## What it does
//! Sends a request that the main key was allowed again with a key for which the configuration denies it, and reports
//! when that is answered 2xx too. Any refusal is fine, a 404 included, and so is a list from which everything was filtered
//! that the main key sees; what else the answer holds does not matter. Silent if
//! the operation serves everybody: that is `auth-ignored`'s to tell.
//!
//! ## Why it matters
//! Roles and projects are the walls between customers and between duties. A hole in them shows in no other test,
//! because every request in it is valid.
//!
//! ## Example
//! The service account `viewer` may read project 1. With its key, `DELETE /projects/1/assets/7` answers 204.
//!
//! ## How to fix
//! Check role and project on this route, not only that the key exists.

use crate::check::Context;
use crate::check::access::{is_filtered, is_served, served};
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "key-scope",
    title: "A key reaches what it must not reach",
    severity: Severity::Error,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.4",
    fault_code: Some(206),
    default_on: true,
};

pub(crate) fn check(
    context: &Context,
    control: &Exchange,
    other: &Exchange,
    key_name: &str,
) -> Option<Vec<Finding>> {
    if !is_served(control, other)? || is_filtered(control, other) {
        return Some(Vec::new());
    }
    let title = format!("answers key `{key_name}`, which must not reach this");
    Some(vec![served(context, &RULE, key_name, title, control, other)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer};

    fn verdict(control: u16, other: &Exchange) -> Option<Vec<Finding>> {
        check(&World::get().context(), &answer(control, "application/json", "[]"), other, "viewer")
    }

    #[test]
    fn fires_when_served_whatever_the_body() {
        let findings = verdict(200, &answer(200, "", "")).unwrap();
        assert_eq!(findings[0].title, "answers key `viewer`, which must not reach this");
        assert_eq!(findings[0].evidence.len(), 2);
    }

    #[test]
    fn silent_on_every_kind_of_refusal() {
        for status in [302, 401, 403, 404, 405] {
            assert_eq!(verdict(200, &answer(status, "", "")), Some(Vec::new()), "{status}");
        }
        assert_eq!(verdict(200, &answer(200, "text/html", "<form>")), Some(Vec::new()));
    }

    #[test]
    fn silent_on_a_list_from_which_all_was_filtered() {
        let verdict = |other: &str| {
            let list = |body| answer(200, "application/json", body);
            check(&World::get().context(), &list("[{\"id\": 1}]"), &list(other), "viewer").unwrap().len()
        };
        assert_eq!([verdict("[]"), verdict("[{\"id\": 1}]"), verdict("[{\"id\": 2}]")], [0, 1, 1]);
    }

    #[test]
    fn cannot_judge_a_failed_control() {
        assert_eq!(verdict(404, &answer(200, "", "")), None);
        assert_eq!(verdict(200, &answer(429, "", "")), None);
    }

    #[test]
    fn each_key_is_its_own_finding() {
        let of = |key| {
            let ok = answer(200, "", "");
            check(&World::get().context(), &ok, &ok, key).unwrap().remove(0).fingerprint
        };
        assert_ne!(of("viewer"), of("other"));
    }
}
