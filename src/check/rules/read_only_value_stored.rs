//! A client sets a value that is the server's alone.
//!
//! ## What it does
//! Takes properties that the document marks `readOnly`, and those with names of power (`role`, `is_admin`, `owner_id`,
//! `balance`, …) that answers show and requests do not know. Creates or updates something of its own with one of them
//! set to another valid value, reads it, and reports when exactly that value is shown and was not there without it.
//! To ignore the property is fine, to refuse it is fine. Ids and versions are never sent.
//!
//! ## Why it matters
//! Who can write what the server is to keep, writes himself an owner, a role, an approval or a date (OWASP API3: mass
//! assignment).
//!
//! ## Example
//! `PUT /comments/4` with `{"text": "hi", "created": "2001-01-01"}`, where `created` is `readOnly`. `GET /comments/4`
//! then answers `"created": "2001-01-01"`.
//!
//! ## How to fix
//! Copy the properties that a client may set one by one, never the whole body.

use crate::check::compare::{differs, resource};
use crate::check::ownership::{finding, yes};
use crate::check::{Context, Presumption};
use crate::finding::{Family, Finding, Rule, Severity};
use serde_json::{Map, Value};

pub(crate) const RULE: Rule = Rule {
    id: "read-only-value-stored",
    title: "A client sets a value that is the server's alone",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.24 Schema Object (readOnly)",
    fault_code: Some(203),
    default_on: true,
};

pub(crate) fn check(context: &Context, presumption: &Presumption) -> Option<Vec<Finding>> {
    let Presumption { property, value, attempt, before, after } = presumption;
    let answered = attempt.response()?;
    if answered.status == 429 || answered.status >= 500 {
        return None;
    }
    if !answered.is_success() {
        return Some(Vec::new());
    }
    let names: Map<String, Value> = std::iter::once(((*property).to_owned(), (*value).clone())).collect();
    let shown = |body: &Value| resource(body, &names).and_then(|map| map.get(*property)).cloned();
    let before = yes(before)?;
    // Without it the same value: then nobody knows who set it.
    if shown(&before).is_some_and(|found| differs(value, &found) != Some(true)) {
        return None;
    }
    let after = yes((*after)?)?;
    if shown(&after).and_then(|found| differs(value, &found)) != Some(false) {
        return Some(Vec::new());
    }
    let title = format!("stores the `{property}` that a client sends, which is the server's to set");
    let evidence: Vec<_> =
        [Some(presumption.before), Some(*attempt), presumption.after].into_iter().flatten().collect();
    let mut found = finding(context, &RULE, &[property], title, &evidence);
    found.detail.push_str(&format!("\nsent and found: {value}"));
    Some(vec![found])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer};
    use serde_json::json;

    fn verdict(status: u16, before: &Value, after: &Value) -> Option<usize> {
        let (attempt, before, after) =
            (answer(status, "", ""), json_answer(200, before), json_answer(200, after));
        let value = json!("admin");
        let presumption = Presumption {
            property: "role",
            value: &value,
            attempt: &attempt,
            before: &before,
            after: Some(&after),
        };
        check(&World::get().context(), &presumption).map(|found| found.len())
    }

    #[test]
    fn fires_if_exactly_the_value_that_was_sent_is_shown() {
        let (member, admin) = (json!({"id": 1, "role": "member"}), json!({"id": 1, "role": "admin"}));
        assert_eq!(verdict(201, &member, &admin), Some(1));
        assert_eq!(verdict(200, &json!({"id": 1}), &json!({"data": {"role": "admin"}})), Some(1));
    }

    #[test]
    fn ignoring_and_refusing_are_fine() {
        let (member, admin) = (json!({"role": "member"}), json!({"role": "admin"}));
        assert_eq!(verdict(200, &member, &member), Some(0));
        assert_eq!(verdict(200, &member, &json!({"role": "owner"})), Some(0));
        assert_eq!(verdict(200, &member, &json!({"id": 1})), Some(0));
        for status in [400, 403, 409, 422] {
            assert_eq!(verdict(status, &member, &admin), Some(0), "{status}");
        }
    }

    #[test]
    fn what_the_server_sets_by_itself_proves_nothing() {
        let admin = json!({"role": "admin"});
        assert_eq!(verdict(200, &admin, &admin), None);
        assert_eq!(verdict(200, &json!({"role": "Admin "}), &admin), None);
        assert_eq!(verdict(503, &json!({"role": "member"}), &admin), None);
    }
}
