//! A key reaches an object that belongs to another.
//!
//! ## What it does
//! For keys that the configuration calls peers: the main key creates an object and reads it. Then the peer reads it,
//! looks for it in the list, changes it and deletes it. Reported is a reading that shows the same body as the owner's,
//! a list that holds the object, a change or a deletion that the owner sees afterwards. Any refusal is fine, and so
//! are an empty list, a shortened view and an object that is shown without any key. Without a peer in the
//! configuration, or where its `allowed` patterns say so, nothing is asked.
//!
//! ## Why it matters
//! Each single request is valid and each key is good, so no other test sees that the wall between two customers is
//! missing. It is the most common grave defect of APIs (OWASP API1: broken object level authorisation).
//!
//! ## Example
//! Key `main` creates issue 7 in its project. With key `partner`, which has no part in that project,
//! `GET /projects/1/issues/7` answers 200 with the issue.
//!
//! ## How to fix
//! Look objects up within what the caller may reach, in every operation that takes an id.

use crate::check::access::is_served;
use crate::check::ownership::{finding, same_thing, shows_change};
use crate::check::{Context, Deed, Trespass};
use crate::finding::{Family, Finding, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "foreign-object-served",
    title: "A key reaches an object that belongs to another",
    severity: Severity::Error,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.4",
    fault_code: Some(206),
    default_on: true,
};

pub(crate) fn check(context: &Context, trespass: &Trespass) -> Option<Vec<Finding>> {
    let Trespass { before, attempt, .. } = trespass;
    let served = is_served(before, attempt);
    let (reached, words, site) = match trespass.deed {
        Deed::Read | Deed::List
            if trespass.anonymous.is_some_and(|e| is_served(before, e) != Some(false)) =>
        {
            return None;
        }
        Deed::Read => (served? && same_thing(before, attempt), "shows", "read"),
        Deed::List => (served? && trespass.shown, "lists", "list"),
        Deed::Change => (has_changed(trespass)?, "changes", "change"),
        Deed::Delete => (has_gone(trespass)?, "deletes", "delete"),
    };
    if !reached {
        return Some(Vec::new());
    }
    let title = format!("{words} what the main key created, for key `{}`", trespass.key_name);
    let evidence: Vec<_> = [Some(*before), trespass.after, Some(*attempt)].into_iter().flatten().collect();
    Some(vec![finding(context, &RULE, &[trespass.key_name, site], title, &evidence)])
}

/// Whether the owner finds a value that the other key sent and that was another one before.
fn has_changed(trespass: &Trespass) -> Option<bool> {
    trespass.attempt.response()?;
    shows_change(trespass.before, trespass.after?, trespass.sent?)
}

/// Whether the owner no longer finds it.
fn has_gone(trespass: &Trespass) -> Option<bool> {
    trespass.attempt.response()?;
    let status = trespass.after?.status()?;
    if status == 429 || status >= 500 {
        return None;
    }
    Some(matches!(status, 404 | 410))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer};
    use crate::exchange::Exchange;
    use serde_json::{Value, json};

    fn trespass<'a>(deed: Deed, before: &'a Exchange, attempt: &'a Exchange) -> Trespass<'a> {
        Trespass {
            deed,
            key_name: "partner",
            before,
            attempt,
            anonymous: None,
            sent: None,
            after: None,
            shown: false,
        }
    }

    fn titles(trespass: &Trespass) -> Option<Vec<String>> {
        let findings = check(&World::get().secured().context(), trespass)?;
        Some(findings.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_on_the_owners_own_body() {
        let mine = json_answer(200, &json!({"id": 7, "name": "mine", "read_at": "2026-01-01T00:00:00Z"}));
        let theirs = json_answer(200, &json!({"id": 7, "name": "mine", "read_at": "2026-01-01T00:00:09Z"}));
        let found = titles(&trespass(Deed::Read, &mine, &theirs)).unwrap();
        assert_eq!(found, ["shows what the main key created, for key `partner`"]);
    }

    #[test]
    fn silent_on_refusals_empty_lists_and_shortened_views() {
        let mine = json_answer(200, &json!({"id": 7, "name": "mine"}));
        for status in [302, 401, 403, 404, 410] {
            assert_eq!(
                titles(&trespass(Deed::Read, &mine, &answer(status, "", ""))),
                Some(vec![]),
                "{status}"
            );
        }
        for body in [json!({"id": 7}), json!([]), json!({"ok": false, "error": "not_found"})] {
            assert_eq!(
                titles(&trespass(Deed::Read, &mine, &json_answer(200, &body))),
                Some(vec![]),
                "{body}"
            );
        }
        assert_eq!(titles(&trespass(Deed::Read, &mine, &answer(200, "text/html", "<form>"))), Some(vec![]));
        let list = json_answer(200, &json!([{"id": 7}]));
        let empty = json_answer(200, &json!([]));
        assert_eq!(titles(&trespass(Deed::List, &list, &empty)), Some(vec![]));
    }

    #[test]
    fn what_everybody_sees_is_public() {
        let mine = json_answer(200, &json!({"id": 7, "name": "mine"}));
        let seen = Trespass { anonymous: Some(&mine), ..trespass(Deed::Read, &mine, &mine) };
        assert_eq!(titles(&seen), None);
        let busy = answer(429, "", "");
        let seen = Trespass { anonymous: Some(&busy), ..trespass(Deed::Read, &mine, &mine) };
        assert_eq!(titles(&seen), None);
        let no = answer(401, "", "");
        let seen = Trespass { anonymous: Some(&no), ..trespass(Deed::Read, &mine, &mine) };
        assert_eq!(titles(&seen).unwrap().len(), 1);
    }

    #[test]
    fn cannot_judge_without_the_owners_own_reading() {
        let ok = json_answer(200, &json!({"id": 7}));
        assert_eq!(titles(&trespass(Deed::Read, &answer(404, "", ""), &ok)), None);
        assert_eq!(titles(&trespass(Deed::Read, &ok, &answer(503, "", ""))), None);
    }

    #[track_caller]
    fn change(status: u16, sent: &Value, after: &Value) -> Option<usize> {
        let before = json_answer(200, &json!({"id": 7, "name": "mine", "size": 3}));
        let (attempt, after) = (answer(status, "", ""), json_answer(200, after));
        let sent = sent.as_object();
        let deed = trespass(Deed::Change, &before, &attempt);
        titles(&Trespass { sent, after: Some(&after), ..deed }).map(|found| found.len())
    }

    #[test]
    fn a_change_counts_if_the_owner_sees_it() {
        let sent = json!({"name": "theirs"});
        assert_eq!(change(200, &sent, &json!({"id": 7, "name": "theirs", "size": 3})), Some(1));
        assert_eq!(change(403, &sent, &json!({"id": 7, "name": "theirs", "size": 3})), Some(1));
        assert_eq!(change(200, &sent, &json!({"id": 7, "name": "mine", "size": 3})), Some(0));
        assert_eq!(change(403, &sent, &json!({"id": 7, "name": "mine", "size": 3})), Some(0));
        // What was there already proves nothing.
        assert_eq!(change(200, &json!({"name": "mine"}), &json!({"id": 7, "name": "mine"})), None);
    }

    #[test]
    fn a_deletion_counts_if_the_owner_no_longer_finds_it() {
        let mine = json_answer(200, &json!({"id": 7}));
        let gone = |attempt: u16, after: u16| {
            let (attempt, after) = (answer(attempt, "", ""), json_answer(after, &json!({"id": 7})));
            let deed = trespass(Deed::Delete, &mine, &attempt);
            titles(&Trespass { after: Some(&after), ..deed }).map(|found| found.len())
        };
        assert_eq!([gone(204, 404), gone(204, 410), gone(403, 404)], [Some(1), Some(1), Some(1)]);
        assert_eq!([gone(204, 200), gone(403, 200), gone(404, 200)], [Some(0), Some(0), Some(0)]);
        assert_eq!(gone(204, 503), None);
    }
}
