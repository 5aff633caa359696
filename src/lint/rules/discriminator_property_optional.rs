//! # discriminator-property-optional
//!
//! ## What it says
//!
//! Reports a `discriminator` whose property is described but not required.
//!
//! ## Why it matters
//!
//! A value without the property cannot be told apart; OpenAPI wants the property to be required.
//!
//! ## Example
//!
//! `discriminator: {propertyName: kind}` over `properties: {kind: {type: string}}` without `required: [kind]`.
//!
//! ## How to fix
//!
//! Add the property to `required`.

use crate::lint::discriminator::Discriminator;
use crate::lint::keyword::{property, required};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "discriminator-property-optional",
    "the property of a discriminator is not required",
    "OpenAPI 3.0.3 §4.7.25",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(discriminator) = Discriminator::of(node, scene) else { return Vec::new() };
    let name = discriminator.property;
    // OpenAPI 3.2 §4.25: without the property, the default mapping chooses.
    if node.schema.get("discriminator").is_some_and(|it| it.get("defaultMapping").is_some()) {
        return Vec::new();
    }
    let Some(place) = discriminator.first(|parts| {
        let described = parts.iter().any(|part| property(part.schema, name).is_some());
        described && !parts.iter().any(|part| required(part.schema).any(|known| known == name))
    }) else {
        return Vec::new();
    };
    let message = format!("the discriminator's property `{name}` is not required{}", place);
    vec![RULE.at(&node.at.push("discriminator"), message, "add it to `required`")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, silent, with_schemas};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let mut schemas = json!({"Cat": {"type": "object", "properties": {"kind": {"type": "string"}}}, "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind"}}});
        fires(&RULE, &with_schemas(schemas.clone()));
        schemas["Cat"]["required"] = json!(["kind"]);
        silent(&with_schemas(schemas));
    }
}
