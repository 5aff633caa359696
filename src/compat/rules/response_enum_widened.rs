//! # response-enum-widened
//!
//! ## What it does
//!
//! Reports response values that the old enumeration did not list: members added, or the enumeration dropped,
//! so that anything may arrive.
//!
//! ## Why it matters
//!
//! Generated clients fail to decode a member they do not know, and `match` statements have no arm for it.
//!
//! ## Example
//!
//! `status` may now be `archived`.
//!
//! ## How to fix
//!
//! Send new values to clients that ask for them only, or in a new version.

use crate::compat::change::Change;
use crate::compat::node::Member;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::{MemberLoss, lost_members, shown, shown_list, shown_member};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-enum-widened",
    title: "a response value may now be one that was not listed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6.1.2",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    if pair.is_request() || pair.only_strays {
        return Vec::new();
    }
    let (from, to) = (pair.from(), pair.to());
    let listed = |values: &[Member]| format!("one of {}", shown_list(values));
    let before = to.members.as_deref().map_or_else(String::new, listed);
    let change = match lost_members(from, to, pair.wire) {
        None => return Vec::new(),
        Some(MemberLoss::Values(added)) => {
            let names: Vec<String> = added.iter().map(|value| format!("`{}`", value.text())).collect();
            let after = from.members.as_deref().map_or_else(|| format!("any {}", from.kinds), listed);
            pair.change(&RULE, "enum", format!("may now be {}", names.join(", ")))
                .values(before, after)
                .witness(added.first().map(shown_member))
        }
        Some(MemberLoss::Unlisted(example)) => pair
            .change(&RULE, "enum", "is no longer limited to listed values")
            .values(before, format!("any {}", from.kinds))
            .witness(example.as_ref().map(shown)),
    };
    vec![change]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, response, silent};
    use serde_json::json;

    #[test]
    fn new_members_and_a_dropped_enumeration_fire() {
        let few = response(json!({"type": "string", "enum": ["open"]}));
        let more = response(json!({"type": "string", "enum": ["open", "archived"]}));
        let free = response(json!({"type": "string"}));
        let found = fires(&RULE, &few, &more);
        assert_eq!(found[0].title, "response body of GET /things may now be `archived`");
        assert!(found[0].detail.contains("\"archived\" may now arrive"), "{}", found[0].detail);
        fires(&RULE, &few, &free);
        silent(&more, &few);
        silent(&free, &few);
    }
}
