//! One exchange before all rules that look at one.
//!
//! This only calls rules; it must never judge anything itself.

use crate::case::Case;
use crate::check::rules::{
    negative_data_accepted, response_header_mismatch, response_schema_mismatch, server_error, slow_response,
    undocumented_content_type, undocumented_status,
};
use crate::check::{Context, Judgement};
use crate::exchange::Exchange;
use crate::finding::{Finding, Rule};

/// A rule about one exchange: its findings, or `None` if it could not have fired.
type Check = fn(&Context, &Case, &Exchange) -> Option<Vec<Finding>>;

/// Every rule about one exchange.
const CHECKS: &[(&Rule, Check)] = &[
    (&server_error::RULE, server_error::check),
    (&undocumented_status::RULE, undocumented_status::check),
    (&undocumented_content_type::RULE, undocumented_content_type::check),
    (&response_header_mismatch::RULE, response_header_mismatch::check),
    (&response_schema_mismatch::RULE, response_schema_mismatch::check),
    (&negative_data_accepted::RULE, negative_data_accepted::check),
    (&slow_response::RULE, slow_response::check),
];

/// What every enabled rule says of one exchange.
pub fn judge(context: &Context, case: &Case, exchange: &Exchange) -> Judgement {
    let mut judgement = Judgement::default();
    for (rule, check) in CHECKS {
        if context.options.runs(rule) {
            judgement.add(rule.id, check(context, case, exchange));
        }
    }
    judgement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, positive};
    use serde_json::json;

    #[test]
    fn a_conforming_answer_exercises_rules_and_breaks_none() {
        let world = World::get().schema("Pet", json!({"type": "object", "required": ["id"]})).response(
            "200",
            "application/json",
            Some("Pet"),
        );
        let judgement = judge(&world.context(), &positive(), &answer(200, "application/json", r#"{"id":1}"#));
        assert_eq!(judgement.findings, []);
        let expected =
            ["server-error", "undocumented-status", "undocumented-content-type", "response-schema-mismatch"];
        assert_eq!(judgement.exercised, expected);
    }

    #[test]
    fn a_disabled_rule_is_neither_run_nor_counted() {
        let mut world = World::get().response("200", "", None);
        world.options = world.options.clone().without("server-error");
        let judgement = judge(&world.context(), &positive(), &answer(500, "", ""));
        assert_eq!(judgement, Judgement::default());
    }
}
