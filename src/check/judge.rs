//! One exchange before all rules that look at one.
//!
//! This only calls rules; it must never judge anything itself.

use crate::case::Case;
use crate::check::rules::{
    allow_missing, caching_headers_broken, challenge_missing, charset_mismatch, content_coding_broken,
    error_leak, inverted_range_accepted, misused_status, negative_data_accepted, response_header_mismatch,
    response_schema_mismatch, server_error, slow_response, undocumented_content_type, undocumented_status,
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
    (&content_coding_broken::RULE, content_coding_broken::check),
    (&charset_mismatch::RULE, charset_mismatch::check),
    (&misused_status::RULE, misused_status::check),
    (&caching_headers_broken::RULE, caching_headers_broken::check),
    (&allow_missing::RULE, allow_missing::check),
    (&error_leak::RULE, error_leak::check),
    (&challenge_missing::RULE, |context, _, exchange| challenge_missing::check(context, exchange)),
    (&negative_data_accepted::RULE, negative_data_accepted::check),
    (&inverted_range_accepted::RULE, inverted_range_accepted::check),
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

/// What is true of an answer whatever came before it.
pub fn judge_anywhere(context: &Context, case: &Case, exchange: &Exchange) -> Judgement {
    let mut judgement = Judgement::default();
    let always = [&server_error::RULE, &response_schema_mismatch::RULE];
    for (rule, check) in CHECKS.iter().filter(|(rule, _)| always.iter().any(|one| one.id == rule.id)) {
        if context.options.runs(rule) {
            judgement.add(rule.id, check(context, case, exchange));
        }
    }
    judgement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{
        World, answer, header, json_answer, negative, no_answer, positive, with_parameter,
    };
    use crate::exchange::TransportErrorKind;
    use crate::spec::Location;
    use proptest::prelude::*;
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
        let expected = [
            "server-error",
            "undocumented-status",
            "undocumented-content-type",
            "response-schema-mismatch",
            "charset-mismatch",
        ];
        assert_eq!(judgement.exercised, expected);
    }

    fn world() -> World {
        let error = json!({"type": "object", "required": ["error"]});
        World::get()
            .schema("Pet", json!({"type": "object", "required": ["id"]}))
            .schema("Error", error)
            .schema("Count", json!({"type": "integer"}))
            .schema("Limit", json!({"type": "integer", "maximum": 9}))
            .parameter(Location::Query, "limit", "Limit")
            .response("422", "application/json", Some("Error"))
            .response("200", "application/json", Some("Pet"))
            .header("X-Count", "Count", false)
    }

    #[track_caller]
    fn only(case: &Case, exchange: &Exchange, rule: &str) {
        let judgement = judge(&world().context(), case, exchange);
        let found: Vec<&str> = judgement.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(found, [rule]);
        assert!(judgement.exercised.contains(&rule));
    }

    #[test]
    fn each_fault_is_one_finding_of_one_rule() {
        let good = || json_answer(200, &json!({"id": 1}));
        only(&positive(), &json_answer(500, &json!({})), "server-error");
        only(&positive(), &answer(500, "text/html", "<p>"), "server-error");
        only(&positive(), &no_answer(TransportErrorKind::Closed), "server-error");
        only(&positive(), &json_answer(206, &json!({"id": 1})), "undocumented-status");
        only(&positive(), &answer(409, "text/html", "<p>"), "undocumented-status");
        only(&positive(), &answer(200, "text/html", "<p>"), "undocumented-content-type");
        only(&positive(), &answer(200, "text/html", "{\"id\": 1}"), "undocumented-content-type");
        only(&positive(), &answer(200, "", "{\"id\": 1}"), "undocumented-content-type");
        only(&positive(), &header(good(), "x-count", "many"), "response-header-mismatch");
        only(&positive(), &json_answer(200, &json!({})), "response-schema-mismatch");
        only(&positive(), &answer(200, "application/json", "{"), "response-schema-mismatch");
        only(&positive(), &answer(200, "", ""), "response-schema-mismatch");
        let wrong = negative("query parameter limit", "maximum", "one above the maximum");
        let wrong = with_parameter(wrong, Location::Query, "limit", json!(10));
        only(&wrong, &good(), "negative-data-accepted");
        only(&wrong, &json_answer(422, &json!({"message": "no"})), "response-schema-mismatch");
    }

    #[test]
    fn a_disabled_rule_is_neither_run_nor_counted() {
        let mut world = World::get().response("200", "", None);
        world.options = world.options.clone().without("server-error").without("error-leak");
        let judgement = judge(&world.context(), &positive(), &answer(500, "", ""));
        assert_eq!(judgement, Judgement::default());
    }

    proptest! {
        #[test]
        fn no_answer_breaks_the_judge(
            status in 100_u16..1000,
            media_type in "[a-z*]{0,4}/?[a-z+*]{0,6}(;[a-z=]{0,9})?",
            body in "[\\[\\]{}\":,0-9a-e.\u{e9}-]{0,12}",
            count in ".{0,6}",
            part in "(path|query|header|cookie|body)( parameter)?( /?[a-z0-9/~]{0,5})?",
            keyword in "(type|required|nullable|content-type)",
        ) {
            let exchange = header(answer(status, &media_type, &body), "x-count", &count);
            let case = with_parameter(negative(&part, &keyword, "x"), Location::Query, "limit", json!(count));
            let judgement = judge(&world().context(), &case, &exchange);
            for finding in &judgement.findings {
                prop_assert!(judgement.exercised.iter().any(|id| *id == finding.rule));
                prop_assert!(!finding.places.is_empty() && !finding.title.is_empty());
            }
            prop_assert_eq!(&judgement, &judge(&world().context(), &case, &exchange));
        }
    }
}
