//! # security-tightened
//!
//! ## What it does
//!
//! Reports credentials that were enough before and are not any more: security on an open operation, an
//! alternative taken away, one more scheme or scope within an alternative, a key that travels elsewhere.
//! Schemes are compared by what they are, not by their name in the document.
//!
//! ## Why it matters
//!
//! Clients with yesterday's credentials get 401 or 403.
//!
//! ## Example
//!
//! `GET /status` was open and needs `apiKey` now.
//!
//! ## How to fix
//!
//! Keep the old credentials as an alternative until clients have moved.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::pair::OperationPair;
use crate::finding::{Family, Rule, Severity};
use crate::schema::Pointer;
use crate::spec::{Api, Operation, Requirement, SecurityScheme};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "security-tightened",
    title: "credentials that were enough no longer are",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.30",
    fault_code: None,
    default_on: true,
};

/// Judges one operation: every old alternative must still satisfy some new one.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    let open = [Requirement::default()];
    let old: &[Requirement] = if pair.old.security.is_empty() { &open } else { &pair.old.security };
    let new = &pair.new.security;
    if new.is_empty() {
        return Vec::new();
    }
    let lost = old.iter().find(|have| !new.iter().any(|need| enough(pair.old_api, have, pair.new_api, need)));
    let Some(lost) = lost else { return Vec::new() };
    let predicate = if lost.is_anonymous() {
        "now needs a credential".to_owned()
    } else {
        format!("no longer accepts {} alone", words(lost))
    };
    let (old_place, _) = place(pair.old_api, pair.old);
    let (new_place, shared) = place(pair.new_api, pair.new);
    let before = alternatives(old);
    let after = alternatives(new);
    let cause = shared.then(|| format!("security: {before} → {after}"));
    vec![
        Change::new(&RULE, Anchor::new(Base::Operation), "security", predicate)
            .values(before, after)
            .witness(Some(if lost.is_anonymous() {
                "a request without credentials".to_owned()
            } else {
                format!("a request with {} only", words(lost))
            }))
            .at(Some(old_place), Some(new_place))
            .cause(cause),
    ]
}

/// Whether `have` holds every scheme and scope that `need` asks for.
fn enough(old: &Api, have: &Requirement, new: &Api, need: &Requirement) -> bool {
    need.schemes.iter().all(|(name, scopes)| {
        have.schemes.iter().any(|(other, granted)| {
            same(old.security_schemes.get(other), other, new.security_schemes.get(name), name)
                && scopes.iter().all(|scope| granted.contains(scope))
        })
    })
}

/// Declared schemes by what they are; undeclared ones by name.
fn same(old: Option<&SecurityScheme>, old_name: &str, new: Option<&SecurityScheme>, new_name: &str) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old == new,
        _ => old_name == new_name,
    }
}

/// Where security is said: at the operation, or for the whole API.
fn place(api: &Api, operation: &Operation) -> (Pointer, bool) {
    let own = operation.pointer.push("security");
    if api.document.get(&own).is_some() { (own, false) } else { (Pointer::root().push("security"), true) }
}

fn alternatives(requirements: &[Requirement]) -> String {
    if requirements.is_empty() {
        return "no credential".to_owned();
    }
    requirements.iter().map(words).collect::<Vec<_>>().join(", or ")
}

fn words(requirement: &Requirement) -> String {
    if requirement.is_anonymous() {
        return "no credential".to_owned();
    }
    requirement
        .schemes
        .iter()
        .map(|(name, scopes)| {
            if scopes.is_empty() { format!("`{name}`") } else { format!("`{name}` ({})", scopes.join(", ")) }
        })
        .collect::<Vec<_>>()
        .join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{document, fires, silent};
    use serde_json::{Value, json};

    fn with(security: Value) -> Api {
        with_key(security, "X-Key")
    }

    fn with_key(security: Value, header: &str) -> Api {
        let mut root = document(json!({
            "/a": {"get": {"responses": {"204": {"description": "done"}}}},
            "/b": {"get": {"responses": {"204": {"description": "done"}}}}
        }));
        root["components"] = json!({"securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": header},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"r": "", "w": ""}}}}
        }});
        if !security.is_null() {
            root["security"] = security;
        }
        crate::spec::parse(root).expect("a document").0
    }

    #[test]
    fn what_was_enough_and_is_no_more_fires_once() {
        let key = json!([{"key": []}]);
        for (old, new) in [
            (Value::Null, key.clone()),
            (json!([{"key": []}, {"oauth": ["r"]}]), key.clone()),
            (key.clone(), json!([{"key": [], "oauth": []}])),
            (json!([{"oauth": ["r"]}]), json!([{"oauth": ["r", "w"]}])),
        ] {
            let found = fires(&RULE, &with(old.clone()), &with(new));
            assert_eq!(found.len(), 1, "one cause for both operations: {old}");
        }
        fires(&RULE, &with_key(key.clone(), "X-Key"), &with_key(key, "X-Token"));
    }

    #[test]
    fn more_ways_in_are_silent() {
        let key = json!([{"key": []}]);
        silent(&with(key.clone()), &with(Value::Null));
        silent(&with(key.clone()), &with(json!([{"oauth": ["r"]}, {"key": []}])));
        silent(&with(json!([{"key": [], "oauth": []}])), &with(key));
    }
}
