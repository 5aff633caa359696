//! Which method a member of a path item names, and which members hold further operations.

use crate::exchange::Method;
use crate::schema::Pointer;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, SpecVersion};
use serde_json::{Map, Value};

/// Members of a path item that are not operations.
const MEMBERS: &[&str] = &["$ref", "summary", "description", "servers", "parameters"];
/// Methods outside the fixed ones, by name (OpenAPI 3.2 §4.9 Path Item Object).
const ADDITIONAL: &str = "additionalOperations";

/// The operations of a path item in its order: the method of each, and where it stands.
pub(super) fn methods(walk: &mut Walk, item: &Map<String, Value>, at: &Pointer) -> Vec<(Method, Pointer)> {
    let mut found = Vec::new();
    for key in item.keys().filter(|key| !MEMBERS.contains(&key.as_str()) && !key.starts_with("x-")) {
        let at = at.push(key);
        if key == ADDITIONAL {
            additional(walk, item, &at, &mut found);
        } else if let Some(method) = member(walk, key, item, &at) {
            found.push((method, at));
        }
    }
    found
}

/// The method that a member names; `None` if it is none, with an issue if it looks like one.
fn member(walk: &mut Walk, key: &str, item: &Map<String, Value>, at: &Pointer) -> Option<Method> {
    if let Some(method) = Method::parse(key) {
        if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let message = format!("method `{key}` is not in lower case");
            walk.issue("upper-case-method", IssueKind::Doubtful, at, message, "write it in lower case");
        }
        return Some(method);
    }
    // Something else: an operation of an unusual method if it has what only operations have.
    item.get(key)?.get("responses")?;
    let Some(method) = Method::named(&key.to_ascii_uppercase()) else {
        unsendable(walk, key, at);
        return None;
    };
    let message = format!("`{key}` is not a member of a path item; it is taken as the method {method}");
    walk.issue(
        "unknown-method",
        IssueKind::Doubtful,
        at,
        message,
        "describe it in `additionalOperations` (OpenAPI 3.2)",
    );
    Some(method)
}

/// `additionalOperations`: the key is the method as it travels, letter case included.
fn additional(walk: &mut Walk, item: &Map<String, Value>, at: &Pointer, found: &mut Vec<(Method, Pointer)>) {
    let operations = match item.get(ADDITIONAL) {
        Some(Value::Object(operations)) => operations,
        None | Some(Value::Null) => return,
        Some(_) => {
            let message = "`additionalOperations` is not an object";
            walk.issue(
                "malformed-path-item",
                IssueKind::OperationSkipped,
                at,
                message,
                "map method names to operations",
            );
            return;
        }
    };
    if walk.version != SpecVersion::OpenApi32 {
        let message =
            format!("`additionalOperations` does not belong to {}; it is read all the same", walk.version);
        walk.issue("part-of-another-version", IssueKind::Doubtful, at, message, "write `openapi: 3.2.0`");
    }
    for key in operations.keys().filter(|key| !key.starts_with("x-")) {
        let at = at.push(key);
        let Some(method) = Method::named(key) else {
            unsendable(walk, key, &at);
            continue;
        };
        if !matches!(method, Method::Other(_)) {
            let message = format!("{method} has a member of its own in a path item");
            let hint = format!("move it to `{}`", key.to_ascii_lowercase());
            walk.issue("malformed-path-item", IssueKind::Doubtful, &at, message, &hint);
        }
        found.push((method, at));
    }
}

fn unsendable(walk: &mut Walk, key: &str, at: &Pointer) {
    let message = format!("`{key}` is not a method that can be sent");
    walk.issue(
        "unknown-method",
        IssueKind::OperationSkipped,
        at,
        message,
        "use letters, digits and hyphens, and not `CONNECT`",
    );
}
