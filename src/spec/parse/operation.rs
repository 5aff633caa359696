//! One operation: its own members and what it inherits from path item and document.

use crate::exchange::Method;
use crate::schema::Pointer;
use crate::spec::parse::address::Address;
use crate::spec::parse::gathered::{Gathered, Owner};
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{content, fit, form, response, security, server, swagger};
use crate::spec::{IssueKind, Operation, OperationKey, RequestBody};
use crate::spec::{Requirement, SecurityScheme, Server};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What an operation stands in.
pub(super) struct Frame<'a, 'd> {
    pub(super) method: Method,
    pub(super) address: &'a Address,
    /// The path item, nearest first: itself, then what it refers to.
    pub(super) items: &'a [(Pointer, &'d Map<String, Value>)],
    pub(super) servers: &'a [Server],
    pub(super) security: &'a [Requirement],
    pub(super) schemes: &'a IndexMap<String, SecurityScheme>,
}

/// Reads the operation at `at`. `None`, with an issue, if it cannot be called.
pub(super) fn operation<'d>(walk: &mut Walk<'d>, frame: &Frame<'_, 'd>, at: &Pointer) -> Option<Operation> {
    let (at, node) = walk.resolve_or(at, IssueKind::OperationSkipped)?;
    let Value::Object(node) = node else {
        walk.issue(
            "malformed-operation",
            IssueKind::OperationSkipped,
            &at,
            "operation is not an object",
            "compare it with the Operation Object",
        );
        return None;
    };
    if walk.is_full() {
        let message = "references multiply the document beyond what can be kept";
        walk.issue(
            "too-large-document",
            IssueKind::OperationSkipped,
            &at,
            message,
            "test a part of it at a time",
        );
        return None;
    }
    let mut gathered = Gathered::default();
    for (item_at, item) in frame.items.iter().rev() {
        gathered.gather(walk, Owner::PathItem, item, item_at, frame.address);
    }
    gathered.gather(walk, Owner::Operation, node, &at, frame.address);
    gathered.settle_query(walk);
    fit::to_address(walk, &mut gathered.parameters, frame.address, &at);
    let body = body(walk, node, &at, &gathered);
    if body.is_some() && matches!(frame.method, Method::Get | Method::Head) {
        let message = format!("{} has a body, which has no defined meaning (RFC 9110 §9.3)", frame.method);
        walk.issue(
            "body-without-meaning",
            IssueKind::Doubtful,
            &at,
            message,
            "use query parameters, or another method",
        );
    }
    let produces =
        if walk.is_swagger() { swagger::media_types(walk, node, &at, "produces") } else { Vec::new() };
    let responses = response::responses(walk, node, &at, &produces);
    let security = security::requirements(walk, node, &at, frame.schemes);
    let own_servers = server::listed(walk, node, &at);
    let contents = responses.iter().map(|response| 1 + response.contents.len() + response.headers.len());
    let inherited = frame.security.len() + frame.servers.len();
    walk.count(1 + inherited + gathered.parameters.len() + contents.sum::<usize>());
    Some(Operation {
        key: OperationKey::new(frame.method, &frame.address.shown),
        id: text(node, "operationId"),
        method: frame.method,
        path: frame.address.template.clone(),
        summary: text(node, "summary").or_else(|| first_line(node)),
        tags: tags(node),
        deprecated: node.get("deprecated") == Some(&Value::Bool(true)),
        parameters: gathered.parameters,
        body,
        responses,
        security: security.unwrap_or_else(|| frame.security.to_vec()),
        servers: if own_servers.is_empty() { frame.servers.to_vec() } else { own_servers },
        // The reader of the text knows them.
        doubles: Arc::default(),
        pointer: at,
    })
}

fn text(node: &Map<String, Value>, key: &str) -> Option<String> {
    node.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn first_line(node: &Map<String, Value>) -> Option<String> {
    text(node, "description")?.lines().next().map(str::to_owned)
}

fn tags(node: &Map<String, Value>) -> Vec<String> {
    let tags = node.get("tags").and_then(Value::as_array).into_iter().flatten();
    tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect()
}

fn body(
    walk: &mut Walk,
    node: &Map<String, Value>,
    at: &Pointer,
    gathered: &Gathered,
) -> Option<RequestBody> {
    if walk.is_swagger() {
        let consumes = swagger::media_types(walk, node, at, "consumes");
        return form::body(walk, &gathered.bodies, &gathered.fields, consumes, at);
    }
    if node.get("requestBody").is_some_and(|body| !body.is_null()) {
        for stray in gathered.bodies.iter().chain(&gathered.fields) {
            let message = "a request has one body; this one is set aside";
            walk.issue(
                "several-bodies",
                IssueKind::PartSkipped,
                &stray.at,
                message,
                "describe it in `requestBody`",
            );
        }
        return content::body(walk, &at.push("requestBody"));
    }
    // Bodies among the parameters, as Swagger 2.0 has them.
    form::body(walk, &gathered.bodies, &gathered.fields, Vec::new(), at)
}
