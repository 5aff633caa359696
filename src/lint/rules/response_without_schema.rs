//! # response-without-schema
//!
//! ## What it says
//!
//! Reports a `200` (or `2XX`) of a GET that describes no body, and JSON content of any success without a
//! `schema`.
//!
//! ## Why it matters
//!
//! Nothing about the answer's body can be tested; any body passes.
//!
//! ## Example
//!
//! `"200": {description: the pets}`
//!
//! ## How to fix
//!
//! Describe the body with a schema; if there is none, answer 204.

use crate::exchange::{MediaType, Method};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::spec::{Issue, Operation, StatusPattern};
use serde_json::{Map, Value};

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::note("response-without-schema", "a successful answer has no schema", "OpenAPI 3.0.3 §4.7.17");

/// Judges one operation.
pub(crate) fn judge(operation: &Operation, scene: &Scene<'_>) -> Vec<Issue> {
    let mut found = Vec::new();
    for response in operation.responses.iter().filter(|response| response.status.has_body()) {
        let status = response.status;
        let whole = matches!(status, StatusPattern::Code(200) | StatusPattern::Range(2));
        // What is there but cannot be used is told where it is parsed.
        let raw = scene.document.get(&response.pointer).and_then(|node| node.get("content"));
        let bare = raw.and_then(Value::as_object).is_none_or(Map::is_empty);
        if response.contents.is_empty() && bare && whole && operation.method == Method::Get {
            let message = format!("answer `{status}` describes no body, so none is tested");
            found.push(RULE.at(&response.pointer, message, "describe the body, or answer 204"));
        }
        for content in response.contents.iter().filter(|content| content.schema.is_none()) {
            if MediaType::parse(&content.media_type).is_some_and(|media| media.is_json()) {
                let message = format!("`{}` of answer `{status}` has no schema", content.media_type);
                found.push(RULE.at(&content.pointer, message, "add `schema`"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{document, fires, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        let document_of = |content: serde_json::Value| {
            document(
                "3.0.3",
                json!({"/a": {"get": {"responses": {"200": {"description": "d", "content": content}}}}}),
            )
        };
        fires(&RULE, &document_of(json!({})));
        fires(&RULE, &document_of(json!({"application/json": {}})));
        silent(&document_of(json!({"application/json": {"schema": {}}})));
        silent(&document_of(json!({"image/png": {}})));
    }
}
