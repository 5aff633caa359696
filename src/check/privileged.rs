//! Which properties are the server's alone to set, and what a client could presume to send for them.
//!
//! Reads the document and nothing else; it must never name an id or a version, which a client may well have to send.

use crate::check::Context;
use crate::check::compare::{differs, words};
use crate::schema::{Direction, Document, Pointer};
use crate::spec::Operation;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How deep `allOf` and references are followed.
const DEEPEST: usize = 8;
/// Names under which the thing itself is commonly wrapped.
const WRAPPERS: &[&str] = &["data", "result", "item"];
/// Last words of names that a client may have to send whatever the document says.
const CLIENTS_TOO: &[&str] = &[
    "id", "uuid", "guid", "key", "href", "url", "uri", "self", "links", "etag", "version", "revision", "rev",
];
/// Names that give power. Only where answers show them and requests do not know them.
const POWER: &[&str] = &[
    "role",
    "roles",
    "isadmin",
    "admin",
    "superuser",
    "issuperuser",
    "isstaff",
    "owner",
    "ownerid",
    "permissions",
    "verified",
    "isverified",
    "emailverified",
    "approved",
    "isapproved",
    "balance",
    "credit",
    "credits",
    "tenantid",
    "organizationid",
];

/// A property that is the server's alone to set: its name and the schema of its values.
pub type Privileged = (String, Pointer);

/// The properties that `read` shows and `write` must not take, in the document's order.
pub fn privileged(document: &Document, write: &Operation, read: &Operation) -> Vec<Privileged> {
    let json = |contents: &[crate::spec::Content]| {
        contents.iter().find(|c| c.media_type.contains("json")).and_then(|c| c.schema.clone())
    };
    let Some(sent) = write.body.as_ref().and_then(|body| json(&body.contents)) else { return Vec::new() };
    let shown = [200, 201].iter().find_map(|status| json(&read.response(*status)?.contents));
    let Some(shown) = shown else { return Vec::new() };
    let (mut known, mut found) = (BTreeMap::new(), Vec::new());
    collect(document, &sent, DEEPEST, &mut |name, pointer, node| {
        known.insert(name.to_owned(), is_read_only(node).then_some(pointer));
    });
    let named: Vec<&str> = read.path.names().collect();
    collect(document, &shown, DEEPEST, &mut |name, pointer, node| {
        let words = words(name);
        let plain: String = words.concat();
        let clients_too =
            words.last().is_none_or(|word| CLIENTS_TOO.contains(&word.as_str())) || named.contains(&name);
        let of_power = POWER.contains(&plain.as_str());
        let the_servers = match known.get(name) {
            // A schema of its own for requests says more than one for answers.
            Some(read_only) => read_only.is_some(),
            None => is_read_only(node) || of_power,
        };
        if the_servers && (!clients_too || of_power) && is_scalar(node) {
            found.push((name.to_owned(), pointer));
        }
    });
    found
}

/// A valid value for a property that no server would choose by itself where it now shows `now`.
///
/// `seen` are values that other things have there.
pub fn another_value(
    context: &Context,
    schema: &Pointer,
    now: Option<&Value>,
    seen: &[Value],
) -> Option<Value> {
    let node = context.api.document.resolve(schema)?.1;
    let listed = node.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
    let from = now.filter(|value| !value.is_null()).or(seen.first());
    let mut candidates = listed;
    match from {
        Some(Value::String(text)) => {
            candidates.extend([in_another_year(text), with_another_digit(text), with_another_letter(text)]);
            candidates.extend(seen.iter().cloned());
        }
        Some(Value::Number(number)) => {
            let whole = number.as_i64();
            candidates
                .extend(whole.into_iter().flat_map(|n| [n + 41, n - 41, n + 1, n - 1]).map(|n| json!(n)));
            candidates.extend(number.as_f64().filter(|_| whole.is_none()).map(|n| json!(n + 41.0)));
        }
        Some(Value::Bool(held)) => candidates.push(json!(!held)),
        Some(_) => {}
        None if node.get("type") == Some(&json!("boolean")) => candidates.push(json!(true)),
        None => {}
    }
    let differs_from = |value: &Value, other: &Value| differs(value, other) == Some(true);
    candidates.into_iter().find(|value| {
        now.is_none_or(|now| now.is_null() || differs_from(value, now))
            && context.validators.is_valid(schema, Direction::Response, value).unwrap_or(false)
    })
}

fn is_read_only(node: &Value) -> bool {
    node.get("readOnly").and_then(Value::as_bool).unwrap_or(false)
}

fn is_scalar(node: &Value) -> bool {
    let kinds: Vec<&str> = match node.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return node.get("enum").is_some(),
    };
    kinds.iter().any(|kind| ["string", "integer", "number", "boolean"].contains(kind))
        && !kinds.iter().any(|kind| ["object", "array"].contains(kind))
}

/// Every property of a schema, references and `allOf` followed, and one wrapper opened.
fn collect(document: &Document, schema: &Pointer, depth: usize, take: &mut dyn FnMut(&str, Pointer, &Value)) {
    let (Some((at, node)), Some(depth)) = (document.resolve(schema), depth.checked_sub(1)) else { return };
    let properties = node.get("properties").and_then(Value::as_object);
    let wrapper = properties.and_then(|map| {
        let name = map.keys().find(|name| WRAPPERS.contains(&name.as_str()))?;
        let inner = at.push("properties").push(name);
        document.resolve(&inner)?.1.get("properties").is_some().then_some(inner)
    });
    if let Some(inner) = wrapper {
        return collect(document, &inner, depth, take);
    }
    for (name, property) in properties.into_iter().flatten() {
        let pointer = at.push("properties").push(name);
        // A sibling of a reference counts in 3.1; in older documents it is `allOf` that carries it.
        let sibling = is_read_only(property);
        let Some((_, target)) = document.resolve(&pointer) else { continue };
        if sibling && !is_read_only(target) {
            let mut marked = target.clone();
            marked["readOnly"] = json!(true);
            take(name, pointer, &marked);
        } else {
            take(name, pointer, target);
        }
    }
    for index in 0..node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        collect(document, &at.push("allOf").push(index), depth, take);
    }
}

/// `2026-01-15` → `2001-01-15`.
fn in_another_year(text: &str) -> Value {
    let year = text.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
    json!(year.map_or_else(|| text.to_owned(), |_| format!("2001{}", &text[4..])))
}

fn with_another_digit(text: &str) -> Value {
    let turned = |c: char| c.to_digit(10).and_then(|d| char::from_digit((d + 3) % 10, 10));
    json!(text.chars().map(|c| turned(c).unwrap_or(c)).collect::<String>())
}

fn with_another_letter(text: &str) -> Value {
    let turned = |c: char| match c {
        'a'..='y' | 'A'..='Y' => char::from_u32(c as u32 + 1),
        'z' => Some('a'),
        'Z' => Some('A'),
        _ => None,
    };
    let mut done = false;
    let changed = text.chars().map(|c| match turned(c).filter(|_| !done) {
        Some(other) => {
            done = true;
            other
        }
        None => c,
    });
    json!(changed.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::World;
    use crate::exchange::Method;

    fn world(input: Value, output: Value) -> World {
        World::new(Method::Post, "/pets")
            .schema("Input", input)
            .schema("Pet", output)
            .body("application/json", "Input")
            .and(Method::Get, "/pets/{pet_id}")
            .response("200", "application/json", Some("Pet"))
    }

    #[track_caller]
    fn check(input: Value, output: Value, expected: &[&str]) {
        let world = world(input, output);
        let found = privileged(&world.api.document, &world.api.operations[0], &world.api.operations[1]);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn read_only_properties_but_ids_and_versions() {
        let date = json!({"type": "string", "readOnly": true});
        let output = json!({"properties": {
            "pet_id": date, "id": date, "version": date, "created": date, "name": {"type": "string"},
            "tags": {"type": "array", "readOnly": true},
        }});
        check(json!({"properties": {"name": {"type": "string"}}}), output.clone(), &["created"]);
        check(output.clone(), output, &["created"]);
    }

    #[test]
    fn a_schema_for_requests_that_takes_it_is_believed() {
        let created = json!({"type": "string", "readOnly": true});
        let output = json!({"properties": {"created": created, "role": {"type": "string"}}});
        let input = json!({"properties": {"created": {"type": "string"}, "role": {"type": "string"}}});
        check(input, output, &[]);
    }

    #[test]
    fn names_of_power_that_requests_do_not_know() {
        let output = json!({"properties": {
            "role": {"enum": ["user", "admin"]}, "isAdmin": {"type": "boolean"}, "owner_id": {"type": "integer"},
            "size": {"type": "integer"},
        }});
        check(json!({}), output, &["role", "isAdmin", "owner_id"]);
    }

    #[test]
    fn wrapped_and_composed_schemas_are_opened() {
        let created = json!({"type": "string", "readOnly": true});
        let inner = json!({"allOf": [{"properties": {"created": created}}, {"properties": {}}]});
        check(json!({}), inner, &["created"]);
        check(json!({}), json!({"properties": {"data": {"properties": {"created": created}}}}), &["created"]);
    }

    #[track_caller]
    fn another(schema: Value, now: Option<Value>, seen: &[Value], expected: Option<Value>) {
        let world = World::get().schema("S", schema);
        let pointer = crate::check::fixture::definition("S");
        assert_eq!(another_value(&world.context(), &pointer, now.as_ref(), seen), expected);
    }

    #[test]
    fn another_value_is_valid_and_really_another() {
        another(json!({"enum": ["a", "b"]}), Some(json!("a")), &[], Some(json!("b")));
        another(json!({"enum": ["a"]}), Some(json!("a")), &[], None);
        another(json!({"type": "boolean"}), Some(json!(false)), &[], Some(json!(true)));
        another(json!({"type": "integer", "maximum": 9}), Some(json!(9)), &[], Some(json!(-32)));
        let moment = "^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$";
        let schema = json!({"type": "string", "pattern": moment});
        another(schema.clone(), Some(json!("2026-01-15 09:00:00")), &[], Some(json!("2001-01-15 09:00:00")));
        another(schema.clone(), None, &[json!("2026-01-15 09:00:00")], Some(json!("2001-01-15 09:00:00")));
        another(schema, None, &[], None);
    }
}
