//! A key may rewrite what it may not delete.
//!
//! ## What it does
//! For every further key that the configuration denies neither the one nor the other: the main key creates a resource,
//! the other key's DELETE is answered 403, its PUT or PATCH of the same resource is answered 2xx and shows, its DELETE
//! is answered 403 once more, and the main key may delete it. Reported as a warning. Silent where the document tells
//! the two apart: by other schemes or scopes, by an extension that names roles, by a 403 that is documented for the
//! DELETE alone, or by a word about owners, roles or permissions. A peer is asked only where its `allowed` patterns
//! take both. Off by default: a role that writes and does not delete is ordinary, and no document need say so.
//!
//! ## Why it matters
//! Whoever may overwrite everything with nothing can as well delete it: one of the two checks is wrong, most often the
//! one that is missing.
//!
//! ## Example
//! With key `editor`, `DELETE /rules/7` answers 403, and `PUT /rules/7` answers 200 and replaces it.
//!
//! ## How to fix
//! Ask for the same right in both, or say in the document which role may do what, and `denied` in the configuration.

use crate::check::compare::words;
use crate::check::ownership::{finding, shows_change};
use crate::check::{Context, HalfRight};
use crate::exchange::{Exchange, Response};
use crate::finding::{Family, Finding, Rule, Severity};
use crate::spec::{Operation, StatusPattern};
use serde_json::Value;
use std::collections::BTreeSet;

pub(crate) const RULE: Rule = Rule {
    id: "delete-refused-write-allowed",
    title: "A key may rewrite what it may not delete",
    severity: Severity::Warning,
    family: Family::Access,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.4",
    fault_code: Some(206),
    default_on: false,
};

/// Words that speak of who may do something.
const OF_RIGHTS: &[&str] = &[
    "admin",
    "admins",
    "administrator",
    "administrators",
    "author",
    "authorized",
    "creator",
    "only",
    "owner",
    "owners",
    "permission",
    "permissions",
    "privilege",
    "privileges",
    "right",
    "rights",
    "role",
    "roles",
    "scope",
    "scopes",
];

/// `context` is that of the DELETE.
pub(crate) fn check(context: &Context, half: &HalfRight) -> Option<Vec<Finding>> {
    if tells_apart(context, half.operation) {
        return None;
    }
    let served = |exchange: &Exchange| exchange.response().is_some_and(Response::is_success);
    let refused = |exchange: &Exchange| exchange.status() == Some(403);
    // What nobody may delete is no matter of keys.
    if !served(half.owner) || !refused(half.before) {
        return served(half.before).then(Vec::new);
    }
    match half.write.status()? {
        429 | 500.. => return None,
        401..=404 => return Some(Vec::new()),
        _ => {}
    }
    if !served(half.write) || !shows_change(half.read, half.reread, half.sent)? || !refused(half.after) {
        return None;
    }
    let verb = half.operation.method;
    let title = format!("refuses to delete for key `{}` what the same key may {verb}", half.key_name);
    let evidence = [half.read, half.before, half.reread, half.write, half.after];
    Some(vec![finding(context, &RULE, &[half.key_name], title, &evidence)])
}

/// Whether the document says that writing and deleting ask for different rights.
fn tells_apart(context: &Context, write: &Operation) -> bool {
    let delete = context.operation;
    let forbids = |operation: &Operation| {
        operation.responses.iter().any(|response| response.status == StatusPattern::Code(403))
    };
    let node = |operation: &Operation| context.api.document.resolve(&operation.pointer).map(|(_, node)| node);
    let (Some(one), Some(other)) = (node(delete), node(write)) else { return true };
    let extensions = |node: &Value| -> Vec<(String, Value)> {
        let members = node.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("x-"));
        let about = |name: &str| {
            let parts = words(name);
            parts
                .iter()
                .any(|word| OF_RIGHTS.contains(&word.as_str()) || ["access", "acl"].contains(&word.as_str()))
        };
        members.filter(|(name, _)| about(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let spoken = |operation: &Operation, node: &Value| -> BTreeSet<String> {
        let refusal = operation.responses.iter().find(|response| response.status == StatusPattern::Code(403));
        let refusal = refusal.and_then(|response| context.api.document.resolve(&response.pointer));
        let texts =
            [node.get("summary"), node.get("description"), refusal.and_then(|(_, n)| n.get("description"))];
        let texts = texts.into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase);
        let all: Vec<String> = texts.collect();
        let each = all.iter().flat_map(|text| text.split(|c: char| !c.is_alphabetic()));
        each.filter(|word| OF_RIGHTS.contains(word)).map(str::to_owned).collect()
    };
    delete.security != write.security
        || forbids(delete) && !forbids(write)
        || extensions(one) != extensions(other)
        || !spoken(delete, one).is_subset(&spoken(write, other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer};
    use crate::exchange::Method;
    use serde_json::{Map, json};

    fn world() -> World {
        let mut world = World::new(Method::Delete, "/rules/{id}")
            .response("403", "", None)
            .and(Method::Put, "/rules/{id}");
        let item = json!({"delete": {"responses": {}}, "put": {"responses": {}}});
        describe(&mut world, item);
        world.response("403", "", None)
    }

    fn describe(world: &mut World, item: Value) {
        let root = json!({"paths": {"/rules/{id}": item}});
        world.api.document = crate::schema::Document::new(root, crate::schema::Dialect::Draft4);
    }

    fn run(world: &World, owner: u16, deletions: [u16; 2], write: u16, now: &str) -> Option<usize> {
        let read = json_answer(200, &json!({"id": 1, "name": "a"}));
        let reread = json_answer(200, &json!({"id": 1, "name": now}));
        let sent: Map<String, Value> = json!({"name": "b"}).as_object().expect("an object").clone();
        let [before, after] = deletions.map(|status| answer(status, "", ""));
        let half = HalfRight {
            key_name: "editor",
            operation: &world.api.operations[1],
            read: &read,
            before: &before,
            write: &answer(write, "", ""),
            sent: &sent,
            reread: &reread,
            after: &after,
            owner: &answer(owner, "", ""),
        };
        check(&world.context(), &half).map(|findings| findings.len())
    }

    #[test]
    fn fires_on_half_a_right() {
        assert_eq!(run(&world(), 204, [403, 403], 200, "b"), Some(1));
        assert_eq!(run(&world(), 200, [403, 403], 204, "b"), Some(1));
    }

    #[test]
    fn silent_on_a_whole_right_and_on_none() {
        assert_eq!(run(&world(), 204, [403, 403], 403, "a"), Some(0));
        assert_eq!(run(&world(), 204, [403, 403], 404, "a"), Some(0));
        assert_eq!(run(&world(), 204, [204, 404], 200, "b"), Some(0));
    }

    #[test]
    fn cannot_judge_what_did_not_show_or_nobody_may_delete() {
        assert_eq!(run(&world(), 204, [403, 403], 200, "a"), None);
        assert_eq!(run(&world(), 403, [403, 403], 200, "b"), None);
        assert_eq!(run(&world(), 204, [403, 204], 200, "b"), None);
        assert_eq!(run(&world(), 204, [403, 403], 429, "a"), None);
        assert_eq!(run(&world(), 204, [409, 409], 200, "b"), None);
    }

    #[test]
    fn a_document_that_tells_them_apart_is_believed() {
        let check = |item: Value| {
            let mut world = world();
            describe(&mut world, item);
            assert_eq!(run(&world, 204, [403, 403], 200, "b"), None);
        };
        check(json!({"delete": {"x-required-role": "admin"}, "put": {"x-required-role": "editor"}}));
        check(json!({"delete": {"description": "For administrators."}, "put": {}}));
        check(
            json!({"delete": {"summary": "Deletes a rule; the owner may."}, "put": {"summary": "Replaces it."}}),
        );
        let mut scoped = world();
        let scopes = |scope: &str| crate::spec::Requirement {
            schemes: vec![("oauth".to_owned(), vec![scope.to_owned()])],
        };
        scoped.api.operations[0].security.push(scopes("delete"));
        scoped.api.operations[1].security.push(scopes("write"));
        assert_eq!(run(&scoped, 204, [403, 403], 200, "b"), None);
        let mut alone = world();
        alone.api.operations[1].responses.clear();
        assert_eq!(run(&alone, 204, [403, 403], 200, "b"), None);
        // The same words for both tell nothing.
        let mut both = world();
        let said = json!({"description": "Needs the role editor."});
        describe(&mut both, json!({"delete": said, "put": said}));
        assert_eq!(run(&both, 204, [403, 403], 200, "b"), Some(1));
    }
}
