//! # example-mismatch
//!
//! ## What it says
//!
//! Reports an `example`, or a member of `examples`, that breaks its schema: of a parameter, a media type, a
//! response or a schema itself. Formats are overlooked, and an example of a parameter may be written as it
//! travels (`a,b`).
//!
//! ## Why it matters
//!
//! Readers copy examples. One that the schema refuses shows that either the example or the schema is out of
//! date; and examples are the first requests that are sent.
//!
//! ## Example
//!
//! `{type: object, properties: {age: {type: integer}}, example: {age: "four"}}`
//!
//! ## How to fix
//!
//! Correct the example or the schema.

use crate::exchange::MediaType;
use crate::lint::exemplar::{Exemplar, fits_as_text, mismatch};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::schema::{Direction, Pointer};
use crate::spec::{Content, Issue};
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::warning("example-mismatch", "an example does not fit its own schema", "OpenAPI 3.0.3 §4.7.19");

/// Judges every example of the document.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let mut found = Vec::new();
    for node in &scene.nodes {
        schema(node, scene, &mut found);
    }
    for operation in &scene.api.operations {
        for parameter in &operation.parameters {
            let Some(schema) = &parameter.schema else { continue };
            if *schema == parameter.pointer {
                continue;
            }
            for exemplar in of_node(scene, &parameter.pointer) {
                found.extend(judged(scene, schema, &[Direction::Request], &exemplar));
            }
        }
        let bodies = operation.body.iter().flat_map(|body| &body.contents);
        bodies.for_each(|content| body(scene, content, Direction::Request, &mut found));
        let answers = operation.responses.iter().flat_map(|response| &response.contents);
        answers.for_each(|content| body(scene, content, Direction::Response, &mut found));
    }
    found
}

fn schema(node: &Node<'_>, scene: &Scene<'_>, found: &mut Vec<Issue>) {
    if !scene.counts(node.schema) {
        return;
    }
    let mut exemplars = Vec::new();
    if let Some(value) = node.schema.get("example") {
        exemplars.push(Exemplar { at: node.at.push("example"), what: "example", value });
    }
    if let Some(Value::Array(values)) = node.schema.get("examples").filter(|_| !scene.is_draft4()) {
        let at = node.at.push("examples");
        let each = values.iter().enumerate();
        exemplars.extend(each.map(|(i, value)| Exemplar { at: at.push(i), what: "example", value }));
    }
    for exemplar in &exemplars {
        found.extend(judged(scene, &node.at, node.usage.directions(), exemplar));
    }
}

fn body(scene: &Scene<'_>, content: &Content, direction: Direction, found: &mut Vec<Issue>) {
    let (Some(schema), Some(media)) = (&content.schema, MediaType::parse(&content.media_type)) else {
        return;
    };
    let exemplars = if scene.is_swagger() {
        let at = content.pointer.push("examples").push(&content.media_type);
        let value = scene.document.get(&at);
        value.map(|value| Exemplar { at, what: "example", value }).into_iter().collect()
    } else {
        of_node(scene, &content.pointer)
    };
    for exemplar in &exemplars {
        // A body in another format is told as a text, which says nothing about its schema.
        if media.is_json() || exemplar.value.is_object() {
            found.extend(judged(scene, schema, &[direction], exemplar));
        }
    }
}

/// `example` and `examples` of a parameter or media type.
fn of_node<'d>(scene: &Scene<'d>, at: &Pointer) -> Vec<Exemplar<'d>> {
    let mut exemplars = Vec::new();
    let Some(node) = scene.document.get(at) else { return exemplars };
    if let Some(value) = node.get("example") {
        exemplars.push(Exemplar { at: at.push("example"), what: "example", value });
    }
    if let Some(Value::Object(named)) = node.get("examples") {
        for name in named.keys() {
            let Some((at, example)) = scene.document.resolve(&at.push("examples").push(name)) else {
                continue;
            };
            if let Some(value) = example.get("value") {
                exemplars.push(Exemplar { at: at.push("value"), what: "example", value });
            }
        }
    }
    exemplars
}

fn judged(
    scene: &Scene<'_>,
    schema: &Pointer,
    directions: &[Direction],
    exemplar: &Exemplar<'_>,
) -> Option<Issue> {
    if is_silent(exemplar.value) {
        return None;
    }
    let issue = mismatch(&RULE, scene, schema, directions, exemplar)?;
    (!fits_as_text(scene, schema, directions, exemplar.value)).then_some(issue)
}

/// Null and the empty text mostly say that there is no example; a reference is not followed in data.
fn is_silent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(members) => members.len() == 1 && members.contains_key("$ref"),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, operation, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(
            &RULE,
            &request(
                "3.0.3",
                json!({"type": "object", "properties": {"age": {"type": "integer"}}, "example": {"age": "four"}}),
            ),
        );
        fires(&RULE, &request("3.1.0", json!({"type": "integer", "examples": [1, "two"]})));
        let parameter = |example| json!({"parameters": [{"name": "n", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}, "examples": {"a": {"value": example}}}], "responses": {"204": {"description": "d"}}});
        fires(&RULE, &operation("3.0.3", parameter(json!("a,b"))));
        silent(&operation("3.0.3", parameter(json!("1,2"))));
        silent(&operation("3.0.3", parameter(json!(""))));
        silent(&operation("3.0.3", parameter(json!({"$ref": "#/elsewhere"}))));
        silent(&request(
            "3.0.3",
            json!({"type": "object", "properties": {"age": {"type": "integer"}}, "example": {"age": 4}}),
        ));
        silent(&request("3.0.3", json!({"type": "string", "format": "uuid", "example": "abc"})));
    }
}
