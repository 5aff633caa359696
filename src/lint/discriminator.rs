//! A discriminator, and the schemas that must know its property.

use crate::lint::keyword::branches;
use crate::lint::scene::{Part, Scene};
use crate::lint::walk::Node;
use serde_json::Value;

/// A `discriminator` with what it chooses among.
pub(crate) struct Discriminator<'d> {
    /// The name of its property.
    pub(crate) property: &'d str,
    /// The branches by number, or the schema itself; those that cannot be told are left out.
    choices: Vec<(Option<usize>, Vec<Part<'d>>)>,
}

impl<'d> Discriminator<'d> {
    /// The discriminator of this schema, if it has one that counts.
    pub(crate) fn of(node: &Node<'d>, scene: &Scene<'d>) -> Option<Self> {
        let written = node.schema.get("discriminator").filter(|_| scene.counts(node.schema))?;
        let property = match written {
            Value::String(name) if scene.is_swagger() => name,
            other => other.get("propertyName")?.as_str()?,
        };
        let own = scene.parts(&node.at, node.schema)?;
        let described =
            own.iter().any(|part| crate::lint::keyword::property(part.schema, property).is_some());
        let key = ["oneOf", "anyOf"].into_iter().find(|key| !branches(node.schema, key).is_empty());
        let choices = match key.filter(|_| !described) {
            None => vec![(None, own)],
            Some(key) => {
                let at = node.at.push(key);
                let all = branches(node.schema, key).iter().enumerate();
                all.filter_map(|(index, branch)| {
                    Some((Some(index), scene.parts(&at.push(index), branch.as_object()?)?))
                })
                .collect()
            }
        };
        Some(Self { property, choices })
    }

    /// The first choice for which `wrong` holds. One that chooses again is passed over.
    pub(crate) fn first(&self, wrong: impl Fn(&[Part<'d>]) -> bool) -> Option<Option<usize>> {
        let chooses = |parts: &[Part<'d>]| {
            parts.iter().any(|part| part.schema.contains_key("oneOf") || part.schema.contains_key("anyOf"))
        };
        let found =
            self.choices.iter().find(|(branch, parts)| !(branch.is_some() && chooses(parts)) && wrong(parts));
        found.map(|(branch, _)| *branch)
    }

    /// The choice in a message.
    pub(crate) fn place(&self, branch: Option<usize>) -> String {
        branch.map_or_else(String::new, |index| format!(" in branch {index}"))
    }
}
