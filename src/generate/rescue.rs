//! Values for schemas that plain construction does not serve: alternatives that exclude each other, odd negations.
//!
//! Whatever is made here is checked before it is used.

use crate::generate::build::Builder;
use crate::generate::draw::Draw;
use crate::generate::shape::{Child, Key, Rest, Shape};
use crate::generate::tree::{Part, Tree};
use proptest::strategy::ValueTree;
use serde_json::{Value, json};
use std::sync::Arc;

/// No more properties are tried to tell two alternatives apart.
const MOST_NAMES: usize = 24;

impl Builder<'_> {
    /// The object with properties in it that only the taken alternative of a `oneOf` tolerates.
    ///
    /// Where alternatives differ in optional properties alone, every value of one is a value of the other, unless a
    /// property that the other describes has a value that the other forbids.
    pub(super) fn apart(&mut self, shape: &Shape, tree: Tree) -> Option<Tree> {
        let Tree::Group { object: true, mut parts, least, .. } = tree else { return None };
        let value =
            Tree::Group { object: true, parts: parts.clone(), least, at: 0, inside: false, undo: None }
                .current();
        let added = shape.derived.apart.get_or_init(|| self.tell_apart(shape, &value));
        for (name, value) in added {
            let tree = Tree::Fixed(value.clone());
            match parts.iter_mut().find(|part| part.name.as_ref() == Some(name)) {
                Some(part) => *part = Part { name: Some(Arc::clone(name)), required: true, kept: true, tree },
                None => parts.push(Part { name: Some(Arc::clone(name)), required: true, kept: true, tree }),
            }
        }
        (!added.is_empty()).then_some(Tree::Group {
            object: true,
            parts,
            least,
            at: 0,
            inside: false,
            undo: None,
        })
    }

    fn tell_apart(&self, shape: &Shape, value: &Value) -> Vec<(Arc<str>, Value)> {
        let mut added: Vec<(Arc<str>, Value)> = Vec::new();
        for other in self.shapes.alternatives(&shape.key) {
            let key = Key::of(&other);
            let mut patched = value.clone();
            for (name, value) in &added {
                patched[&**name] = value.clone();
            }
            if self.valid(&key, &patched) {
                added.extend(self.intolerable(shape, &key, &patched));
            }
        }
        added
    }

    /// A property that `shape` tolerates in `value` and the schema `other` does not.
    fn intolerable(&self, shape: &Shape, other: &Key, value: &Value) -> Option<(Arc<str>, Value)> {
        let other_shape = self.shapes.child(&Child::new(other.clone()));
        let branches = other_shape.choices.iter().flat_map(|choice| &choice.branches);
        let mut shapes = vec![Arc::clone(&other_shape)];
        shapes.extend(branches.map(|branch| self.shapes.child(branch)));
        let described = shapes.iter().flat_map(|shape| shape.properties.values());
        let mut names: Vec<Arc<str>> = described
            .map(|property| Arc::clone(&property.name))
            .filter(|name| !shape.properties.contains_key(&**name))
            .collect();
        // The taken alternative may itself narrow what both describe, and the other may forbid what it does not know.
        names.extend(shape.properties.values().map(|property| Arc::clone(&property.name)));
        names.push(Arc::from("key1"));
        names.into_iter().take(MOST_NAMES).find_map(|name| {
            let wild = [json!("sample"), json!(42), json!(true), json!({}), json!([]), Value::Null];
            let listed = shape.properties.get(&*name).map(|property| self.shapes.child(&property.child));
            let listed = listed.into_iter().flat_map(|child| match &child.values {
                Some(values) => values.value.iter().take(MOST_NAMES).cloned().collect(),
                None => Vec::new(),
            });
            wild.into_iter().chain(listed).find_map(|odd| {
                let mut patched = value.clone();
                patched.as_object_mut()?.insert(String::from(&*name), odd.clone());
                let decided = shape.key.schemas.last().map(Key::of)?;
                let told = self.valid(&decided, &patched) && !self.valid(other, &patched);
                told.then(|| (Arc::clone(&name), odd))
            })
        })
    }

    /// A plain value of any type, if one of a few fits.
    pub(super) fn plain(&self, shape: &Shape, draw: &mut Draw<'_>) -> Option<Tree> {
        let open = !matches!(shape.additional, Rest::Nothing(_));
        let plain = [
            json!("sample"),
            json!(1),
            json!(true),
            json!({}),
            json!({"key1": 1}),
            json!({"key1": "sample"}),
            json!([]),
            json!(["sample"]),
            json!([1]),
            json!(""),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(false),
            Value::Null,
        ];
        let fitting = |value: &Value| {
            shape.types.admits(value)
                && (open || value.as_object().is_none_or(serde_json::Map::is_empty))
                && self.valid(&shape.key, value)
        };
        let start = draw.below(plain.len());
        let mut turned = plain[start..].iter().chain(&plain[..start]);
        turned.find(|value| fitting(value)).cloned().map(Tree::Fixed)
    }
}
