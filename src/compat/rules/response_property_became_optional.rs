//! # response-property-became-optional
//!
//! ## What it does
//!
//! Reports a property of a response object that was always there and may now be left out. `writeOnly`
//! properties do not travel in responses and are not counted.
//!
//! ## Why it matters
//!
//! Readers that use the property without looking fail on the first answer without it.
//!
//! ## Example
//!
//! `Finding` no longer lists `severity` under `required`.
//!
//! ## How to fix
//!
//! Keep sending the property and keep it under `required`.

use crate::compat::anchor::Step;
use crate::compat::change::Change;
use crate::compat::node::Kinds;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::newly_required;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-property-became-optional",
    title: "a response property may now be left out",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6.5.3",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position. A property that is gone altogether is another rule's.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    let (from, to) = (pair.from(), pair.to());
    if pair.is_request() || pair.only_strays || !from.effective_kinds().and(to.kinds).meets(Kinds::OBJECT) {
        return Vec::new();
    }
    newly_required(from, to)
        .filter(|name| from.properties.contains_key(*name) || !to.properties.contains_key(*name))
        .map(|name| {
            Change::new(
                &RULE,
                pair.anchor.push(Step::Property(name.clone())),
                "required",
                "may now be left out",
            )
            .values("required", "optional")
            .witness(Some(format!("an object without `{name}`")))
            .at(to.pointer_of("required"), from.pointer_of("required"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, response, silent};
    use serde_json::json;

    #[test]
    fn optional_fires_and_required_does_not() {
        let body = |required: &[&str]| {
            let mut schema =
                json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}});
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            response(schema)
        };
        fires(&RULE, &body(&["a", "b"]), &body(&["a"]));
        fires(&RULE, &body(&["a"]), &body(&[]));
        silent(&body(&[]), &body(&["a"]));
    }

    #[test]
    fn what_is_never_sent_is_not_missed() {
        let body = |required: bool| {
            let mut schema =
                json!({"type": "object", "properties": {"secret": {"type": "string", "writeOnly": true}}});
            if required {
                schema["required"] = json!(["secret"]);
            }
            response(schema)
        };
        silent(&body(true), &body(false));
    }
}
