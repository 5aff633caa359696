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
            "no-responses",
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
        let Some(status) = status(walk, key, &at) else {
            let message = format!("`{key}` is not a status code");
            walk.issue(
                "invalid-status-code",
                IssueKind::PartSkipped,
                &at,
                message,
                "write 100 to 599, a range such as `4XX`, or `default`",
            );
            continue;
        };
        if responses.iter().any(|known| known.status == status) {
            let message = format!("status `{key}` is described twice; the first counts");
            walk.issue("duplicate-status", IssueKind::PartSkipped, &at, message, "keep one of them");
            continue;
        }
        // Whatever is wrong with it, the status is documented.
        let bare = |at| ResponseSpec { status, contents: Vec::new(), headers: Vec::new(), pointer: at };
        let Some((at, node)) = walk.resolve_or(&at, IssueKind::PartSkipped) else {
            responses.push(bare(at));
            continue;
        };
        let Value::Object(node) = node else {
            let message = "response is not an object; its status counts, any body is taken to be valid";
            walk.issue(
                "malformed-response",
                IssueKind::Doubtful,
                &at,
                message,
                "write `description: …` at least",
            );
            responses.push(bare(at));
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
            if node.contains_key("content") && !node.contains_key("schema") {
                let message = "`content` belongs to OpenAPI 3; it is read all the same";
                walk.issue(
                    "part-of-another-version",
                    IssueKind::Doubtful,
                    &at,
                    message,
                    "write `schema`, and `produces` in the operation",
                );
                content::contents(walk, node, &at)
            } else {
                of_swagger(walk, node, &at, produces, own)
            }
        } else if node.contains_key("schema") && !node.contains_key("content") {
            content::misplaced(walk, node, &at).into_iter().collect()
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
            "no-responses",
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
        sequence: content.sequence.clone(),
        annotated: None,
        pointer: content.pointer.clone(),
    };
    contents.iter().map(copy).collect()
}

/// The status that a key names; `200 OK` names 200.
fn status(walk: &mut Walk, key: &str, at: &Pointer) -> Option<StatusPattern> {
    let key = key.trim();
    if let Some(status) = StatusPattern::parse(key) {
        return Some(status);
    }
    let digits = key.find(|c: char| !c.is_ascii_digit()).unwrap_or(key.len());
    let (code, rest) = key.split_at(digits);
    let words = rest.starts_with([' ', '-', '_', ':']) && rest.chars().any(char::is_alphabetic);
    let status = StatusPattern::parse(code).filter(|_| words)?;
    let message = format!("`{key}` is read as status {status}");
    walk.issue("invalid-status-code", IssueKind::Doubtful, at, message, "write the three digits alone");
    Some(status)
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
            sequence: None,
            annotated: None,
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
            sequence: None,
            annotated: None,
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
                walk.issue(
                    "malformed-header",
                    IssueKind::PartSkipped,
                    &at,
                    message,
                    "compare it with the Header Object",
                );
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
    skeleton::mend_flags(walk, &mut skeleton, at, &["required"]);
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
