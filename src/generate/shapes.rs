//! All shapes of one document, made when first asked for and kept.
//!
//! Making a shape never walks into its children, so a giant or circular document costs only what is used.

use crate::generate::merge::merge;
use crate::generate::shape::{Child, Key, Shape};
use crate::schema::{Document, Pointer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The shapes of a document.
pub(super) struct Shapes {
    document: Document,
    made: Mutex<HashMap<Key, Arc<Shape>>>,
}

impl Shapes {
    /// No shape is made yet.
    pub(super) fn new(document: &Document) -> Self {
        Self { document: document.clone(), made: Mutex::default() }
    }

    /// The shape of the schema at `pointer`.
    pub(super) fn at(&self, pointer: &Pointer) -> Arc<Shape> {
        self.get(&Key::of(pointer))
    }

    /// The shape of a child.
    pub(super) fn child(&self, child: &Child) -> Arc<Shape> {
        let weak = child.cell.get_or_init(|| Arc::downgrade(&self.get(&child.key)));
        // The collection owns every shape it ever made, so the weak one is alive while we are.
        weak.upgrade().unwrap_or_else(|| self.get(&child.key))
    }

    fn get(&self, key: &Key) -> Arc<Shape> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = made.get(key) {
            return Arc::clone(shape);
        }
        let shape = Arc::new(merge(&self.document, key));
        made.insert(key.clone(), Arc::clone(&shape));
        shape
    }
}
