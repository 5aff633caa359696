//! A filter does not filter.
//!
//! ## What it does
//! Takes a query parameter of a list that is named like a property of its items (`scan_type`, `status`), asks for two
//! values that items have, and looks at what comes back. Fires only if both answers hold items whose property is
//! another. A list whose items do not have two such values is given some first, if what it shows can be created.
//! What a server may mean instead of equality is left out: a free text that occurs anywhere in the item (a
//! prefix, a part, a search), letter case, lists that hold the value, a truth value that only adds items, numbers that
//! are no ids (they may be thresholds), and moments.
//!
//! ## Why it matters
//! A client that asks for critical findings works through all of them, or deletes what it did not mean.
//!
//! ## Example
//! `GET /scans?scan_type=Network` and `?scan_type=Container` both answer scans of every type.
//!
//! ## How to fix
//! Apply the parameter to the query, and refuse with 400 what cannot be applied.

use crate::check::compare::{differs, is_volatile, words};
use crate::check::paging::listed;
use crate::check::sequence::{Transcript, Verdict};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use crate::spec::Location;
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "filter-ignored",
    title: "A filter does not filter",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

/// The property of the items that a query parameter filters by, if its name says so.
pub(crate) fn filtered<'i>(parameter: &str, items: &'i [Value]) -> Option<&'i str> {
    let names = items.iter().filter_map(Value::as_object).flat_map(|item| item.keys());
    names.map(String::as_str).find(|name| words(name) == words(parameter))
}

/// Whether equality is what a filter by this value most likely means.
pub(crate) fn is_telling(property: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty() && text.len() <= 100 && !is_volatile(property),
        Value::Bool(_) => true,
        Value::Number(_) => words(property).last().is_some_and(|word| word == "id"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let mut contradictions = Vec::new();
    let mut name = None;
    let steps = transcript.all_shown(Role::Filtered)?;
    for step in &steps {
        let (parameter, value) = asked(transcript, step)?;
        let body = step.json()?;
        let items = listed(&body)?;
        let property = filtered(&parameter, items);
        let other = property.and_then(|property| items.iter().find(|i| contradicts(&i[property], &value, i)));
        contradictions.extend(other.map(|item| (*step, value.clone(), item.clone())));
        name = Some(parameter);
    }
    let (name, subject) = (name?, steps.first()?);
    if steps.len() < 2 {
        return None;
    }
    let mut findings = Vec::new();
    if contradictions.len() == steps.len() {
        let evidence: Vec<&Step> = contradictions.iter().map(|(step, ..)| *step).collect();
        let title = format!("does not filter by `{name}`");
        let mut finding = transcript.finding(&RULE, &name, title, &evidence);
        for (_, value, item) in &contradictions {
            finding.detail.push_str(&format!("\nasked for {value}, came: {item}"));
        }
        findings.push(finding);
    }
    Some((subject.operation.clone(), findings))
}

/// The parameter by which a step filters, and its value: the query parameter that the list without it lacks.
fn asked(transcript: &Transcript, step: &Step) -> Option<(String, Value)> {
    let plain = transcript.first(Role::Unfiltered)?;
    let mut parameters = step.case.parameters.iter().filter(|p| p.location == Location::Query);
    let parameter = parameters.find(|p| plain.case.parameter(p.location, &p.name).is_none())?;
    let value = step.case.parameter(parameter.location, &parameter.name)?;
    let value = match value {
        Value::Array(values) => values.first()?,
        other => other,
    };
    Some((parameter.name.clone(), value.clone()))
}

/// Whether an item has another value where this one was asked for, in every way that a filter may be meant.
fn contradicts(found: &Value, asked: &Value, item: &Value) -> bool {
    let elements = found.as_array().map_or_else(|| vec![found], |list| list.iter().collect());
    let comparable = !elements.is_empty() && elements.iter().all(|one| differs(asked, one).is_some());
    let other = comparable && elements.iter().all(|one| differs(asked, one) == Some(true));
    let searched = asked.as_str().is_some_and(|text| occurs(&text.trim().to_lowercase(), item));
    other && !searched
}

/// Whether a text occurs anywhere in a value.
fn occurs(text: &str, value: &Value) -> bool {
    match value {
        Value::String(found) => {
            let found = found.to_lowercase();
            found.contains(text) || !found.trim().is_empty() && text.contains(found.trim())
        }
        Value::Array(items) => items.iter().any(|item| occurs(text, item)),
        Value::Object(map) => map.values().any(|value| occurs(text, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use serde_json::json;

    fn run(name: &str, asked: [(Value, Value); 2]) -> Option<usize> {
        let world = World::get();
        let mut steps =
            vec![step(Role::Unfiltered, Method::Get, "/pets", positive(), json_answer(200, &json!([])))];
        for (value, body) in asked {
            let case = with_parameter(positive(), Location::Query, name, value);
            steps.push(step(Role::Filtered, Method::Get, "/pets", case, json_answer(200, &body)));
        }
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_items_of_another_kind() {
        let all = json!([{"id": 1, "kind": "cat"}, {"id": 2, "kind": "dog"}]);
        assert_eq!(run("kind", [(json!("cat"), all.clone()), (json!("dog"), all.clone())]), Some(1));
        assert_eq!(run("kind", [(json!(["cat"]), all.clone()), (json!(["dog"]), all.clone())]), Some(1));
        let wrapped = json!({"items": all, "total": 2});
        assert_eq!(run("kind", [(json!("cat"), wrapped.clone()), (json!("dog"), wrapped)]), Some(1));
        let owned = json!([{"ownerId": 1}, {"ownerId": 2}]);
        assert_eq!(run("owner_id", [(json!(1), owned.clone()), (json!(2), owned)]), Some(1));
        let flags = json!([{"live": true}, {"live": false}]);
        assert_eq!(run("live", [(json!(true), flags.clone()), (json!(false), flags)]), Some(1));
    }

    #[test]
    fn silent_on_every_way_to_filter() {
        let check = |name: &str, one: (Value, Value), two: (Value, Value)| {
            assert_eq!(run(name, [one, two]), Some(0), "{name}");
        };
        check(
            "kind",
            (json!("cat"), json!([{"kind": "Cat"}])),
            (json!("dog"), json!([{"kind": "dog"}, {"kind": "dog"}])),
        );
        check("kind", (json!("cat"), json!([])), (json!("dog"), json!([])));
        // A prefix, a part, a search in other properties, lists that hold the value.
        check(
            "name",
            (json!("Tom"), json!([{"name": "Tommy"}, {"name": "Atom"}])),
            (json!("mia"), json!([{"name": "x", "about": "Mia's friend"}])),
        );
        check("tags", (json!("a"), json!([{"tags": ["a", "b"]}])), (json!("b"), json!([{"tags": ["b"]}])));
        // A truth value that only adds items.
        let flags = json!([{"archived": true}, {"archived": false}]);
        check("archived", (json!(true), flags), (json!(false), json!([{"archived": false}])));
        // One of two values is no proof.
        let all = json!([{"kind": "cat"}, {"kind": "dog"}]);
        check("kind", (json!("cat"), json!([{"kind": "cat"}])), (json!("dog"), all));
    }

    #[test]
    fn only_values_that_mean_equality_are_telling() {
        for (name, value, expected) in [
            ("kind", json!("cat"), true),
            ("owner_id", json!(5), true),
            ("age", json!(5), false),
            ("updated_at", json!("2026-01-01"), false),
            ("kind", json!(""), false),
            ("kind", json!(null), false),
        ] {
            assert_eq!(is_telling(name, &value), expected, "{name} {value}");
        }
        let items = [json!({"scanType": "x"})];
        assert_eq!(filtered("scan_type", &items), Some("scanType"));
        assert_eq!(filtered("type", &items), None);
    }
}
