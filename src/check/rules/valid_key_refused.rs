//! A key that works elsewhere is called unknown.
//!
//! ## What it does
//! Reports an operation that answers 401 to every valid request with the main key, while the same key is served
//! elsewhere, before and after. Left out are operations that ask for scopes or for credentials of their own (a login, a
//! token in a parameter), and those on which the key was not sent because the document asks for another scheme.
//!
//! ## Why it matters
//! 401 says that the caller is unknown. Clients throw a good key away, log the user out or ask again for ever. If the key
//! lacks a right, 403 is the answer; if it does not, the operation is broken.
//!
//! ## Example
//! `GET /projects` answers 200. `GET /projects/1/findings/mitigated` with the same key answers 401.
//!
//! ## How to fix
//! Let this operation check keys as the others do, and answer 403 to a known key without the right.

use crate::check::Context;
use crate::check::ownership::{finding, yes};
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "valid-key-refused",
    title: "A key that works elsewhere is called unknown",
    severity: Severity::Warning,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.2, §15.5.4",
    fault_code: Some(205),
    default_on: true,
};

pub(crate) fn check(context: &Context, elsewhere: &Exchange, refused: &Exchange) -> Option<Vec<Finding>> {
    let works = yes(elsewhere).is_some() || elsewhere.status() == Some(204);
    if !works || !context.operation.needs_credentials() || asks_for_more(context) {
        return None;
    }
    match refused.status()? {
        429 | 500.. => None,
        401 => {
            let title = "answers 401 to a key that works elsewhere".to_owned();
            Some(vec![finding(context, &RULE, &[], title, &[elsewhere, refused])])
        }
        _ => Some(Vec::new()),
    }
}

/// Whether the document asks for scopes, which the key may lack.
fn asks_for_more(context: &Context) -> bool {
    context.operation.security.iter().any(|one| one.schemes.iter().any(|(_, scopes)| !scopes.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer};
    use crate::spec::Requirement;
    use serde_json::json;

    fn verdict(world: &World, elsewhere: u16, refused: u16) -> Option<usize> {
        let elsewhere = json_answer(elsewhere, &json!([1]));
        check(&world.context(), &elsewhere, &answer(refused, "", "")).map(|found| found.len())
    }

    #[test]
    fn fires_on_401_alone() {
        let world = World::get().secured();
        assert_eq!(verdict(&world, 200, 401), Some(1));
        for status in [200, 302, 403, 404, 407] {
            assert_eq!(verdict(&world, 200, status), Some(0), "{status}");
        }
        assert_eq!(verdict(&world, 200, 429), None);
    }

    #[test]
    fn cannot_judge_a_key_that_works_nowhere_nor_scopes_nor_public_operations() {
        assert_eq!(verdict(&World::get().secured(), 401, 401), None);
        assert_eq!(verdict(&World::get(), 200, 401), None);
        let mut world = World::get();
        let requirement = Requirement { schemes: vec![("key".to_owned(), vec!["write".to_owned()])] };
        world.api.operations[0].security.push(requirement);
        assert_eq!(verdict(&world, 200, 401), None);
    }
}
