//! A discriminator, and the schemas that must know its property.

use crate::lint::keyword::{branches, property};
use crate::lint::scene::{Part, Scene};
use crate::lint::walk::Node;
use serde_json::Value;

/// A `discriminator` with what it chooses among.
pub(crate) struct Discriminator<'d> {
    /// The name of its property.
    pub(crate) property: &'d str,
    /// The branches, or the schema itself; those that cannot be told are left out.
    choices: Vec<Choice<'d>>,
}

struct Choice<'d> {
    /// Where it stands, for the end of a message: empty for the schema itself.
    place: String,
    parts: Vec<Part<'d>>,
}

impl<'d> Discriminator<'d> {
    /// The discriminator of this schema, if it has one that counts.
    pub(crate) fn of(node: &Node<'d>, scene: &Scene<'d>) -> Option<Self> {
        let written = node.schema.get("discriminator").filter(|_| scene.counts(node.schema))?;
        let name = match written {
            Value::String(name) if scene.is_swagger() => name,
            other => other.get("propertyName")?.as_str()?,
        };
        let own = scene.parts(&node.at, node.schema)?;
        let described = own.iter().any(|part| property(part.schema, name).is_some());
        let key = ["oneOf", "anyOf"].into_iter().find(|key| !branches(node.schema, key).is_empty());
        let choices = match key.filter(|_| !described) {
            None => vec![Choice { place: String::new(), parts: own }],
            Some(key) => {
                let at = node.at.push(key);
                let all = branches(node.schema, key).iter().enumerate();
                let parts = all.filter_map(|(index, branch)| {
                    let parts = scene.parts(&at.push(index), branch.as_object()?)?;
                    Some(Choice { place: format!(" in branch {index}"), parts })
                });
                parts.filter(|choice| !chooses_again(&choice.parts)).collect()
            }
        };
        Some(Self { property: name, choices })
    }

    /// Where the first choice stands for which `wrong` holds, for the end of a message.
    pub(crate) fn first(&self, wrong: impl Fn(&[Part<'d>]) -> bool) -> Option<&str> {
        self.choices.iter().find(|choice| wrong(&choice.parts)).map(|choice| choice.place.as_str())
    }
}

fn chooses_again(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| part.schema.contains_key("oneOf") || part.schema.contains_key("anyOf"))
}
