//! # request-enum-narrowed
//!
//! ## What it does
//!
//! Reports values that a request could hold before and that the new enumeration lacks: members removed, or an
//! enumeration where none was. Dropping the keyword widens and is silent.
//!
//! ## Why it matters
//!
//! A client that sends the removed value is refused.
//!
//! ## Example
//!
//! `severity` loses the member `info`.
//!
//! ## How to fix
//!
//! Keep accepting the value, or map it to another one on the server.

use crate::compat::change::Change;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::{MemberLoss, lost_members, shown, shown_list, shown_member};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-enum-narrowed",
    title: "a request value is no longer listed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6.1.2",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    if !pair.is_request() || pair.only_strays {
        return Vec::new();
    }
    let (from, to) = (pair.from(), pair.to());
    let after =
        to.members.as_deref().map_or_else(String::new, |values| format!("one of {}", shown_list(values)));
    let change = match lost_members(from, to, pair.wire) {
        None => return Vec::new(),
        Some(MemberLoss::Values(lost)) => {
            let names: Vec<String> = lost.iter().map(|value| format!("`{}`", value.text())).collect();
            let before = from.members.as_deref().map_or_else(
                || format!("any {}", from.kinds),
                |values| format!("one of {}", shown_list(values)),
            );
            pair.change(&RULE, "enum", format!("no longer accepts {}", names.join(", ")))
                .values(before, after)
                .witness(lost.first().map(shown_member))
        }
        Some(MemberLoss::Unlisted(example)) => pair
            .change(&RULE, "enum", "accepts listed values only")
            .values(format!("any {}", from.kinds), after)
            .witness(example.as_ref().map(shown)),
    };
    vec![change]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, parameter, request, silent};
    use serde_json::{Value, json};

    fn severity(schema: Value) -> crate::spec::Api {
        request(json!({"type": "object", "properties": {"severity": schema}}))
    }

    #[test]
    fn a_removed_member_fires() {
        let old = severity(json!({"type": "string", "enum": ["info", "low"]}));
        let new = severity(json!({"type": "string", "enum": ["low"]}));
        let found = fires(&RULE, &old, &new);
        assert_eq!(found[0].title, "request property `severity` of POST /things no longer accepts `info`");
        assert!(found[0].detail.contains("\"info\" was valid and is not any more"), "{}", found[0].detail);
        silent(&new, &old);
    }

    #[test]
    fn an_enumeration_where_none_was_fires_and_dropping_it_does_not() {
        let free = severity(json!({"type": "string"}));
        let listed = severity(json!({"type": "string", "enum": ["low"]}));
        let found = fires(&RULE, &free, &listed);
        assert!(found[0].detail.contains("\"other\""), "{}", found[0].detail);
        silent(&listed, &free);
    }

    #[test]
    fn the_same_set_in_other_words_is_silent() {
        silent(&severity(json!({"const": "a"})), &severity(json!({"enum": ["a"]})));
        silent(
            &severity(json!({"enum": ["a", "b"]})),
            &severity(json!({"oneOf": [{"enum": ["b"]}, {"enum": ["a"]}]})),
        );
        silent(
            &severity(json!({"type": "boolean"})),
            &severity(json!({"type": "boolean", "enum": [false, true]})),
        );
        silent(
            &severity(json!({"type": "integer", "minimum": 1, "maximum": 3})),
            &severity(json!({"type": "integer", "enum": [1, 2, 3]})),
        );
    }

    #[test]
    fn on_the_wire_a_number_is_its_text() {
        let limit = |schema: Value| parameter(json!({"name": "limit", "in": "query", "schema": schema}));
        silent(
            &limit(json!({"type": "integer", "enum": [1, 2]})),
            &limit(json!({"type": "string", "enum": ["1", "2"]})),
        );
        fires(
            &RULE,
            &limit(json!({"type": "integer", "enum": [1, 2]})),
            &limit(json!({"type": "string", "enum": ["1"]})),
        );
    }
}
