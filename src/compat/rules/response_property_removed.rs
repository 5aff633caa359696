//! # response-property-removed
//!
//! ## What it does
//!
//! Reports a property that responses used to have and that the new document no longer names: an error if it was
//! required, a warning if it was optional. Becoming `writeOnly` counts as removal.
//!
//! ## Why it matters
//!
//! Readers find nothing where they used to find a value.
//!
//! ## Example
//!
//! `Asset` loses the property `ip_address`, renamed to `addresses`.
//!
//! ## How to fix
//!
//! Send the old property beside the new one until nobody reads it.

use crate::compat::anchor::Step;
use crate::compat::change::Change;
use crate::compat::node::Kinds;
use crate::compat::pair::SchemaPair;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-property-removed",
    title: "a response property was removed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 §10.3.2.1",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    let (old, new) = (pair.old, pair.new);
    if pair.is_request() || pair.only_strays || !old.kinds.and(new.kinds).meets(Kinds::OBJECT) {
        return Vec::new();
    }
    old.properties
        .iter()
        .filter(|(name, _)| !new.properties.contains_key(*name) && !new.required.contains(*name))
        .map(|(name, view)| {
            let required = old.required.contains(name);
            Change::new(&RULE, pair.anchor.push(Step::Property(name.clone())), "removed", "was removed")
                .severity(if required { Severity::Error } else { Severity::Warning })
                .values(if required { "required" } else { "optional" }, "not named")
                .witness(Some(format!("an object without `{name}`")))
                .at(view.parts().first().map(|part| part.pointer.clone()), new.pointer.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, response, silent};
    use serde_json::{Value, json};

    fn body(required: &[&str], name: Value) -> crate::spec::Api {
        let mut schema =
            json!({"type": "object", "properties": {"id": {"type": "integer"}}, "required": required});
        if !name.is_null() {
            schema["properties"]["name"] = name;
        }
        response(schema)
    }

    #[test]
    fn removal_is_as_grave_as_the_promise_was() {
        let text = || json!({"type": "string"});
        let found = fires(&RULE, &body(&["id", "name"], text()), &body(&["id"], Value::Null));
        assert_eq!(found[0].severity, Severity::Error);
        let found = fires(&RULE, &body(&["id"], text()), &body(&["id"], Value::Null));
        assert_eq!(found[0].severity, Severity::Warning);
        silent(&body(&["id"], Value::Null), &body(&["id"], text()));
    }

    #[test]
    fn becoming_write_only_is_removal() {
        let secret = json!({"type": "string", "writeOnly": true});
        fires(&RULE, &body(&["id"], json!({"type": "string"})), &body(&["id"], secret));
    }
}
