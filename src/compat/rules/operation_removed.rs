//! # operation-removed
//!
//! ## What it does
//!
//! Reports an operation of the old document that the new one no longer has. Paths are compared with their
//! parameter names erased, so that renaming `{id}` to `{petId}` is no removal. An operation that was marked
//! `deprecated` before gives a warning only.
//!
//! ## Why it matters
//!
//! Every client that calls it gets 404 or 405.
//!
//! ## Example
//!
//! `DELETE /pets/{id}` was in the old document and is not in the new one.
//!
//! ## How to fix
//!
//! Bring the operation back and mark it `deprecated`; remove it one release later.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::finding::{Family, Rule, Severity};
use crate::spec::Operation;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "operation-removed",
    title: "an operation was removed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.9",
    fault_code: None,
    default_on: true,
};

/// Judges an operation that the new document lacks.
pub(crate) fn judge(old: &Operation) -> Vec<Change> {
    let change = Change::new(&RULE, Anchor::new(Base::Operation), "removed", "was removed")
        .values(if old.deprecated { "there, deprecated" } else { "there" }, "gone")
        .witness(Some(format!("{}, any request", old.key)))
        .at(Some(old.pointer.clone()), None);
    vec![if old.deprecated { change.severity(Severity::Warning) } else { change }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{api, findings, fires};
    use serde_json::json;

    #[test]
    fn a_removed_operation_fires_and_a_renamed_path_parameter_does_not() {
        let operation = json!({"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"204": {"description": "done"}}});
        let renamed = json!({"parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"204": {"description": "done"}}});
        let old = api(json!({"/pets/{id}": {"get": operation, "delete": operation}}));
        fires(&RULE, &old, &api(json!({"/pets/{petId}": {"get": renamed}})));
        assert!(
            findings(&old, &api(json!({"/pets/{petId}": {"get": renamed, "delete": renamed}}))).is_empty()
        );
    }

    #[test]
    fn a_deprecated_one_is_a_warning() {
        let old = api(
            json!({"/pets": {"get": {"deprecated": true, "responses": {"204": {"description": "done"}}}}}),
        );
        let found = fires(&RULE, &old, &api(json!({})));
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].title, "the operation GET /pets was removed");
    }
}
