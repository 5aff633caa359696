//! Where the API is served: `servers`, or `schemes`, `host` and `basePath`.

use crate::schema::Pointer;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, Server};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The document's servers.
pub(super) fn servers(walk: &mut Walk) -> Vec<Server> {
    match walk.root {
        Value::Object(root) if !walk.is_swagger() => listed(walk, root, &Pointer::root()),
        _ => of_swagger(walk),
    }
}

/// The `servers` of a document, path item or operation (OpenAPI 3.x).
pub(super) fn listed(walk: &mut Walk, owner: &Map<String, Value>, at: &Pointer) -> Vec<Server> {
    if walk.is_swagger() {
        return Vec::new();
    }
    let at = at.push("servers");
    let entries = match owner.get("servers") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(_) => {
            walk.issue(
                "malformed-servers",
                IssueKind::Doubtful,
                &at,
                "`servers` is not a list",
                "write a list of objects with a `url`",
            );
            return Vec::new();
        }
    };
    let mut servers = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(url) = entry.get("url").and_then(Value::as_str) {
            servers.push(Server { url: url.trim().to_owned(), variables: variables(entry) });
        } else {
            walk.issue(
                "malformed-servers",
                IssueKind::Doubtful,
                &at.push(index),
                "server without a `url`",
                "add `url`",
            );
        }
    }
    servers
}

/// The default of each variable; without one, its first allowed value.
fn variables(server: &Value) -> IndexMap<String, String> {
    let Some(Value::Object(variables)) = server.get("variables") else { return IndexMap::new() };
    variables
        .iter()
        .filter_map(|(name, variable)| {
            let first = variable.get("enum").and_then(|values| values.get(0));
            let text = match variable.get("default").or(first)? {
                Value::String(text) => text.clone(),
                other @ (Value::Number(_) | Value::Bool(_)) => other.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            Some((name.clone(), text))
        })
        .collect()
}

/// Swagger 2.0: every scheme on `host` + `basePath`; without a host, a server relative to the document.
fn of_swagger(walk: &mut Walk) -> Vec<Server> {
    let text = |key: &str| walk.root.get(key).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let base = text("basePath").trim_end_matches('/');
    let base = if base.is_empty() || base.starts_with('/') { base.to_owned() } else { format!("/{base}") };
    // Some documents write a whole URL as the host.
    let (written, host) = match text("host").split_once("://") {
        Some((scheme, host)) => (Some(scheme), host),
        None => (None, text("host")),
    };
    let host = host.trim_end_matches('/');
    let plain = |url: String| Server { url, variables: IndexMap::new() };
    if host.is_empty() {
        return if base.is_empty() { Vec::new() } else { vec![plain(base)] };
    }
    let mut schemes: Vec<&str> = match walk.root.get("schemes") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    schemes.retain(|scheme| matches!(*scheme, "http" | "https"));
    if schemes.is_empty() {
        // The scheme of the document itself would count, but a file has none.
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.starts_with(name));
        schemes.push(written.unwrap_or(if local { "http" } else { "https" }));
    }
    schemes.into_iter().map(|scheme| plain(format!("{scheme}://{host}{base}"))).collect()
}
