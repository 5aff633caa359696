//! `paths`: path items, their operations, and what is odd about the templates themselves.

use crate::exchange::Method;
use crate::schema::{Pointer, find};
use crate::spec::parse::address::address;
use crate::spec::parse::method::methods;
use crate::spec::parse::operation::{Frame, operation};
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{security, server};
use crate::spec::{IssueKind, Operation, Requirement, SecurityScheme};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Azure's extension: more paths, told apart by the query that stands in their keys.
const MORE_PATHS: &str = "x-ms-paths";

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
        // OpenAPI 3.1 documents may hold webhooks or components alone.
        None if walk.root.get("webhooks").is_some_and(Value::is_object) => {
            let message = "no `paths`: webhooks are requests that the API sends, so there is nothing to call";
            walk.issue(
                "no-paths",
                IssueKind::Doubtful,
                &root,
                message,
                "describe the API's own paths to have it tested",
            );
        }
        None if walk.root.get("components").is_some_and(Value::is_object) => {
            let message = "no `paths`: a document of components alone has nothing to call";
            walk.issue("no-paths", IssueKind::Doubtful, &root, message, "give the document that uses them");
        }
        None if walk.root.get(MORE_PATHS).is_some_and(Value::is_object) => {}
        _ => {
            walk.issue(
                "no-paths",
                IssueKind::PartSkipped,
                &at,
                "`paths` is missing or not an object",
                "map paths to their operations",
            );
        }
    }
    if let Some(Value::Object(paths)) = walk.root.get(MORE_PATHS) {
        let at = root.push(MORE_PATHS);
        for path in paths.keys() {
            found.path(walk, path, &at.push(path));
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
            walk.issue("path-too-long", IssueKind::OperationSkipped, at, message, "shorten it");
            return;
        }
        let address = address(walk, written, at);
        let Some(Value::Object(local)) = find(walk.root, at.as_str()) else {
            walk.issue(
                "malformed-path-item",
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
            items.extend(between(walk, at, &target));
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
            for (method, at) in methods(walk, item, &at) {
                if seen.insert(method) {
                    let frame = Frame {
                        method,
                        address: &address,
                        items: &items,
                        servers: &servers,
                        security: &self.security,
                        schemes: self.schemes,
                    };
                    if let Some(operation) = operation(walk, &frame, &at) {
                        self.add(walk, operation, &address.shown, address.shape());
                    }
                }
            }
        }
    }

    /// Takes an operation in, unless one with its key is there; twins and repeated ids are noted.
    fn add(&mut self, walk: &mut Walk, mut operation: Operation, path: &str, shape: String) {
        let at = operation.pointer.clone();
        let path = path.to_owned();
        let shape = (shape, operation.method);
        if let Some(twin) = self.shapes.get(&shape) {
            if *twin == path {
                let message = format!("`{}` is described twice", operation.key);
                walk.issue(
                    "duplicate-operation",
                    IssueKind::OperationSkipped,
                    &at,
                    message,
                    "give each operation a path of its own",
                );
                return;
            }
            let message = format!("`{path}` and `{twin}` are the same path under two names");
            walk.issue("twin-path-templates", IssueKind::Doubtful, &at, message, "keep one of them");
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
                    walk.issue(
                        "duplicate-operation-id",
                        IssueKind::Doubtful,
                        &at,
                        message,
                        "give each operation an id of its own",
                    );
                }
            }
        }
        self.operations.push(operation);
    }
}
/// The path items on the way from the one at `at` to `target`: each may have members beside its reference.
fn between<'d>(walk: &Walk<'d>, at: &Pointer, target: &Pointer) -> Vec<(Pointer, &'d Map<String, Value>)> {
    let mut passed = Vec::new();
    let mut at = at.clone();
    loop {
        let reference =
            find(walk.root, at.as_str()).and_then(|node| node.get("$ref")).and_then(Value::as_str);
        let Some(next) = reference.and_then(|reference| walk.target(&at, reference).ok()) else { break };
        if next == *target {
            break;
        }
        if let Some(Value::Object(item)) = find(walk.root, next.as_str()) {
            passed.push((next.clone(), item));
        }
        at = next;
    }
    passed
}
