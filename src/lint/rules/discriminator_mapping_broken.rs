//! # discriminator-mapping-broken
//!
//! ## What it says
//!
//! Reports an entry of a discriminator's `mapping` that names no schema of the document.
//!
//! ## Why it matters
//!
//! Values with that name cannot be matched to a schema.
//!
//! ## Example
//!
//! `mapping: {cat: "#/components/schemas/Catt"}`
//!
//! ## How to fix
//!
//! Correct the reference, or define the schema.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::schema::Pointer;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "discriminator-mapping-broken",
    "the mapping of a discriminator leads nowhere",
    "OpenAPI 3.0.3 §4.7.25",
);

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let written = node.schema.get("discriminator").filter(|_| scene.counts(node.schema));
    let Some(written) = written.and_then(Value::as_object) else { return Vec::new() };
    let at = node.at.push("discriminator");
    let named = written.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let named = named.map(|(name, to)| (at.push("mapping").push(name), format!("`{name}`"), to));
    // OpenAPI 3.2 §4.25.
    let default = written.get("defaultMapping");
    let default = default.map(|to| (at.push("defaultMapping"), "what no name fits".to_owned(), to));
    let wrong = named.chain(default).filter_map(|(at, name, to)| {
        let to = to.as_str()?;
        let named = Pointer::root().push("components").push("schemas").push(to);
        let leads = match Pointer::from_fragment(to) {
            Some(pointer) => scene.document.get(&pointer).is_some(),
            // Another document, or a name.
            None => to.contains(['/', ':']) || to.contains('.') || scene.document.get(&named).is_some(),
        };
        let message = format!("{name} is mapped to `{to}`, which does not exist");
        (!leads).then(|| RULE.at(&at, message, "correct the name, or define the schema"))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, silent, with_schemas};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let schemas = |to: &str| json!({"Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}, "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind", "mapping": {"cat": to}}}});
        fires(&RULE, &with_schemas(schemas("#/components/schemas/Catt")));
        fires(&RULE, &with_schemas(schemas("Catt")));
        silent(&with_schemas(schemas("Cat")));
        silent(&with_schemas(schemas("#/components/schemas/Cat")));
        let mut default = with_schemas(schemas("Cat"));
        default["openapi"] = json!("3.2.0");
        default["components"]["schemas"]["Pet"]["discriminator"]["defaultMapping"] = json!("Dog");
        fires(&RULE, &default);
        default["components"]["schemas"]["Pet"]["discriminator"]["defaultMapping"] = json!("Cat");
        silent(&default);
    }
}
