//! What names a thing: in the answer that shows it, in the request that made it, in a `Location` header.
//!
//! What is only guessed is told as a guess: until an item was read by it, nothing may be built on it.

use crate::plan::Resource;
use crate::plan::words::{fold, singular};
use crate::spec::PathTemplate;
use serde_json::{Map, Value};

/// Names that do not tell what they are of.
pub(super) const GENERIC: &[&str] =
    &["id", "uuid", "guid", "name", "key", "slug", "code", "number", "value", "type"];
/// Property names under which lists and single objects are commonly wrapped.
const WRAPPERS: &[&str] =
    &["data", "items", "results", "content", "records", "values", "entries", "rows", "list", "result"];
/// What names a thing where nothing is called like the parameter, the most likely first.
pub(super) const LIKELY: &[&str] = &["id", "uuid", "guid", "name", "slug", "key"];
/// Names that are the server's to give: what a request says under them may be ignored.
const SERVERS: &[&str] = &["id", "uuid", "guid", "key", "number", "code", "value", "type"];

/// What names one thing, a value for each of the parameters that name it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    pub(super) values: Vec<Value>,
    /// Whether nothing but habit says that this is what names it.
    pub(super) guessed: bool,
}

/// Whether answers on the path `here` show items of `resource`: fixed text alone lies between.
pub(super) fn produces(here: &str, resource: &Resource) -> bool {
    let here = here.trim_end_matches('/');
    let Some(between) = resource.item.strip_prefix(here) else { return false };
    between.starts_with('/')
        && between.ends_with(&"/{}".repeat(resource.names))
        && between.matches('{').count() == resource.names
}

/// The items of a list answer, bare or wrapped; a single object is a list of one.
pub(super) fn listed(body: &Value) -> Vec<&Value> {
    match body {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => {
            let wrapped = WRAPPERS.iter().find_map(|name| map.get(*name).and_then(Value::as_array));
            let arrays: Vec<&Vec<Value>> = map.values().filter_map(Value::as_array).collect();
            match (wrapped, arrays.as_slice()) {
                (Some(items), _) => items.iter().collect(),
                (None, [only]) if only.iter().any(Value::is_object) => only.iter().collect(),
                _ => vec![body],
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// What stands in an answer under the name of the collection: `{"order": {…}}`, `{"orders": […]}`. An id beside it is
/// that of a receipt, of a request or of the list.
///
/// What was created is never taken from a list, nor where the answer itself looks like one of the things: there an
/// order inside an order is another one, and most likely somebody else's.
pub(super) fn enveloped<'v>(body: &'v Value, resource: &Resource, own: bool) -> Option<Vec<&'v Value>> {
    let wanted = singular(&fold(&resource.collection));
    let is_it = |name: &str| !wanted.is_empty() && singular(&fold(name)) == wanted;
    let within = |value: &'v Value| {
        let outer = value.as_object()?;
        outer.iter().filter(|(name, _)| is_it(name)).find_map(|(_, value)| match value {
            Value::Object(inner) => {
                let telling = |name: &&String| !matches!(fold(name).as_str(), "id" | "uuid" | "guid" | "key");
                let names: Vec<&String> = inner.keys().filter(telling).collect();
                let alike = names.iter().any(|name| outer.contains_key(*name));
                let bare = outer.len() == 1;
                (bare || !alike && !names.is_empty()).then(|| vec![value])
            }
            Value::Array(items) if !own && items.iter().all(Value::is_object) => Some(items.iter().collect()),
            _ => None,
        })
    };
    within(body).or_else(|| object(body).and_then(within))
}

/// The one thing that an answer shows, bare or wrapped.
pub(super) fn object(body: &Value) -> Option<&Value> {
    let map = body.as_object()?;
    let inner = WRAPPERS.iter().find_map(|name| map.get(*name).filter(|v| v.is_object()));
    Some(inner.unwrap_or(body))
}

/// Whether `here` is the collection itself.
pub(super) fn is_direct(here: &str, resource: &Resource) -> bool {
    resource.above() == here.trim_end_matches('/')
}

/// What names `item` among the items of `resource`.
///
/// With fixed text between (`/assets` and `/assets/groups/{id}`) an asset's `id` is no group's: only a property
/// named like the parameter counts then, and only if that name tells what it is of.
pub(super) fn identity(item: &Value, resource: &Resource, direct: bool) -> Option<Name> {
    let sure = |values| Name { values, guessed: false };
    if resource.names > 1 {
        return by_parameters(item.as_object()?, resource).map(sure);
    }
    let Value::Object(map) = item else {
        return (direct && is_usable(item)).then(|| sure(vec![item.clone()]));
    };
    let wanted = identity_names(resource, direct);
    if let Some(value) = wanted.iter().find_map(|name| under(map, name)) {
        return Some(sure(vec![value]));
    }
    let likely = LIKELY.iter().filter(|_| direct).find_map(|name| under(map, name))?;
    Some(Name { values: vec![likely], guessed: true })
}

/// The folded names of properties that name one item of `resource`, the most telling first.
pub(crate) fn identity_names(resource: &Resource, direct: bool) -> Vec<String> {
    let single = singular(&fold(&resource.collection));
    let folded: Vec<String> = resource.parameters.iter().map(|name| fold(name)).collect();
    let mut wanted = folded.clone();
    for parameter in folded.iter().filter(|_| direct) {
        let bare = parameter.strip_prefix(single.as_str()).filter(|bare| !bare.is_empty());
        wanted.push(bare.map_or_else(|| format!("{single}{parameter}"), str::to_owned));
        if parameter.ends_with("id") || *parameter == single {
            wanted.extend(["id".to_owned(), format!("{single}id")]);
        }
        if parameter.ends_with("uuid") {
            wanted.push("uuid".to_owned());
        }
    }
    if !direct {
        wanted.retain(|name| !GENERIC.contains(&name.as_str()));
    }
    wanted
}

/// What names the thing that a request made, where the answer to it says nothing: what the client itself put under the
/// names of the parameters, or of the property by which such things are `called`.
pub(super) fn sent_identity(sent: &Value, resource: &Resource, called: Option<&str>) -> Option<Vec<Value>> {
    let map = sent.as_object()?;
    if resource.names > 1 {
        return by_parameters(map, resource);
    }
    let single = singular(&fold(&resource.collection));
    let own = resource.parameters.iter().map(|name| fold(name)).flat_map(|name| {
        let bare = name.strip_prefix(single.as_str()).filter(|bare| !bare.is_empty()).map(str::to_owned);
        [Some(name), bare].into_iter().flatten().collect::<Vec<_>>()
    });
    let mut own = own.filter(|name| !SERVERS.contains(&name.as_str()) && !name.ends_with("id"));
    let found = own.find_map(|name| under(map, &name)).or_else(|| under(map, called?));
    found.map(|value| vec![value])
}

/// A value for each parameter under its very name.
fn by_parameters(map: &Map<String, Value>, resource: &Resource) -> Option<Vec<Value>> {
    let template = PathTemplate::parse(&resource.template);
    let names: Vec<&str> = template.names().collect();
    let own = &names[names.len().checked_sub(resource.names)?..];
    own.iter().map(|name| under(map, &fold(name))).collect()
}

fn under(map: &Map<String, Value>, folded: &str) -> Option<Value> {
    map.iter().find(|(key, value)| fold(key) == folded && is_usable(value)).map(|(_, value)| value.clone())
}

pub(super) fn is_usable(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && !text.contains('/'),
        Value::Number(_) => true,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The value of the last parameter of `item` in a `Location` header.
pub(super) fn located(location: &str, item: &str) -> Option<Value> {
    let fixed = item.rsplit_once('/')?.0.rsplit('/').next()?;
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/')?;
    if !before.ends_with(fixed) || last.is_empty() {
        return None;
    }
    let text = percent_encoding::percent_decode_str(last).decode_utf8().ok()?;
    Some(text.parse::<i64>().map_or_else(|_| Value::String(text.into_owned()), Value::from))
}
