//! `paths`: path items, their operations, and what is odd about the templates themselves.

use crate::exchange::Method;
use crate::schema::{Pointer, find};
use crate::spec::parse::operation::{Frame, operation};
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{security, server};
use crate::spec::{IssueKind, Operation, PathTemplate, Requirement, SecurityScheme};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Members of a path item that are not operations.
const MEMBERS: &[&str] = &["$ref", "summary", "description", "servers", "parameters"];

/// The longest path, in bytes: servers refuse longer request lines (RFC 9112 §3 asks them for 8,000 octets), and each
/// pointer into the path item repeats it.
const LONGEST_PATH: usize = 4_096;

/// Every operation of the document, in its order.
pub(super) fn operations(walk: &mut Walk, schemes: &IndexMap<String, SecurityScheme>) -> Vec<Operation> {
    let root = Pointer::root();
    let at = root.push("paths");
    let security = match walk.root {
        Value::Object(members) => security::requirements(walk, members, &root, schemes).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut found =
        Found { schemes, security, operations: Vec::new(), shapes: HashMap::new(), ids: HashMap::new() };
    match walk.root.get("paths") {
        Some(Value::Object(paths)) => {
            for path in paths.keys().filter(|path| !path.starts_with("x-")) {
                found.path(walk, path, &at.push(path));
            }
        }
        // OpenAPI 3.1 documents may hold webhooks alone.
        None if walk.root.get("webhooks").is_some() || walk.root.get("components").is_some() => {
            walk.issue(
                IssueKind::Doubtful,
                &root,
                "no `paths`: there is nothing to call",
                "describe the API's paths",
            );
        }
        _ => {
            walk.issue(
                IssueKind::PartSkipped,
                &at,
                "`paths` is missing or not an object",
                "map paths to their operations",
            );
        }
    }
    found.operations
}

struct Found<'s> {
    schemes: &'s IndexMap<String, SecurityScheme>,
    security: Vec<Requirement>,
    operations: Vec<Operation>,
    /// Shape and method of each operation, to the path first seen with it.
    shapes: HashMap<(String, Method), String>,
    /// Where each `operationId` was met.
    ids: HashMap<String, Pointer>,
}

impl Found<'_> {
    fn path(&mut self, walk: &mut Walk, written: &str, at: &Pointer) {
        if written.len() > LONGEST_PATH {
            let message = format!("the path has {} bytes; no server takes such a URL", written.len());
            walk.issue(IssueKind::OperationSkipped, at, message, "shorten it");
            return;
        }
        let template = template(walk, written, at);
        let Some(Value::Object(local)) = find(walk.root, at.as_str()) else {
            walk.issue(
                IssueKind::OperationSkipped,
                at,
                "path item is not an object",
                "map methods to operations",
            );
            return;
        };
        // A path item may be a reference with members beside it; the nearer ones win.
        let mut items = vec![(at.clone(), local)];
        if local.contains_key("$ref")
            && let Some((target, Value::Object(item))) = walk.resolve_or(at, IssueKind::OperationSkipped)
        {
            items.push((target, item));
        }
        let mut servers = Vec::new();
        for (at, item) in &items {
            if servers.is_empty() {
                servers = server::listed(walk, item, at);
            }
        }
        let mut seen = HashSet::new();
        for index in 0..items.len() {
            let (at, item) = (items[index].0.clone(), items[index].1);
            for key in item.keys().filter(|key| !MEMBERS.contains(&key.as_str()) && !key.starts_with("x-")) {
                let at = at.push(key);
                let Some(method) = method(walk, key, item, &at) else { continue };
                if seen.insert(method) {
                    let frame = Frame {
                        method,
                        template: &template,
                        items: &items,
                        servers: &servers,
                        security: &self.security,
                        schemes: self.schemes,
                    };
                    if let Some(operation) = operation(walk, &frame, &at) {
                        self.add(walk, operation);
                    }
                }
            }
        }
    }

    /// Takes an operation in, unless one with its key is there; twins and repeated ids are noted.
    fn add(&mut self, walk: &mut Walk, mut operation: Operation) {
        let at = operation.pointer.clone();
        let path = operation.path.to_string();
        let shape = (operation.path.shape(), operation.method);
        if let Some(twin) = self.shapes.get(&shape) {
            if *twin == path {
                let message = format!("`{}` is described twice", operation.key);
                walk.issue(
                    IssueKind::OperationSkipped,
                    &at,
                    message,
                    "give each operation a path of its own",
                );
                return;
            }
            let message = format!("`{path}` and `{twin}` are the same path under two names");
            walk.issue(IssueKind::Doubtful, &at, message, "keep one of them");
        } else {
            self.shapes.insert(shape, path);
        }
        if let Some(id) = operation.id.take() {
            match self.ids.get(&id) {
                None => {
                    self.ids.insert(id.clone(), at);
                    operation.id = Some(id);
                }
                // One path item under two paths: the document has said it once.
                Some(known) if *known == at => {}
                Some(_) => {
                    let message = format!(
                        "operationId `{id}` is used twice; this operation goes by `{}`",
                        operation.key
                    );
                    walk.issue(IssueKind::Doubtful, &at, message, "give each operation an id of its own");
                }
            }
        }
        self.operations.push(operation);
    }
}

/// The template of a key of `paths`, freed from what cannot be part of a path.
fn template(walk: &mut Walk, written: &str, at: &Pointer) -> PathTemplate {
    let mut path = written.trim();
    if let Some(cut) = path.find(['?', '#']) {
        let (kept, rest) = path.split_at(cut);
        let what = if rest.starts_with('?') { "query string" } else { "fragment" };
        let message = format!("{what} `{rest}` in a path; it is left out");
        walk.issue(IssueKind::Doubtful, at, message, "describe query parameters in `parameters`");
        path = kept;
    }
    if path.starts_with('/') {
        return PathTemplate::parse(path);
    }
    walk.issue(
        IssueKind::Doubtful,
        at,
        "path does not begin with `/`; one is put before it",
        "begin the path with `/`",
    );
    PathTemplate::parse(&format!("/{path}"))
}

/// The method that a member of a path item names; `None` if it is none, with an issue if it looks like one.
fn method(walk: &mut Walk, key: &str, item: &Map<String, Value>, at: &Pointer) -> Option<Method> {
    let method = Method::parse(key);
    if let Some(method) = method {
        if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let message = format!("method `{key}` is not in lower case");
            walk.issue(IssueKind::Doubtful, at, message, "write it in lower case");
        }
        return Some(method);
    }
    let node = item.get(key);
    if node.is_some_and(|node| node.get("responses").is_some()) || key == "additionalOperations" {
        let message = format!("`{key}` is not a method that can be tested");
        walk.issue(IssueKind::OperationSkipped, at, message, "use one of the methods of RFC 9110");
    }
    None
}
