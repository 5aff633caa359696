//! Sequential media types: `itemSchema` and its kin, and what `schema` means beside them.

use crate::exchange::{Framing, MediaType};
use crate::schema::Pointer;
use crate::spec::parse::encoding;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, Sequence, SpecVersion};
use serde_json::{Map, Value, json};

/// What the media type at `at` says of its items, with the schema of the whole list; `None` if its body is one value.
///
/// Before OpenAPI 3.2 nothing said how a schema meets a row of items. A list is taken as the whole, as 3.2 has it;
/// anything else under a JSON framing was always meant for each item, under another framing for nobody knows what.
pub(super) fn sequence(
    walk: &mut Walk,
    media: &Map<String, Value>,
    at: &Pointer,
    media_type: &MediaType,
    schema: Option<&Pointer>,
) -> Option<(Sequence, Option<Pointer>)> {
    let declared = media.get("itemSchema").is_some_and(|schema| !schema.is_null());
    let framing = Framing::of(media_type);
    if declared && framing.is_none() && !media_type.is_range() {
        let message = format!("`itemSchema` says nothing of {media_type}, which is no sequential media type");
        walk.issue(
            "misplaced-item-schema",
            IssueKind::Doubtful,
            &at.push("itemSchema"),
            message,
            "use `schema`, or a sequential media type",
        );
        return None;
    }
    let framing = framing?;
    let prefix_encoding = encoding::listed(walk, media, at);
    let item_encoding = match media.get("itemEncoding") {
        None | Some(Value::Null) => None,
        Some(node) => encoding::one(walk, node, &at.push("itemEncoding"), "the items"),
    };
    let is_list = schema.is_some_and(|schema| is_list(walk, schema));
    let sequence = |item_schema| Sequence { item_schema, prefix_encoding, item_encoding };
    if declared {
        let item = at.push("itemSchema");
        let mut whole = json!({"type": "array", "items": {"$ref": item.to_fragment()}});
        if let Some(schema) = schema {
            whole = json!({"allOf": [{"$ref": schema.to_fragment()}, whole]});
        }
        let whole = walk.add_form(whole);
        return Some((sequence(Some(item)), Some(whole)));
    }
    match schema {
        Some(whole) if is_list => Some((sequence(None), Some(whole.clone()))),
        Some(item) if matches!(framing, Framing::Lines | Framing::Records) => {
            if walk.version == SpecVersion::OpenApi32 {
                let message = "`schema` speaks of the whole list here; this one is taken for each item";
                walk.issue(
                    "misplaced-item-schema",
                    IssueKind::Doubtful,
                    item,
                    message,
                    "write it as `itemSchema`",
                );
            }
            let whole = json!({"type": "array", "items": {"$ref": item.to_fragment()}});
            let whole = walk.add_form(whole);
            Some((sequence(Some(item.clone())), Some(whole)))
        }
        Some(_) | None => None,
    }
}

fn is_list(walk: &Walk, schema: &Pointer) -> bool {
    let Ok((_, node)) = walk.resolve(schema) else { return false };
    match node.get("type") {
        Some(Value::String(name)) => name == "array",
        Some(Value::Array(names)) => names.iter().any(|name| name == "array"),
        _ => node.get("items").is_some() || node.get("prefixItems").is_some(),
    }
}
