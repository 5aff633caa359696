//! # request-additional-properties-closed
//!
//! ## What it does
//!
//! Reports a request object that used to take properties of any name and now refuses unknown ones
//! (`additionalProperties: false`).
//!
//! ## Why it matters
//!
//! Clients that send a field too many were served yesterday and are refused today.
//!
//! ## Example
//!
//! The body of `POST /pets` gains `additionalProperties: false`.
//!
//! ## How to fix
//!
//! Keep ignoring unknown properties, or close the object in a new version.

use crate::compat::change::Change;
use crate::compat::node::{Additional, Kinds};
use crate::compat::pair::{SchemaPair, Wire};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-additional-properties-closed",
    title: "a request object refuses unknown properties",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 §10.3.2.3",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position. Forms are left out: Swagger 2.0 cannot say whether theirs are closed.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    let (from, to) = (pair.from(), pair.to());
    let objects = from.kinds.and(to.kinds).meets(Kinds::OBJECT);
    let closed = from.additional != Additional::Closed && to.additional == Additional::Closed;
    if !pair.is_request() || pair.only_strays || pair.wire == Wire::Text || !objects || !closed {
        return Vec::new();
    }
    let gone: Vec<String> = from
        .properties
        .keys()
        .filter(|name| !to.properties.contains_key(*name))
        .map(|name| format!("`{name}`"))
        .collect();
    let name = match from.properties.keys().find(|name| !to.properties.contains_key(*name)) {
        Some(name) => name.clone(),
        None => "x-unknown".to_owned(),
    };
    let after = if gone.is_empty() {
        "no other properties".to_owned()
    } else {
        format!("no other properties; {} no longer named", gone.join(", "))
    };
    vec![
        pair.change(&RULE, "additionalProperties", "refuses properties it does not name")
            .values("properties of any name", after)
            .witness(Some(format!("an object with a property `{name}`"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn closing_fires_and_opening_does_not() {
        let open = request(json!({"type": "object", "properties": {"a": {"type": "string"}}}));
        let closed = request(
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}),
        );
        fires(&RULE, &open, &closed);
        silent(&closed, &open);
    }
}
