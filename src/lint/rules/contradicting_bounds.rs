//! # contradicting-bounds
//!
//! ## What it says
//!
//! Reports a schema whose lower bound lies above its upper bound: `minimum` and `maximum`, `minLength` and
//! `maxLength`, `minItems` and `maxItems`, `minProperties` and `maxProperties`, exclusive bounds included.
//!
//! ## Why it matters
//!
//! No number, text, list or object can obey both. No valid request can be made, and every answer breaks the
//! schema.
//!
//! ## Example
//!
//! `{type: integer, minimum: 10, maximum: 1}`
//!
//! ## How to fix
//!
//! Swap the two bounds, or correct the wrong one.

use crate::lint::keyword::{Bound, number_bound};
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::spec::Issue;
use serde_json::Value;

/// The rule.
pub(crate) const RULE: LintRule = LintRule::warning(
    "contradicting-bounds",
    "a lower bound lies above the upper one",
    "JSON Schema Validation §6",
);

const PAIRS: &[(&str, &str)] =
    &[("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")];

/// Judges one schema.
pub(crate) fn judge(node: &Node<'_>, scene: &Scene<'_>) -> Vec<Issue> {
    let mut found = Vec::new();
    if !scene.counts(node.schema) {
        return found;
    }
    if let (Some(low), Some(high)) = (number_bound(node, scene, true), number_bound(node, scene, false)) {
        let touching = low.limit == high.limit && (low.exclusive || high.exclusive);
        if low.limit > high.limit || touching {
            let strict = |bound: &Bound| if bound.exclusive { ", exclusive," } else { "" };
            let message = format!(
                "no number is at least {}{} and at most {}{}",
                low.limit,
                strict(&low),
                high.limit,
                strict(&high)
            );
            let message = message.trim_end_matches(',');
            found.push(RULE.at(&node.at.push(low.key), message, "swap the bounds, or correct one"));
        }
    }
    for (lower, upper) in PAIRS {
        let limit = |key: &str| node.schema.get(key).and_then(Value::as_f64);
        if let (Some(low), Some(high)) = (limit(lower), limit(upper))
            && low > high
        {
            let message = format!("`{lower}` {low} lies above `{upper}` {high}");
            found.push(RULE.at(&node.at.push(lower), message, "swap the bounds, or correct one"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        fires(&RULE, &request("3.0.3", json!({"type": "integer", "minimum": 10, "maximum": 1})));
        fires(&RULE, &request("3.1.0", json!({"type": "number", "exclusiveMinimum": 1, "maximum": 1})));
        fires(&RULE, &request("3.0.3", json!({"type": "string", "minLength": 3, "maxLength": 2})));
        silent(&request("3.0.3", json!({"type": "integer", "minimum": 1, "maximum": 1})));
        silent(&request(
            "3.0.3",
            json!({"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}),
        ));
    }
}
