//! # request-type-narrowed
//!
//! ## What it does
//!
//! Reports kinds of request values that are no longer accepted: a `type` changed or dropped from a list,
//! `null` no longer allowed, an alternative of `oneOf`/`anyOf` gone, or a stricter `format` (`int64` → `int32`).
//! `integer` lies within `number`. In parameters and forms every scalar is text, so that `integer` → `string`
//! is silent there. A format where none was gives a warning, since documents often only catch up.
//!
//! ## Why it matters
//!
//! Requests that were valid are refused.
//!
//! ## Example
//!
//! The property `count` changes from `number` to `integer`: 0.5 was valid.
//!
//! ## How to fix
//!
//! Keep accepting the old type, or add a property of the new type beside it.

use crate::compat::change::Change;
use crate::compat::node::Kinds;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::{lost_format, lost_kinds, shown};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-type-narrowed",
    title: "a request value may no longer be of a type",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6.1.1",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    if !pair.is_request() {
        return Vec::new();
    }
    let (from, to) = (pair.from(), pair.to());
    let mut changes: Vec<Change> = pair
        .strays
        .iter()
        .map(|stray| {
            let name = &stray.name;
            let severity = if stray.certain { Severity::Error } else { Severity::Warning };
            let predicate = if stray.certain {
                format!("no longer accepts the alternative `{name}`")
            } else {
                format!("perhaps no longer accepts all of the alternative `{name}`")
            };
            pair.change(&RULE, &format!("anyOf {name}"), predicate)
                .severity(severity)
                .values(format!("`{name}` ({}) among the alternatives", stray.kinds), "not among them")
                .at(stray.pointer.clone().or_else(|| from.pointer.clone()), to.pointer.clone())
        })
        .collect();
    if pair.only_strays {
        return changes;
    }
    let lost = lost_kinds(from, to, pair.wire);
    if !lost.is_empty() {
        let predicate = format!("no longer accepts {}", lost.articled());
        let listed = from.members.as_ref().and_then(|m| m.iter().find(|v| Kinds::of(v).meets(lost)).cloned());
        changes.push(
            pair.change(&RULE, "type", predicate)
                .values(from.effective_kinds().to_string(), to.effective_kinds().to_string())
                .witness(listed.or(lost.example()).as_ref().map(shown)),
        );
    }
    if let Some(loss) = lost_format(from, to) {
        let (before, after) =
            (from.format.as_deref().unwrap_or("any"), to.format.as_deref().unwrap_or("any"));
        changes.push(
            pair.change(&RULE, "format", format!("must be in the format `{after}`, was `{before}`"))
                .severity(loss.severity)
                .values(format!("format {before}"), format!("format {after}"))
                .witness(loss.witness.map(str::to_owned)),
        );
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, parameter, request, silent};
    use serde_json::{Value, json};

    #[test]
    fn a_kind_no_longer_accepted_fires() {
        let found = fires(&RULE, &request(json!({"type": "number"})), &request(json!({"type": "integer"})));
        assert_eq!(found[0].title, "request body of POST /things no longer accepts a fractional number");
        assert!(found[0].detail.contains("0.5 was valid"), "{}", found[0].detail);
        silent(&request(json!({"type": "integer"})), &request(json!({"type": "number"})));
        let nullable = request(json!({"type": "string", "nullable": true}));
        fires(&RULE, &nullable, &request(json!({"type": "string"})));
        silent(&request(json!({"type": "string"})), &nullable);
    }

    #[test]
    fn an_alternative_gone_fires() {
        let cat = json!({"type": "object", "required": ["meow"], "properties": {"meow": {"type": "string"}}});
        let dog =
            json!({"type": "object", "required": ["bark"], "properties": {"bark": {"type": "integer"}}});
        let bird =
            json!({"type": "object", "required": ["song"], "properties": {"song": {"type": "boolean"}}});
        let all = request(json!({"oneOf": [cat, dog, bird]}));
        let fewer = request(json!({"oneOf": [dog, cat]}));
        fires(&RULE, &all, &fewer);
        silent(&fewer, &all);
    }

    #[test]
    fn formats_are_sets() {
        let id = |format: Value| request(json!({"type": "integer", "format": format}));
        let found = fires(&RULE, &id(json!("int64")), &id(json!("int32")));
        assert!(found[0].detail.contains("2147483648"));
        silent(&id(json!("int32")), &id(json!("int64")));
        let text = request(json!({"type": "string"}));
        let found = fires(&RULE, &text, &request(json!({"type": "string", "format": "uuid"})));
        assert_eq!(found[0].severity, Severity::Warning);
        silent(&text, &request(json!({"type": "string", "format": "password"})));
    }

    #[test]
    fn in_a_query_everything_is_text() {
        let limit = |kind: &str| parameter(json!({"name": "limit", "in": "query", "schema": {"type": kind}}));
        silent(&limit("integer"), &limit("string"));
        fires(&RULE, &limit("string"), &limit("integer"));
    }
}
