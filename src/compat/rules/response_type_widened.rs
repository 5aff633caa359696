//! # response-type-widened
//!
//! ## What it does
//!
//! Reports kinds of response values that could not arrive before: a `type` changed or added to a list, a new
//! alternative of `oneOf`/`anyOf`, or a wider `format` (`int32` → `int64`). `null` is
//! `response-property-became-nullable`. A format that is dropped gives a warning.
//!
//! ## Why it matters
//!
//! Readers fail to decode a kind of value they do not expect.
//!
//! ## Example
//!
//! The property `id` changes from `integer` to `string`.
//!
//! ## How to fix
//!
//! Keep the type, and add a property of the new type beside it.

use crate::compat::change::Change;
use crate::compat::node::Kinds;
use crate::compat::pair::SchemaPair;
use crate::compat::relation::{lost_format, lost_kinds, shown};
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-type-widened",
    title: "a response value may now be of another type",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 (validation) §6.1.1",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    if pair.is_request() {
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
                format!("may now be the alternative `{name}`")
            } else {
                format!("may perhaps be wider in the alternative `{name}`")
            };
            pair.change(&RULE, &format!("anyOf {name}"), predicate)
                .severity(severity)
                .values("not among the alternatives", format!("`{name}` ({}) among them", stray.kinds))
                .at(to.pointer.clone(), stray.pointer.clone().or_else(|| from.pointer.clone()))
        })
        .collect();
    if pair.only_strays {
        return changes;
    }
    let anything = from.kinds == Kinds::ALL;
    let lost = lost_kinds(from, to, pair.wire);
    let lost = if anything { lost } else { lost.without(Kinds::NULL) };
    if !lost.without(Kinds::NULL).is_empty() {
        let listed = from.members.as_ref().and_then(|m| m.iter().find(|v| Kinds::of(v).meets(lost)).cloned());
        changes.push(
            pair.change(&RULE, "type", format!("may now be {}", lost.articled()))
                .values(to.effective_kinds().to_string(), from.effective_kinds().to_string())
                .witness(listed.or(lost.example()).as_ref().map(shown)),
        );
    }
    if let Some(loss) = lost_format(from, to) {
        let (before, after) =
            (to.format.as_deref().unwrap_or("any"), from.format.as_deref().unwrap_or("any"));
        changes.push(
            pair.change(&RULE, "format", format!("may now be in the format `{after}`, was `{before}`"))
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
    use crate::compat::fixture::{fires, response, silent};
    use serde_json::json;

    #[test]
    fn another_kind_fires() {
        let found = fires(&RULE, &response(json!({"type": "integer"})), &response(json!({"type": "string"})));
        assert_eq!(found[0].title, "response body of GET /things may now be a string");
        fires(&RULE, &response(json!({"type": "integer"})), &response(json!({"type": "number"})));
        silent(&response(json!({"type": "number"})), &response(json!({"type": "integer"})));
        fires(&RULE, &response(json!({"type": "string"})), &response(json!({})));
    }

    #[test]
    fn wider_formats_fire() {
        let id = |format: &str| response(json!({"type": "integer", "format": format}));
        let found = fires(&RULE, &id("int32"), &id("int64"));
        assert!(found[0].detail.contains("2147483648 may now arrive"), "{}", found[0].detail);
        silent(&id("int64"), &id("int32"));
    }

    #[test]
    fn a_new_alternative_fires() {
        let cat = json!({"type": "object", "required": ["meow"], "properties": {"meow": {"type": "string"}}});
        let dog =
            json!({"type": "object", "required": ["bark"], "properties": {"bark": {"type": "integer"}}});
        let bird =
            json!({"type": "object", "required": ["song"], "properties": {"song": {"type": "boolean"}}});
        let fewer = response(json!({"anyOf": [dog, cat]}));
        let all = response(json!({"anyOf": [cat, dog, bird]}));
        fires(&RULE, &fewer, &all);
        silent(&all, &fewer);
    }
}
