//! References brought into the one form that everybody follows: a bare fragment, escaped as URIs want it.
//!
//! `$self` is the URI that a document gives itself (OpenAPI 3.2 §4.1.1): references to it are references into it.
//! Names of components with blanks, brackets or letters beyond ASCII are common, and common references to them are
//! no URIs. Both are rewritten in the working document alone; what names another document stays as it is.

use crate::schema::{DATA, Pointer};
use serde_json::Value;

/// Rewrites the references; says what is wrong with `$self`, if anything is.
pub(super) fn mend(root: &mut Value) -> Option<String> {
    let (names, problem) = match root.get("$self") {
        None => (Vec::new(), None),
        Some(Value::String(own)) if own.contains('#') => {
            (Vec::new(), Some(format!("`$self` is `{own}`, which has a fragment")))
        }
        Some(Value::String(own)) if !own.is_empty() => (names(own), None),
        Some(_) => (Vec::new(), Some("`$self` is not a URI".to_owned())),
    };
    visit(root, &names);
    problem
}

/// How a document may call itself.
fn names(own: &str) -> Vec<String> {
    // A reference may name the document in full, by its path, or by its last segment alone (RFC 3986 §5.2).
    let path = own.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    let file = own.rsplit('/').next().filter(|file| !file.is_empty()).map(str::to_owned);
    std::iter::once(own.to_owned())
        .chain(path)
        .chain(file.iter().map(|file| format!("./{file}")))
        .chain(file.clone())
        .collect()
}

fn visit(node: &mut Value, names: &[String]) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, names)),
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                let inner = names.iter().find_map(|name| reference.strip_prefix(name.as_str()));
                if let Some(inner) = inner.filter(|inner| inner.is_empty() || inner.starts_with('#')) {
                    *reference = if inner.is_empty() { "#".to_owned() } else { inner.to_owned() };
                }
                if !reference
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"#/~%-._!$&'()*+,;=:@?".contains(&b))
                    && let Some(pointer) = Pointer::from_fragment(reference)
                {
                    *reference = pointer.to_fragment();
                }
            }
            for (key, child) in members.iter_mut() {
                if !DATA.contains(&key.as_str()) {
                    visit(child, names);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
