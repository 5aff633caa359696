//! # server-variable-without-default
//!
//! ## What it says
//!
//! Reports a `{variable}` in the `url` of a server that `variables` does not describe, or describes without a
//! `default`.
//!
//! ## Why it matters
//!
//! The URL cannot be completed, so requests cannot be sent there without `--base-url`.
//!
//! ## Example
//!
//! `url: "https://{host}/v1"` without `variables`
//!
//! ## How to fix
//!
//! Add `variables: {host: {default: api.example.com}}`.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::schema::Pointer;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "server-variable-without-default",
    "a variable of a server has no default",
    "OpenAPI 3.0.3 §4.7.6",
);

/// Judges the document's servers.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let at = Pointer::root().push("servers");
    let Some(Value::Array(servers)) = scene.document.get(&at).filter(|_| !scene.is_swagger()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (index, server) in servers.iter().enumerate() {
        let Some(url) = server.get("url").and_then(Value::as_str) else { continue };
        for piece in url.split('{').skip(1) {
            let Some((name, _)) = piece.split_once('}') else { continue };
            let variable = server.get("variables").and_then(|variables| variables.get(name));
            if variable.and_then(|variable| variable.get("default")).is_none_or(Value::is_null) {
                let message = format!("server variable `{name}` has no default");
                let hint = format!("add `variables: {{{name}: {{default: …}}}}`");
                found.push(RULE.at(&at.push(index).push("url"), message, hint));
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
        let mut root = operation("3.0.3", json!({"responses": {"204": {"description": "d"}}}));
        root["servers"] = json!([{"url": "https://{host}/v1"}]);
        fires(&RULE, &root);
        root["servers"][0]["variables"] = json!({"host": {"default": "api.example.com"}});
        silent(&root);
    }
}
