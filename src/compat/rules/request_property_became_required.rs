//! # request-property-became-required
//!
//! ## What it does
//!
//! Reports a property of a request object that could be left out before and must be sent now, new properties
//! included. `readOnly` properties do not travel in requests and are not counted.
//!
//! ## Why it matters
//!
//! Objects without it used to be valid and are refused now. A `default` does not help: by the contract an
//! object without a required property is invalid.
//!
//! ## Example
//!
//! The body of `POST /findings` lists `severity` under `required`.
//!
//! ## How to fix
//!
//! Leave the property optional and fill it in on the server.

use crate::compat::anchor::Step;
use crate::compat::change::Change;
use crate::compat::node::Kinds;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::newly_required;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-property-became-required",
    title: "a request property became required",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6.5.3",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    let (from, to) = (pair.from(), pair.to());
    if !pair.is_request() || pair.only_strays || !from.effective_kinds().and(to.kinds).meets(Kinds::OBJECT) {
        return Vec::new();
    }
    newly_required(from, to)
        .map(|name| {
            let known = from.properties.contains_key(name);
            let predicate = if known { "became required" } else { "was added and is required" };
            Change::new(&RULE, pair.anchor.push(Step::Property(name.clone())), "required", predicate)
                .values(if known { "optional" } else { "not named" }, "required")
                .witness(Some(format!("an object without `{name}`")))
                .at(from.pointer_of("required"), to.pointer_of("required"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, request, silent};
    use serde_json::{Value, json};

    fn body(required: &[&str], severity: Value) -> crate::spec::Api {
        let mut schema = json!({"type": "object", "properties": {"name": {"type": "string"}}});
        if !severity.is_null() {
            schema["properties"]["severity"] = severity;
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        request(schema)
    }

    #[test]
    fn required_fires_for_known_and_for_new_properties() {
        let text = || json!({"type": "string"});
        fires(&RULE, &body(&[], text()), &body(&["severity"], text()));
        fires(&RULE, &body(&["name"], Value::Null), &body(&["name", "severity"], text()));
        silent(&body(&["severity"], text()), &body(&[], text()));
        silent(&body(&[], Value::Null), &body(&[], text()));
    }

    #[test]
    fn what_only_the_server_writes_is_not_required_of_clients() {
        let id = || json!({"type": "string", "readOnly": true});
        silent(&body(&[], id()), &body(&["severity"], id()));
        silent(&body(&[], Value::Null), &body(&["severity"], id()));
    }
}
