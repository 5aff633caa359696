//! Refusals tell a stranger what exists.
//!
//! ## What it does
//! With a key that the configuration calls a peer: asks for something that the main key created, and for something
//! that does not exist. Reported as a note is 403 for the one and 404 for the other. Off by default: many services
//! decide for it knowingly, where ids are no secret.
//!
//! ## Why it matters
//! By trying ids a stranger learns which customers, orders or users there are, and how many.
//!
//! ## Example
//! With key `partner`, `GET /projects/1/processing-rules/7` answers 403 and `…/processing-rules/99999` answers 404.
//!
//! ## How to fix
//! Answer 404 in both cases, or decide on the parent before the child is looked up.

use crate::check::Context;
use crate::check::ownership::finding;
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "existence-revealed",
    title: "Refusals tell a stranger what exists",
    severity: Severity::Note,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.4",
    fault_code: Some(204),
    default_on: false,
};

pub(crate) fn check(
    context: &Context,
    existing: &Exchange,
    unknown: &Exchange,
    key_name: &str,
) -> Option<Vec<Finding>> {
    match (existing.status()?, unknown.status()?) {
        (403, 404 | 410) => {
            let title = format!("tells key `{key_name}` what exists: 403 if it does, 404 if not");
            Some(vec![finding(context, &RULE, &[key_name], title, &[unknown, existing])])
        }
        (429 | 500.., _) | (_, 429 | 500..) => None,
        _ => Some(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer};

    fn verdict(existing: u16, unknown: u16) -> Option<usize> {
        let world = World::get();
        check(&world.context(), &answer(existing, "", ""), &answer(unknown, "", ""), "p").map(|f| f.len())
    }

    #[test]
    fn fires_on_different_refusals_alone() {
        assert_eq!(verdict(403, 404), Some(1));
        for (existing, unknown) in [(403, 403), (404, 404), (401, 401), (200, 404), (403, 422)] {
            assert_eq!(verdict(existing, unknown), Some(0), "{existing} {unknown}");
        }
        assert_eq!(verdict(503, 404), None);
        assert_eq!(verdict(403, 429), None);
    }

    #[test]
    fn it_is_off_by_default() {
        assert!(!World::get().options.enabled.contains(RULE.id));
    }
}
