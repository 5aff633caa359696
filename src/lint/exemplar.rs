//! Values that a document itself gives, and whether they fit the schema beside which they stand.
//!
//! Formats are overlooked; a value that fits in one of the directions in which it travels is fine.

use crate::lint::keyword::shown;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::schema::{Direction, Pointer};
use crate::spec::Issue;
use serde_json::Value;

/// A value of the document.
pub(crate) struct Exemplar<'d> {
    /// Where it stands.
    pub(crate) at: Pointer,
    /// What it is called: `example`, `default`.
    pub(crate) what: &'static str,
    /// The value.
    pub(crate) value: &'d Value,
}

/// The issue that `exemplar` breaks the schema at `schema`; none if it fits, or nobody can tell.
pub(crate) fn mismatch(
    rule: &LintRule,
    scene: &Scene<'_>,
    schema: &Pointer,
    directions: &[Direction],
    exemplar: &Exemplar<'_>,
) -> Option<Issue> {
    let wrong = wrong(scene, schema, directions, exemplar.value)?;
    let message = format!("{} does not fit its schema: {wrong}", exemplar.what);
    Some(rule.at(&exemplar.at, message, "correct the value, or the schema"))
}

/// What is wrong with `value`; `None` if it fits in some direction, or nobody can tell.
pub(crate) fn wrong(
    scene: &Scene<'_>,
    schema: &Pointer,
    directions: &[Direction],
    value: &Value,
) -> Option<String> {
    if !scene.may_compile(schema) {
        return None;
    }
    let mut told = None;
    for direction in directions {
        let errors = scene.validators.validate(schema, *direction, value).ok()?;
        let first = errors.into_iter().next()?;
        if told.is_none() {
            let place = match first.instance.as_str() {
                "" => String::new(),
                inner => format!("at `{inner}`: "),
            };
            told = Some(format!("{place}{}", first.message));
        }
    }
    told
}

/// Whether a text stands for a value that fits: examples are often written as they travel.
pub(crate) fn fits_as_text(
    scene: &Scene<'_>,
    schema: &Pointer,
    directions: &[Direction],
    value: &Value,
) -> bool {
    let Value::String(text) = value else { return false };
    let fits = |value: &Value| wrong(scene, schema, directions, value).is_none();
    if serde_json::from_str::<Value>(text).is_ok_and(|value| fits(&value)) {
        return true;
    }
    let pieces: Vec<Value> = text.split([',', '|', ' ']).map(|piece| Value::from(piece.trim())).collect();
    fits(&Value::Array(pieces.clone()))
        || fits(&Value::Array(
            pieces
                .into_iter()
                .map(|piece| piece.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(piece))
                .collect(),
        ))
}

/// A short text of the value, for a message.
pub(crate) fn brief(value: &Value) -> String {
    format!("`{}`", shown(value))
}
