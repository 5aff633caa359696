//! The one function of this room.

use crate::lint::catalogue::{Judge, ROWS};
use crate::lint::scene::Scene;
use crate::schema::Pointer;
use crate::spec::{Api, Issue};
use std::collections::HashSet;

/// Every doubtful meaning of the document, in the order of the rules. Line and column are not known here.
///
/// ```
/// use serde_json::json;
/// let (api, _) = specwarden::spec::parse(json!({
///     "openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
///     "paths": {"/pets": {"get": {
///         "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 9, "maximum": 1}}],
///         "responses": {"204": {"description": "none"}}}}}
/// })).unwrap();
/// let issues = specwarden::lint::lint(&api);
/// assert_eq!(issues[0].rule, "contradicting-bounds");
/// assert_eq!(issues[0].pointer.as_str(), "/paths/~1pets/get/parameters/0/schema/minimum");
/// ```
pub fn lint(api: &Api) -> Vec<Issue> {
    let scene = Scene::new(api);
    let mut issues = Vec::new();
    for row in ROWS {
        match row.judge {
            Judge::Reading => {}
            Judge::Schema(judge) => issues.extend(scene.nodes.iter().flat_map(|node| judge(node, &scene))),
            Judge::Operation(judge) => {
                issues.extend(api.operations.iter().flat_map(|operation| judge(operation, &scene)));
            }
            Judge::Document(judge) => issues.extend(judge(&scene)),
        }
    }
    // Shared parameters and responses are met once per operation.
    let mut said: HashSet<(String, Pointer, String)> = HashSet::new();
    issues.retain(|issue| said.insert((issue.rule.clone(), issue.pointer.clone(), issue.message.clone())));
    issues
}
