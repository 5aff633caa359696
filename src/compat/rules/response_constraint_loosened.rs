//! # response-constraint-loosened
//!
//! ## What it does
//!
//! Reports a bound on response values (`minimum`, `maximum`, `multipleOf`, lengths, item and property counts,
//! `uniqueItems`, `pattern`) that lets values through which the old document excluded.
//!
//! ## Why it matters
//!
//! Readers may have relied on the bound: a column of 50 characters, a list that is never empty. Most did not;
//! hence a warning.
//!
//! ## Example
//!
//! `maxLength` of the property `name` grows from 50 to 200.
//!
//! ## How to fix
//!
//! Keep the bound, or tell the readers.

use crate::compat::change::Change;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::{lost_bounds, lost_opaque};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-constraint-loosened",
    title: "a bound on response values was loosened",
    severity: Severity::Warning,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    if pair.is_request() || pair.only_strays {
        return Vec::new();
    }
    let bounds = lost_bounds(pair.from(), pair.to()).into_iter().map(|loss| {
        let keyword = loss.keyword;
        pair.change(&RULE, keyword, format!("has a looser `{keyword}`: {}, was {}", loss.from, loss.to))
            .values(format!("{keyword} {}", loss.to), format!("{keyword} {}", loss.from))
            .witness(loss.witness)
    });
    let opaque = lost_opaque(pair.from(), pair.to()).into_iter().map(|keyword| {
        pair.change(&RULE, &keyword, format!("has a changed `{keyword}`, perhaps looser"))
            .values(format!("`{keyword}`"), "absent or different; whether values are let in was not decided")
    });
    bounds.chain(opaque).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, response, silent};
    use serde_json::json;

    #[test]
    fn looser_fires_and_tighter_does_not() {
        for (tight, loose) in [
            (json!({"type": "string", "maxLength": 50}), json!({"type": "string", "maxLength": 200})),
            (json!({"type": "array", "items": {}, "minItems": 1}), json!({"type": "array", "items": {}})),
            (json!({"type": "integer", "minimum": 0}), json!({"type": "integer"})),
            (json!({"type": "string", "pattern": "^[a-z]+$"}), json!({"type": "string"})),
        ] {
            let found = fires(&RULE, &response(tight.clone()), &response(loose.clone()));
            assert_eq!(found[0].severity, Severity::Warning);
            assert!(found[0].detail.contains("may now arrive"), "{}", found[0].detail);
            silent(&response(loose), &response(tight));
        }
    }
}
