//! A whole API document as raw JSON, with local references resolved on demand.

use crate::schema::identifiers::{Identifiers, Scope};
use crate::schema::{Decimal, Dialect, Digits, Pointer, find};
use serde_json::Value;
use std::sync::Arc;

/// How many references may be followed in a row before the chain counts as endless.
const LONGEST_CHAIN: usize = 64;

/// A raw API document: cheap to clone, addressed by [`Pointer`].
#[derive(Debug, Clone)]
pub struct Document {
    root: Arc<Value>,
    dialect: Dialect,
    identifiers: Arc<Identifiers>,
    digits: Arc<Digits>,
}

impl Document {
    /// Wraps the raw JSON of a document.
    pub fn new(root: Value, dialect: Dialect) -> Self {
        let identifiers = Arc::new(Identifiers::new(dialect));
        Self { root: Arc::new(root), dialect, identifiers, digits: Arc::default() }
    }

    /// This document with the numbers that its values do not hold.
    pub fn with_digits(mut self, digits: Digits) -> Self {
        self.digits = Arc::new(digits);
        self
    }

    /// The numbers that its values do not hold, as they are written.
    pub fn digits(&self) -> &Digits {
        &self.digits
    }

    /// The number at `pointer`, exactly.
    pub fn number(&self, pointer: &Pointer) -> Option<Decimal> {
        match self.digits.get(pointer) {
            Some(text) => Decimal::parse(text),
            None => match self.get(pointer)? {
                Value::Number(number) => Decimal::of(number),
                _ => None,
            },
        }
    }

    /// The whole document.
    pub fn root(&self) -> &Arc<Value> {
        &self.root
    }

    /// The dialect in which its schemas are written, unless one of them says otherwise.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The dialect of the schema at `pointer`: the nearest `$schema` above it decides.
    pub fn dialect_at(&self, pointer: &Pointer) -> Dialect {
        self.scope(pointer).dialect
    }

    /// The node at `pointer`, references not followed.
    pub fn get(&self, pointer: &Pointer) -> Option<&Value> {
        find(&self.root, pointer.as_str())
    }

    /// Where the `reference` written in the node at `at` leads: a pointer, an anchor, or an identifier.
    ///
    /// `None` if it leaves the document or names nothing; a pointer may still lead to nothing.
    ///
    /// ```
    /// use serde_json::json;
    /// use specwarden::schema::{Dialect, Document, Pointer};
    /// let root = json!({"components": {"schemas": {
    ///     "Tree": {"$id": "https://example.com/tree", "$defs": {"leaf": {"$anchor": "leaf"}}}}}});
    /// let document = Document::new(root, Dialect::Draft202012);
    /// let leaf = document.target(&Pointer::root(), "https://example.com/tree#leaf").unwrap();
    /// assert_eq!(leaf.as_str(), "/components/schemas/Tree/$defs/leaf");
    /// ```
    pub fn target(&self, at: &Pointer, reference: &str) -> Option<Pointer> {
        self.identifiers.target(&self.root, at, reference)
    }

    /// The node at `pointer` after following `$ref`s, with the pointer at which it really stands.
    ///
    /// `None` if the node is missing, a reference leaves the document, or the chain never ends.
    pub fn resolve(&self, pointer: &Pointer) -> Option<(Pointer, &Value)> {
        let mut at = pointer.clone();
        for _ in 0..LONGEST_CHAIN {
            let node = self.get(&at)?;
            match node.get("$ref").and_then(Value::as_str) {
                Some(reference) => at = self.target(&at, reference)?,
                None => return Some((at, node)),
            }
        }
        None
    }

    /// Where a schema leads that says nothing itself but refers to another; its own place if it says something.
    pub(super) fn plain(&self, pointer: &Pointer) -> Pointer {
        let mut at = pointer.clone();
        for _ in 0..LONGEST_CHAIN {
            let Some(Value::Object(map)) = self.get(&at) else { break };
            let Some(reference) = map.get("$ref").and_then(Value::as_str) else { break };
            let silent = |key: &String| matches!(key.as_str(), "$ref" | "description" | "summary" | "title");
            if !map.keys().all(silent) && !self.dialect_at(&at).reference_hides_siblings() {
                break;
            }
            match self.target(&at, reference).filter(|target| self.get(target).is_some()) {
                Some(target) => at = target,
                None => break,
            }
        }
        at
    }

    pub(super) fn scope(&self, at: &Pointer) -> Scope {
        self.identifiers.scope(&self.root, at)
    }

    pub(super) fn target_in(&self, scope: &Scope, reference: &str) -> Option<Pointer> {
        self.identifiers.target_in(&self.root, scope, reference)
    }

    /// Every schema with the dynamic anchor `name`.
    pub(super) fn dynamic_anchors(&self, name: &str) -> &[Pointer] {
        self.identifiers.dynamic(&self.root, name)
    }

    /// Whether its schemas can bear identifiers.
    pub(super) fn has_identifiers(&self) -> bool {
        self.identifiers.speak(&self.root)
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

    #[track_caller]
    fn check(dialect: Dialect, at: &str, reference: &str, expected: Option<&str>) {
        let root = json!({
            "paths": {"/t": {"get": {"responses": {"default": {"schema": {"$anchor": "answer"}}}}}},
            "components": {"schemas": {
                "Tree": {"$id": "https://example.com/schemas/tree", "$anchor": "top", "$defs": {
                    "leaf": {"$anchor": "leaf", "items": {}},
                    "twig": {"$id": "twig", "$dynamicAnchor": "node"}}},
                "Old": {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "old", "definitions": {"a": {"$id": "#a"}}},
                "Older": {"$schema": "http://json-schema.org/draft-04/schema#", "id": "older", "$id": "no"},
                "Plain": {"$anchor": "plain", "example": {"$id": "https://example.com/example"},
                    "properties": {"example": {"$id": "shown"}, "$id": {"type": "string"}}},
                "Again": {"$id": "https://example.com/schemas/tree"}}}});
        let document = Document::new(root, dialect);
        let target = document.target(&Pointer::parse(at).expect("a pointer"), reference);
        assert_eq!(target.as_ref().map(Pointer::as_str), expected, "{reference} at {at}");
    }

    #[test]
    fn names_lead_where_json_schema_says() {
        let d = Dialect::Draft202012;
        let tree = "/components/schemas/Tree";
        check(d, "", "https://example.com/schemas/tree", Some(tree));
        check(d, "", "https://example.com/schemas/tree#", Some(tree));
        check(d, "", "HTTPS://example.com/schemas/./tree#top", Some(tree));
        check(
            d,
            "",
            "https://example.com/schemas/tree#/$defs/leaf",
            Some("/components/schemas/Tree/$defs/leaf"),
        );
        check(d, "", "https://example.com/schemas/twig#node", Some("/components/schemas/Tree/$defs/twig"));
        check(
            d,
            "/components/schemas/Tree/$defs/leaf/items",
            "twig",
            Some("/components/schemas/Tree/$defs/twig"),
        );
        check(d, tree, "#leaf", Some("/components/schemas/Tree/$defs/leaf"));
        check(d, tree, "#/$defs/leaf", Some("/components/schemas/Tree/$defs/leaf"));
        check(d, tree, "#", Some(tree));
        check(d, "", "#plain", Some("/components/schemas/Plain"));
        check(d, "", "#answer", Some("/paths/~1t/get/responses/default/schema"));
        check(d, "", "shown", Some("/components/schemas/Plain/properties/example"));
        check(d, "", "old#a", Some("/components/schemas/Old/definitions/a"));
        check(d, "", "older", Some("/components/schemas/Older"));
        // A leftover `$id` does not hide the document's own components.
        check(d, tree, "#/components/schemas/Plain", Some("/components/schemas/Plain"));
        check(d, tree, "#plain", Some("/components/schemas/Plain"));
    }

    #[test]
    fn what_is_no_name_of_this_document_leads_nowhere() {
        let d = Dialect::Draft202012;
        for reference in
            ["#leaf", "https://example.com/example", "other.yaml#/X", "no", "http://[bad", "#top", "#a"]
        {
            check(d, "", reference, None);
        }
        for reference in ["#plain", "https://example.com/schemas/tree", "tree", "older"] {
            check(Dialect::Draft4, "", reference, None);
        }
        check(Dialect::Draft4, "/components/schemas/Tree", "#/$defs/leaf", Some("/$defs/leaf"));
    }

    #[test]
    fn the_nearest_schema_keyword_names_the_dialect() {
        let root = json!({"components": {"schemas": {"Old": {"$schema": "http://json-schema.org/draft-07/schema#", "items": {}}}}});
        let document = Document::new(root.clone(), Dialect::Draft202012);
        let at = Pointer::parse("/components/schemas/Old/items").expect("a pointer");
        assert_eq!(document.dialect_at(&at), Dialect::Draft7);
        assert_eq!(document.dialect_at(&Pointer::root()), Dialect::Draft202012);
        assert_eq!(Document::new(root, Dialect::Draft4).dialect_at(&at), Dialect::Draft4);
    }

    #[test]
    fn a_document_that_names_itself_is_the_base() {
        let root =
            json!({"$self": "https://example.com/api", "components": {"schemas": {"A": {"$id": "a"}}}});
        let document = Document::new(root, Dialect::Draft202012);
        let target = |reference| document.target(&Pointer::root(), reference).map(|at| at.to_string());
        assert_eq!(target("https://example.com/a"), Some("/components/schemas/A".to_owned()));
        assert_eq!(target("/api#/components"), Some("/components".to_owned()));
    }
}
