//! What was understood of a document.

use crate::cli::arguments::InspectArguments;
use crate::cli::diagnostic;
use crate::cli::issues::Tally;
use crate::cli::output::Output;
use crate::lint::severity;
use crate::schema::Pointer;
use crate::source::Loaded;
use crate::spec::{Api, Content, Encoding, Issue, Operation, Parameter, SecurityScheme, Server};
use serde_json::{Value, json};
use std::io;

/// More issues of one rule than this are folded.
const MOST_OF_A_RULE: usize = 3;

/// Tells it: the API on stdout, its issues on stderr.
pub(super) fn inspect(loaded: &Loaded, flags: &InspectArguments, output: &mut Output<'_>) -> io::Result<()> {
    if flags.json {
        let text = serde_json::to_string_pretty(&value(loaded))? + "\n";
        return output.data(&text);
    }
    output.data(&text(&loaded.api))?;
    let most = if flags.all { usize::MAX } else { MOST_OF_A_RULE };
    let issues = diagnostic::issues(loaded, most, output.width, output.talk_colour);
    if !issues.is_empty() {
        output.talk(&issues);
    }
    output.talk(&Tally::of(&loaded.issues).told(loaded.api.operations.len()));
    Ok(())
}

fn text(api: &Api) -> String {
    let mut out = format!("{} {} ({})\n", api.title, api.version, api.spec_version);
    for server in &api.servers {
        let name = server.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        out.push_str(&format!("server    {}{name}\n", server.url()));
    }
    for (name, scheme) in &api.security_schemes {
        out.push_str(&format!("security  {name}: {}\n", security(scheme)));
    }
    out.push_str(&format!("{} operations\n\n", api.operations.len()));
    let size =
        api.operations.iter().map(|operation| operation.key.as_str().chars().count()).max().unwrap_or(0);
    for operation in &api.operations {
        out.push_str(format!("  {:size$}  {}", operation.key, about(operation)).trim_end());
        out.push('\n');
    }
    out
}

fn about(operation: &Operation) -> String {
    let statuses: Vec<String> =
        operation.responses.iter().map(|response| response.status.to_string()).collect();
    let mut parts = vec![statuses.join(" ")];
    parts.extend(operation.id.clone());
    if operation.deprecated {
        parts.push("deprecated".to_owned());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn security(scheme: &SecurityScheme) -> String {
    match scheme {
        SecurityScheme::ApiKey { location, name } => format!("key in {location} `{name}`"),
        SecurityScheme::Basic => "basic".to_owned(),
        SecurityScheme::Bearer => "bearer token".to_owned(),
        SecurityScheme::Other { name } => format!("{name}, which cannot be used here"),
    }
}

fn value(loaded: &Loaded) -> Value {
    let api = &loaded.api;
    let operations: Vec<Value> = api
        .operations
        .iter()
        .map(|operation| {
            let parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
            let request_contents: Vec<Value> =
                operation.body.iter().flat_map(|body| &body.contents).map(content).collect();
            let responses: Vec<Value> = operation
                .responses
                .iter()
                .map(|response| {
                    let contents: Vec<Value> = response.contents.iter().map(content).collect();
                    let headers: Vec<&str> = response.headers.iter().map(|h| h.name.as_str()).collect();
                    json!({"status": response.status.to_string(), "contents": contents, "headers": headers})
                })
                .collect();
            let body: Option<Vec<&str>> = operation
                .body
                .as_ref()
                .map(|body| body.contents.iter().map(|content| content.media_type.as_str()).collect());
            let statuses: Vec<String> = operation.responses.iter().map(|r| r.status.to_string()).collect();
            json!({
                "operation": operation.key,
                "method": operation.method,
                "path": operation.path.to_string(),
                "safe": operation.method.is_safe(),
                "id": operation.id,
                "summary": operation.summary,
                "tags": operation.tags,
                "deprecated": operation.deprecated,
                "parameters": parameters,
                "body": body,
                "body_required": operation.body.as_ref().map(|body| body.required),
                "contents": request_contents,
                "statuses": statuses,
                "responses": responses,
                "security": operation.security,
                "servers": operation.servers.iter().map(Server::url).collect::<Vec<_>>(),
                "needs_credentials": operation.needs_credentials(),
                "pointer": operation.pointer.as_str(),
            })
        })
        .collect();
    json!({
        "document": loaded.location,
        "format": api.spec_version,
        "title": api.title,
        "version": api.version,
        "servers": api.servers.iter().map(Server::url).collect::<Vec<_>>(),
        "server_names": api.servers.iter().map(|server| server.name.as_deref()).collect::<Vec<_>>(),
        "security_schemes": api.security_schemes,
        "operations": operations,
        "issues": loaded.issues.iter().map(issue).collect::<Vec<_>>(),
        "summary": Tally::of(&loaded.issues).value(api.operations.len()),
    })
}

/// An issue with its severity, which its kind implies.
fn issue(issue: &Issue) -> Value {
    let mut value = json!({ "rule": issue.rule, "severity": severity(issue.kind) });
    if let (Some(members), Ok(Value::Object(rest))) = (value.as_object_mut(), serde_json::to_value(issue)) {
        members.extend(rest);
    }
    value
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.required,
        "style": parameter.content_type.is_none().then_some(parameter.style),
        "explode": parameter.explode,
        "content_type": parameter.content_type,
        "allow_reserved": parameter.allow_reserved,
        "allow_empty": parameter.allow_empty,
        "schema": parameter.schema.as_ref().map(Pointer::as_str),
        "spelled_out": parameter.is_spelled_out(),
    })
}

fn content(content: &Content) -> Value {
    let types = |encodings: &[Encoding]| -> Vec<Option<String>> {
        encodings.iter().map(|encoding| encoding.content_type.clone()).collect()
    };
    let sequence = content.sequence.as_ref().map(|sequence| {
        json!({
            "item_schema": sequence.item_schema.as_ref().map(Pointer::as_str),
            "prefix_content_types": types(&sequence.prefix_encoding),
            "item_content_type": sequence.item_encoding.as_ref().and_then(|e| e.content_type.clone()),
        })
    });
    let encoding: serde_json::Map<String, Value> = content
        .encoding
        .iter()
        .map(|(name, encoding)| {
            let told = json!({"content_type": encoding.content_type, "style": encoding.style, "explode": encoding.explode});
            (name.clone(), told)
        })
        .collect();
    json!({
        "media_type": content.media_type,
        "schema": content.schema.as_ref().map(Pointer::as_str),
        "examples": content.examples.len(),
        "encoding": encoding,
        "sequence": sequence,
    })
}
