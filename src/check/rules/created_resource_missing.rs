//! What was just created cannot be read.
//!
//! ## What it does
//! Creates a resource, reads it by its id, and reports when the creation was answered 2xx and the reading 404 or 410,
//! again and again for a third of a second: a copy that is read from may follow behind.
//! Silent on 202, which promises nothing yet, on other answers to the reading, and if something deleted it in between.
//!
//! ## Why it matters
//! The client was told that its data is stored. It is not, or cannot be found.
//!
//! ## Example
//! `POST /teams` answers 201 with `team_id` 9. `GET /teams/9` answers 404.
//!
//! ## How to fix
//! Store the resource before you answer. If it appears later, answer 202 and say where its state can be read.

use crate::check::Role;
use crate::check::sequence::{Transcript, Verdict};
use crate::finding::{Family, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "created-resource-missing",
    title: "What was created cannot be read",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.3, §15.3.2",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    let Some((create, read)) = transcript.pair(Role::Create, Role::ReadAfterCreate, &[Role::Delete]) else {
        return Vec::new();
    };
    let findings = match read.status() {
        _ if !create.is_done() => return Vec::new(),
        Some(status @ (404 | 410)) => {
            let title = format!("creates a resource that `{}` answers with {status}", read.operation);
            vec![transcript.finding(&RULE, read.operation.as_str(), title, &[create, read])]
        }
        Some(200..=299) => Vec::new(),
        _ => return Vec::new(),
    };
    vec![(create.operation.clone(), findings)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Step;
    use crate::check::fixture::{World, answer, positive, step};
    use crate::exchange::Method;

    /// How many findings, or `None` if nothing could be said.
    fn verdict(created: u16, read: u16, between: Option<Role>) -> Option<usize> {
        let world = World::new(Method::Post, "/pets");
        let of = |role, status| step(role, Method::Post, "/pets", positive(), answer(status, "", ""));
        let mut steps: Vec<Step> = vec![of(Role::Create, created)];
        steps.extend(between.map(|role| of(role, 204)));
        steps.push(of(Role::ReadAfterCreate, read));
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_404_and_410_alone() {
        assert_eq!(verdict(201, 404, None), Some(1));
        assert_eq!(verdict(200, 410, None), Some(1));
        assert_eq!(verdict(201, 200, None), Some(0));
        for status in [302, 401, 403, 429, 500] {
            assert_eq!(verdict(201, status, None), None, "{status}");
        }
    }

    #[test]
    fn cannot_judge_what_was_not_created_or_is_gone_again() {
        assert_eq!(verdict(202, 404, None), None);
        assert_eq!(verdict(409, 404, None), None);
        assert_eq!(verdict(201, 404, Some(Role::Delete)), None);
    }

    #[test]
    fn what_shows_at_the_second_reading_is_not_missing() {
        let world = World::new(Method::Post, "/pets");
        let of = |role, status| step(role, Method::Post, "/pets", positive(), answer(status, "", ""));
        let late = [of(Role::Create, 201), of(Role::ReadAfterCreate, 404), of(Role::ReadAfterCreate, 200)];
        assert_eq!(check(&Transcript { api: &world.api, steps: &late })[0].1, []);
        let never = [of(Role::Create, 201), of(Role::ReadAfterCreate, 404), of(Role::ReadAfterCreate, 404)];
        assert_eq!(check(&Transcript { api: &world.api, steps: &never })[0].1.len(), 1);
    }
}
