//! # ignored-header-parameter
//!
//! ## What it says
//!
//! Reports a header parameter named `Accept`, `Content-Type` or `Authorization` in OpenAPI 3.x.
//!
//! ## Why it matters
//!
//! The document says these elsewhere: by media types and security schemes. A parameter with such a name is
//! ignored, and so is its schema.
//!
//! ## Example
//!
//! `{name: Authorization, in: header, schema: {type: string}}`
//!
//! ## How to fix
//!
//! Drop it; describe media types in `content`, and credentials in `security`.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::spec::{Issue, Operation};
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::note(
    "ignored-header-parameter",
    "a header parameter is ignored by OpenAPI",
    "OpenAPI 3.0.3 §4.7.12.1",
);

const IGNORED: &[&str] = &["accept", "content-type", "authorization"];

/// Judges one operation.
pub(crate) fn judge(operation: &Operation, scene: &Scene<'_>) -> Vec<Issue> {
    if scene.is_swagger() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for owner in [operation.pointer.parent(), Some(operation.pointer.clone())].into_iter().flatten() {
        let at = owner.push("parameters");
        let count = scene.document.get(&at).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count {
            let Some((at, node)) = scene.document.resolve(&at.push(index)) else { continue };
            let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
            let name = text("name");
            if text("in") == "header" && IGNORED.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                let message = format!("header parameter `{name}` is ignored: the document says it elsewhere");
                let hint = if name.eq_ignore_ascii_case("authorization") {
                    "describe it as a security scheme"
                } else {
                    "describe it by the media types in `content`"
                };
                found.push(RULE.at(&at, message, hint));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, operation, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let document_of = |name: &str| {
            operation(
                "3.0.3",
                json!({"parameters": [{"name": name, "in": "header", "schema": {"type": "string"}}], "responses": {"204": {"description": "d"}}}),
            )
        };
        fires(&RULE, &document_of("authorization"));
        silent(&document_of("X-Authorization"));
    }
}
