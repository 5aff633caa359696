//! References and patterns inside the schemas that operations use: those that cannot be followed or read are noted.

use crate::schema::{Pointer, find, readable_pattern};
use crate::spec::parse::trail::Trail;
use crate::spec::parse::walk::{Walk, target};
use crate::spec::{Content, IssueKind, Operation};
use serde_json::Value;
use std::collections::HashSet;

/// Members of a schema whose value is data in which `$ref` means nothing.
const DATA: &[&str] = &["example", "examples", "x-example", "x-examples", "default", "enum", "const"];

/// Members of a schema whose members bear names of the user's choice.
const NAMED: &[&str] = &["properties", "patternProperties", "definitions", "$defs", "dependentSchemas"];

/// Walks every schema that `operations` reach.
pub(super) fn references(walk: &mut Walk, operations: &[Operation]) {
    let mut scan = Scan::default();
    for operation in operations {
        let contents = operation.responses.iter().flat_map(|response| &response.contents);
        let contents = contents.chain(operation.body.iter().flat_map(|body| &body.contents));
        let headers = operation.responses.iter().flat_map(|response| &response.headers);
        let headers = headers.filter_map(|header| header.schema.as_ref());
        let parameters = operation.parameters.iter().filter_map(|parameter| parameter.schema.as_ref());
        contents.for_each(|content: &Content| scan.push(content.schema.as_ref()));
        headers.chain(parameters).for_each(|schema| scan.push(Some(schema)));
    }
    while let Some(at) = scan.todo.pop() {
        if let Some(node) = find(walk.root, at.as_str()) {
            scan.node(walk, node, &Trail::Start(&at));
        }
    }
}

#[derive(Default)]
struct Scan<'d> {
    /// Every pointer that was looked at.
    seen: HashSet<Pointer>,
    todo: Vec<Pointer>,
    /// Patterns that can be read.
    patterns: HashSet<&'d str>,
    /// References that lead somewhere, as written.
    sound: HashSet<&'d str>,
}

impl<'d> Scan<'d> {
    fn push(&mut self, schema: Option<&Pointer>) {
        if let Some(at) = schema
            && !self.seen.contains(at)
        {
            self.seen.insert(at.clone());
            self.todo.push(at.clone());
        }
    }

    fn node(&mut self, walk: &mut Walk, node: &'d Value, at: &Trail) {
        match node {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| is_inner(item)) {
                    self.node(walk, item, &Trail::Item(at, index));
                }
            }
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    self.reference(walk, reference, at);
                }
                if let Some(Value::String(pattern)) = members.get("pattern") {
                    self.pattern(walk, pattern, at);
                }
                for (key, named) in members.iter().filter(|(key, _)| NAMED.contains(&key.as_str())) {
                    let at = Trail::Key(at, key);
                    for (name, schema) in named.as_object().into_iter().flatten() {
                        self.node(walk, schema, &Trail::Key(&at, name));
                    }
                }
                let inner = members.iter().filter(|(key, value)| {
                    is_inner(value) && !DATA.contains(&key.as_str()) && !NAMED.contains(&key.as_str())
                });
                for (key, value) in inner {
                    self.node(walk, value, &Trail::Key(at, key));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn pattern(&mut self, walk: &mut Walk, pattern: &'d str, at: &Trail) {
        if self.patterns.contains(pattern) {
            return;
        }
        if readable_pattern(pattern).is_some() {
            self.patterns.insert(pattern);
        } else {
            let message = format!("pattern `{pattern}` cannot be read; it judges nothing");
            walk.issue(
                IssueKind::Doubtful,
                &at.pointer().push("pattern"),
                message,
                "write it as ECMA-262 defines",
            );
        }
    }

    fn reference(&mut self, walk: &mut Walk, reference: &'d str, at: &Trail) {
        if self.sound.contains(reference) {
            return;
        }
        // The chain from here tells about endless ones; the target is walked on its own.
        let at = &at.pointer();
        let problem = walk.resolve(at).err();
        if let Some(unresolved) = problem {
            let message = format!(
                "schema reference `{}` {}; the schema cannot judge",
                unresolved.reference, unresolved.reason
            );
            walk.issue(IssueKind::Doubtful, at, message, unresolved.hint);
        } else if let Ok(to) = target(reference) {
            self.sound.insert(reference);
            self.push(Some(&to));
        }
    }
}

fn is_inner(value: &Value) -> bool {
    value.is_array() || value.is_object()
}
