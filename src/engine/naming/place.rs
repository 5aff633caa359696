//! Which properties of a body have to be new: the one that names the thing itself, and those that may exist only once.
//!
//! It reads bodies and never changes what a case is about.

use crate::case::{Case, Payload};
use crate::plan::{Resource, fold, identity_names, singular};
use crate::schema::Pointer;
use serde_json::{Map, Value};

/// How deep a body may wrap what it is about.
const WRAPPED: usize = 4;
/// How many items of a list get names of their own.
const MANY: usize = 20;
/// What often holds the thing itself, whatever stands beside it.
const WRAPPERS: &[&str] =
    &["data", "attributes", "item", "items", "entity", "resource", "payload", "body", "input"];

/// Words of what tells one thing from another of its kind.
const NAMES: &[&str] = &[
    "name",
    "username",
    "login",
    "email",
    "slug",
    "key",
    "code",
    "tag",
    "title",
    "identifier",
    "handle",
    "label",
];
/// Words of what says something about a thing, or refers to another one.
const OTHERS: &[&str] = &[
    "id",
    "ids",
    "uuid",
    "guid",
    "ref",
    "type",
    "kind",
    "status",
    "state",
    "role",
    "mode",
    "url",
    "uri",
    "date",
    "time",
    "at",
    "version",
    "format",
    "description",
    "password",
    "language",
    "locale",
    "currency",
    "country",
    "timezone",
];

/// Where a case says which thing it is about.
pub(super) struct Named {
    /// The object that holds the name.
    pub(super) above: Pointer,
    /// The property.
    pub(super) name: String,
    /// What it is.
    pub(super) value: Value,
}

/// A text in a body that may have to be unique.
pub(super) struct Text {
    /// Its place, as a pointer into the body.
    pub(super) at: String,
    /// Whether it is called like what tells one thing from another.
    pub(super) is_name: bool,
}

/// The names that a body gives to what it is about: at its top, in what it wraps, in each item of a list. `also` is
/// another property that is known to name it.
pub(super) fn named(case: &Case, resource: &Resource, also: Option<&str>) -> Vec<Named> {
    let mut found = Vec::new();
    if let Some(Payload::Json(body)) = case.body.as_ref().map(|body| &body.payload) {
        let mut names = identity_names(resource, true);
        names.extend(also.map(str::to_owned));
        gather(body, &Pointer::root(), WRAPPED, &names, resource, &mut found);
    }
    found
}

fn gather(
    body: &Value,
    above: &Pointer,
    depth: usize,
    names: &[String],
    resource: &Resource,
    found: &mut Vec<Named>,
) {
    match body {
        Value::Array(items) if depth > 0 => {
            for (place, item) in items.iter().enumerate().take(MANY) {
                gather(item, &above.push(place.to_string()), depth - 1, names, resource, found);
            }
        }
        Value::Object(map) => {
            let named = names.iter().find_map(|wanted| map.iter().find(|(name, _)| fold(name) == *wanted));
            let wrapped = || resource_in(map, resource).count() > 0;
            if let Some((name, value)) = named.filter(|(_, v)| !(v.is_null() || v.is_object() && wrapped())) {
                found.push(Named { above: above.clone(), name: name.clone(), value: value.clone() });
                return;
            }
            for (name, inner) in resource_in(map, resource).filter(|_| depth > 0) {
                gather(inner, &above.push(name), depth - 1, names, resource, found);
            }
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What an object wraps: its only member, or those that are called like a wrapper or like the thing.
fn resource_in<'v>(
    map: &'v Map<String, Value>,
    resource: &'v Resource,
) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let kind = fold(&resource.collection);
    map.iter().filter(move |(name, value)| {
        let name = fold(name);
        let wraps =
            map.len() == 1 || WRAPPERS.contains(&name.as_str()) || name == kind || name == singular(&kind);
        wraps && (value.is_object() || value.is_array())
    })
}

/// The texts of a body, those of the objects in it too, that may be names and that nobody has fixed.
pub(super) fn texts(body: &Map<String, Value>, is_fixed: impl Fn(&str) -> bool) -> Vec<Text> {
    let top = Pointer::root();
    let inner = body.iter().filter_map(|(name, value)| Some((top.push(name), value.as_object()?)));
    let mut found = Vec::new();
    for (above, object) in std::iter::once((top.clone(), body)).chain(inner) {
        for (name, _) in object.iter().filter(|(name, value)| value.is_string() && !is_fixed(name)) {
            let word = last_word(name);
            if !OTHERS.contains(&word.as_str()) {
                let is_name = NAMES.contains(&word.as_str());
                found.push(Text { at: above.push(name).as_str().to_owned(), is_name });
            }
        }
    }
    found
}

/// Whether a case is about this place of its body, about what lies in it or about what it lies in.
pub(super) fn is_about(case: &Case, name: &str) -> bool {
    let lies_in = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    case.reason.part.strip_prefix("body ").is_some_and(|at| lies_in(at, name) || lies_in(name, at))
}

/// The JSON body of a case.
pub(super) fn json_body(case: &Case) -> Option<&Value> {
    match &case.body.as_ref()?.payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}

/// The text at this place of a case's body, to be changed.
pub(super) fn slot<'c>(case: &'c mut Case, name: &str) -> Option<&'c mut Value> {
    match &mut case.body.as_mut()?.payload {
        Payload::Json(value) => value.pointer_mut(name).filter(|value| value.is_string()),
        Payload::Raw(_) => None,
    }
}

/// The object at this place of a case's body, to be changed.
pub(super) fn object_mut<'c>(case: &'c mut Case, at: &Pointer) -> Option<&'c mut Map<String, Value>> {
    let Payload::Json(body) = &mut case.body.as_mut()?.payload else { return None };
    body.pointer_mut(at.as_str())?.as_object_mut()
}

/// The case without its name.
pub(super) fn without(case: &Case, found: &Named) -> Case {
    let mut case = case.clone();
    if let Some(map) = object_mut(&mut case, &found.above) {
        map.shift_remove(&found.name);
    }
    case
}

/// The last word of a name in any spelling: `displayName` → `name`.
fn last_word(name: &str) -> String {
    let start = name.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let last = &name[start..];
    let start =
        last.rfind(|c: char| c.is_ascii_uppercase()).filter(|_| last.chars().any(|c| c.is_ascii_lowercase()));
    last[start.unwrap_or(0)..].to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_read_in_any_spelling() {
        for name in ["name", "displayName", "user_name", "NAME", "x-Name"] {
            assert_eq!(last_word(name), "name");
        }
        assert_eq!(last_word("flow_id"), "id");
    }

    #[test]
    fn names_and_other_free_texts_are_found_and_what_refers_to_something_is_not() {
        let body = json!({"displayName": "a", "note": "b", "owner_id": "c", "size": 3, "fixed": "d",
            "contact": {"email": "e", "kind": "f", "deeper": {"name": "g"}}});
        let found = texts(body.as_object().unwrap(), |name| name == "fixed");
        let found: Vec<(&str, bool)> = found.iter().map(|text| (text.at.as_str(), text.is_name)).collect();
        assert_eq!(found, [("/displayName", true), ("/note", false), ("/contact/email", true)]);
    }
}
