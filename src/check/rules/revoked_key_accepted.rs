//! A key that was revoked still works.
//!
//! ## What it does
//! Sends a request that was answered 2xx again with a key that the configuration names as revoked, and reports when
//! that is answered 2xx too. Any refusal is fine. Silent if the operation serves everybody: that is `auth-ignored`'s to
//! tell.
//!
//! ## Why it matters
//! Revoking a key is how a leak is stopped. If the old key goes on working, it is not stopped.
//!
//! ## Example
//! The key was regenerated yesterday. `GET /projects/1/issues` with the old one still answers 200.
//!
//! ## How to fix
//! Look keys up when they are used, or end cached ones when a key is regenerated, disabled or deleted.

use crate::check::Context;
use crate::check::access::{is_served, served};
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "revoked-key-accepted",
    title: "A revoked key still works",
    severity: Severity::Error,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.2, OpenAPI 3.0.3 §4.7.30 Security Requirement Object",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(
    context: &Context,
    control: &Exchange,
    other: &Exchange,
    key_name: &str,
) -> Option<Vec<Finding>> {
    if !context.operation.needs_credentials() {
        return None;
    }
    if !is_served(control, other)? {
        return Some(Vec::new());
    }
    let title = format!("answers with the revoked key `{key_name}`");
    Some(vec![served(context, &RULE, key_name, title, control, other)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer};

    fn verdict(world: &World, control: u16, other: u16) -> Option<usize> {
        let (control, other) = (answer(control, "", ""), answer(other, "", ""));
        check(&world.context(), &control, &other, "old").map(|findings| findings.len())
    }

    #[test]
    fn fires_when_served_and_only_then() {
        let world = World::get().secured();
        assert_eq!(verdict(&world, 200, 200), Some(1));
        assert_eq!(verdict(&world, 200, 204), Some(1));
        for status in [302, 401, 403, 404] {
            assert_eq!(verdict(&world, 200, status), Some(0), "{status}");
        }
    }

    #[test]
    fn cannot_judge_public_operations_nor_failed_controls() {
        assert_eq!(verdict(&World::get(), 200, 200), None);
        assert_eq!(verdict(&World::get().secured(), 401, 200), None);
        assert_eq!(verdict(&World::get().secured(), 200, 503), None);
    }
}
