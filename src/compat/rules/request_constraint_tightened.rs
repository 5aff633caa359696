//! # request-constraint-tightened
//!
//! ## What it does
//!
//! Reports a bound on request values (`minimum`, `maximum`, `multipleOf`, lengths, item and property counts,
//! `uniqueItems`, `pattern`) that leaves out values which the old document allowed. Bounds that no value can
//! notice are silent: on another kind of value, or on an enumeration whose members all fit.
//! Where neither a value that is left out nor a proof was found (a changed pattern, `not`, `if`, …), it is a warning.
//!
//! ## Why it matters
//!
//! Requests that were valid are refused.
//!
//! ## Example
//!
//! `maxLength` of the property `name` drops from 200 to 50.
//!
//! ## How to fix
//!
//! Keep the old bound, or introduce the new one in a new version.

use crate::compat::change::Change;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::{lost_bounds, lost_opaque};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-constraint-tightened",
    title: "a bound on request values was tightened",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    if !pair.is_request() || pair.only_strays {
        return Vec::new();
    }
    let bounds = lost_bounds(pair.from(), pair.to()).into_iter().map(|loss| {
        let keyword = loss.keyword;
        let predicate = format!("has a tighter `{keyword}`: {}, was {}", loss.to, loss.from);
        let change = pair.change(&RULE, keyword, predicate);
        let change = change.values(format!("{keyword} {}", loss.from), format!("{keyword} {}", loss.to));
        let change = if loss.certain { change } else { change.severity(Severity::Warning) };
        change.witness(loss.witness)
    });
    let opaque = lost_opaque(pair.from(), pair.to()).into_iter().map(|keyword| {
        pair.change(&RULE, &keyword, format!("has a changed `{keyword}`, perhaps tighter"))
            .severity(Severity::Warning)
            .values(format!("`{keyword}` absent or different"), "whether values are left out was not decided")
    });
    bounds.chain(opaque).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn tighter_bounds_fire_with_a_witness() {
        for (old, new, witness) in [
            (json!({"type": "integer"}), json!({"type": "integer", "minimum": 1}), "0"),
            (json!({"type": "integer", "maximum": 9}), json!({"type": "integer", "maximum": 5}), "9"),
            (
                json!({"type": "string", "maxLength": 4}),
                json!({"type": "string", "maxLength": 3}),
                "\"xxxx\"",
            ),
            (json!({"type": "string"}), json!({"type": "string", "pattern": "^[a-z]+$"}), "\"A\""),
            (json!({"type": "number"}), json!({"type": "number", "multipleOf": 2}), "1"),
            (
                json!({"type": "array", "items": {}}),
                json!({"type": "array", "items": {}, "maxItems": 3}),
                "an array of length 4",
            ),
        ] {
            let found = fires(&RULE, &request(old), &request(new.clone()));
            assert_eq!(found[0].severity, Severity::Error, "{new}");
            assert!(
                found[0].detail.ends_with(&format!("witness: {witness} was valid and is not any more")),
                "{}",
                found[0].detail
            );
        }
    }

    #[test]
    fn bounds_that_no_value_notices_are_silent() {
        for (old, new) in [
            (json!({"type": "string"}), json!({"type": "string", "maximum": 3})),
            (json!({"type": "string"}), json!({"type": "string", "minLength": 0, "pattern": ".*"})),
            (json!({"type": "string", "enum": ["ab"]}), json!({"type": "string", "pattern": "^[a-z]{2}$"})),
            (
                json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true}),
                json!({"type": "integer", "minimum": 1}),
            ),
            (json!({"type": "integer", "maximum": 5}), json!({"type": "integer", "maximum": 9})),
        ] {
            silent(&request(old), &request(new));
        }
    }

    #[test]
    fn what_cannot_be_decided_is_a_warning() {
        let old = request(json!({"type": "string"}));
        let found = fires(&RULE, &old, &request(json!({"type": "string", "not": {"pattern": "^x"}})));
        assert_eq!(found[0].severity, Severity::Warning);
    }
}
