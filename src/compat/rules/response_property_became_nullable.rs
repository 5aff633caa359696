//! # response-property-became-nullable
//!
//! ## What it does
//!
//! Reports a response value (a property, an item, a whole body) that was never `null` and may be now. All
//! spellings count: `nullable`, `x-nullable`, `type` lists, `null` in an enumeration or among alternatives.
//!
//! ## Why it matters
//!
//! Readers that use the value without looking fail on the first `null`.
//!
//! ## Example
//!
//! `owner.name` becomes `nullable: true`.
//!
//! ## How to fix
//!
//! Send an empty value of the old type, or leave an optional property out.

use crate::compat::change::Change;
use crate::compat::node::Kinds;
use crate::compat::pair::{SchemaPair, Wire};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-property-became-nullable",
    title: "a response value may now be null",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.24",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    let (from, to) = (pair.from(), pair.to());
    let became = from.allows_null() && !to.allows_null();
    // Anything at all may arrive: that is a wider type, and told as one.
    if pair.is_request() || pair.wire == Wire::Text || pair.only_strays || !became || from.kinds == Kinds::ALL
    {
        return Vec::new();
    }
    vec![
        pair.change(&RULE, "nullable", "may now be null")
            .values(to.effective_kinds().to_string(), from.effective_kinds().to_string())
            .witness(Some("null".to_owned()))
            .at(to.pointer.clone(), from.pointer.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, response, silent};
    use serde_json::json;

    #[test]
    fn null_fires_in_every_spelling() {
        let old = response(json!({"type": "object", "properties": {"owner": {"type": "string"}}}));
        for owner in [
            json!({"type": "string", "nullable": true}),
            json!({"anyOf": [{"type": "string"}, {"enum": [null]}]}),
        ] {
            let new = response(json!({"type": "object", "properties": {"owner": owner}}));
            let found = fires(&RULE, &old, &new);
            assert_eq!(found[0].title, "response property `owner` of GET /things may now be null");
            silent(&new, &old);
        }
    }
}
