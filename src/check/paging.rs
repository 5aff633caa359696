//! Pages: which parameters of a request ask for one, and what names an item in an answer.
//!
//! Names are guesses; every guess that is not sure yields `None`. Nothing here judges.

use crate::case::{Case, Payload};
use crate::check::compare::words;
use crate::schema::Document;
use crate::spec::{Location, Operation};
use serde_json::Value;

const LIMITS: &[&str] = &[
    "limit",
    "perpage",
    "pagesize",
    "size",
    "count",
    "max",
    "maxresults",
    "maxitems",
    "top",
    "take",
    "numresults",
    "rows",
];
const OFFSETS: &[&str] = &["offset", "start", "skip", "from", "startindex", "startat"];
/// Names by which an item is known, whatever it is.
const OWN_IDS: &[&str] = &["id", "uuid", "guid", "_id", "uid"];

/// Whether a parameter of this name says how many items a page may hold.
pub(crate) fn is_limit(name: &str) -> bool {
    LIMITS.contains(&plain(name).as_str())
}

/// How many items a page was asked to hold.
pub(crate) fn limit(case: &Case) -> Option<u64> {
    number(case, LIMITS).map(|(_, limit)| limit).filter(|limit| *limit > 0)
}

/// Where a page was asked to begin, counted from 0. `None` if the request names no offset, or none that is a number.
pub(crate) fn offset(operation: &Operation, document: &Document, case: &Case) -> Option<u64> {
    let (name, offset) = number(case, OFFSETS)?;
    Some(offset.saturating_sub(first(operation, document, &name)))
}

/// Whether the request names an offset in any form.
pub(crate) fn has_offset(case: &Case) -> bool {
    case.parameters.iter().any(|parameter| OFFSETS.contains(&plain(&parameter.name).as_str()))
}

/// The list of an answer: the answer itself, or its first property that is a list.
pub(crate) fn items(answer: &Value) -> Option<&Vec<Value>> {
    match answer {
        Value::Array(items) => Some(items),
        Value::Object(map) => map.values().find_map(Value::as_array),
        _ => None,
    }
}

/// The list of an answer, where there is no doubt which one it is: the answer itself, or its only list of objects.
pub(crate) fn listed(answer: &Value) -> Option<&Vec<Value>> {
    match answer {
        Value::Array(items) => Some(items),
        Value::Object(map) => {
            let mut lists = map.values().filter_map(Value::as_array);
            match (lists.next(), lists.next()) {
                (Some(only), None) if only.iter().all(Value::is_object) => Some(only),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The property that names the items of a list: their own id, there in every item and another in each.
pub(crate) fn identity<'i>(operation: &Operation, items: &'i [Value]) -> Option<&'i str> {
    let first = items.first()?.as_object()?;
    let names = |name: &&String| {
        let values: Vec<&Value> = items.iter().filter_map(|item| item.get(name.as_str())).collect();
        let told = values.len() == items.len() && values.iter().all(|v| v.is_string() || v.is_number());
        told && (1..values.len()).all(|at| !values[..at].contains(&values[at]))
    };
    let own = |name: &&String| is_id(name) && is_own(operation, name);
    first.keys().filter(own).find(names).map(String::as_str)
}

/// Whether a property holds this id, as a number or as a text.
pub(crate) fn has_name(property: &Value, id: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (property.is_string() || property.is_number()) && text(property) == text(id)
}

/// What names each item: the values of its id-like properties, the same properties for every item of both pages.
///
/// `None` if items have no such property, or if it does not tell the items of one page apart.
pub(crate) fn identities(operation: &Operation, pages: [&[Value]; 2]) -> Option<[Vec<Vec<Value>>; 2]> {
    let first = pages[0].first()?.as_object()?;
    let everywhere = |name: &&String| {
        pages
            .iter()
            .copied()
            .flatten()
            .all(|item| item.get(*name).is_some_and(|v| v.is_string() || v.is_number()))
    };
    let candidates: Vec<&String> = first.keys().filter(|name| is_id(name)).filter(everywhere).collect();
    let own = candidates.iter().find(|name| is_own(operation, name)).copied();
    let names = match own {
        Some(name) => vec![name],
        // Only ids of other things: an item is what all of its properties say.
        None => first.keys().collect(),
    };
    if candidates.is_empty() {
        return None;
    }
    let of = |page: &[Value]| -> Vec<Vec<Value>> {
        let identity =
            |item: &Value| names.iter().map(|n| item.get(*n).cloned().unwrap_or(Value::Null)).collect();
        page.iter().map(identity).collect()
    };
    let identities = [of(pages[0]), of(pages[1])];
    identities.iter().all(|page| is_distinct(page)).then_some(identities)
}

fn is_distinct(page: &[Vec<Value>]) -> bool {
    (1..page.len()).all(|at| !page[..at].contains(&page[at]))
}

fn is_id(name: &str) -> bool {
    OWN_IDS.contains(&name)
        || words(name)
            .last()
            .is_some_and(|word| ["id", "uuid", "guid", "number", "key"].contains(&word.as_str()))
}

/// Whether a property names the items of this list themselves: `id`, or `asset_id` under `/assets`.
fn is_own(operation: &Operation, name: &str) -> bool {
    if OWN_IDS.contains(&name.to_ascii_lowercase().as_str()) {
        return true;
    }
    let path = operation.path.to_string();
    let last = path.rsplit('/').find(|segment| !segment.is_empty() && !segment.starts_with('{'));
    let collection = words(last.unwrap_or_default());
    let subject = words(name);
    let subject = &subject[..subject.len().saturating_sub(1)];
    let (Some(thing), Some(things)) = (subject.last(), collection.last()) else { return false };
    let plurals = [
        thing.clone(),
        format!("{thing}s"),
        format!("{thing}es"),
        format!("{}ies", thing.trim_end_matches('y')),
    ];
    plurals.contains(things)
}

/// What an operation counts its offset from: 1 if the document says so.
fn first(operation: &Operation, document: &Document, name: &str) -> u64 {
    let schema = operation.parameter(Location::Query, name).and_then(|parameter| parameter.schema.as_ref());
    let Some((_, node)) = schema.and_then(|schema| document.resolve(schema)) else { return 0 };
    let of = |key: &str| node.get(key).and_then(Value::as_u64);
    of("default").or_else(|| of("minimum")).map_or(0, |first| first.min(1))
}

/// The first query parameter with one of these names whose value is a whole number.
fn number(case: &Case, names: &[&str]) -> Option<(String, u64)> {
    case.parameters.iter().filter(|parameter| parameter.location == Location::Query).find_map(|parameter| {
        let Payload::Json(value) = &parameter.payload else { return None };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        names.contains(&plain(&parameter.name).as_str()).then(|| (parameter.name.clone(), number))
    })
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, positive, with_parameter};
    use crate::exchange::Method;
    use serde_json::json;

    #[test]
    fn paging_parameters_are_known_by_name() {
        let case = with_parameter(positive(), Location::Query, "page_size", json!("20"));
        let case = with_parameter(case, Location::Query, "startIndex", json!(21));
        let world = World::get().schema("Start", json!({"default": 1})).parameter(
            Location::Query,
            "startIndex",
            "Start",
        );
        assert_eq!(limit(&case), Some(20));
        assert_eq!(offset(world.operation(), &world.api.document, &case), Some(20));
        assert_eq!(offset(World::get().operation(), &world.api.document, &case), Some(21));
        assert_eq!(limit(&positive()), None);
    }

    #[test]
    fn items_are_named_by_their_own_id() {
        let world = World::new(Method::Get, "/projects/{project_id}/assets");
        let check = |items: Value, expected: Option<Value>| {
            let items = items.as_array().expect("a list").clone();
            let names = identities(world.operation(), [&items, &[]]);
            assert_eq!(names.map(|[page, _]| json!(page)), expected);
        };
        check(json!([{"asset_id": 1, "team_id": 5}, {"asset_id": 2, "team_id": 5}]), Some(json!([[1], [2]])));
        check(json!([{"id": "a"}, {"id": "b"}]), Some(json!([["a"], ["b"]])));
        check(json!([{"team_id": 5, "n": 1}, {"team_id": 5, "n": 2}]), Some(json!([[5, 1], [5, 2]])));
        check(json!([{"id": 1}, {"id": 1}]), None);
        check(json!([{"name": "a"}]), None);
        check(json!([1, 2]), None);
    }
}
