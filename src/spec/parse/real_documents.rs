//! What real documents contain, line by line: each feature and each mistake that was counted in thousands of public
//! documents, as a small document that keeps its operations.
//!
//! `real-documents.jsonl` holds one line of the count each; what is made of it stands in the snapshot.

use crate::schema::{Direction, Pointer, Validators};
use crate::spec::{Api, Issue, IssueKind, Operation, parse};
use serde_json::{Map, Value, json};

/// One line of the count.
struct Row {
    line: String,
    root: Value,
    /// The operations that must be there.
    operations: Vec<String>,
    /// Whether every schema can judge.
    compiles: bool,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("real-documents.jsonl").lines();
    lines.map(|line| row(&serde_json::from_str(line).expect("JSON"))).collect()
}

/// The document around the fragments that a line gives.
fn row(given: &Value) -> Row {
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    let version = text("version").expect("a version");
    let path = text("path").unwrap_or("/a");
    let swagger = version == "2.0";
    let mut operation = given.get("operation").cloned().unwrap_or(json!({}));
    let mut root = json!({if swagger { "swagger" } else { "openapi" }: version,
        "info": {"title": "t", "version": "1"}});
    if let Some(schema) = given.get("schema") {
        if swagger {
            let at = json!({"$ref": "#/definitions/S"});
            root["definitions"] = json!({"S": schema});
            operation["parameters"] = json!([{"name": "b", "in": "body", "schema": at}]);
            operation["responses"] = json!({"200": {"description": "ok", "schema": at}});
        } else {
            let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S"}}});
            root["components"] = json!({"schemas": {"S": schema}});
            operation["requestBody"] = json!({"content": content});
            operation["responses"] = json!({"200": {"description": "ok", "content": content}});
        }
    }
    if operation.get("responses").is_none() {
        operation["responses"] = json!({"200": {"description": "ok"}});
    }
    root["paths"] = json!({path: {"post": operation}});
    if let Some(Value::Object(members)) = given.get("document") {
        merge(root.as_object_mut().expect("an object"), members);
    }
    let operations = match given.get("operations") {
        Some(Value::Array(keys)) => keys.iter().map(|key| key.as_str().expect("a key").to_owned()).collect(),
        _ => vec![format!("POST {path}")],
    };
    let compiles = given.get("compiles") != Some(&json!(false));
    Row { line: text("line").expect("a line").to_owned(), root, operations, compiles }
}

/// Components are merged, everything else is replaced, null removes.
fn merge(root: &mut Map<String, Value>, members: &Map<String, Value>) {
    for (key, value) in members {
        match (root.get_mut(key), value) {
            (_, Value::Null) => _ = root.shift_remove(key),
            (Some(Value::Object(there)), Value::Object(more))
                if matches!(&**key, "components" | "schemas") =>
            {
                merge(there, more);
            }
            _ => _ = root.insert(key.clone(), value.clone()),
        }
    }
}

#[test]
fn every_line_of_the_count_keeps_its_operations() {
    for Row { line, root, operations, compiles } in rows() {
        let (api, issues) = parse(root).unwrap_or_else(|error| panic!("{line}: {error}"));
        let keys: Vec<&str> = api.operations.iter().map(|operation| operation.key.as_str()).collect();
        assert_eq!(keys, operations, "{line}");
        let skipped: Vec<&Issue> = issues.iter().filter(|i| i.kind == IssueKind::OperationSkipped).collect();
        assert!(skipped.is_empty(), "{line}: {skipped:?}");
        let validators = Validators::new(&api.document);
        for schema in api.operations.iter().flat_map(schemas) {
            assert!(api.document.get(&schema).is_some(), "{line}: {schema} is not there");
            let judged = validators.is_valid(&schema, Direction::Response, &json!(1));
            assert_eq!(judged.is_ok(), compiles, "{line}: {schema}: {judged:?}");
        }
    }
}

#[test]
fn every_line_of_the_count_is_understood_as_it_is_meant() {
    let told: Vec<String> = rows()
        .into_iter()
        .map(|Row { line, root, .. }| {
            let (api, issues) = parse(root).expect("an API document");
            format!("{line}\n{}", told(&api, &issues))
        })
        .collect();
    insta::assert_snapshot!("real_documents", told.concat());
}

fn schemas(operation: &Operation) -> Vec<Pointer> {
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let contents = contents.chain(operation.responses.iter().flat_map(|response| &response.contents));
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let parameters = operation.parameters.iter().filter_map(|parameter| parameter.schema.clone());
    contents
        .filter_map(|content| content.schema.clone())
        .chain(headers.filter_map(|header| header.schema.clone()))
        .chain(parameters)
        .collect()
}

fn told(api: &Api, issues: &[Issue]) -> String {
    let mut out = String::new();
    for server in &api.servers {
        out.push_str(&format!("    server {}\n", server.url()));
    }
    for operation in &api.operations {
        out.push_str(&format!("    {}\n", said(operation)));
    }
    for issue in issues {
        let kind = serde_json::to_value(issue.kind).expect("a name");
        out.push_str(&format!(
            "    ! {} {}: {}\n",
            kind.as_str().unwrap_or_default(),
            issue.pointer,
            issue.message
        ));
    }
    out
}

/// One operation in one line.
fn said(operation: &Operation) -> String {
    let mut parts = vec![operation.key.to_string()];
    for p in &operation.parameters {
        let marks = [(p.required, " required"), (p.explode, " explode"), (p.schema.is_none(), " any")];
        let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
        parts.push(format!("{} {} {:?}{marks}", p.location, p.name, p.style));
    }
    if let Some(body) = &operation.body {
        let types: Vec<&str> = body.contents.iter().map(|content| content.media_type.as_str()).collect();
        parts.push(format!("body{} {}", if body.required { " required" } else { "" }, types.join(", ")));
    }
    for response in &operation.responses {
        let types: Vec<&str> = response.contents.iter().map(|content| content.media_type.as_str()).collect();
        let headers: Vec<&str> = response.headers.iter().map(|header| header.name.as_str()).collect();
        parts.push([vec![&*response.status.to_string()], types, headers].concat().join(" "));
    }
    let security: Vec<String> = operation
        .security
        .iter()
        .map(|r| r.schemes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("+"))
        .collect();
    if !security.is_empty() {
        parts.push(format!("security {}", security.join(" or ")));
    }
    parts.extend(operation.servers.iter().map(|server| format!("at {}", server.url())));
    parts.join(" | ")
}
