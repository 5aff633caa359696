//! Responses and their headers, of every version.

use crate::schema::Pointer;
use crate::spec::parse::example::Examples;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{content, parameter, skeleton, swagger};
use crate::spec::{Content, HeaderSpec, IssueKind, ResponseSpec, StatusPattern};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The responses of an operation. `produces` counts in Swagger 2.0 only.
pub(super) fn responses(
    walk: &mut Walk,
    operation: &Map<String, Value>,
    at: &Pointer,
    produces: &[String],
) -> Vec<ResponseSpec> {
    let here = at.push("responses");
    let Some(Value::Object(nodes)) = operation.get("responses") else {
        walk.issue(
            IssueKind::Doubtful,
            at,
            "no `responses`; any answer is taken to be valid",
            "document the answers",
        );
        return Vec::new();
    };
    let mut responses: Vec<ResponseSpec> = Vec::new();
    for key in nodes.keys().filter(|key| !key.starts_with("x-")) {
        let at = here.push(key);
        let Some(status) = StatusPattern::parse(key) else {
            let message = format!("`{key}` is not a status code");
            walk.issue(
                IssueKind::PartSkipped,
                &at,
                message,
                "write 100 to 599, a range such as `4XX`, or `default`",
            );
            continue;
        };
        if responses.iter().any(|known| known.status == status) {
            let message = format!("status `{key}` is described twice; the first counts");
            walk.issue(IssueKind::PartSkipped, &at, message, "keep one of them");
            continue;
        }
        let Some((at, node)) = walk.resolve_or(&at, IssueKind::PartSkipped) else { continue };
        let Value::Object(node) = node else {
            walk.issue(
                IssueKind::PartSkipped,
                &at,
                "response is not an object",
                "write `description: …` at least",
            );
            continue;
        };
        // What does not depend on the operation is read once however many operations use it.
        let is_shared = !walk.is_swagger() && at.parent().as_ref() != Some(&here);
        if is_shared && let Some((contents, headers)) = walk.responses.get(&at) {
            let (contents, headers) = (copied(walk, contents), headers.clone());
            responses.push(ResponseSpec { status, contents, headers, pointer: at });
            continue;
        }
        let contents = if walk.is_swagger() {
            let own = operation.contains_key("produces") && status.has_body();
            of_swagger(walk, node, &at, produces, own)
        } else {
            content::contents(walk, node, &at)
        };
        let mut headers = headers(walk, node, &at);
        // OpenAPI 3.0.3 §4.7.17: a header named Content-Type is ignored here.
        headers.retain(|header| walk.is_swagger() || !header.name.eq_ignore_ascii_case("content-type"));
        if is_shared {
            walk.responses.insert(at.clone(), (contents.clone(), headers.clone()));
        }
        responses.push(ResponseSpec { status, contents, headers, pointer: at });
    }
    if responses.is_empty() {
        walk.issue(
            IssueKind::Doubtful,
            &here,
            "no usable response; any answer is taken to be valid",
            "document the answers",
        );
    }
    responses
}

/// The contents of a shared response, once more; with those examples for which there is room.
fn copied(walk: &Walk, contents: &[Content]) -> Vec<Content> {
    let copy = |content: &Content| Content {
        media_type: content.media_type.clone(),
        schema: content.schema.clone(),
        examples: content.examples.iter().filter(|value| walk.has_room_for(value)).cloned().collect(),
        encoding: content.encoding.clone(),
        pointer: content.pointer.clone(),
    };
    contents.iter().map(copy).collect()
}

/// One content per produced media type; none if there is no schema (Swagger 2.0, Response Object).
///
/// A success without a schema, on an operation that says itself what it produces, has bodies of those types all
/// the same: images and the like are documented so.
fn of_swagger(
    walk: &Walk,
    node: &Map<String, Value>,
    at: &Pointer,
    produces: &[String],
    says_itself: bool,
) -> Vec<Content> {
    if node.get("schema").is_none_or(Value::is_null) {
        let bare = |media_type: &String| Content {
            media_type: media_type.clone(),
            schema: None,
            examples: Vec::new(),
            encoding: IndexMap::new(),
            pointer: at.clone(),
        };
        return if says_itself { produces.iter().map(bare).collect() } else { Vec::new() };
    }
    let schema = at.push("schema");
    // `type: file` says that the body is bytes, not JSON.
    let is_file = walk
        .resolve(&schema)
        .is_ok_and(|(_, schema)| schema.get("type").and_then(Value::as_str) == Some("file"));
    let default = ["application/json".to_owned()];
    let produces = match produces {
        [] if is_file => &["application/octet-stream".to_owned()],
        [] => &default,
        some => some,
    };
    let schema = (!is_file).then_some(schema);
    let content = |media_type: &String| {
        let mut examples = Examples::default();
        if let Some(example) = node.get("examples").and_then(|examples| examples.get(media_type)) {
            examples.add(walk, example);
        }
        Content {
            media_type: media_type.clone(),
            examples: examples.of_schema(walk, schema.as_ref()).into_bodies_of(
                walk,
                media_type,
                schema.as_ref(),
            ),
            schema: schema.clone(),
            encoding: IndexMap::new(),
            pointer: at.clone(),
        }
    };
    produces.iter().map(content).collect()
}

/// The `headers` of a response or a multipart part.
pub(super) fn headers(walk: &mut Walk, owner: &Map<String, Value>, at: &Pointer) -> Vec<HeaderSpec> {
    let at = at.push("headers");
    let mut headers = Vec::new();
    let Some(Value::Object(nodes)) = owner.get("headers") else { return headers };
    for name in nodes.keys() {
        let at = at.push(name);
        let Some((at, node)) = walk.resolve_or(&at, IssueKind::PartSkipped) else { continue };
        let header = match node {
            Value::Object(node) => header(walk, node, &at, name),
            _ => Err("it is not an object".to_owned()),
        };
        match header {
            Ok(header) => headers.push(header),
            Err(reason) => {
                let message = format!("header `{name}` is set aside: {reason}");
                walk.issue(IssueKind::PartSkipped, &at, message, "compare it with the Header Object");
            }
        }
    }
    headers
}

fn header(
    walk: &mut Walk,
    node: &Map<String, Value>,
    at: &Pointer,
    name: &str,
) -> Result<HeaderSpec, String> {
    let swagger = walk.is_swagger();
    let schema = if swagger {
        // The header object is its own schema.
        node.contains_key("type").then(|| at.clone())
    } else {
        parameter::place(walk, node, at).schema
    };
    let mut skeleton = skeleton::cut(node, if swagger { &[] } else { &["required"] });
    let stand_in = schema.as_ref().map_or_else(|| Value::Object(Map::new()), skeleton::stand_in);
    skeleton.insert("schema".into(), stand_in);
    let typed: openapiv3::Header = skeleton::read(skeleton)?;
    Ok(HeaderSpec {
        name: name.to_owned(),
        required: typed.required,
        schema,
        delimiter: if swagger { swagger::delimiter(node) } else { ',' },
        pointer: at.clone(),
    })
}
