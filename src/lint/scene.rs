//! What every rule may look at: the model, the raw document, its schemas, validators.

use crate::lint::walk::{Node, nodes};
use crate::schema::{Dialect, Document, Pointer, Validators};
use crate::spec::{Api, SpecVersion};
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

/// How many nodes of schemas may be compiled to judge examples, in all.
const COMPILING: usize = 800_000;
/// A schema of so few nodes is always compiled.
const PLAIN: usize = 16;
/// How many schemas are asked whether any value satisfies them.
const RELATIONS: usize = 1_500;
/// How many schemas one conjunction may gather.
const MOST_PARTS: usize = 64;

/// A document under the eyes of the rules.
pub(crate) struct Scene<'d> {
    /// The model.
    pub(crate) api: &'d Api,
    /// The raw document.
    pub(crate) document: &'d Document,
    /// Every schema object.
    pub(crate) nodes: Vec<Node<'d>>,
    /// Validators that overlook formats.
    pub(crate) validators: Validators,
    /// What expensive questions may still cost.
    pub(crate) budget: Budget,
    /// How many schemas are reached from a pointer, as far as it was asked.
    reach: RefCell<HashMap<Pointer, usize>>,
}

/// What expensive questions may still cost, and how many were not asked.
pub(crate) struct Budget {
    compiling: Cell<usize>,
    relations: Cell<usize>,
    /// Questions that were not asked.
    pub(crate) skipped: Cell<usize>,
}

impl Budget {
    fn take(&self, purse: &Cell<usize>, cost: usize) -> bool {
        let left = purse.get();
        if left < cost {
            self.skipped.set(self.skipped.get() + 1);
            return false;
        }
        purse.set(left - cost);
        true
    }

    /// Whether one more schema may be asked whether any value satisfies it.
    pub(crate) fn relation(&self) -> bool {
        self.take(&self.relations, 1)
    }
}

/// One of the schemas that a value must satisfy together.
pub(crate) struct Part<'d> {
    /// Where it stands.
    pub(crate) at: Pointer,
    /// Its keywords.
    pub(crate) schema: &'d Map<String, Value>,
}

impl<'d> Scene<'d> {
    pub(crate) fn new(api: &'d Api) -> Self {
        Self {
            api,
            document: &api.document,
            nodes: nodes(api),
            validators: Validators::without_formats(&api.document),
            budget: Budget {
                compiling: Cell::new(COMPILING),
                relations: Cell::new(RELATIONS),
                skipped: Cell::new(0),
            },
            reach: RefCell::default(),
        }
    }

    /// Whether schemas are written in draft 4, where what stands beside `$ref` is ignored.
    pub(crate) fn is_draft4(&self) -> bool {
        self.document.dialect() == Dialect::Draft4
    }

    /// Whether the document is Swagger 2.0.
    pub(crate) fn is_swagger(&self) -> bool {
        self.api.spec_version == SpecVersion::Swagger2
    }

    /// Whether keywords of this schema count: in draft 4 those beside a reference do not.
    pub(crate) fn counts(&self, schema: &Map<String, Value>) -> bool {
        !(self.is_draft4() && schema.contains_key("$ref"))
    }

    /// The schema object that a reference in `schema` leads to at last.
    pub(crate) fn target(&self, schema: &Map<String, Value>) -> Option<(Pointer, &'d Map<String, Value>)> {
        let reference = schema.get("$ref")?.as_str()?;
        let (at, value) = self.document.resolve(&Pointer::from_fragment(reference)?)?;
        Some((at, value.as_object()?))
    }

    /// Every schema that a value of the one at `at` must satisfy besides it: references and `allOf` followed.
    /// `None` if they are too many to be sure.
    pub(crate) fn parts(&self, at: &Pointer, schema: &'d Map<String, Value>) -> Option<Vec<Part<'d>>> {
        let mut parts: Vec<Part<'d>> = Vec::new();
        let mut seen: Vec<Pointer> = Vec::new();
        let mut todo = vec![(at.clone(), schema)];
        while let Some((at, schema)) = todo.pop() {
            if seen.contains(&at) {
                continue;
            }
            if seen.len() == MOST_PARTS {
                return None;
            }
            seen.push(at.clone());
            if schema.contains_key("$ref") {
                // A reference that leads nowhere may say anything.
                todo.push(self.target(schema)?);
            }
            if !self.counts(schema) {
                continue;
            }
            if let Some(Value::Array(branches)) = schema.get("allOf") {
                let list = at.push("allOf");
                let branches = branches.iter().enumerate().rev();
                todo.extend(branches.filter_map(|(i, branch)| Some((list.push(i), branch.as_object()?))));
            }
            parts.push(Part { at, schema });
        }
        Some(parts)
    }

    /// Whether the schema at `at` may be compiled; paid once per schema, by how many it reaches.
    pub(crate) fn may_compile(&self, at: &Pointer) -> bool {
        if self.reach.borrow().contains_key(at) {
            return true;
        }
        let cost = self.reached(at);
        // A plain value costs next to nothing.
        if cost > PLAIN && !self.budget.take(&self.budget.compiling, cost) {
            return false;
        }
        self.reach.borrow_mut().insert(at.clone(), cost);
        true
    }

    /// How many JSON nodes compiling the schema at `at` has to read, roughly.
    fn reached(&self, at: &Pointer) -> usize {
        const FAR: usize = 20_000;
        let mut seen: HashSet<&str> = HashSet::new();
        let mut count = 0;
        let mut todo: Vec<&Value> = self.document.get(at).into_iter().collect();
        while let Some(value) = todo.pop() {
            count += 1;
            if count > FAR {
                break;
            }
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(reference)) = members.get("$ref")
                        && seen.insert(reference)
                        && let Some(to) = Pointer::from_fragment(reference)
                    {
                        todo.extend(self.document.get(&to));
                    }
                    let inner = members.iter().filter(|(key, _)| {
                        !matches!(key.as_str(), "example" | "examples" | "enum" | "default" | "const")
                    });
                    todo.extend(inner.map(|(_, value)| value).filter(|v| v.is_object() || v.is_array()));
                }
                Value::Array(items) => todo.extend(items.iter().filter(|v| v.is_object() || v.is_array())),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        count
    }
}
