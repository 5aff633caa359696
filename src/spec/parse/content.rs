//! Request bodies and media types of OpenAPI 3.x.

use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::parse::example::Examples;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{encoding, media, parameter, sequence, skeleton};
use crate::spec::{Content, IssueKind, RequestBody};
use serde_json::{Map, Value};

/// The request body at `at`, references followed. `None`, with an issue, if it cannot be used.
pub(super) fn body(walk: &mut Walk, at: &Pointer) -> Option<RequestBody> {
    let (at, node) = walk.resolve_or(at, IssueKind::PartSkipped)?;
    let Value::Object(node) = node else {
        walk.issue(
            "malformed-request-body",
            IssueKind::PartSkipped,
            &at,
            "request body is not an object",
            "compare it with the Request Body Object",
        );
        return None;
    };
    let mut skeleton = skeleton::cut(node, &["required"]);
    skeleton::mend_flags(walk, &mut skeleton, &at, &["required"]);
    let required = match skeleton::read::<openapiv3::RequestBody>(skeleton) {
        Ok(typed) => typed.required,
        Err(reason) => {
            let message = format!("request body is taken as optional: {reason}");
            walk.issue(
                "malformed-request-body",
                IssueKind::Doubtful,
                &at,
                message,
                "write `required: true` or `required: false`",
            );
            false
        }
    };
    let mut contents = contents(walk, node, &at);
    if contents.is_empty() && node.contains_key("schema") && !node.contains_key("content") {
        contents.extend(misplaced(walk, node, &at));
    }
    if contents.is_empty() {
        walk.issue(
            "body-without-content",
            IssueKind::PartSkipped,
            &at,
            "request body without usable `content`",
            "add `content` with a media type",
        );
        return None;
    }
    Some(RequestBody { required, contents, pointer: at })
}

/// The `content` of a body or response, in the document's order.
pub(super) fn contents(walk: &mut Walk, owner: &Map<String, Value>, at: &Pointer) -> Vec<Content> {
    let at = at.push("content");
    let content = match owner.get("content") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Object(content)) => content,
        Some(_) => {
            walk.issue(
                "malformed-content",
                IssueKind::PartSkipped,
                &at,
                "`content` is not an object",
                "map media types to schemas",
            );
            return Vec::new();
        }
    };
    let mut contents = Vec::new();
    for media in content.keys() {
        let at = at.push(media);
        if media.starts_with("x-") && !media.contains('/') {
            continue;
        }
        let named = media::read(walk, media, &at);
        // OpenAPI 3.2 allows a reference here.
        let Some((at, node)) = walk.resolve_or(&at, IssueKind::PartSkipped) else { continue };
        // One that is spelled out counts before one that is guessed.
        for media in named.into_iter().filter(|named| named == media.trim() || !content.contains_key(named)) {
            let Some(parsed) = MediaType::parse(&media) else { continue };
            match media_type(walk, node, &at, &media, &parsed) {
                Ok(content) => contents.push(content),
                Err(reason) => {
                    let message = format!("`{media}` is set aside: {reason}");
                    walk.issue(
                        "malformed-media-type",
                        IssueKind::PartSkipped,
                        &at,
                        message,
                        "compare it with the Media Type Object",
                    );
                }
            }
        }
    }
    contents
}

/// A `schema` that stands where `content` belongs, as in Swagger 2.0: a body in JSON.
pub(super) fn misplaced(walk: &mut Walk, owner: &Map<String, Value>, at: &Pointer) -> Option<Content> {
    let message = "`schema` stands where `content` belongs; it is taken for `application/json`";
    walk.issue(
        "schema-outside-content",
        IssueKind::Doubtful,
        at,
        message,
        "put it into `content` under its media type",
    );
    let json = "application/json";
    media_type(walk, &Value::Object(owner.clone()), at, json, &MediaType::parse(json)?).ok()
}

fn media_type(
    walk: &mut Walk,
    node: &Value,
    at: &Pointer,
    written: &str,
    media: &MediaType,
) -> Result<Content, String> {
    let members = match node {
        Value::Object(members) => members,
        // `application/json:` with nothing below it describes the type alone.
        Value::Null => &Map::new(),
        _ => return Err("it is not an object".into()),
    };
    let schema = parameter::schema_of(walk, members, at);
    let mut skeleton = Map::new();
    if let Some(schema) = &schema {
        skeleton.insert("schema".into(), skeleton::stand_in(schema));
    }
    skeleton::read::<openapiv3::MediaType>(skeleton)?;
    let mut examples = Examples::default().of_node(walk, members, at);
    if media.is_json() || media.is_form() || media.is_multipart() {
        examples = examples.of_schema(walk, schema.as_ref());
    }
    let examples = examples.into_bodies(walk, media, schema.as_ref());
    let encoding = encoding::encodings(walk, members, at, media, schema.as_ref());
    let (sequence, schema) = match sequence::sequence(walk, members, at, media, schema.as_ref()) {
        Some((sequence, whole)) => (Some(sequence), whole),
        None => (None, schema),
    };
    Ok(Content {
        media_type: written.to_owned(),
        schema,
        examples,
        encoding,
        sequence,
        annotated: None,
        pointer: at.clone(),
    })
}
