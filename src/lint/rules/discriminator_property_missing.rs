//! # discriminator-property-missing
//!
//! ## What it says
//!
//! Reports a `discriminator` whose property is described neither by the schema itself nor, with `oneOf` or
//! `anyOf`, by one of its branches.
//!
//! ## Why it matters
//!
//! The property decides which schema counts. A branch that does not know it can be chosen by nobody.
//!
//! ## Example
//!
//! `discriminator: {propertyName: kind}` over a branch without the property `kind`.
//!
//! ## How to fix
//!
//! Describe the property in every branch, and require it.

use crate::lint::discriminator::Discriminator;
use crate::lint::keyword::property;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "discriminator-property-missing",
    "the property of a discriminator is not described",
    "OpenAPI 3.0.3 §4.7.25",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let Some(discriminator) = Discriminator::of(node, scene) else { return Vec::new() };
    let Some(place) = discriminator
        .first(|parts| !parts.iter().any(|part| property(part.schema, discriminator.property).is_some()))
    else {
        return Vec::new();
    };
    let message =
        format!("the discriminator's property `{}` is not described{}", discriminator.property, place);
    vec![RULE.at(&node.at.push("discriminator"), message, "describe the property there, and require it")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, silent, with_schemas};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let schemas = |properties| json!({"Cat": {"type": "object", "properties": properties}, "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind"}}});
        fires(&RULE, &with_schemas(schemas(json!({"name": {"type": "string"}}))));
        let mut fine = schemas(json!({"kind": {"type": "string"}}));
        fine["Cat"]["required"] = json!(["kind"]);
        silent(&with_schemas(fine));
    }
}
