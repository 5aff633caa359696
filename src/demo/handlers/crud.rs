//! List, create, read, replace and delete, for every family alike. Read gives back exactly what was written.

use serde_json::Map;
use serde_json::Value;

use crate::demo::call::Call;
use crate::demo::collection::Family;
use crate::demo::contract::BASE_PATH;
use crate::demo::reply::Reply;
use crate::demo::state::State;

/// The part of a list that was asked for by `start` and `limit`, with the size of the whole.
pub(crate) fn page(items: &[&Map<String, Value>], call: &Call) -> Reply {
    let start = call.count("start").unwrap_or(0);
    let limit = call.count("limit").unwrap_or(100);
    let part = items.iter().skip(start).take(limit).map(|item| Value::Object((*item).clone())).collect();
    Reply::json(200, Value::Array(part)).with_header("X-Total-Count", items.len().to_string())
}

/// The answer of a creator: the object and where it is.
pub(crate) fn created(item: Map<String, Value>, collection: &str, family: &Family) -> Reply {
    let name = match item.get(family.id) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Reply::json(201, Value::Object(item))
        .with_header("Location", format!("{BASE_PATH}{collection}/{name}"))
        .with_header("X-Item-Id", name)
}

/// The path of a project's collection.
pub(crate) fn path_in_project(call: &Call, rest: &str) -> String {
    format!("/projects/{}/{rest}", call.name("project_id"))
}

/// Lists what the condition holds for.
pub(crate) fn list(
    state: &mut State,
    call: &Call,
    family: &Family,
    keep: impl Fn(&Map<String, Value>) -> bool,
) -> Reply {
    let items: Vec<_> =
        state.all(&call.name("project_id"), family).iter().filter(|item| keep(item)).collect();
    page(&items, call)
}

/// Creates an object of the body as it is.
pub(crate) fn create(state: &mut State, call: &Call, family: &Family) -> Reply {
    let (_, item) = state.add(&call.name("project_id"), family, call.body.clone());
    let plural = if family.plural == "rules" { "processing-rules" } else { family.plural };
    created(item, &path_in_project(call, plural), family)
}

/// Reads one object.
pub(crate) fn get(state: &mut State, call: &Call, family: &Family) -> Reply {
    get_in(state, &call.name("project_id"), call, family)
}

/// Replaces one object by the body.
pub(crate) fn replace(state: &mut State, call: &Call, family: &Family) -> Reply {
    replace_in(state, &call.name("project_id"), call, family)
}

/// Changes one object by the members of the body.
pub(crate) fn change(state: &mut State, call: &Call, family: &Family) -> Reply {
    let place = call.name("project_id");
    let found = number(call, family).and_then(|number| state.all(&place, family).get_mut(number));
    let Some(stored) = found else {
        return Reply::not_found(family.singular);
    };
    stored.extend(call.body.clone());
    Reply::json(200, Value::Object(stored.clone()))
}

/// Deletes one object.
pub(crate) fn delete(state: &mut State, call: &Call, family: &Family) -> Reply {
    delete_in(state, &call.name("project_id"), call, family)
}

/// Reads one object in a place.
pub(crate) fn get_in(state: &mut State, place: &str, call: &Call, family: &Family) -> Reply {
    let found = number(call, family).and_then(|number| state.all(place, family).get(number));
    found.map_or_else(
        || Reply::not_found(family.singular),
        |item| Reply::json(200, Value::Object(item.clone())),
    )
}

/// Replaces one object in a place. Only what the server itself wrote survives.
pub(crate) fn replace_in(state: &mut State, place: &str, call: &Call, family: &Family) -> Reply {
    let found = number(call, family).and_then(|number| state.all(place, family).get_mut(number));
    let Some(stored) = found else {
        return Reply::not_found(family.singular);
    };
    stored.retain(|name, _| name == family.id || family.kept.contains(&name.as_str()));
    stored.extend(call.body.clone());
    Reply::json(200, Value::Object(stored.clone()))
}

/// Deletes one object in a place.
pub(crate) fn delete_in(state: &mut State, place: &str, call: &Call, family: &Family) -> Reply {
    if number(call, family).is_some_and(|number| state.all(place, family).remove(number)) {
        Reply::no_content()
    } else {
        Reply::not_found(family.singular)
    }
}

/// The number of the object that the path names.
pub(crate) fn number(call: &Call, family: &Family) -> Option<u64> {
    call.path.get(family.id).and_then(|name| family.number(name))
}
