//! The walk over every schema of a document, with what is known about its place.
//!
//! Begins at what operations use and at the named schemas, and follows references. Each schema is met once per
//! way of use, so circles end.

use crate::schema::{Dialect, Direction, Pointer};
use crate::spec::{Api, Content, SpecVersion};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Keywords whose value is one schema that speaks of the same value.
const SAME: &[&str] = &["not", "if", "then", "else"];
/// Keywords whose value is one schema of an inner value.
const INNER: &[&str] = &[
    "items",
    "additionalProperties",
    "additionalItems",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords whose value is a list of schemas of the same value.
const BRANCHES: &[&str] = &["allOf", "anyOf", "oneOf"];
/// Keywords whose value maps names to schemas of inner values.
const NAMED: &[&str] = &["properties", "patternProperties", "dependentSchemas"];

/// How a schema is used, as far as the document tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Use {
    /// In a request.
    pub(crate) request: bool,
    /// In a response.
    pub(crate) response: bool,
    /// As a branch of a combinator: others speak of the same value.
    pub(crate) branch: bool,
    /// As the object of a Swagger 2.0 parameter or header, whose `required` is not a schema's.
    pub(crate) parameter: bool,
    /// By a reference.
    pub(crate) referred: bool,
}

impl Use {
    fn inner(self) -> Self {
        Self { branch: false, parameter: false, referred: false, ..self }
    }

    fn with(self, other: Self) -> Self {
        Self {
            request: self.request || other.request,
            response: self.response || other.response,
            branch: self.branch || other.branch,
            parameter: self.parameter || other.parameter,
            referred: self.referred || other.referred,
        }
    }

    /// The directions in which values of it travel; both, if nothing uses it.
    pub(crate) fn directions(self) -> &'static [Direction] {
        match (self.request, self.response) {
            (true, false) => &[Direction::Request],
            (false, true) => &[Direction::Response],
            _ => &[Direction::Request, Direction::Response],
        }
    }
}

/// One schema object.
pub(crate) struct Node<'d> {
    /// Where it stands.
    pub(crate) at: Pointer,
    /// Its keywords.
    pub(crate) schema: &'d Map<String, Value>,
    /// How it is used.
    pub(crate) usage: Use,
}

/// Every schema object that operations reach or that has a name, in the order in which they are met.
pub(crate) fn nodes(api: &Api) -> Vec<Node<'_>> {
    let mut walk = Walk { api, found: Vec::new(), index: HashMap::new(), todo: Vec::new() };
    let request = Use { request: true, ..Use::default() };
    let response = Use { response: true, ..Use::default() };
    for operation in &api.operations {
        for parameter in &operation.parameters {
            let itself = parameter.schema.as_ref() == Some(&parameter.pointer);
            walk.start(parameter.schema.as_ref(), Use { parameter: itself, ..request });
        }
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        contents.for_each(|content: &Content| walk.start(content.schema.as_ref(), request));
        for answer in &operation.responses {
            answer.contents.iter().for_each(|content| walk.start(content.schema.as_ref(), response));
            for header in &answer.headers {
                let itself = header.schema.as_ref() == Some(&header.pointer);
                walk.start(header.schema.as_ref(), Use { parameter: itself, ..response });
            }
        }
    }
    let named = match api.spec_version {
        SpecVersion::Swagger2 => Pointer::root().push("definitions"),
        SpecVersion::OpenApi30 | SpecVersion::OpenApi31 | SpecVersion::OpenApi32 => {
            Pointer::root().push("components").push("schemas")
        }
    };
    if let Some(Value::Object(schemas)) = api.document.get(&named) {
        schemas.keys().for_each(|name| walk.start(Some(&named.push(name)), Use::default()));
    }
    walk.run();
    walk.found
}

struct Walk<'d> {
    api: &'d Api,
    found: Vec<Node<'d>>,
    index: HashMap<Pointer, usize>,
    todo: Vec<(Pointer, &'d Value, Use)>,
}

impl<'d> Walk<'d> {
    fn start(&mut self, at: Option<&Pointer>, usage: Use) {
        // What the parser adds itself is nobody's fault.
        let Some(at) = at.filter(|at| !at.as_str().starts_with("/x-specwarden/schemas")) else { return };
        if let Some(value) = self.api.document.get(at) {
            self.todo.push((at.clone(), value, usage));
            self.run();
        }
    }

    fn run(&mut self) {
        while let Some((at, value, usage)) = self.todo.pop() {
            let Value::Object(schema) = value else { continue };
            let usage = match self.index.get(&at) {
                None => {
                    self.index.insert(at.clone(), self.found.len());
                    self.found.push(Node { at: at.clone(), schema, usage });
                    usage
                }
                Some(index) => {
                    let known = self.found[*index].usage;
                    let both = known.with(usage);
                    if both == known {
                        continue;
                    }
                    self.found[*index].usage = both;
                    both
                }
            };
            self.children(&at, schema, usage);
        }
    }

    fn children(&mut self, at: &Pointer, schema: &'d Map<String, Value>, usage: Use) {
        if let Some(Value::String(reference)) = schema.get("$ref") {
            if let Some(to) = Pointer::from_fragment(reference)
                && let Some(target) = self.api.document.get(&to)
            {
                self.todo.push((to, target, Use { referred: true, ..usage }));
            }
            if self.api.document.dialect() == Dialect::Draft4 {
                return;
            }
        }
        let inner = usage.inner();
        let branch = Use { branch: true, ..inner };
        for (key, value) in schema.iter().rev() {
            match value {
                Value::Object(members) if NAMED.contains(&key.as_str()) => {
                    let at = at.push(key);
                    for (name, child) in members.iter().rev().filter(|(_, child)| child.is_object()) {
                        self.todo.push((at.push(name), child, inner));
                    }
                }
                Value::Object(_) if INNER.contains(&key.as_str()) => {
                    self.todo.push((at.push(key), value, inner));
                }
                Value::Object(_) if SAME.contains(&key.as_str()) => {
                    self.todo.push((at.push(key), value, branch));
                }
                Value::Array(list) if BRANCHES.contains(&key.as_str()) => {
                    let at = at.push(key);
                    for (index, child) in list.iter().enumerate().rev() {
                        self.todo.push((at.push(index), child, branch));
                    }
                }
                Value::Array(list) if key == "prefixItems" => {
                    let at = at.push(key);
                    for (index, child) in list.iter().enumerate().rev() {
                        self.todo.push((at.push(index), child, inner));
                    }
                }
                _ => {}
            }
        }
    }
}
