//! Raw Schema Objects into one [`Shape`]: `$ref` and `allOf` folded in, keyword by keyword.
//!
//! Reads the document as `schema` shows it to the validator in the request direction: `nullable` adds null,
//! `readOnly` properties do not travel, draft 4 ignores what stands beside a `$ref`.

use crate::generate::assume::Assumed;
use crate::generate::constraints::well_formed;
use crate::generate::fact::Fact;
use crate::generate::format;
use crate::generate::pattern::Pattern;
use crate::generate::shape::{At, Child, Choice, Contained, Derived, Key, Property, Rest, Shape, Types};
use crate::schema::{Dialect, Document, Pointer};
use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The most schemas that are folded in inside one another; what leads further allows no value.
pub(super) const DEEPEST: u32 = 256;

/// Keywords that construction does not fully obey; what it yields is checked on the spot.
const DOUBTFUL: &[&str] = &[
    "not",
    "if",
    "oneOf",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "patternProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "maxContains",
    "$dynamicRef",
    "$recursiveRef",
    "contentEncoding",
    "contentMediaType",
];

/// The shape of everything that `key` names.
pub(super) fn merge(document: &Document, key: &Key) -> Shape {
    let mut merger = Merger {
        document,
        key,
        shape: blank(key),
        dialect: document.dialect(),
        level: 0,
        seen: IndexSet::new(),
        properties: IndexMap::new(),
        hidden: IndexSet::new(),
        items: Vec::new(),
        prefix: Vec::new(),
        additional: Vec::new(),
        closed: Vec::new(),
        names: Vec::new(),
        unevaluated: Vec::new(),
        contains: Vec::new(),
        assumed: Assumed::default(),
    };
    for pointer in &key.schemas {
        merger.absorb(pointer);
    }
    for fact in &key.facts {
        merger.assume(fact);
    }
    merger.finish()
}

fn blank(key: &Key) -> Shape {
    Shape {
        key: key.clone(),
        types: if key.null { Types::NULL } else { Types::ALL },
        type_at: None,
        never: false,
        doubtful: false,
        samples: Vec::new(),
        values: None,
        choices: Vec::new(),
        not: Vec::new(),
        minimum: None,
        maximum: None,
        multiple_of: None,
        min_length: None,
        max_length: None,
        patterns: Vec::new(),
        avoided: Vec::new(),
        format: None,
        prefix: Vec::new(),
        items: Rest::Any,
        min_items: None,
        max_items: None,
        unique: None,
        contains: Vec::new(),
        twins: false,
        properties: IndexMap::new(),
        hidden: IndexSet::new(),
        required: IndexMap::new(),
        additional: Rest::Any,
        by_pattern: Vec::new(),
        names: None,
        min_properties: None,
        max_properties: None,
        together: IndexMap::new(),
        together_keyword: "dependentRequired",
        derived: Derived::default(),
    }
}

/// A schema that forbids other properties: the names and patterns it knows, and where it says so.
pub(super) struct Closed {
    pub(super) names: Vec<String>,
    pub(super) patterns: Vec<Arc<Pattern>>,
    pub(super) pointer: Pointer,
}

/// A shape under construction.
pub(super) struct Merger<'d> {
    pub(super) document: &'d Document,
    pub(super) key: &'d Key,
    pub(super) shape: Shape,
    /// The dialect of the schema that is being read.
    pub(super) dialect: Dialect,
    pub(super) level: u32,
    pub(super) seen: IndexSet<Pointer>,
    pub(super) properties: IndexMap<String, Vec<Pointer>>,
    pub(super) hidden: IndexSet<String>,
    pub(super) items: Vec<Pointer>,
    pub(super) prefix: Vec<Vec<Pointer>>,
    pub(super) additional: Vec<Pointer>,
    pub(super) closed: Vec<Closed>,
    pub(super) names: Vec<Pointer>,
    /// `unevaluatedItems`.
    pub(super) unevaluated: Vec<Pointer>,
    pub(super) contains: Vec<Contained>,
    pub(super) assumed: Assumed,
}

impl Merger<'_> {
    pub(super) fn draft4(&self) -> bool {
        self.dialect == Dialect::Draft4
    }

    pub(super) fn absorb(&mut self, pointer: &Pointer) {
        if !self.seen.insert(pointer.clone()) {
            return;
        }
        if self.level == DEEPEST {
            self.shape.never = true;
            return;
        }
        self.level += 1;
        let around = std::mem::replace(&mut self.dialect, self.document.dialect_at(pointer));
        self.fold(pointer);
        self.dialect = around;
        self.level -= 1;
    }

    fn fold(&mut self, pointer: &Pointer) {
        let document = self.document;
        let map = match document.get(pointer) {
            Some(Value::Object(map)) => map,
            Some(Value::Bool(true)) => return,
            Some(_) | None => {
                self.shape.never = true;
                return;
            }
        };
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            match document.target(pointer, reference) {
                Some(target) => self.absorb(&target),
                None => self.shape.never = true,
            }
            if self.dialect.reference_hides_siblings() {
                return;
            }
        }
        let dynamic = match self.dialect {
            Dialect::Draft201909 => map.get("$recursiveRef"),
            Dialect::Draft202012 => map.get("$dynamicRef"),
            Dialect::Draft4 | Dialect::Draft6 | Dialect::Draft7 => None,
        };
        // What a dynamic reference leads to at first sight; where it leads elsewhere, the check on the spot tells.
        if let Some(target) = dynamic.and_then(Value::as_str).and_then(|to| document.target(pointer, to)) {
            self.absorb(&target);
        }
        self.samples(map);
        let null = self.draft4()
            && ["nullable", "x-nullable"].iter().any(|key| map.get(*key) == Some(&Value::Bool(true)));
        self.types(map, pointer, null);
        self.values(map, pointer, null);
        self.numbers(map, pointer);
        self.texts(map, pointer);
        self.arrays(map, pointer);
        self.objects(map, pointer);
        self.combinators(map, pointer, null && !map.contains_key("type"));
        self.discriminator(map, pointer);
        self.shape.doubtful |= DOUBTFUL.iter().any(|keyword| map.contains_key(*keyword)) || !well_formed(map);
    }

    fn samples(&mut self, map: &Map<String, Value>) {
        let listed = map.get("examples").and_then(Value::as_array).into_iter().flatten();
        let samples = map.get("example").into_iter().chain(listed).chain(map.get("default"));
        self.shape.samples.extend(samples.filter(|sample| !sample.is_null()).cloned());
    }

    pub(super) fn read_only(&self, at: &Pointer, schema: &Value) -> bool {
        let marked = |value: &Value| value.get("readOnly") == Some(&Value::Bool(true));
        marked(schema) || self.document.resolve(at).is_some_and(|(_, target)| marked(target))
    }

    fn combinators(&mut self, map: &Map<String, Value>, pointer: &Pointer, null: bool) {
        let length = |keyword: &str| map.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        let all = pointer.push("allOf");
        let members: Vec<Pointer> = (0..length("allOf")).map(|index| all.push(index)).collect();
        let mut null_said = false;
        for keyword in ["oneOf", "anyOf"] {
            let at = pointer.push(keyword);
            let count = length(keyword);
            if count == 0 {
                continue;
            }
            null_said |= null;
            if count == 1 && !null {
                self.absorb(&at.push(0));
            } else if !self.key.decided.contains(&at) {
                let mut branches: Vec<Child> =
                    (0..count).map(|index| self.branch(&at, vec![at.push(index)], map)).collect();
                if null {
                    branches.push(self.null_branch(&at));
                }
                self.shape.choices.push(Choice { keyword, pointer: at, branches });
            }
        }
        if null && !null_said && !members.is_empty() {
            if !self.key.decided.contains(&all) {
                let branches = vec![self.branch(&all, members, map), self.null_branch(&all)];
                self.shape.choices.push(Choice { keyword: "anyOf", pointer: all, branches });
            }
        } else {
            for member in &members {
                self.absorb(member);
            }
        }
        if map.contains_key("not") {
            let at = pointer.push("not");
            self.shape.not.push(Child::new(Key::of(&at)));
            self.assume(&Fact::fails(&at, &at));
        }
        let at = pointer.push("if");
        if map.contains_key("if") && self.dialect >= Dialect::Draft7 && !self.key.decided.contains(&at) {
            let part = |keyword: &str| map.contains_key(keyword).then(|| pointer.push(keyword));
            if let (None, None) = (part("then"), part("else")) {
                return;
            }
            let yes = std::iter::once(at.clone()).chain(part("then")).collect();
            let mut no = self.branch(&at, part("else").into_iter().collect(), map);
            no.key.facts.push(Fact::fails(&at, &at));
            let branches = vec![self.branch(&at, yes, map), no];
            self.shape.choices.push(Choice { keyword: "if", pointer: at, branches });
        }
    }

    /// The whole, with one alternative of `group` taken.
    pub(super) fn branch(&self, group: &Pointer, schemas: Vec<Pointer>, map: &Map<String, Value>) -> Child {
        let mut key = self.key.clone();
        if let Some(tag) = schemas.first().and_then(|first| self.tag(map, first)) {
            key.tags.push(tag);
        }
        key.schemas.extend(schemas);
        key.decided.push(group.clone());
        Child::new(key)
    }

    fn null_branch(&self, group: &Pointer) -> Child {
        let mut key = self.key.clone();
        key.decided.push(group.clone());
        key.null = true;
        Child::new(key)
    }

    /// The property and text by which a discriminator knows this branch (OpenAPI 3.0.3 §4.7.25).
    fn tag(&self, map: &Map<String, Value>, branch: &Pointer) -> Option<(String, String)> {
        let discriminator = map.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let reference = self.document.get(branch)?.get("$ref")?.as_str()?;
        let name = reference.rsplit('/').next()?;
        let mapped = discriminator.get("mapping").and_then(Value::as_object).and_then(|mapping| {
            mapping.iter().find(|(_, to)| to.as_str().is_some_and(|to| to == reference || to == name))
        });
        // OpenAPI 3.2 §4.25: what is mapped nowhere, and what has no such property, is of the default schema.
        if mapped.is_none() && is_default(discriminator, reference, name) {
            return None;
        }
        Some((property.to_owned(), mapped.map_or(name, |(text, _)| text).to_owned()))
    }

    /// A discriminator without alternatives names the schema itself, as Swagger 2.0 has it.
    fn discriminator(&mut self, map: &Map<String, Value>, pointer: &Pointer) {
        let Some(discriminator) = map.get("discriminator") else { return };
        if map.contains_key("oneOf") || map.contains_key("anyOf") {
            return;
        }
        let property = discriminator.as_str().or_else(|| discriminator.get("propertyName")?.as_str());
        let named = |p: &&Pointer| {
            let tokens = p.tokens();
            tokens.len() >= 2 && matches!(tokens[tokens.len() - 2].as_str(), "definitions" | "schemas")
        };
        let name = self.seen.iter().find(named).unwrap_or(pointer).last();
        if let (Some(property), Some(name)) = (property, name)
            && !self.key.tags.iter().any(|(known, _)| known == property)
        {
            let mapped = discriminator.get("mapping").and_then(Value::as_object).and_then(|mapping| {
                let ours = |to: &str| to.rsplit('/').next() == Some(&name);
                mapping.iter().find(|(_, to)| to.as_str().is_some_and(ours)).map(|(text, _)| text.clone())
            });
            let reference = pointer.to_fragment();
            if mapped.is_some() || !is_default(discriminator, &reference, &name) {
                self.shape.key.tags.push((property.to_owned(), mapped.unwrap_or(name)));
            }
        }
    }

    fn finish(mut self) -> Shape {
        self.conclude();
        let shape = &mut self.shape;
        shape.doubtful |= shape.format.as_ref().is_some_and(|at| {
            let limited =
                shape.min_length.is_some() || shape.max_length.is_some() || !shape.patterns.is_empty();
            limited && format::plain(&at.value).is_some()
        });
        // Each of several objects speaks of the properties and items that itself does not describe.
        let several = self.seen.len() > 1;
        shape.doubtful |=
            several && (!self.additional.is_empty() || !self.items.is_empty() || !self.prefix.is_empty());
        if let Some(literal) = &self.key.literal {
            let value = Value::from(literal.as_str());
            let allowed = shape.values.as_ref().is_none_or(|known| known.value.contains(&value));
            if allowed && shape.types.has(Types::STRING) {
                shape.values = Some(At { value: Arc::new(vec![value]), pointer: shape.pointer() });
            }
        }
        if let Some(values) = &mut shape.values {
            let kept: Vec<Value> = values.value.iter().filter(|v| shape.types.admits(v)).cloned().collect();
            if kept.len() != values.value.len() {
                values.value = Arc::new(kept);
            }
        }
        shape.never |= shape.types == Types::NONE;
        let closed = &self.closed;
        let lacks = &self.assumed.lacks;
        let open = |name: &str| {
            !lacks.contains(name)
                && closed.iter().all(|closed| {
                    closed.names.iter().any(|known| known == name)
                        || closed.patterns.iter().any(|pattern| pattern.matches(name))
                })
        };
        let demanded: Vec<String> = shape.required.keys().cloned().collect();
        for name in demanded {
            self.properties.entry(name).or_default();
        }
        let tags = std::mem::take(&mut shape.key.tags);
        for (name, mut schemas) in std::mem::take(&mut self.properties) {
            let required = shape.required.contains_key(&name);
            if !required && (self.hidden.contains(&name) || !open(&name)) {
                continue;
            }
            shape.never |= !open(&name);
            let before = schemas.len();
            for (pattern, child) in &shape.by_pattern {
                if pattern.matches(&name) {
                    schemas.extend(child.key.schemas.iter().cloned());
                }
            }
            if before == 0 && schemas.is_empty() {
                schemas.extend(self.additional.iter().cloned());
            }
            let literal = tags.iter().find(|(property, _)| *property == name).map(|(_, text)| text.clone());
            let facts = self.assumed.odd.shift_remove(&name).unwrap_or_default();
            let child = Child::new(Key { schemas, facts, literal, ..Key::default() });
            let known = Arc::from(name.as_str());
            shape.properties.insert(name, Property { name: known, required, child });
        }
        shape.key.tags.clone_from(&self.key.tags);
        shape.hidden = std::mem::take(&mut self.hidden);
        shape.hidden.retain(|name| !shape.properties.contains_key(name));
        if let Some(first) = closed.first() {
            shape.additional = Rest::Nothing(first.pointer.clone());
        } else if let (Some(first), Rest::Any) = (self.additional.first().cloned(), &shape.additional) {
            let key = Key { schemas: std::mem::take(&mut self.additional), ..Key::default() };
            shape.additional = Rest::Of(Box::new(Child::new(key)), first);
        }
        if !self.names.is_empty() {
            shape.names =
                Some(Child::new(Key { schemas: std::mem::take(&mut self.names), ..Key::default() }));
        }
        self.tail()
    }
}

/// Whether a discriminator chooses this schema where nothing else is chosen.
fn is_default(discriminator: &Value, reference: &str, name: &str) -> bool {
    let default = discriminator.get("defaultMapping").and_then(Value::as_str);
    default.is_some_and(|default| default == reference || default == name)
}
