//! Where the API is served: `servers`, or `schemes`, `host` and `basePath`.

use crate::schema::Pointer;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, PathTemplate, Server};
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
    if walk.is_swagger() { Vec::new() } else { entries(walk, owner, at, "servers") }
}

fn entries(walk: &mut Walk, owner: &Map<String, Value>, at: &Pointer, key: &str) -> Vec<Server> {
    let at = at.push(key);
    let entries = match owner.get(key) {
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
            let name = entry.get("name").and_then(Value::as_str).map(str::to_owned);
            let variables = variables(walk, entry, url, &at.push(index));
            servers.push(Server { name, url: url.trim().to_owned(), variables });
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

/// The default of each variable; without one, its first allowed value. Those that have neither are noted.
fn variables(walk: &mut Walk, server: &Value, url: &str, at: &Pointer) -> IndexMap<String, String> {
    let known = defaults(server);
    note_unknown(walk, url, &known, at);
    known
}

fn note_unknown(walk: &mut Walk, url: &str, known: &IndexMap<String, String>, at: &Pointer) {
    for name in PathTemplate::parse(url).names().filter(|name| !known.contains_key(*name)) {
        let message = format!("`{{{name}}}` in the server's URL has no value; give the base URL yourself");
        walk.issue(
            "server-variable-without-default",
            IssueKind::Doubtful,
            at,
            message,
            "describe it in `variables` with a `default`",
        );
    }
}

fn defaults(server: &Value) -> IndexMap<String, String> {
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
    let plain = |url: String| Server { name: None, url, variables: IndexMap::new() };
    if host.is_empty()
        && let Some(servers) = of_extensions(walk, &base)
    {
        return servers;
    }
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
    let urls: Vec<String> = schemes.into_iter().map(|scheme| format!("{scheme}://{host}{base}")).collect();
    if let Some(url) = urls.first() {
        note_unknown(walk, url, &IndexMap::new(), &Pointer::root());
    }
    urls.into_iter().map(plain).collect()
}

/// What documents without a `host` say in extensions: `x-servers` in the shape of OpenAPI 3, or Azure's host with
/// parameters.
fn of_extensions(walk: &mut Walk, base: &str) -> Option<Vec<Server>> {
    let root = walk.root.as_object()?;
    if root.get("x-servers").is_some_and(Value::is_array) {
        return Some(entries(walk, root, &Pointer::root(), "x-servers"))
            .filter(|servers| !servers.is_empty());
    }
    let host = root.get("x-ms-parameterized-host")?;
    let template = host.get("hostTemplate")?.as_str()?.trim().trim_end_matches('/');
    let prefix = host.get("useSchemePrefix") != Some(&Value::Bool(false)) && !template.contains("://");
    let url = if prefix { format!("https://{template}{base}") } else { format!("{template}{base}") };
    let mut variables = IndexMap::new();
    let at = Pointer::root().push("x-ms-parameterized-host").push("parameters");
    let count = host.get("parameters").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..count {
        let Ok((_, parameter)) = walk.resolve(&at.push(index)) else { continue };
        let name = parameter.get("name").and_then(Value::as_str);
        let value =
            parameter.get("default").or_else(|| parameter.get("enum")?.get(0)).and_then(Value::as_str);
        if let (Some(name), Some(value)) = (name, value) {
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    note_unknown(walk, &url, &variables, &Pointer::root().push("x-ms-parameterized-host"));
    Some(vec![Server { name: None, url, variables }])
}
