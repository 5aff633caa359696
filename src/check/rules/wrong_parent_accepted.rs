//! A thing is served under a parent that it does not lie in.
//!
//! ## What it does
//! Creates a thing under one parent, reads it there, and asks for the same id under another parent. Reported is the same
//! body under both, if it is certain that the thing lies in the first alone: the list there holds it and the list
//! under the other parent does not, or the thing itself names the first as its parent. Something that does not exist
//! must be refused under the other parent, so that a server that answers anything is not blamed for this.
//!
//! ## Why it matters
//! The parent in the path is what access is decided by. If the child is looked up by its own id alone, whoever may
//! reach one parent reaches the children of all.
//!
//! ## Example
//! Issue 12 was created in project 1. `GET /projects/2/issues/12` answers 200 with it, though
//! `GET /projects/2/issues` does not list it.
//!
//! ## How to fix
//! Look the child up by both ids, and answer 404 when they do not belong together.

use crate::check::ownership::{finding, same_thing, yes};
use crate::check::{Context, Misplaced};
use crate::exchange::Response;
use crate::finding::{Family, Finding, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "wrong-parent-accepted",
    title: "A thing is served under a parent that it does not lie in",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.5, RFC 3986 §1.2.3",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, misplaced: &Misplaced) -> Option<Vec<Finding>> {
    let own = yes(misplaced.own)?;
    let other = misplaced.other.response()?;
    if other.status == 429 || other.status >= 500 {
        return None;
    }
    if yes(misplaced.other).is_none() || !same_thing(misplaced.own, misplaced.other) {
        return Some(Vec::new());
    }
    let refused = |response: &Response| (400..500).contains(&response.status) && response.status != 429;
    if !misplaced.unknown?.response().is_some_and(refused) {
        return None;
    }
    let listed = misplaced.listed_here == Some(true) && misplaced.listed_there == Some(false);
    if !listed && !names_parent(&own, misplaced) {
        return None;
    }
    let title = format!("serves it under another `{}`", misplaced.parameter);
    let evidence = [misplaced.own, misplaced.other];
    Some(vec![finding(context, &RULE, &[misplaced.parameter], title, &evidence)])
}

/// Whether the thing says itself which parent it lies in.
fn names_parent(own: &Value, misplaced: &Misplaced) -> bool {
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = plain(misplaced.parameter);
    // A bare `id` would be the thing's own.
    let telling = !["id", "uuid", "key", "name", "slug", "number", "code"].contains(&wanted.as_str());
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let named = |map: &serde_json::Map<String, Value>| {
        map.iter().any(|(name, value)| plain(name) == wanted && text(value) == text(misplaced.parent))
    };
    telling
        && own
            .as_object()
            .is_some_and(|map| named(map) || map.values().filter_map(Value::as_object).any(named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer};
    use crate::exchange::Exchange;
    use serde_json::json;

    fn verdict(
        own: &Value,
        other: &Exchange,
        unknown: u16,
        listed: [Option<bool>; 2],
        parameter: &str,
    ) -> Option<usize> {
        let (own, unknown) = (json_answer(200, own), answer(unknown, "", ""));
        let misplaced = Misplaced {
            own: &own,
            other,
            unknown: Some(&unknown),
            listed_here: listed[0],
            listed_there: listed[1],
            parameter,
            parent: &json!(1),
        };
        check(&World::get().context(), &misplaced).map(|found| found.len())
    }

    #[test]
    fn fires_if_lists_or_the_thing_itself_say_where_it_lies() {
        let thing = json!({"id": 12, "summary": "x"});
        let found = json_answer(200, &thing);
        assert_eq!(verdict(&thing, &found, 404, [Some(true), Some(false)], "project_id"), Some(1));
        let told = json!({"id": 12, "projectId": "1"});
        assert_eq!(verdict(&told, &json_answer(200, &told), 404, [None, None], "project_id"), Some(1));
    }

    #[test]
    fn silent_on_every_kind_of_refusal_and_on_something_else() {
        let thing = json!({"id": 12, "summary": "x"});
        let lists = [Some(true), Some(false)];
        for status in [301, 400, 403, 404, 410, 422] {
            let refusal = answer(status, "", "");
            assert_eq!(verdict(&thing, &refusal, 404, lists, "project_id"), Some(0), "{status}");
        }
        // Numbers begin anew under each parent.
        let another = json_answer(200, &json!({"id": 12, "summary": "y"}));
        assert_eq!(verdict(&thing, &another, 404, lists, "project_id"), Some(0));
        let envelope = json_answer(200, &json!({"ok": false, "error": "not found"}));
        assert_eq!(verdict(&thing, &envelope, 404, lists, "project_id"), Some(0));
    }

    #[test]
    fn shared_things_and_decorative_parents_cannot_be_judged() {
        let thing = json!({"id": 12, "summary": "x"});
        let found = json_answer(200, &thing);
        // Both lists hold it: it lies in both.
        assert_eq!(verdict(&thing, &found, 404, [Some(true), Some(true)], "project_id"), None);
        // No list tells, or the list does not even show it where it was made.
        assert_eq!(verdict(&thing, &found, 404, [None, None], "locale"), None);
        assert_eq!(verdict(&thing, &found, 404, [Some(false), Some(false)], "project_id"), None);
        // The parameter is called like the thing's own.
        assert_eq!(
            verdict(&json!({"id": 1}), &json_answer(200, &json!({"id": 1})), 404, [None, None], "id"),
            None
        );
        // A server that answers anything.
        assert_eq!(verdict(&thing, &found, 200, [Some(true), Some(false)], "project_id"), None);
    }
}
