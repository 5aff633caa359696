//! References and patterns inside the schemas that operations use: those that cannot be followed or read are noted.

use crate::schema::{DATA, Dialect, Pointer, find, readable_pattern};
use crate::spec::parse::trail::Trail;
use crate::spec::parse::walk::Walk;
use crate::spec::{Content, IssueKind, Operation, SpecVersion};
use serde_json::Value;
use std::collections::HashSet;

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
            if !node.is_object() && !node.is_boolean() {
                let message = "schema is not an object; it cannot judge";
                walk.issue(
                    "schema-not-an-object",
                    IssueKind::Doubtful,
                    &at,
                    message,
                    "write a schema, or a `$ref` to one",
                );
            }
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
                if let Some(Value::String(reference)) = members.get("$dynamicRef") {
                    self.dynamic_reference(walk, reference, at);
                }
                if let Some(Value::String(dialect)) = members.get("$schema") {
                    unknown_dialect(walk, dialect, &at.pointer().push("$schema"));
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
                    // Extensions hold what they like.
                    is_inner(value)
                        && !key.starts_with("x-")
                        && !DATA.contains(&key.as_str())
                        && !NAMED.contains(&key.as_str())
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
                "unreadable-pattern",
                IssueKind::Doubtful,
                &at.pointer().push("pattern"),
                message,
                "write it as ECMA-262 defines",
            );
        }
    }

    fn dynamic_reference(&mut self, walk: &mut Walk, reference: &str, at: &Trail) {
        let at = &at.pointer();
        match walk.target(at, reference) {
            Ok(to) if find(walk.root, to.as_str()).is_some() => self.push(Some(&to)),
            Ok(_) | Err(_) => {
                let message =
                    format!("dynamic reference `{reference}` names nothing here; the schema cannot judge");
                let hint = "give the schema it means a `$dynamicAnchor`";
                walk.issue("unresolvable-reference", IssueKind::Doubtful, at, message, hint);
            }
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
            if unresolved.is_told {
                return;
            }
            let message = format!(
                "schema reference `{}` {}; the schema cannot judge",
                unresolved.reference, unresolved.reason
            );
            walk.issue("unresolvable-reference", IssueKind::Doubtful, at, message, unresolved.hint);
        } else if let Ok(to) = walk.target(at, reference) {
            if walk.has_plain_references() {
                self.sound.insert(reference);
            }
            self.push(Some(&to));
        }
    }
}

/// Notes a dialect that nobody here knows; from OpenAPI 3.1 on a schema may name its own.
pub(super) fn unknown_dialect(walk: &mut Walk, dialect: &str, at: &Pointer) {
    let free = matches!(walk.version, SpecVersion::OpenApi31 | SpecVersion::OpenApi32);
    if free && Dialect::from_uri(dialect).is_none() {
        let message = format!("schemas are written in `{dialect}` but are read as JSON Schema 2020-12");
        let hint = "name a dialect from draft 4 to 2020-12, or none";
        walk.issue("foreign-dialect", IssueKind::Doubtful, at, message, hint);
    }
}

fn is_inner(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

#[cfg(test)]
mod tests {
    use crate::schema::Dialect;
    use crate::spec::{IssueKind, parse};
    use serde_json::{Value, json};

    #[track_caller]
    fn check_issues(root: Value, expected: &[(IssueKind, &str, &str)]) {
        let (_, issues) = parse(root).expect("an API document");
        let found: Vec<_> = issues.iter().map(|i| (i.kind, i.pointer.as_str(), i.message.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn references_by_name_are_followed_where_the_version_has_names() {
        let root = |version: &str, reference: &str| {
            json!({"openapi": version,
                "components": {"schemas": {
                    "Size": {"$id": "https://example.com/size", "$anchor": "size", "pattern": "("},
                    "Tree": {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
                    "Lost": {"$dynamicRef": "#gone"},
                    "Strange": {"$schema": "https://example.com/dialect"},
                    "Plain": {"$anchor": "plain", "pattern": "["}}},
                "paths": {"/a": {"get": {"responses": {"200": {"description": "",
                    "content": {"application/json": {"schema": {"$ref": reference}}}}}}}}})
        };
        let at = "/paths/~1a/get/responses/200/content/application~1json/schema";
        for reference in
            ["https://example.com/size", "https://example.com/size#size", "https://example.com/size#"]
        {
            let told = (
                IssueKind::Doubtful,
                "/components/schemas/Size/pattern",
                "pattern `(` cannot be read; it judges nothing",
            );
            check_issues(root("3.1.0", reference), &[told]);
            let message =
                format!("schema reference `{reference}` leaves the document; the schema cannot judge");
            check_issues(root("3.0.3", reference), &[(IssueKind::Doubtful, at, &message)]);
        }
        let told = (
            IssueKind::Doubtful,
            "/components/schemas/Plain/pattern",
            "pattern `[` cannot be read; it judges nothing",
        );
        check_issues(root("3.1.0", "#plain"), &[told]);
        check_issues(root("3.1.0", "#node"), &[]);
        let nowhere = "schema reference `#nothing` names nothing in this document; the schema cannot judge";
        check_issues(root("3.1.0", "#nothing"), &[(IssueKind::Doubtful, at, nowhere)]);
        let lost = "dynamic reference `#gone` names nothing here; the schema cannot judge";
        check_issues(
            root("3.1.0", "#/components/schemas/Lost"),
            &[(IssueKind::Doubtful, "/components/schemas/Lost", lost)],
        );
        let strange =
            "schemas are written in `https://example.com/dialect` but are read as JSON Schema 2020-12";
        check_issues(
            root("3.1.0", "#/components/schemas/Strange"),
            &[(IssueKind::Doubtful, "/components/schemas/Strange/$schema", strange)],
        );
        check_issues(root("3.0.3", "#/components/schemas/Strange"), &[]);
    }

    #[test]
    fn a_dialect_that_is_known_is_spoken_and_another_is_told() {
        let root = |dialect: &str| json!({"openapi": "3.1.0", "jsonSchemaDialect": dialect, "paths": {}});
        for (uri, dialect) in [
            ("http://json-schema.org/draft-07/schema#", Dialect::Draft7),
            ("https://json-schema.org/draft/2019-09/schema", Dialect::Draft201909),
            ("https://spec.openapis.org/oas/3.1/dialect/2024-11-10", Dialect::Draft202012),
        ] {
            let (api, issues) = parse(root(uri)).expect("an API document");
            assert_eq!((api.document.dialect(), issues.len()), (dialect, 0), "{uri}");
        }
        let message = "schemas are written in `https://example.com/d` but are read as JSON Schema 2020-12";
        check_issues(root("https://example.com/d"), &[(IssueKind::Doubtful, "/jsonSchemaDialect", message)]);
    }
}
