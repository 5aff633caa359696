//! One operation: its own members and what it inherits from path item and document.

use crate::exchange::Method;
use crate::schema::Pointer;
use crate::spec::parse::form::Node;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{content, form, parameter, response, security, server, swagger};
use crate::spec::{IssueKind, Location, Operation, OperationKey, Parameter, PathTemplate, RequestBody};
use crate::spec::{Requirement, SecurityScheme, Server, Style};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Headers that are described elsewhere in the document (OpenAPI 3.0.3 §4.7.12.1).
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

/// More parameters than this on one level are no request that anyone sends.
const MOST_PARAMETERS: usize = 1_000;

/// What an operation stands in.
pub(super) struct Frame<'a, 'd> {
    pub(super) method: Method,
    pub(super) template: &'a PathTemplate,
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
            IssueKind::OperationSkipped,
            &at,
            "operation is not an object",
            "compare it with the Operation Object",
        );
        return None;
    };
    if walk.is_full() {
        let message = "references multiply the document beyond what can be kept";
        walk.issue(IssueKind::OperationSkipped, &at, message, "test a part of it at a time");
        return None;
    }
    let mut gathered = Gathered::default();
    for (item_at, item) in frame.items.iter().rev() {
        gathered.gather(walk, item, item_at, &at)?;
    }
    gathered.gather(walk, node, &at, &at)?;
    fit_to_template(walk, &mut gathered.parameters, frame.template, &at);
    let body = body(walk, node, &at, &gathered);
    if body.is_some() && matches!(frame.method, Method::Get | Method::Head) {
        let message = format!("{} has a body, which has no defined meaning (RFC 9110 §9.3)", frame.method);
        walk.issue(IssueKind::Doubtful, &at, message, "use query parameters, or another method");
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
        key: OperationKey::new(frame.method, frame.template),
        id: text(node, "operationId"),
        method: frame.method,
        path: frame.template.clone(),
        summary: text(node, "summary").or_else(|| first_line(node)),
        tags: tags(node),
        deprecated: node.get("deprecated") == Some(&Value::Bool(true)),
        parameters: gathered.parameters,
        body,
        responses,
        security: security.unwrap_or_else(|| frame.security.to_vec()),
        servers: if own_servers.is_empty() { frame.servers.to_vec() } else { own_servers },
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
    node.get("requestBody").filter(|body| !body.is_null())?;
    content::body(walk, &at.push("requestBody"))
}

/// The parameters met so far; later levels replace what earlier ones said.
#[derive(Default)]
struct Gathered<'d> {
    parameters: Vec<Parameter>,
    bodies: Vec<Node<'d>>,
    fields: Vec<Node<'d>>,
}

impl<'d> Gathered<'d> {
    /// Takes in the `parameters` of a path item or operation. `None` if the operation cannot be called without
    /// a part that cannot be read.
    fn gather(
        &mut self,
        walk: &mut Walk<'d>,
        owner: &'d Map<String, Value>,
        at: &Pointer,
        operation: &Pointer,
    ) -> Option<()> {
        let is_inherited = at != operation;
        let at = at.push("parameters");
        let list = match owner.get("parameters") {
            None | Some(Value::Null) => return Some(()),
            Some(Value::Array(list)) => list,
            Some(_) => {
                walk.issue(
                    IssueKind::PartSkipped,
                    &at,
                    "`parameters` is not a list",
                    "write a list of parameters",
                );
                return Some(());
            }
        };
        let first = self.parameters.len();
        if list.len() > MOST_PARAMETERS {
            let message = format!("{} parameters; the first {MOST_PARAMETERS} are read", list.len());
            walk.issue(IssueKind::PartSkipped, &at, message, "send a body instead");
        }
        for index in 0..list.len().min(MOST_PARAMETERS) {
            let here = at.push(index);
            let Some((at, node)) = walk.resolve_or(&here, IssueKind::PartSkipped) else { continue };
            let Value::Object(node) = node else {
                walk.issue(
                    IssueKind::PartSkipped,
                    &at,
                    "parameter is not an object",
                    "compare it with the Parameter Object",
                );
                continue;
            };
            let location = node.get("in").and_then(Value::as_str);
            match location {
                Some("body") if walk.is_swagger() => {
                    // A body of the operation replaces one of the path item.
                    self.bodies.retain(|body| body.at.parent() == at.parent());
                    self.bodies.push(Node { at, members: node });
                }
                Some("formData") if walk.is_swagger() => {
                    let name = node.get("name");
                    self.fields.retain(|field| field.members.get("name") != name);
                    self.fields.push(Node { at, members: node });
                }
                _ => match parameter::read(walk, node, &at, is_inherited || here != at) {
                    Ok(parameter) => self.add(walk, parameter, first),
                    Err(reason) if location == Some("path") => {
                        let message = format!("path parameter at `{at}` cannot be used: {reason}");
                        walk.issue(
                            IssueKind::OperationSkipped,
                            operation,
                            message,
                            "compare it with the Parameter Object",
                        );
                        return None;
                    }
                    Err(reason) => {
                        let message = format!("parameter is set aside: {reason}");
                        walk.issue(
                            IssueKind::PartSkipped,
                            &at,
                            message,
                            "compare it with the Parameter Object",
                        );
                    }
                },
            }
        }
        Some(())
    }

    /// Adds a parameter; `first` is where this level began, so that only one of an outer level is replaced.
    fn add(&mut self, walk: &mut Walk, parameter: Parameter, first: usize) {
        if parameter.location == Location::Header
            && IGNORED_HEADERS.iter().any(|name| parameter.name.eq_ignore_ascii_case(name))
        {
            return;
        }
        match self.parameters.iter().position(|known| same(known, &parameter)) {
            Some(at) if at < first => self.parameters[at] = parameter,
            Some(_) => {
                let message =
                    format!("{} parameter `{}` is described twice", parameter.location, parameter.name);
                walk.issue(IssueKind::PartSkipped, &parameter.pointer, message, "keep one of them");
            }
            None => self.parameters.push(parameter),
        }
    }
}

/// Names of headers do not care for letter case.
fn same(one: &Parameter, other: &Parameter) -> bool {
    one.location == other.location
        && match one.location {
            Location::Header => one.name.eq_ignore_ascii_case(&other.name),
            Location::Path | Location::Query | Location::Cookie => one.name == other.name,
        }
}

/// Path parameters and the template must name the same things; where they do not, the template wins.
fn fit_to_template(walk: &mut Walk, parameters: &mut Vec<Parameter>, template: &PathTemplate, at: &Pointer) {
    let names: Vec<&str> = template.names().collect();
    parameters.retain(|parameter| {
        let kept = parameter.location != Location::Path || names.contains(&parameter.name.as_str());
        if !kept {
            let message = format!("path parameter `{}` does not occur in `{template}`", parameter.name);
            walk.issue(
                IssueKind::PartSkipped,
                &parameter.pointer,
                message,
                "put it into the path or drop it",
            );
        }
        kept
    });
    for name in names {
        if parameters.iter().any(|known| known.location == Location::Path && known.name == name) {
            continue;
        }
        let message = format!("`{{{name}}}` in the path is not declared; any text is taken to be valid");
        walk.issue(IssueKind::Doubtful, at, message, "declare it in `parameters` with `in: path`");
        parameters.push(Parameter {
            name: name.to_owned(),
            location: Location::Path,
            required: true,
            style: Style::Simple,
            explode: false,
            allow_reserved: false,
            allow_empty: false,
            schema: Some(walk.text_schema()),
            content_type: None,
            examples: Vec::new(),
            pointer: at.clone(),
        });
    }
}
