//! Schemas as `proptest` strategies: random valid values that shrink and stay valid.

use crate::generate::build::{Builder, Fill};
use crate::generate::draw::Draw;
use crate::generate::shape::Shape;
use crate::generate::shapes::Shapes;
use crate::generate::tree::Tree;
use crate::generate::{GenerateError, GenerateOptions};
use crate::plan::Known;
use crate::schema::{Direction, Document, Pointer, Validators};
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{TestRng, TestRunner};
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A `proptest` strategy for the values that a schema allows in a request.
///
/// ```
/// use proptest::prelude::*;
/// use serde_json::json;
/// use specwarden::generate::SchemaStrategy;
/// use specwarden::schema::{Dialect, Document, Pointer};
///
/// let document = Document::new(
///     json!({"definitions": {"Age": {"type": "integer", "minimum": 0, "maximum": 150}}}),
///     Dialect::Draft4,
/// );
/// let age = SchemaStrategy::new(&document, &Pointer::parse("/definitions/Age").unwrap());
/// proptest!(|(value in age)| {
///     let years = value.as_i64().unwrap();
///     prop_assert!((0..=150).contains(&years));
/// });
/// ```
#[derive(Clone)]
pub struct SchemaStrategy {
    pub(super) shapes: Arc<Shapes>,
    pub(super) validators: Arc<Validators>,
    pub(super) pointer: Pointer,
    pub(super) depth: u32,
    pub(super) tries: u32,
    pub(super) shape: OnceLock<Arc<Shape>>,
}

/// Whether values that construction vouches for are validated all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Every value.
    Always,
    /// Only where construction cannot vouch for them.
    Doubtful,
}

impl SchemaStrategy {
    /// The strategy of the schema at `pointer`.
    pub fn new(document: &Document, pointer: &Pointer) -> Self {
        let options = GenerateOptions::default();
        Self {
            shapes: Arc::new(Shapes::new(document)),
            validators: Arc::new(Validators::new(document)),
            pointer: pointer.clone(),
            depth: options.depth,
            tries: options.tries,
            shape: OnceLock::new(),
        }
    }

    /// A random valid value with its simpler forms; `known` values are preferred under their names.
    pub(super) fn draw(
        &self,
        known: Option<&Known>,
        rng: &mut TestRng,
        check: Check,
    ) -> Result<SchemaTree, GenerateError> {
        let shape = self.shape.get_or_init(|| self.shapes.at(&self.pointer));
        let (mut keyword, mut depth) = (None, self.depth);
        for attempt in 0..self.tries {
            // What does not come out right with all its optional parts may with fewer.
            depth = if attempt < self.tries / 2 { depth } else { 0 };
            let mut builder = Builder::new(&self.shapes, &self.validators, Fill::Some).knowing(known);
            let Some(tree) = builder.build(shape, depth, &mut Draw::Random(rng)) else {
                // Too large with its optional parts, it may be small without them; too large without, it stays so.
                if builder.exhausted() && depth == 0 {
                    break;
                }
                depth = if builder.exhausted() { 0 } else { depth };
                continue;
            };
            let tree =
                SchemaTree { tree, validators: Arc::clone(&self.validators), pointer: self.pointer.clone() };
            if check == Check::Doubtful || tree.is_valid() {
                return Ok(tree);
            }
            let errors = self.validators.validate(&self.pointer, Direction::Request, &tree.current());
            keyword = errors.ok().and_then(|errors| errors.into_iter().next()).map(|error| error.keyword);
        }
        let pointer = self.pointer.clone();
        Err(match keyword {
            Some(keyword) => GenerateError::NoValidValue { pointer, tries: self.tries, keyword },
            None => GenerateError::NoFiniteValue { pointer },
        })
    }
}

impl fmt::Debug for SchemaStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaStrategy")
            .field("pointer", &self.pointer)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}

impl Strategy for SchemaStrategy {
    type Tree = SchemaTree;
    type Value = Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        self.draw(None, runner.rng(), Check::Doubtful).map_err(|error| error.to_string().into())
    }
}

/// A value and its simpler forms, all of them valid against the schema.
#[derive(Clone)]
pub struct SchemaTree {
    tree: Tree,
    validators: Arc<Validators>,
    pointer: Pointer,
}

impl SchemaTree {
    fn is_valid(&self) -> bool {
        self.validators.is_valid(&self.pointer, Direction::Request, &self.tree.current()).unwrap_or(true)
    }
}

impl fmt::Debug for SchemaTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaTree")
            .field("pointer", &self.pointer)
            .field("tree", &self.tree)
            .finish_non_exhaustive()
    }
}

impl ValueTree for SchemaTree {
    type Value = Value;

    fn current(&self) -> Value {
        self.tree.current()
    }

    fn simplify(&mut self) -> bool {
        // A form that the schema forbids is passed over as if the test had passed on it.
        while self.tree.simplify() {
            if self.is_valid() {
                return true;
            }
            while self.tree.complicate() {
                if self.is_valid() {
                    return true;
                }
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        while self.tree.complicate() {
            if self.is_valid() {
                return true;
            }
        }
        false
    }
}
