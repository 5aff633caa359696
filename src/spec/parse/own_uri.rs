//! `$self`: the URI that a document gives itself (OpenAPI 3.2 §4.1.1). References to it are references into it.
//!
//! They are rewritten to bare fragments, in the working document alone. A URI relative to `$self` that names
//! another document stays as it is.

use serde_json::Value;

/// Members whose value is data, not structure.
const DATA: &[&str] = &["example", "examples", "default", "enum", "const", "x-example", "x-examples"];

/// Rewrites the references; says what is wrong with `$self`, if anything is.
pub(super) fn mend(root: &mut Value) -> Option<String> {
    let own = match root.get("$self")? {
        Value::String(own) if !own.is_empty() => own.clone(),
        _ => return Some("`$self` is not a URI".to_owned()),
    };
    if own.contains('#') {
        return Some(format!("`$self` is `{own}`, which has a fragment"));
    }
    // A reference may name the document in full, by its path, or by its last segment alone (RFC 3986 §5.2).
    let path = own.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    let file = own.rsplit('/').next().filter(|file| !file.is_empty()).map(str::to_owned);
    let names: Vec<String> = std::iter::once(own)
        .chain(path)
        .chain(file.iter().map(|file| format!("./{file}")))
        .chain(file.clone())
        .collect();
    visit(root, &names);
    None
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
