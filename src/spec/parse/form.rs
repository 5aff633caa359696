//! Swagger 2.0 bodies: `in: body`, and `in: formData` gathered into one object.

use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::parse::example::Examples;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{parameter, swagger};
use crate::spec::{Content, Encoding, IssueKind, RequestBody, Style};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// A parameter node of an operation, resolved.
pub(super) struct Node<'d> {
    /// Where the parameter really stands.
    pub(super) at: Pointer,
    /// The parameter.
    pub(super) members: &'d Map<String, Value>,
}

/// The request body that `in: body` and `in: formData` parameters describe together.
pub(super) fn body(
    walk: &mut Walk,
    bodies: &[Node],
    fields: &[Node],
    consumes: Vec<String>,
    operation: &Pointer,
) -> Option<RequestBody> {
    let Some(first) = bodies.first() else {
        return (!fields.is_empty()).then(|| form(walk, fields, &consumes, operation));
    };
    for extra in bodies.iter().skip(1).chain(fields) {
        let message = "a request has one body; this one is set aside";
        walk.issue(
            "several-bodies",
            IssueKind::PartSkipped,
            &extra.at,
            message,
            "keep one `in: body`, or form fields alone",
        );
    }
    Some(whole(walk, first, consumes))
}

/// `in: body`: one content per consumed media type.
fn whole(walk: &mut Walk, node: &Node, mut consumes: Vec<String>) -> RequestBody {
    let mut schema = parameter::schema_of(walk, node.members, &node.at);
    if schema.is_none() && ["type", "properties", "items"].iter().any(|key| node.members.contains_key(*key)) {
        let message = "keywords of the schema stand beside the body parameter";
        walk.issue(
            "parameter-keywords-outside-schema",
            IssueKind::Doubtful,
            &node.at,
            message,
            "move them into `schema`",
        );
        schema = Some(node.at.clone());
    }
    let is_file = schema.as_ref().is_some_and(|schema| is_file(walk, schema));
    if is_file {
        consumes.retain(|media| MediaType::parse(media).is_none_or(|media| !media.is_multipart()));
    }
    if consumes.is_empty() {
        consumes.push(if is_file { "application/octet-stream" } else { "application/json" }.to_owned());
    }
    if schema.is_none() {
        walk.issue(
            "body-without-schema",
            IssueKind::Doubtful,
            &node.at,
            "body without `schema`; anything is taken to be valid",
            "add `schema`",
        );
    }
    let contents = consumes.into_iter().map(|media_type| {
        let examples = Examples::default().of_node(walk, node.members, &node.at);
        let examples =
            examples.of_schema(walk, schema.as_ref()).into_bodies_of(walk, &media_type, schema.as_ref());
        Content {
            media_type,
            schema: schema.clone(),
            examples,
            encoding: IndexMap::new(),
            sequence: None,
            annotated: None,
            pointer: node.at.clone(),
        }
    });
    RequestBody { required: is_required(node), contents: contents.collect(), pointer: node.at.clone() }
}

/// `in: formData`: an object of our own whose properties refer to the parameters.
fn form(walk: &mut Walk, fields: &[Node], consumes: &[String], operation: &Pointer) -> RequestBody {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut encoding = IndexMap::new();
    let mut has_file = false;
    for field in fields {
        let Some(name) = field.members.get("name").and_then(Value::as_str) else {
            walk.issue(
                "malformed-parameter",
                IssueKind::PartSkipped,
                &field.at,
                "form field without a `name`",
                "add `name`",
            );
            continue;
        };
        // In an OpenAPI 3 document a field has its `schema` below itself.
        let beside = field.members.contains_key("type") || !field.members.contains_key("schema");
        let schema = if beside { field.at.clone() } else { field.at.push("schema") };
        let kind = field.members.get("type").and_then(Value::as_str);
        if is_file(walk, &schema) || is_file(walk, &schema.push("items")) {
            has_file = true;
            let file =
                Encoding { content_type: Some("application/octet-stream".into()), ..Encoding::default() };
            encoding.insert(name.to_owned(), file);
        }
        if is_required(field) {
            required.push(json!(name));
        }
        if kind == Some("array") && !is_file(walk, &schema.push("items")) {
            let (_, explode) = swagger::collection(field.members);
            let style = swagger::delimited(field.members).unwrap_or(Style::Form);
            encoding.insert(
                name.to_owned(),
                Encoding { style: Some(style), explode: Some(explode), ..Encoding::default() },
            );
        }
        properties.insert(name.to_owned(), json!({"$ref": schema.to_fragment()}));
    }
    let consumed = |wanted: fn(&MediaType) -> bool| {
        consumes.iter().find(|media| MediaType::parse(media).is_some_and(|media| wanted(&media)))
    };
    let media_type = match (consumed(MediaType::is_multipart), consumed(MediaType::is_form)) {
        (Some(multipart), _) => multipart.clone(),
        (None, _) if has_file => "multipart/form-data".to_owned(),
        (None, Some(form)) => form.clone(),
        (None, None) => "application/x-www-form-urlencoded".to_owned(),
    };
    let is_required = !required.is_empty();
    let mut schema = json!({"type": "object", "properties": properties});
    // Draft 4 forbids an empty list.
    if is_required {
        schema["required"] = Value::Array(required);
    }
    let schema = walk.add_form(schema);
    let content = Content {
        media_type,
        schema: Some(schema),
        examples: Vec::new(),
        encoding,
        sequence: None,
        annotated: None,
        pointer: operation.push("parameters"),
    };
    RequestBody { required: is_required, contents: vec![content], pointer: operation.push("parameters") }
}

/// Documents write `required` as a text, too.
fn is_required(node: &Node) -> bool {
    match node.members.get("required") {
        Some(Value::Bool(required)) => *required,
        Some(Value::String(text)) => text.trim().eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Whether a schema means bytes: `type: file`, or a binary text.
fn is_file(walk: &Walk, schema: &Pointer) -> bool {
    let Ok((_, node)) = walk.resolve(schema) else { return false };
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    text("type") == Some("file") || (text("type") == Some("string") && text("format") == Some("binary"))
}
