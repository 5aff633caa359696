//! Where references lead: JSON pointers, anchors and identifiers of one document.
//!
//! OpenAPI 2.0 and 3.0 know pointers alone. From 3.1 on a Schema Object may bear `$id`, `$anchor` and
//! `$dynamicAnchor` (JSON Schema 2020-12 core §8.2), or the spellings of the dialect it names by `$schema`.
//! The index of names is made when a reference first asks for one. Nothing here leaves the document.

use crate::schema::{Dialect, Pointer, find};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::OnceLock;
use url::Url;

/// The base URI of a document that names none. It never leaves the process.
const BASE: &str = "openapi:///document";
/// Members that hold data: what looks like a schema or a reference in them is none.
pub(crate) const DATA: &[&str] =
    &["example", "examples", "default", "enum", "const", "x-example", "x-examples"];
/// Members whose members bear names of the user's choice.
const NAMED: &[&str] = &[
    "properties",
    "patternProperties",
    "definitions",
    "$defs",
    "dependentSchemas",
    "schemas",
    "responses",
    "parameters",
    "headers",
    "requestBodies",
    "callbacks",
    "pathItems",
    "webhooks",
    "paths",
];
/// Nothing nested more deeply is searched for names.
const DEEPEST: usize = 512;

/// The names that the schemas of one document bear.
#[derive(Debug)]
pub struct Identifiers {
    dialect: Dialect,
    index: OnceLock<Index>,
}

#[derive(Debug, Default)]
struct Index {
    /// Absolute URIs without fragment.
    resources: HashMap<String, Pointer>,
    /// Plain names within a resource.
    anchors: HashMap<(Pointer, String), Pointer>,
    /// Every `$dynamicAnchor`, by name, in the order of the document.
    dynamic: HashMap<String, Vec<Pointer>>,
}

/// What the ancestors of a schema say about it.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// The schema whose `$id` is the base of references here; the whole document if there is none.
    pub(super) resource: Pointer,
    /// The nearest schema that bears `$id` or `$schema`, if any.
    pub(super) root: Option<Pointer>,
    /// The dialect spoken here.
    pub(super) dialect: Dialect,
    base: Option<Url>,
}

impl Identifiers {
    /// The names in a document whose schemas speak `dialect` unless they say otherwise.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, index: OnceLock::new() }
    }

    /// Where `reference`, written in the node at `at` of the document `root`, leads.
    ///
    /// `None` if it is no pointer and no name of this document; a pointer may still lead to nothing.
    pub fn target(&self, root: &Value, at: &Pointer, reference: &str) -> Option<Pointer> {
        if !self.speak(root) {
            return Pointer::from_fragment(reference);
        }
        self.target_in(root, &self.scope(root, at), reference)
    }

    /// As [`Self::target`], for a reference within `scope`.
    pub(super) fn target_in(&self, root: &Value, scope: &Scope, reference: &str) -> Option<Pointer> {
        if let Some(pointer) = Pointer::from_fragment(reference) {
            let within = scope.resource.join(&pointer);
            // Real documents carry an `$id` left over from other formats and refer past it.
            return Some(if find(root, within.as_str()).is_some() { within } else { pointer });
        }
        if !self.speak(root) {
            return None;
        }
        let mut target = match &scope.base {
            Some(base) => base.join(reference).ok(),
            None => Url::parse(reference).ok(),
        };
        let fragment = target.as_ref().and_then(Url::fragment).unwrap_or_default();
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?.into_owned();
        let index = self.index.get_or_init(|| index(root, self.dialect));
        let resource = if reference.starts_with('#') {
            scope.resource.clone()
        } else {
            let target = target.as_mut()?;
            target.set_fragment(None);
            index.resources.get(target.as_str())?.clone()
        };
        if let Some(tail) = Pointer::parse(&fragment) {
            return Some(resource.join(&tail));
        }
        let anchor = |resource: Pointer| index.anchors.get(&(resource, fragment.clone())).cloned();
        let left_over = || reference.starts_with('#').then(|| anchor(Pointer::root())).flatten();
        anchor(resource).or_else(left_over)
    }

    /// Every schema with the dynamic anchor `name`.
    pub(super) fn dynamic(&self, root: &Value, name: &str) -> &[Pointer] {
        let index = self.index.get_or_init(|| index(root, self.dialect));
        index.dynamic.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the node at `at` and those around it say.
    pub(super) fn scope(&self, root: &Value, at: &Pointer) -> Scope {
        if !self.speak(root) {
            return Scope { resource: Pointer::root(), root: None, dialect: self.dialect, base: None };
        }
        let mut scope = Scope::of(root, self.dialect);
        let mut node = root;
        for (end, token) in ends(at.as_str()) {
            let Some(child) = find(node, token) else { break };
            node = child;
            if let Value::Object(map) = node {
                let here = || Pointer::parse(&at.as_str()[..end]).unwrap_or_default();
                scope.enter(map, here);
            }
        }
        scope
    }

    /// Whether a reference means the same wherever in the document `root` it is written.
    pub fn are_the_same_everywhere(&self, root: &Value) -> bool {
        !self.speak(root)
    }

    /// Whether schemas of this document can bear identifiers at all.
    pub(super) fn speak(&self, root: &Value) -> bool {
        self.dialect != Dialect::Draft4 || root.get("jsonSchemaDialect").is_some()
    }
}

impl Scope {
    /// The scope of a whole document. OpenAPI 3.2 lets it name itself (`$self`).
    fn of(root: &Value, dialect: Dialect) -> Self {
        let base = Url::parse(BASE).ok();
        let own = root.get("$self").and_then(Value::as_str);
        let base = match (own, base) {
            (Some(own), Some(base)) => base.join(own).ok().or(Some(base)),
            (_, base) => base,
        };
        Self { resource: Pointer::root(), root: None, dialect, base }
    }

    /// Whether `map` begins a resource or speaks another dialect than its surroundings.
    pub(super) fn is_left_by(&self, map: &Map<String, Value>) -> bool {
        map.get("$schema")
            .and_then(Value::as_str)
            .and_then(Dialect::from_uri)
            .is_some_and(|d| d != self.dialect)
            || self.identifier(map).is_some_and(|id| !id.starts_with('#'))
    }

    /// Goes into the node `map`, which stands at `here()`.
    fn enter(&mut self, map: &Map<String, Value>, here: impl Fn() -> Pointer) {
        if let Some(dialect) = map.get("$schema").and_then(Value::as_str).and_then(Dialect::from_uri) {
            self.dialect = dialect;
            self.root = Some(here());
        }
        let id = self.identifier(map).filter(|id| !id.starts_with('#'));
        let joined = id.and_then(|id| self.base.as_ref()?.join(id).ok());
        if let Some(mut base) = joined {
            base.set_fragment(None);
            self.base = Some(base);
            self.resource = here();
            self.root = Some(here());
        }
    }

    /// What names the schema `map`, as its dialect spells it.
    fn identifier<'m>(&self, map: &'m Map<String, Value>) -> Option<&'m str> {
        let dialect = map.get("$schema").and_then(Value::as_str).and_then(Dialect::from_uri);
        let dialect = dialect.unwrap_or(self.dialect);
        if dialect.reference_hides_siblings() && map.get("$ref").is_some_and(Value::is_string) {
            return None;
        }
        let key = if dialect == Dialect::Draft4 { "id" } else { "$id" };
        map.get(key).and_then(Value::as_str)
    }
}

/// The tokens of a pointer, each with its slash, and where each ends.
fn ends(pointer: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut begin = 0;
    std::iter::from_fn(move || {
        let rest = pointer.get(begin..).filter(|rest| !rest.is_empty())?;
        let length = rest[1..].find('/').map_or(rest.len(), |at| at + 1);
        let token = &rest[..length];
        begin += length;
        Some((begin, token))
    })
}

fn index(root: &Value, dialect: Dialect) -> Index {
    let mut index = Index::default();
    let scope = Scope::of(root, dialect);
    if let Some(base) = &scope.base {
        let mut base = base.clone();
        base.set_fragment(None);
        index.resources.insert(base.into(), Pointer::root());
    }
    let mut at = String::new();
    if let Value::Object(map) = root {
        for (key, child) in map {
            down(&mut index, &scope, child, key, &mut at, 0, NAMED.contains(&key.as_str()));
        }
    }
    index
}

fn down(
    index: &mut Index,
    scope: &Scope,
    node: &Value,
    token: &str,
    at: &mut String,
    depth: usize,
    named: bool,
) {
    if depth > DEEPEST || !(node.is_object() || node.is_array()) {
        return;
    }
    let length = at.len();
    at.push('/');
    at.push_str(&token.replace('~', "~0").replace('/', "~1"));
    match node {
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                down(index, scope, item, &number.to_string(), at, depth + 1, false);
            }
        }
        Value::Object(map) => {
            let here = || Pointer::parse(at).unwrap_or_default();
            let mut inner = None;
            if !named {
                if scope.is_left_by(map) {
                    let mut entered = scope.clone();
                    entered.enter(map, here);
                    inner = Some(entered);
                }
                note(index, inner.as_ref().unwrap_or(scope), map, here);
            }
            let scope = inner.as_ref().unwrap_or(scope);
            for (key, child) in map.iter().filter(|(key, _)| named || !DATA.contains(&key.as_str())) {
                let names = !named && NAMED.contains(&key.as_str());
                down(index, scope, child, key, at, depth + 1, names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    at.truncate(length);
}

/// Writes down the names that one schema bears. The first bearer of a name keeps it.
fn note(index: &mut Index, scope: &Scope, map: &Map<String, Value>, here: impl Fn() -> Pointer) {
    let anchor = |index: &mut Index, name: &str| {
        let key = (scope.resource.clone(), name.to_owned());
        index.anchors.entry(key).or_insert_with(&here);
    };
    if let Some(id) = scope.identifier(map) {
        let (_, name) = id.split_once('#').unwrap_or_default();
        // Before 2019-09 an identifier with a fragment was the way to write an anchor.
        if !name.is_empty() && scope.dialect <= Dialect::Draft7 {
            anchor(index, name);
        }
        if let Some(base) = scope.base.as_ref().filter(|_| scope.resource == here()) {
            index.resources.entry(base.as_str().to_owned()).or_insert_with(&here);
        }
    }
    if scope.dialect >= Dialect::Draft201909
        && let Some(Value::String(name)) = map.get("$anchor")
    {
        anchor(index, name);
    }
    if scope.dialect == Dialect::Draft202012
        && let Some(Value::String(name)) = map.get("$dynamicAnchor")
    {
        anchor(index, name);
        index.dynamic.entry(name.clone()).or_default().push(here());
    }
}
