//! The schema asked for and every schema that it reaches by references, each rewritten once.

use crate::schema::identifiers::Scope;
use crate::schema::pattern::Patterns;
use crate::schema::view::chain::longest_chain;
use crate::schema::view::rewrite::Place;
use crate::schema::{Dialect, Direction, Document, Pointer};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Schemas and values in one view. The largest of real documents reach a hundred thousand.
const MOST_NODES: usize = 2_000_000;
/// Schemas that judge one value, each inside the one before. Real documents stay below twenty.
const LONGEST_CHAIN: usize = 1000;

/// What must be compiled to judge one schema.
pub(in crate::schema) struct View {
    /// The rewritten schemas: those of one resource and dialect together.
    pub(in crate::schema) resources: Vec<(Dialect, Value)>,
    /// The URI of the schema asked for.
    pub(in crate::schema) entry: String,
    /// Where in the document the rewritten schemas stand.
    pub(in crate::schema) origins: Origins,
    /// How many schemas and values it holds.
    pub(in crate::schema) nodes: usize,
    /// How many levels the deepest of the schemas nests, and how many judge one value in a row.
    pub(in crate::schema) depth: usize,
    /// Whether it would be another one in the other direction.
    pub(in crate::schema) one_sided: bool,
    /// The first reference that leads nowhere, and where it is written.
    pub(in crate::schema) dangling: Option<(Pointer, String)>,
}

impl View {
    /// The URI under which the resource `number` is to be registered.
    pub(in crate::schema) fn uri(number: usize) -> String {
        format!("openapi:///view/{number}")
    }
}

/// Where in the document the schemas of a view stand, by number.
pub(in crate::schema) struct Origins(Vec<Pointer>);

impl Origins {
    /// The place in the document of a place in the view (`/$defs/7/properties/id`).
    pub(in crate::schema) fn find(&self, path: &str) -> Option<Pointer> {
        let mut parts = path.splitn(4, '/').skip(2);
        let root = self.0.get(parts.next()?.parse::<usize>().ok()?)?;
        Some(match parts.next() {
            Some(tail) => root.join(&Pointer::parse(&format!("/{tail}"))?),
            None => root.clone(),
        })
    }
}

/// The view of the schema at `pointer`, or why there is none.
pub(in crate::schema) fn view(
    document: &Document,
    pointer: &Pointer,
    direction: Direction,
    patterns: &Patterns,
) -> Result<View, String> {
    if document.get(pointer).is_none() {
        return Err("there is nothing".to_owned());
    }
    let mut closure = Closure {
        document,
        direction,
        patterns,
        scope: document.scope(pointer),
        speaks: document.has_identifiers(),
        one_sided: false,
        at: String::new(),
        current: 0,
        roots: Vec::new(),
        numbers: HashMap::new(),
        resources: Vec::new(),
        resource_numbers: HashMap::new(),
        recursive: false,
        nodes: 0,
        depth: 0,
        dangling: None,
        refusal: None,
    };
    closure.number(pointer);
    closure.walk();
    closure.finish()
}

/// The work in progress.
pub(super) struct Closure<'d> {
    pub(super) document: &'d Document,
    pub(super) direction: Direction,
    pub(super) patterns: &'d Patterns,
    /// The scope of the root at work.
    pub(super) scope: Scope,
    /// Whether schemas can bear identifiers.
    pub(super) speaks: bool,
    pub(super) one_sided: bool,
    /// The pointer of the node at work.
    at: String,
    /// The number of the root at work.
    current: usize,
    roots: Vec<Root>,
    numbers: HashMap<Pointer, usize>,
    resources: Vec<Resource>,
    resource_numbers: HashMap<(Pointer, Dialect), usize>,
    /// Whether a reference depends on the way to it, as 2019-09 has it.
    recursive: bool,
    nodes: usize,
    depth: usize,
    dangling: Option<(Pointer, String)>,
    refusal: Option<String>,
}

struct Root {
    pointer: Pointer,
    scope: Scope,
    resource: usize,
    /// Roots that judge the very value that this one judges.
    inner: Vec<usize>,
}

struct Resource {
    /// Where it stands in the document.
    place: Pointer,
    dialect: Dialect,
    members: Map<String, Value>,
}

impl Closure<'_> {
    fn walk(&mut self) {
        let document = self.document;
        while self.current < self.roots.len() && self.refusal.is_none() {
            let root = &self.roots[self.current];
            let resource = root.resource;
            self.scope = root.scope.clone();
            self.at = root.pointer.as_str().to_owned();
            let node = document.get(&root.pointer);
            let copy = node.map_or(Value::Bool(true), |node| self.schema(node, Place::ROOT));
            self.resources[resource].members.insert(self.current.to_string(), copy);
            self.current += 1;
            if self.recursive && self.current == self.roots.len() {
                let resources = self.resources.iter().filter(|resource| resource.is_recursive());
                for place in resources.map(|resource| resource.place.clone()).collect::<Vec<_>>() {
                    self.number(&place);
                }
            }
        }
    }

    fn finish(mut self) -> Result<View, String> {
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        let inner: Vec<Vec<usize>> =
            self.roots.iter_mut().map(|root| std::mem::take(&mut root.inner)).collect();
        let chain = longest_chain(&inner);
        if chain > LONGEST_CHAIN {
            return Err(format!("more than {LONGEST_CHAIN} schemas stand inside each other by reference"));
        }
        let first = self.roots[0].resource;
        let entry = format!("{}#/{}/0", View::uri(first), container(self.resources[first].dialect));
        let resources = self.resources.into_iter().map(|resource| {
            let mut whole = Map::new();
            if self.recursive && resource.is_recursive() {
                // What `$recursiveRef: "#"` leads to is the whole resource (2019-09 core §8.2.4.2).
                let root = self.numbers.get(&resource.place);
                let anchor = self.document.get(&resource.place).and_then(|root| root.get("$recursiveAnchor"));
                whole.extend(root.map(|root| ("$ref".to_owned(), json!(format!("#/$defs/{root}")))));
                whole.extend(anchor.map(|anchor| ("$recursiveAnchor".to_owned(), anchor.clone())));
            }
            whole.insert(container(resource.dialect).to_owned(), Value::Object(resource.members));
            (resource.dialect, Value::Object(whole))
        });
        Ok(View {
            resources: resources.collect(),
            entry,
            origins: Origins(self.roots.into_iter().map(|root| root.pointer).collect()),
            nodes: self.nodes,
            depth: self.depth + chain,
            one_sided: self.one_sided,
            dangling: self.dangling,
        })
    }

    /// The number of the root at `pointer`, which joins the view if it is new.
    fn number(&mut self, pointer: &Pointer) -> usize {
        if let Some(number) = self.numbers.get(pointer) {
            return *number;
        }
        let scope = self.document.scope(pointer);
        let resources = &mut self.resources;
        let key = (scope.resource.clone(), scope.dialect);
        let resource = *self.resource_numbers.entry(key).or_insert_with(|| {
            resources.push(Resource {
                place: scope.resource.clone(),
                dialect: scope.dialect,
                members: Map::new(),
            });
            resources.len() - 1
        });
        let number = self.roots.len();
        self.roots.push(Root { pointer: pointer.clone(), scope, resource, inner: Vec::new() });
        self.numbers.insert(pointer.clone(), number);
        number
    }

    /// The reference from the root at work to another: within one resource it needs no base.
    fn uri(&self, number: usize) -> String {
        let resource = self.roots[number].resource;
        let container = container(self.resources[resource].dialect);
        if resource == self.roots[self.current].resource {
            return format!("#/{container}/{number}");
        }
        format!("{}#/{container}/{number}", View::uri(resource))
    }

    /// As [`Self::number`], for a root applied at `place` of the one at work.
    fn join(&mut self, pointer: &Pointer, place: Place) -> usize {
        let number = self.number(pointer);
        if place.same_value {
            self.roots[self.current].inner.push(number);
        }
        number
    }

    /// The URI of the node at work as a root of its own.
    pub(super) fn outline(&mut self, place: Place) -> String {
        let here = Pointer::parse(&self.at).unwrap_or_default();
        let number = self.join(&here, place);
        self.uri(number)
    }

    /// The URI to which a `$ref` leads.
    pub(super) fn reference(&mut self, reference: &str, place: Place) -> String {
        match self.follow(reference) {
            Some(target) => {
                let number = self.join(&target, place);
                self.uri(number)
            }
            None => self.dangle(reference),
        }
    }

    /// The URI to which a `$dynamicRef` leads at first (core §8.2.3.2); all it may lead to joins the view.
    pub(super) fn dynamic_reference(&mut self, reference: &str, place: Place) -> String {
        let Some(target) = self.follow(reference) else { return self.dangle(reference) };
        let number = self.join(&target, place);
        let name = reference.split_once('#').map(|(_, name)| name).unwrap_or_default();
        let anchor = self.document.get(&target).and_then(|node| node.get("$dynamicAnchor"));
        if name.is_empty() || anchor.and_then(Value::as_str) != Some(name) {
            return self.uri(number);
        }
        let document = self.document;
        for candidate in document.dynamic_anchors(name) {
            self.join(candidate, place);
        }
        format!("{}#{name}", View::uri(self.roots[number].resource))
    }

    /// What a `$recursiveRef` becomes: itself within a resource, elsewhere a reference to the schema around it.
    pub(super) fn recursive_reference(&mut self, place: Place) -> (&'static str, String) {
        if !self.scope.resource.as_str().is_empty() {
            self.recursive = true;
            let resource = self.scope.resource.clone();
            self.join(&resource, place);
            return ("$recursiveRef", "#".to_owned());
        }
        let whole = self.scope.root.clone().unwrap_or_else(|| self.roots[self.current].pointer.clone());
        let number = self.join(&whole, place);
        ("$ref", self.uri(number))
    }

    fn follow(&self, reference: &str) -> Option<Pointer> {
        let target = self.document.target_in(&self.scope, reference)?;
        self.document.get(&target).map(|_| target)
    }

    /// Only what is really compiled fails by it.
    fn dangle(&mut self, reference: &str) -> String {
        if self.dangling.is_none() {
            self.dangling = Some((Pointer::parse(&self.at).unwrap_or_default(), reference.to_owned()));
        }
        "#/dangling".to_owned()
    }

    pub(super) fn count(&mut self, nodes: usize, depth: usize) {
        self.nodes += nodes;
        self.depth = self.depth.max(depth);
        if self.nodes > MOST_NODES {
            self.refuse(format!("it reaches more than {MOST_NODES} schemas and values"));
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        self.refusal.is_some()
    }

    pub(super) fn refuse(&mut self, reason: String) {
        self.refusal.get_or_insert(reason);
    }

    /// Goes down to the member `token`; what it returns leads back [`Self::up`].
    pub(super) fn down(&mut self, token: &str) -> usize {
        let length = self.at.len();
        self.at.push('/');
        if token.contains(['~', '/']) {
            self.at.push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.at.push_str(token);
        }
        length
    }

    pub(super) fn up(&mut self, length: usize) {
        self.at.truncate(length);
    }
}

impl Resource {
    fn is_recursive(&self) -> bool {
        self.dialect == Dialect::Draft201909 && !self.place.as_str().is_empty()
    }
}

/// The keyword under which the dialect keeps schemas for reference.
fn container(dialect: Dialect) -> &'static str {
    if dialect <= Dialect::Draft7 { "definitions" } else { "$defs" }
}
