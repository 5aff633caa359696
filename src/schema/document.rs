//! A whole API document as raw JSON, with local references resolved on demand.

use crate::schema::{Dialect, Pointer, find};
use serde_json::Value;
use std::sync::Arc;

/// How many references may be followed in a row before the chain counts as endless.
const LONGEST_CHAIN: usize = 64;

/// A raw API document: cheap to clone, addressed by [`Pointer`].
#[derive(Debug, Clone)]
pub struct Document {
    root: Arc<Value>,
    dialect: Dialect,
}

impl Document {
    /// Wraps the raw JSON of a document.
    pub fn new(root: Value, dialect: Dialect) -> Self {
        Self { root: Arc::new(root), dialect }
    }

    /// The whole document.
    pub fn root(&self) -> &Arc<Value> {
        &self.root
    }

    /// The dialect in which its schemas are written.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The node at `pointer`, references not followed.
    pub fn get(&self, pointer: &Pointer) -> Option<&Value> {
        find(&self.root, pointer.as_str())
    }

    /// The node at `pointer` after following `$ref`s, with the pointer at which it really stands.
    ///
    /// `None` if the node is missing, a reference leaves the document, or the chain never ends.
    pub fn resolve(&self, pointer: &Pointer) -> Option<(Pointer, &Value)> {
        let mut at = pointer.clone();
        for _ in 0..LONGEST_CHAIN {
            let node = self.get(&at)?;
            match node.get("$ref").and_then(Value::as_str) {
                Some(reference) => at = Pointer::from_fragment(reference)?,
                None => return Some((at, node)),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn follows_chains_and_stops_at_circles() {
        let root = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": 1, "x": {"$ref": "#/y"}, "y": {"$ref": "#/x"}});
        let document = Document::new(root, Dialect::Draft4);
        let (at, value) = document.resolve(&Pointer::root().push("a")).expect("resolves");
        assert_eq!((at.as_str(), value), ("/c", &json!(1)));
        assert!(document.resolve(&Pointer::root().push("x")).is_none());
        assert!(document.resolve(&Pointer::root().push("missing")).is_none());
    }
}
