//! What the answers taught: which values exist, which belong together, which are the run's own.

mod alias;
mod naming;

use crate::exchange::Response;
use crate::plan::pool::alias::Aliases;
pub(crate) use crate::plan::pool::naming::identity_names;
use crate::plan::pool::naming::{
    GENERIC, enveloped, identity, is_direct, listed, located, object, produces, sent_identity,
};
use crate::plan::words::{fold, singular};
use crate::plan::{Known, Resource, follow};
use crate::spec::{Link, Location, Operation, PathTemplate};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many items of one list are remembered.
const ITEMS: usize = 24;
/// How many values are remembered per name.
const VALUES: usize = 12;

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
    /// Values that have a form of their own, by the name of the format.
    formats: BTreeMap<String, Vec<Value>>,
    /// Item paths of which what names a thing was only guessed.
    guessed: BTreeSet<String>,
    /// What things are called besides.
    aliases: Aliases,
}

impl Pool {
    /// Adds a binding for an item path, unless it is there already.
    pub fn bind(&mut self, item: &str, binding: Binding) {
        let known = self.bindings.entry(item.to_owned()).or_default();
        if !known.iter().any(|b| b.values == binding.values) {
            known.push(binding);
        }
    }

    /// Adds a binding before all others: it is the most likely one to be there.
    pub fn bind_first(&mut self, item: &str, binding: Binding) {
        let known = self.bindings.entry(item.to_owned()).or_default();
        known.retain(|b| b.values != binding.values);
        known.insert(0, binding);
    }

    /// Forgets what a successful `DELETE` removed.
    pub fn unbind(&mut self, item: &str, values: &[Value]) {
        if let Some(known) = self.bindings.get_mut(item) {
            known.retain(|binding| !self.aliases.is_same(item, &binding.values, values));
        }
    }

    /// Every name of the thing of an item path that goes by `value`, each with its property; none if it has one alone.
    pub fn names_of(&self, item: &str, value: &Value) -> &[(String, Value)] {
        self.aliases.of(item, value)
    }

    /// Whether these values of an item path's parameters name the same thing.
    pub fn is_same(&self, item: &str, one: &[Value], other: &[Value]) -> bool {
        self.aliases.is_same(item, one, other)
    }

    /// Everything known to exist under an item path, in the order of learning.
    pub fn bindings(&self, item: &str) -> &[Binding] {
        self.bindings.get(item).map_or(&[], Vec::as_slice)
    }

    /// Values seen under names, as the generator takes them.
    pub fn named(&self) -> &BTreeMap<String, Vec<Value>> {
        &self.named
    }

    /// Learns from a successful answer to `operation` sent with `path` values: which things exist, and which values
    /// stand under which names.
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
        if let Some(body) = response.json() {
            self.learn_names(&body, 0);
        }
        self.learn_things(resources, operation, path, response, own)
    }

    /// The same, but of names nothing is learned.
    pub fn learn_things(
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
            if own && resource.create.is_none() && resource.links.is_empty() {
                continue;
            }
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
            let items = match enveloped(&body, resource, own) {
                Some(inner) => inner,
                None if own => object(&body).into_iter().collect(),
                None => listed(&body),
            };
            let direct = is_direct(&here, resource) || in_plural;
            if direct && resource.names == 1 {
                items.iter().take(ITEMS).for_each(|item| self.aliases.note(resource, item));
            }
            let mut names: Vec<naming::Name> =
                items.iter().take(ITEMS).filter_map(|item| identity(item, resource, direct)).collect();
            // A creator's `Location` is its word; what stands in its answer under another name is a guess.
            if own && names.iter().all(|name| name.guessed) && resource.names == 1 {
                let named =
                    response.header("location").and_then(|location| located(location, &resource.item));
                if let Some(value) = named {
                    names = vec![naming::Name { values: vec![value], guessed: false }];
                }
            }
            for name in names {
                if name.guessed {
                    self.guessed.insert(resource.item.clone());
                }
                let values = above.iter().cloned().chain(name.values).collect();
                let binding = Binding { values, own };
                self.bind(&resource.item, binding.clone());
                shown.push((resource.item.clone(), binding));
            }
        }
        shown
    }

    /// Learns what a creator made where its answer names nothing: what the request itself called it, if that `is_new`.
    /// `called` gives the property by which the things of an item path are known to be found.
    pub fn learn_sent(
        &mut self,
        resources: &[Resource],
        operation: &Operation,
        path: &BTreeMap<String, Value>,
        sent: &Value,
        called: impl Fn(&str) -> Option<String>,
        is_new: impl Fn(&Value) -> bool,
    ) -> Vec<(String, Binding)> {
        let here = operation.path.shape();
        let Some(above) = in_order(&operation.path, path) else { return Vec::new() };
        let mut made = Vec::new();
        for resource in resources {
            if resource.create.is_none() || !produces(&here, resource) || !is_direct(&here, resource) {
                continue;
            }
            let values = sent_identity(sent, resource, called(&resource.item).as_deref());
            let Some(values) = values.filter(|values| values.iter().all(&is_new)) else { continue };
            let values = above.iter().cloned().chain(values).collect();
            let binding = Binding { values, own: true };
            self.guessed.insert(resource.item.clone());
            self.bind(&resource.item, binding.clone());
            made.push((resource.item.clone(), binding));
        }
        made
    }

    /// Whether what names the things of an item path was only guessed.
    pub fn is_guess(&self, item: &str) -> bool {
        self.guessed.contains(item)
    }

    /// Takes over what another pool only guessed, and what it knows things to be called.
    pub fn doubt_as(&mut self, other: &Self) {
        self.guessed.extend(other.guessed.iter().cloned());
        self.aliases.extend(&other.aliases);
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
                            remember(self.named.entry(name.clone()).or_default(), value);
                            if let Some(format) = value.as_str().and_then(format_of) {
                                remember(self.formats.entry(format.to_owned()).or_default(), value);
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
                let value = self.by_name(name).or_else(|| self.referred(name, &values))?;
                values.insert(name.to_owned(), value);
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

    /// What names one of the things that a name such as `owner_id` refers to.
    fn referred(&self, name: &str, path: &BTreeMap<String, Value>) -> Option<Value> {
        let known = Known { things: self.things(path), ..Known::default() };
        known.referred(name).first().map(|value| (*value).clone())
    }

    /// What the generator may use for an operation with these path values.
    pub fn known(&self, path: BTreeMap<String, Value>) -> Known {
        let mut folded: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (name, values) in &self.named {
            if !GENERIC.contains(&fold(name).as_str()) {
                folded.entry(fold(name)).or_default().extend(values.iter().cloned());
            }
        }
        let things = self.things(&path);
        Known {
            path,
            named: self.named.clone(),
            folded,
            things,
            formats: self.formats.clone(),
            ..Known::default()
        }
    }

    /// What names existing things, by the singular of their collection: first what lies where `path` points, and of
    /// that the run's own.
    fn things(&self, path: &BTreeMap<String, Value>) -> BTreeMap<String, Vec<Value>> {
        let mut things: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (item, bindings) in &self.bindings {
            let Some(collection) = item.rsplit('/').find(|segment| !segment.contains('{')) else { continue };
            let near = |binding: &Binding| {
                let above = &binding.values[..binding.values.len().saturating_sub(1)];
                above.iter().all(|value| path.values().any(|here| here == value))
            };
            // What is the run's own may be changed by what refers to it; a stranger's thing only if there is no other.
            let mut ranked: Vec<&Binding> = bindings.iter().collect();
            ranked.sort_by_key(|binding| (!near(binding), !binding.own));
            let known = things.entry(singular(&fold(collection))).or_default();
            ranked.into_iter().filter_map(|binding| binding.values.last()).for_each(|id| remember(known, id));
        }
        things
    }
}

fn remember(seen: &mut Vec<Value>, value: &Value) {
    if seen.len() < VALUES && !seen.contains(value) {
        seen.push(value.clone());
    }
}

/// The format of a text that can mean nothing else.
fn format_of(text: &str) -> Option<&'static str> {
    let groups: Vec<&str> = text.split('-').collect();
    let hex = |group: &str, length| group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit());
    let is_uuid = groups.len() == 5 && groups.iter().zip([8, 4, 4, 4, 12]).all(|(g, n)| hex(g, n));
    is_uuid.then_some("uuid")
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

#[cfg(test)]
mod tests;
