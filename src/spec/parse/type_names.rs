//! Type names that are no JSON Schema types but are meant plainly: `int`, `str`, `bool`.
//!
//! They are read as what they mean, in the working document alone, and noted.

use crate::schema::{DATA, Pointer};
use crate::spec::parse::trail::Trail;
use serde_json::Value;

/// What people write, and what it means.
const MEANT: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int32", "integer"),
    ("int64", "integer"),
    ("long", "integer"),
    ("short", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("numeric", "number"),
    ("bool", "boolean"),
    ("str", "string"),
    ("text", "string"),
    ("uuid", "string"),
    ("date", "string"),
    ("datetime", "string"),
    ("date-time", "string"),
    ("list", "array"),
    ("dict", "object"),
    ("map", "object"),
    ("Integer", "integer"),
    ("Number", "number"),
    ("Boolean", "boolean"),
    ("String", "string"),
    ("Array", "array"),
    ("Object", "object"),
];
/// One name that was read as another.
pub(super) struct Renamed {
    pub(super) at: Pointer,
    pub(super) written: String,
    pub(super) meant: &'static str,
}

/// Replaces such names throughout the document.
pub(super) fn mend(root: &mut Value) -> Vec<Renamed> {
    let mut renamed = Vec::new();
    visit(root, &Trail::Start(&Pointer::root()), &mut renamed);
    renamed
}

fn visit(node: &mut Value, at: &Trail, renamed: &mut Vec<Renamed>) {
    match node {
        Value::Array(items) => {
            for (index, item) in
                items.iter_mut().enumerate().filter(|(_, item)| item.is_object() || item.is_array())
            {
                visit(item, &Trail::Item(at, index), renamed);
            }
        }
        Value::Object(members) => {
            // A security scheme has a `type` of its own; none of its names is in the list.
            if let Some(Value::String(written)) = members.get("type")
                && let Some((_, meant)) = MEANT.iter().find(|(name, _)| name == written)
            {
                renamed.push(Renamed { at: at.pointer().push("type"), written: written.clone(), meant });
                members.insert("type".into(), Value::from(*meant));
            }
            for (key, child) in members.iter_mut().filter(|(_, child)| child.is_object() || child.is_array())
            {
                if !DATA.contains(&key.as_str()) {
                    visit(child, &Trail::Key(at, key), renamed);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
