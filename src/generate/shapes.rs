//! All shapes of one document, made when first asked for and kept.
//!
//! Making a shape never walks into its children, so a giant or circular document costs only what is used.

use crate::generate::merge::merge;
use crate::generate::shape::{Child, Key, Shape};
use crate::schema::{Document, Pointer};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Longer chains of references are followed no further; merging will end them.
const LONGEST_CHAIN: usize = 64;

/// The shapes of a document.
pub(super) struct Shapes {
    document: Document,
    made: Mutex<HashMap<Key, Arc<Shape>>>,
    /// The shapes of single schemas, by where they were asked for.
    roots: Mutex<HashMap<Pointer, Arc<Shape>>>,
}

impl Shapes {
    /// No shape is made yet.
    pub(super) fn new(document: &Document) -> Self {
        Self { document: document.clone(), made: Mutex::default(), roots: Mutex::default() }
    }

    /// The shape of the schema at `pointer`.
    pub(super) fn at(&self, pointer: &Pointer) -> Arc<Shape> {
        let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = roots.get(pointer) {
            return Arc::clone(shape);
        }
        let shape = self.get(&Key::of(pointer));
        roots.insert(pointer.clone(), Arc::clone(&shape));
        shape
    }

    /// The shape of a child.
    pub(super) fn child(&self, child: &Child) -> Arc<Shape> {
        let weak = child.cell.get_or_init(|| Arc::downgrade(&self.get(&child.key)));
        // The collection owns every shape it ever made, so the weak one is alive while we are.
        weak.upgrade().unwrap_or_else(|| self.get(&child.key))
    }

    /// The alternatives of every `oneOf` that `key` has decided, the taken ones left out.
    pub(super) fn alternatives(&self, key: &Key) -> Vec<Pointer> {
        let groups = key.decided.iter().filter(|at| at.last().as_deref() == Some("oneOf"));
        let mut others = Vec::new();
        for group in groups {
            let count = self.document.get(group).and_then(Value::as_array).map_or(0, Vec::len);
            others.extend((0..count).map(|index| group.push(index)));
        }
        others.retain(|other| !key.schemas.contains(&self.target(other)) && !key.schemas.contains(other));
        others
    }

    fn get(&self, key: &Key) -> Arc<Shape> {
        let key = &Key { schemas: key.schemas.iter().map(|at| self.target(at)).collect(), ..key.clone() };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = made.get(key) {
            return Arc::clone(shape);
        }
        let shape = Arc::new(merge(&self.document, key));
        made.insert(key.clone(), Arc::clone(&shape));
        shape
    }

    /// Where a mere reference leads, so that a schema has one shape however it is reached.
    fn target(&self, pointer: &Pointer) -> Pointer {
        let mut at = pointer.clone();
        for _ in 0..LONGEST_CHAIN {
            let Some(Value::Object(map)) = self.document.get(&at) else { return at };
            let Some(reference) = map.get("$ref").and_then(Value::as_str) else { return at };
            let mere = self.document.dialect_at(&at).reference_hides_siblings()
                || map.keys().all(|key| matches!(key.as_str(), "$ref" | "description" | "summary" | "title"));
            match self
                .document
                .target(&at, reference)
                .filter(|target| mere && self.document.get(target).is_some())
            {
                Some(target) => at = target,
                None => return at,
            }
        }
        at
    }
}
