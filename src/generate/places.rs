//! Which names an operation has values for, and what may stand there.
//!
//! This only looks; it makes no case.

use crate::generate::Generator;
use crate::generate::generator::{alone_or_listed, is_ours};
use crate::generate::shape::{Key, Rest, Shape};
use crate::plan::fold;
use crate::schema::{Direction, Pointer};
use crate::spec::Operation;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How deep bodies are looked into.
const DEEPEST: u32 = 8;
/// No more names are gathered from one body.
const MOST: usize = 2_000;

/// The parameters and properties that one operation's requests have.
#[derive(Debug, Default)]
pub struct Names {
    by_name: BTreeMap<String, Vec<Key>>,
    /// Those that anything may stand under.
    open: Vec<String>,
}

impl Names {
    /// The names, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Where the schemas of what stands under a name are described.
    pub fn schemas(&self, name: &str) -> impl Iterator<Item = &Pointer> {
        self.by_name.get(name).into_iter().flatten().flat_map(|key| &key.schemas)
    }

    /// The name that is written like `name` but for letter case and separators.
    pub fn like(&self, name: &str) -> Option<&str> {
        let folded = fold(name);
        self.iter().find(|own| fold(own) == folded)
    }
}

impl Generator {
    /// The names of an operation's parameters and of the properties of its bodies.
    pub fn names(&self, operation: &Operation) -> Names {
        let mut names = Names::default();
        for parameter in operation.parameters.iter().filter(|p| is_ours(p)) {
            let keys = names.by_name.entry(parameter.name.clone()).or_default();
            match &parameter.schema {
                Some(schema) => keys.push(Key::of(schema)),
                None => names.open.push(parameter.name.clone()),
            }
            if let Some(shape) = self.shape(parameter.schema.as_ref()) {
                self.gather(&shape, 1, &mut Vec::new(), &mut names);
            }
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            if let Some(shape) = self.shape(content.schema.as_ref()) {
                self.gather(&shape, 0, &mut Vec::new(), &mut names);
            }
        }
        names
    }

    /// Whether a value, or the list of it alone, is valid in some place of a name.
    pub fn admits(&self, names: &Names, name: &str, value: &Value) -> bool {
        let open = names.open.iter().any(|open| open == name);
        open || names.by_name.get(name).into_iter().flatten().any(|key| {
            alone_or_listed(value).any(|value| {
                key.schemas.iter().all(|pointer| {
                    self.validators.is_valid(pointer, Direction::Request, &value).unwrap_or(true)
                })
            })
        })
    }

    /// Whether a body is valid in some media type of an operation; if not, why. `None` if the operation takes none.
    pub fn body_fits(&self, operation: &Operation, body: &Value) -> Option<Result<(), String>> {
        let contents = &operation.body.as_ref()?.contents;
        let mut why = Err("no media type is documented".to_owned());
        for pointer in contents.iter().map(|content| content.schema.as_ref()) {
            let Some(pointer) = pointer else { return Some(Ok(())) };
            match self.validators.validate(pointer, Direction::Request, body) {
                Ok(errors) => match errors.into_iter().next() {
                    None => return Some(Ok(())),
                    Some(error) => why = Err(error.message),
                },
                Err(_) => return Some(Ok(())),
            }
        }
        Some(why)
    }

    fn gather(&self, shape: &Arc<Shape>, depth: u32, way: &mut Vec<usize>, names: &mut Names) {
        let here = Arc::as_ptr(shape).addr();
        if depth > DEEPEST || names.by_name.len() >= MOST || way.contains(&here) {
            return;
        }
        way.push(here);
        for branch in shape.choices.iter().flat_map(|choice| &choice.branches) {
            self.gather(&self.shapes.child(branch), depth + 1, way, names);
        }
        for (name, property) in &shape.properties {
            let keys = names.by_name.entry(name.clone()).or_default();
            if !keys.contains(&property.child.key) {
                keys.push(property.child.key.clone());
            }
            self.gather(&self.shapes.child(&property.child), depth + 1, way, names);
        }
        let rest = [&shape.items, &shape.additional];
        let rest = rest.into_iter().filter_map(|rest| match rest {
            Rest::Of(child, _) => Some(&**child),
            Rest::Any | Rest::Nothing(_) => None,
        });
        for child in shape.prefix.iter().chain(rest) {
            self.gather(&self.shapes.child(child), depth + 1, way, names);
        }
        way.pop();
    }
}
