//! What the answers taught: which values exist, which belong together, which are the run's own.

use crate::exchange::Response;
use crate::plan::words::{fold, singular};
use crate::plan::{Known, Resource, follow};
use crate::spec::{Link, Location, Operation, PathTemplate};
use serde_json::Value;
use std::collections::BTreeMap;

/// How many items of one list are remembered.
const ITEMS: usize = 24;
/// How many values are remembered per name.
const VALUES: usize = 12;
/// Names that do not tell what they are of.
const GENERIC: &[&str] = &["id", "uuid", "guid", "name", "key", "slug", "code", "number", "value", "type"];
/// Property names under which lists and single objects are commonly wrapped.
const WRAPPERS: &[&str] =
    &["data", "items", "results", "content", "records", "values", "entries", "rows", "list", "result"];

/// Path parameters that name one existing thing, together with the things it lies in.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// The values of the item path's parameters, in the order of the path.
    pub values: Vec<Value>,
    /// Whether this run created it.
    pub own: bool,
}

impl Binding {
    /// The values under the names that `path`, which begins with the item path, has for them.
    pub fn named(&self, path: &PathTemplate) -> BTreeMap<String, Value> {
        path.names().map(str::to_owned).zip(self.values.iter().cloned()).collect()
    }
}

/// The values of the parameters of `path`, in its order; `None` if one is missing.
pub fn in_order(path: &PathTemplate, named: &BTreeMap<String, Value>) -> Option<Vec<Value>> {
    path.names().map(|name| named.get(name).cloned()).collect()
}

/// The values that a run has seen. Learning is the engine's, at points that do not depend on arrival order.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    /// By the shape of the item path.
    bindings: BTreeMap<String, Vec<Binding>>,
    named: BTreeMap<String, Vec<Value>>,
}

impl Pool {
    /// Adds a binding for an item path, unless it is there already.
    pub fn bind(&mut self, item: &str, binding: Binding) {
        let known = self.bindings.entry(item.to_owned()).or_default();
        if !known.iter().any(|b| b.values == binding.values) {
            known.push(binding);
        }
    }

    /// Forgets what a successful `DELETE` removed.
    pub fn unbind(&mut self, item: &str, values: &[Value]) {
        if let Some(known) = self.bindings.get_mut(item) {
            known.retain(|binding| binding.values != values);
        }
    }

    /// Everything known to exist under an item path, in the order of learning.
    pub fn bindings(&self, item: &str) -> &[Binding] {
        self.bindings.get(item).map_or(&[], Vec::as_slice)
    }

    /// Values seen under names, as the generator takes them.
    pub fn named(&self) -> &BTreeMap<String, Vec<Value>> {
        &self.named
    }

    /// Learns from a successful answer to `operation` sent with `path` values.
    ///
    /// Gives the bindings that it shows of each resource; `own` marks them as created by this very request.
    pub fn learn(
        &mut self,
        resources: &[Resource],
        operation: &Operation,
        path: &BTreeMap<String, Value>,
        response: &Response,
        own: bool,
    ) -> Vec<(String, Binding)> {
        // A creator may say with `Location` alone what it made.
        let Some(body) = response.json().or_else(|| own.then_some(Value::Null)) else { return Vec::new() };
        let here = operation.path.shape();
        let Some(above) = in_order(&operation.path, path) else { return Vec::new() };
        let mut shown = Vec::new();
        for resource in resources {
            let in_plural = resource.plural.as_deref() == Some(here.as_str());
            if !produces(&here, resource) && !in_plural {
                // What paths do not tell, links may: a link is the document's word, a wrong one a finding of its own.
                for values in linked(resource, operation, path, response) {
                    let binding = Binding { values, own };
                    self.bind(&resource.item, binding.clone());
                    shown.push((resource.item.clone(), binding));
                }
                continue;
            }
            // A creator answers with one thing; a list inside it is its property, not a list of new things.
            let items = if own { object(&body).into_iter().collect() } else { listed(&body) };
            let direct = is_direct(&here, resource) || in_plural;
            let mut ids: Vec<Value> =
                items.iter().take(ITEMS).filter_map(|item| identity(item, resource, direct)).collect();
            if own && ids.is_empty() {
                ids.extend(
                    response.header("location").and_then(|location| located(location, &resource.item)),
                );
            }
            for id in ids {
                let mut values = above.clone();
                values.push(id);
                let binding = Binding { values, own };
                self.bind(&resource.item, binding.clone());
                shown.push((resource.item.clone(), binding));
            }
        }
        self.learn_names(&body, 0);
        shown
    }

    fn learn_names(&mut self, body: &Value, depth: usize) {
        match body {
            Value::Array(items) if depth < 4 => {
                items.iter().take(3).for_each(|item| self.learn_names(item, depth + 1));
            }
            Value::Object(map) if depth < 4 => {
                for (name, value) in map {
                    match value {
                        Value::String(text) if text.is_empty() || text.len() > 200 => {}
                        Value::String(_) | Value::Number(_) => {
                            let seen = self.named.entry(name.clone()).or_default();
                            if seen.len() < VALUES && !seen.contains(value) {
                                seen.push(value.clone());
                            }
                        }
                        Value::Array(_) | Value::Object(_) => self.learn_names(value, depth + 1),
                        Value::Null | Value::Bool(_) => {}
                    }
                }
            }
            Value::Array(_)
            | Value::Object(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_) => {}
        }
    }

    /// Path values for an operation: the longest item path with a binding that `wanted` takes, the rest by name.
    ///
    /// `None` if a parameter stays without a value.
    pub fn path_values(
        &self,
        path: &PathTemplate,
        overrides: &BTreeMap<String, Value>,
        wanted: impl Fn(&str, &Binding) -> bool,
    ) -> Option<BTreeMap<String, Value>> {
        let mut values = BTreeMap::new();
        for item in crate::plan::item_prefixes(path).into_iter().rev() {
            if let Some(binding) = self.bindings(&item).iter().find(|binding| wanted(&item, binding)) {
                values = binding.named(path);
                break;
            }
        }
        for name in path.names() {
            if let Some(value) = overrides.get(name) {
                values.insert(name.to_owned(), value.clone());
            } else if !values.contains_key(name) {
                values.insert(name.to_owned(), self.by_name(name)?);
            }
        }
        Some(values)
    }

    /// A value seen under a name, if the name tells enough (`job_id` does, `id` does not).
    fn by_name(&self, name: &str) -> Option<Value> {
        let folded = fold(name);
        if GENERIC.contains(&folded.as_str()) {
            return None;
        }
        let mut hits = self.named.iter().filter(|(seen, _)| fold(seen) == folded);
        hits.find_map(|(_, values)| values.first().cloned())
    }

    /// What the generator may use for an operation with these path values.
    pub fn known(&self, path: BTreeMap<String, Value>) -> Known {
        Known { path, named: self.named.clone() }
    }
}

/// What an answer names through the links of its operation.
fn linked(
    resource: &Resource,
    operation: &Operation,
    path: &BTreeMap<String, Value>,
    response: &Response,
) -> Vec<Vec<Value>> {
    let here = |link: &&Link| link.from == operation.key && link.status.covers(response.status);
    let passed = resource.links.iter().filter(here).map(|link| follow(link, None, path, response));
    let usable = |value: &Value| value.is_number() || value.as_str().is_some_and(|text| !text.is_empty());
    let values = passed.filter_map(|passed| {
        let found = |name: &str| passed.parameters.iter().find(|(l, n, _)| *l == Location::Path && n == name);
        let named = PathTemplate::parse(&resource.template);
        let values: Option<Vec<Value>> = named.names().map(|name| Some(found(name)?.2.clone())).collect();
        values.filter(|values| values.iter().all(usable))
    });
    values.collect()
}

/// Whether answers on the path `here` show items of `resource`: fixed text alone lies between.
fn produces(here: &str, resource: &Resource) -> bool {
    let here = here.trim_end_matches('/');
    let Some(between) = resource.item.strip_prefix(here) else { return false };
    between.ends_with("/{}") && between.matches('{').count() == 1
}

/// The items of a list answer, bare or wrapped; a single object is a list of one.
fn listed(body: &Value) -> Vec<&Value> {
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

fn object(body: &Value) -> Option<&Value> {
    let map = body.as_object()?;
    let inner = WRAPPERS.iter().find_map(|name| map.get(*name).filter(|v| v.is_object()));
    Some(inner.unwrap_or(body))
}

/// Whether `here` is the collection itself.
fn is_direct(here: &str, resource: &Resource) -> bool {
    resource.item.rsplit_once('/').is_some_and(|(collection, _)| collection == here.trim_end_matches('/'))
}

/// The value that names `item` among the items of `resource`.
///
/// With fixed text between (`/assets` and `/assets/groups/{id}`) an asset's `id` is no group's: only a property
/// named like the parameter counts then, and only if that name tells what it is of.
fn identity(item: &Value, resource: &Resource, direct: bool) -> Option<Value> {
    let usable = |value: &Value| match value {
        Value::String(text) => !text.is_empty() && !text.contains('/'),
        Value::Number(_) => true,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    };
    let Value::Object(map) = item else { return (direct && usable(item)).then(|| item.clone()) };
    let single = singular(&fold(&resource.collection));
    let folded: Vec<String> = resource.parameters.iter().map(|name| fold(name)).collect();
    let mut wanted = folded.clone();
    for parameter in folded.iter().filter(|_| direct) {
        let bare = parameter.strip_prefix(single.as_str()).filter(|bare| !bare.is_empty());
        wanted.push(bare.map_or_else(|| format!("{single}{parameter}"), str::to_owned));
        if parameter.ends_with("id") {
            wanted.extend(["id".to_owned(), format!("{single}id")]);
        }
        if parameter.ends_with("uuid") {
            wanted.push("uuid".to_owned());
        }
    }
    if !direct {
        wanted.retain(|name| !GENERIC.contains(&name.as_str()));
    }
    wanted.iter().find_map(|name| {
        map.iter().find(|(key, value)| fold(key) == *name && usable(value)).map(|(_, value)| value.clone())
    })
}

/// The value of the last parameter of `item` in a `Location` header.
fn located(location: &str, item: &str) -> Option<Value> {
    let fixed = item.rsplit_once('/')?.0.rsplit('/').next()?;
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/')?;
    if !before.ends_with(fixed) || last.is_empty() {
        return None;
    }
    let text = percent_encoding::percent_decode_str(last).decode_utf8().ok()?;
    Some(text.parse::<i64>().map_or_else(|_| Value::String(text.into_owned()), Value::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resource(item: &str) -> Resource {
        let (collection, parameter) = item.rsplit_once('/').expect("an item path");
        Resource {
            item: PathTemplate::parse(item).shape(),
            template: item.to_owned(),
            parameters: vec![parameter.trim_matches(['{', '}']).to_owned()],
            collection: collection.rsplit('/').next().unwrap_or_default().to_owned(),
            list: None,
            create: None,
            read: None,
            replace: None,
            change: None,
            delete: None,
            plural: None,
            links: Vec::new(),
        }
    }

    #[track_caller]
    fn check(item: &str, body: &Value, ids: Value) {
        let resource = resource(item);
        let found: Vec<Value> =
            listed(body).into_iter().filter_map(|i| identity(i, &resource, true)).collect();
        assert_eq!(Value::Array(found), ids);
    }

    #[test]
    fn ids_are_found_under_their_many_names() {
        check("/assets/{asset_id}", &json!([{"asset_id": 7, "name": "x"}]), json!([7]));
        check("/assets/{assetId}", &json!({"data": [{"id": "a"}], "total": 1}), json!(["a"]));
        check("/pets/{id}", &json!([{"pet_id": 3}]), json!([3]));
        check("/users/{username}", &json!([{"id": 1, "username": "ann"}]), json!(["ann"]));
        check("/teams/{team_id}", &json!([{"colour": "red"}]), json!([]));
    }

    #[test]
    fn the_id_of_a_thing_is_not_taken_for_the_id_of_another_kind() {
        let group = resource("/assets/groups/{id}");
        assert!(produces("/assets", &group) && !is_direct("/assets", &group));
        assert_eq!(identity(&json!({"id": 5}), &group, false), None);
        let details = resource("/findings/details/{finding_number}");
        assert_eq!(identity(&json!({"finding_number": "F-1", "id": 5}), &details, false), Some(json!("F-1")));
    }

    #[test]
    fn a_thing_is_the_same_whatever_each_path_calls_its_id() {
        let mut bucket = resource("/buckets/{id}");
        bucket.parameters.push("bucket_id".to_owned());
        let mut pool = Pool::default();
        pool.bind(&bucket.item, Binding { values: vec![json!("b1")], own: true });
        let below = PathTemplate::parse("/buckets/{bucket_id}/collections/{id}");
        let outer = crate::plan::item_prefixes(&below).remove(0);
        let binding = &pool.bindings(&outer)[0];
        assert_eq!(binding.named(&below), BTreeMap::from([("bucket_id".to_owned(), json!("b1"))]));
        assert_eq!(identity(&json!({"bucket_id": "b2"}), &bucket, true), Some(json!("b2")));
        pool.unbind("/buckets/{}", &[json!("b1")]);
        assert!(pool.bindings(&outer).is_empty());
    }

    #[test]
    fn a_location_header_names_the_new_item() {
        assert_eq!(located("/nucleus/api/assets/12", "/assets/{asset_id}"), Some(json!(12)));
        assert_eq!(located("http://h/assets/a%20b?x=1", "/assets/{name}"), Some(json!("a b")));
        assert_eq!(located("/jobs/12", "/assets/{asset_id}"), None);
    }

    #[test]
    fn lists_produce_the_items_below_them() {
        assert!(produces("/p/{}/assets", &resource("/p/{x}/assets/{id}")));
        assert!(produces("/p/{}/findings", &resource("/p/{x}/findings/details/{number}")));
        assert!(!produces("/p", &resource("/p/{x}/assets/{id}")));
    }
}
