//! The server stores a range that ends before it begins.
//!
//! ## What it does
//! Looks for properties of one object whose names make them the two ends of a range (`start_date` and `end_date`,
//! `created_after` and `created_before`, `min_price` and `max_price`), sends them the wrong way round to operations that
//! change something, and reports those that answer 2xx and thereby keep it (a `POST` that answers 200 with something
//! else may be a search). Moments are compared under any such names, numbers only under
//! names that speak of amounts. Silent on filters in a query: nothing lies in such a range, and an empty list is right.
//!
//! A warning, and off unless it is enabled: no schema can say that the one must not lie above the other, so this is a
//! guess at what the business wants. The cases themselves are always sent, since no server may crash on them; whether
//! it accepts or refuses them, other rules do not ask.
//!
//! ## Why it matters
//! What ends before it begins is stored, and every report, invoice and calendar made of it is wrong, far from the cause.
//!
//! ## Example
//! `POST /bookings` with `"start_date": "2024-01-16", "end_date": "2024-01-15"` answers `201 Created`.
//!
//! ## How to fix
//! Compare the two on input and answer 4xx, or leave the rule off if such a range means something, as a night shift's
//! hours do.

use crate::case::{Case, Mode};
use crate::check::Context;
use crate::check::compare::resource;
use crate::check::refusal::refuses_in_body;
use crate::check::wording::{change_words, without_indices};
use crate::exchange::{Exchange, Method, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::schema::Pointer;
use crate::spec::Operation;
use serde_json::{Map, Value};

pub(crate) const RULE: Rule = Rule {
    id: "inverted-range-accepted",
    title: "The server stores a range that ends before it begins",
    severity: Severity::Warning,
    family: Family::Input,
    since: "0.1.0",
    reference: "",
    fault_code: None,
    default_on: false,
};

pub(crate) fn check(context: &Context, case: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let reason = &case.reason;
    let about_body = reason.part.strip_prefix("body");
    let operation = context.operation;
    if case.mode != Mode::Robustness || reason.keyword != "inverted-range" || operation.method.is_safe() {
        return None;
    }
    let instance = Pointer::parse(about_body?.trim_start())?;
    let response = exchange.response()?;
    match response.status {
        200..=299 if !refuses_in_body(response) && !is_stored(operation, &instance, response) => return None,
        200..=299 if !refuses_in_body(response) => {}
        200..=299 | 400 | 409 | 422 => return Some(Vec::new()),
        // Anything else is about something else.
        _ => return None,
    }
    let site = Site::new(&[&without_indices(&reason.part), reason.pointer.as_str()]);
    let title = format!("accepts a range the wrong way round: {}", change_words(case));
    let place = Place {
        document: Some(reason.pointer.clone()),
        instance: Some(instance),
        label: reason.part.clone(),
    };
    let finding = Finding::new(&RULE, Some(&operation.key), &site, title)
        .detail(format!("answered {}; that it is a range is a guess by the names", response.status))
        .place(place);
    Some(vec![finding])
}

/// Whether the answer to a change says that the range now lies somewhere. A `POST` may be a search.
fn is_stored(operation: &Operation, instance: &Pointer, response: &Response) -> bool {
    if operation.method != Method::Post || response.status == 201 {
        return true;
    }
    let names = instance.last().map(|name| Map::from_iter([(name, Value::Null)])).unwrap_or_default();
    response.json().is_some_and(|answer| resource(&answer, &names).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Phase;
    use crate::check::fixture::{World, answer, json_answer, negative, positive, with_body};
    use serde_json::json;

    fn inverted(part: &str) -> Case {
        let body = json!({"start_date": "2024-01-16", "end_date": "2024-01-15"});
        let case = negative(part, "inverted-range", "start_date above end_date");
        let case = Case { mode: Mode::Robustness, phase: Phase::Robustness, ..case };
        with_body(case, "application/json", body)
    }

    fn verdict(method: Method, case: &Case, exchange: &Exchange) -> Option<usize> {
        let world = World::new(method, "/bookings");
        check(&world.context(), case, exchange).map(|found| found.len())
    }

    #[test]
    fn fires_where_the_wrong_way_round_is_stored() {
        let case = inverted("body /start_date");
        let world = World::new(Method::Post, "/bookings");
        let found = check(&world.context(), &case, &answer(201, "", "")).expect("can judge");
        assert_eq!(
            found[0].title,
            "accepts a range the wrong way round: start_date above end_date in body /start_date"
        );
        assert_eq!(verdict(Method::Put, &case, &answer(200, "", "")), Some(1));
    }

    #[test]
    fn silent_where_it_is_refused_in_any_way() {
        let case = inverted("body /start_date");
        for status in [400, 409, 422] {
            assert_eq!(verdict(Method::Post, &case, &answer(status, "", "")), Some(0));
        }
        let refused = json_answer(200, &json!({"ok": false, "error": "dates"}));
        assert_eq!(verdict(Method::Post, &case, &refused), Some(0));
        for status in [401, 404, 429, 500] {
            assert_eq!(verdict(Method::Post, &case, &answer(status, "", "")), None);
        }
    }

    #[test]
    fn silent_on_filters_and_on_all_other_cases() {
        let filter = inverted("query parameter start_date");
        assert_eq!(verdict(Method::Get, &filter, &answer(200, "", "")), None);
        assert_eq!(verdict(Method::Post, &filter, &answer(200, "", "")), None);
        assert_eq!(verdict(Method::Post, &positive(), &answer(201, "", "")), None);
        let search = inverted("body /start_date");
        assert_eq!(verdict(Method::Post, &search, &json_answer(200, &json!({"hits": []}))), None);
        let echo = json_answer(200, &json!({"data": {"start_date": "2024-01-16"}}));
        assert_eq!(verdict(Method::Post, &search, &echo), Some(1));
        assert_eq!(verdict(Method::Query, &search, &answer(200, "", "")), None);
    }
}
