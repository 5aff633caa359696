//! The parameters of an operation, gathered from path item and operation; the operation's own win.

use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::parse::address::{Address, PairValue};
use crate::spec::parse::form::Node;
use crate::spec::parse::parameter;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, Location, Parameter};
use serde_json::{Map, Value, json};

/// Headers that are described elsewhere in the document (OpenAPI 3.0.3 §4.7.12.1).
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

/// More parameters than this on one level are no request that anyone sends.
const MOST_PARAMETERS: usize = 1_000;

/// The parameters met so far; later levels replace what earlier ones said.
#[derive(Default)]
pub(super) struct Gathered<'d> {
    pub(super) parameters: Vec<Parameter>,
    /// `in: body`.
    pub(super) bodies: Vec<Node<'d>>,
    /// `in: formData`.
    pub(super) fields: Vec<Node<'d>>,
}

/// Whose `parameters` are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A path item, whose operations share them.
    PathItem,
    /// The operation itself.
    Operation,
}

/// The `parameters` of one owner.
#[derive(Clone, Copy)]
struct Level<'a> {
    owner: Owner,
    /// How many parameters were gathered before it, so that only one of an outer level is replaced.
    first: usize,
    address: &'a Address,
}

impl<'d> Gathered<'d> {
    /// Takes in the `parameters` of `node`, which is a path item or an operation.
    pub(super) fn gather(
        &mut self,
        walk: &mut Walk<'d>,
        owner: Owner,
        node: &'d Map<String, Value>,
        at: &Pointer,
        address: &Address,
    ) {
        let at = at.push("parameters");
        let level = Level { owner, first: self.parameters.len(), address };
        match node.get("parameters") {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => {
                for index in 0..at_most(walk, list.len(), &at) {
                    self.take(walk, &at.push(index), None, level);
                }
            }
            Some(Value::Object(named)) => {
                let message = "`parameters` is not a list; its members are taken for one";
                walk.issue(
                    "malformed-parameter",
                    IssueKind::Doubtful,
                    &at,
                    message,
                    "write a list of parameters",
                );
                if named.get("in").is_some_and(Value::is_string) || named.contains_key("$ref") {
                    self.take(walk, &at, None, level);
                } else {
                    let read = at_most(walk, named.len(), &at);
                    for name in named.keys().filter(|name| !name.starts_with("x-")).take(read) {
                        self.take(walk, &at.push(name), Some(name), level);
                    }
                }
            }
            Some(_) => {
                let message = "`parameters` is not a list";
                walk.issue(
                    "malformed-parameter",
                    IssueKind::PartSkipped,
                    &at,
                    message,
                    "write a list of parameters",
                );
            }
        }
    }

    /// Takes in one; `key` is its name where only the document's structure gives one.
    fn take(&mut self, walk: &mut Walk<'d>, here: &Pointer, key: Option<&str>, level: Level) {
        let Some((at, node)) = walk.resolve_or(here, IssueKind::PartSkipped) else { return };
        let Value::Object(node) = node else {
            walk.issue(
                "malformed-parameter",
                IssueKind::PartSkipped,
                &at,
                "parameter is not an object",
                "compare it with the Parameter Object",
            );
            return;
        };
        let location = node.get("in").and_then(Value::as_str).unwrap_or_default().trim().to_ascii_lowercase();
        match location.as_str() {
            "body" => {
                foreign(walk, &at, "in: body");
                // A body of the operation replaces one of the path item.
                self.bodies.retain(|body| body.at.parent() == at.parent());
                self.bodies.push(Node { at, members: node });
            }
            "formdata" | "form" => {
                foreign(walk, &at, "in: formData");
                let name = node.get("name");
                self.fields.retain(|field| field.members.get("name") != name);
                self.fields.push(Node { at, members: node });
            }
            _ => {
                let is_shared = level.owner == Owner::PathItem || *here != at;
                let read = match completed(walk, node, &at, key, &location, level.address) {
                    // What was completed depends on the path.
                    Some(made) => parameter::parameter(walk, &made, &at),
                    None if is_shared => parameter::shared(walk, node, &at),
                    None => parameter::parameter(walk, node, &at),
                };
                match read {
                    Ok(parameter) => self.add(walk, parameter, level.first),
                    Err(reason) => {
                        let message = format!("parameter is set aside: {reason}");
                        walk.issue(
                            "malformed-parameter",
                            IssueKind::PartSkipped,
                            &at,
                            message,
                            "compare it with the Parameter Object",
                        );
                    }
                }
            }
        }
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
                walk.issue(
                    "duplicate-parameter",
                    IssueKind::PartSkipped,
                    &parameter.pointer,
                    message,
                    "keep one of them",
                );
            }
            None => self.parameters.push(parameter),
        }
    }

    /// A `querystring` parameter is the whole query, so none may stand beside it (OpenAPI 3.2 §4.12.1). As a form
    /// it can still be joined with others.
    pub(super) fn settle_query(&mut self, walk: &mut Walk) {
        let whole = self.parameters.iter().position(|p| p.location == Location::Querystring);
        let Some(at) = whole.filter(|_| self.parameters.iter().any(|p| p.location == Location::Query)) else {
            return;
        };
        let parameter = &self.parameters[at];
        let form = parameter.content_type.as_deref().and_then(MediaType::parse).is_some_and(|m| m.is_form());
        let hint = "describe all of the query in one or the other way";
        if form {
            let message = "a `querystring` parameter stands beside `query` parameters; they are joined";
            walk.issue("querystring-beside-query", IssueKind::Doubtful, &parameter.pointer, message, hint);
        } else {
            let message = "a `querystring` parameter stands beside `query` parameters; it is set aside";
            walk.issue("querystring-beside-query", IssueKind::PartSkipped, &parameter.pointer, message, hint);
            self.parameters.remove(at);
        }
    }
}

/// How many of `count` parameters are read.
fn at_most(walk: &mut Walk, count: usize, at: &Pointer) -> usize {
    if count > MOST_PARAMETERS {
        let message = format!("{count} parameters; the first {MOST_PARAMETERS} are read");
        walk.issue("too-many-parameters", IssueKind::PartSkipped, at, message, "send a body instead");
    }
    count.min(MOST_PARAMETERS)
}

/// Notes a body among the parameters of an OpenAPI 3 document.
fn foreign(walk: &mut Walk, at: &Pointer, what: &str) {
    if !walk.is_swagger() {
        let message = format!("`{what}` belongs to Swagger 2.0; it is read all the same");
        walk.issue(
            "part-of-another-version",
            IssueKind::Doubtful,
            at,
            message,
            "describe it in `requestBody`",
        );
    }
}

/// A parameter without its name or place, where the document leaves only one possibility.
fn completed(
    walk: &mut Walk,
    node: &Map<String, Value>,
    at: &Pointer,
    key: Option<&str>,
    location: &str,
    address: &Address,
) -> Option<Map<String, Value>> {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let named = |name: &str| address.template.names().any(|known| known == name);
    let mut names = address.template.names();
    let alone = names.next().filter(|_| names.next().is_none());
    let mut made = None;
    let mut add = |key: &str, value: &str| {
        made.get_or_insert_with(|| node.clone()).insert(key.into(), json!(value));
    };
    let name = if let Some(name) = text("name") {
        name
    } else {
        let name = key.or_else(|| alone.filter(|_| location == "path"))?;
        let message = format!("parameter without a `name`; it is taken for `{name}`");
        walk.issue("malformed-parameter", IssueKind::Doubtful, at, message, "add `name`");
        add("name", name);
        name
    };
    let in_query =
        address.query.iter().any(|pair| matches!(&pair.value, PairValue::Parameter(known) if known == name));
    if location.is_empty() && (named(name) || in_query) {
        let message = format!("parameter `{name}` without `in`; the path names it");
        walk.issue("malformed-parameter", IssueKind::Doubtful, at, message, "add `in: path`");
        add("in", "path");
    }
    made
}

/// Names of headers do not care for letter case.
fn same(one: &Parameter, other: &Parameter) -> bool {
    one.location == other.location
        && match one.location {
            Location::Header => one.name.eq_ignore_ascii_case(&other.name),
            // There is one query string, whatever it is called.
            Location::Querystring => true,
            Location::Path | Location::Query | Location::Cookie => one.name == other.name,
        }
}
