//! A list is not sorted as it was asked to be.
//!
//! ## What it does
//! Takes a query parameter that says how to sort (`sort`, `order_by`), whose documented values name a property of the
//! items (`rank`, `-rank`, `rank:desc`), and asks for the list by it, both ways round where there are two. Fires if the
//! values go both up and down, or go the same way both times. Compared are numbers and moments in one notation alone;
//! texts are not, for there are as many orders as languages. Equal and missing values stand anywhere, either way may be
//! called up, and a list that is sorted within two groups (pinned items first) is sorted.
//!
//! ## Why it matters
//! Whoever takes the first ten as the ten newest, or stops reading at the first that is too old, is wrong.
//!
//! ## Example
//! `GET /views?sort=-rank` answers views with the ranks 10, 300, 20.
//!
//! ## How to fix
//! Apply the parameter before the list is cut into pages, and refuse with 400 what cannot be applied.

use crate::check::ordering::{Order, Run, run_of};
use crate::check::paging::listed;
use crate::check::sequence::{Transcript, Verdict};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "sort-ignored",
    title: "A list is not sorted as it was asked to be",
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

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let steps = transcript.all_shown(Role::Sorted)?;
    let first = *steps.first()?;
    let operation = transcript.operation(first)?;
    let mut seen = Vec::new();
    for step in &steps {
        let body = step.json()?;
        let items = listed(&body)?;
        let order = Order::asked(operation, &transcript.api.document, &step.case, items)?;
        let values: Vec<Value> = items.iter().map(|item| item[order.property.as_str()].clone()).collect();
        let run = run_of(items, &order.property)?;
        seen.push((*step, order, run, values));
    }
    let (_, order, ..) = seen.first()?;
    let mut findings = Vec::new();
    let mixed = seen.iter().find(|(_, _, run, _)| *run == Run::Mixed);
    let same = match seen.as_slice() {
        [(_, one, run, _), (_, other, rerun, _)] => one.is_opposite(other) && run == rerun,
        _ => false,
    };
    let shown: Vec<&(&Step, Order, Run, Vec<Value>)> = match mixed {
        Some(mixed) => vec![mixed],
        None if same => seen.iter().collect(),
        None => Vec::new(),
    };
    if !shown.is_empty() {
        let title = if mixed.is_some() {
            format!("does not sort by `{}`", order.property)
        } else {
            format!("sorts by `{}` the same way, whichever way was asked for", order.property)
        };
        let evidence: Vec<&Step> = shown.iter().map(|(step, ..)| *step).collect();
        let mut finding = transcript.finding(&RULE, &order.parameter, title, &evidence);
        for (.., values) in shown {
            let few: Vec<String> = values.iter().take(20).map(Value::to_string).collect();
            finding.detail.push_str(&format!("\n{}: {}", order.property, few.join(", ")));
        }
        findings.push(finding);
    }
    Some((first.operation.clone(), findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use crate::spec::Location;
    use serde_json::json;

    fn answers(asked: &[(&str, Value)]) -> Option<usize> {
        let names = json!({"enum": ["rank", "-rank", "+rank", "made:asc", "made:desc", "name", "-name"]});
        let world = World::get().schema("Sort", names).parameter(Location::Query, "sort", "Sort");
        let steps: Vec<Step> = asked
            .iter()
            .map(|(value, items)| {
                let case = with_parameter(positive(), Location::Query, "sort", json!(value));
                step(Role::Sorted, Method::Get, "/pets", case, json_answer(200, items))
            })
            .collect();
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn ranks(ranks: &[i64]) -> Value {
        ranks.iter().map(|rank| json!({"id": 1, "rank": rank})).collect()
    }

    #[test]
    fn fires_on_a_list_that_goes_up_and_down() {
        assert_eq!(answers(&[("rank", ranks(&[1, 9, 3, 8, 2]))]), Some(1));
        assert_eq!(answers(&[("rank", ranks(&[1, 2, 3])), ("-rank", ranks(&[1, 9, 3, 8]))]), Some(1));
        let made = |days: &[&str]| -> Value { days.iter().map(|day| json!({"made": day})).collect() };
        let mixed = made(&["2026-01-03", "2026-01-01", "2026-01-02", "2026-01-01"]);
        assert_eq!(answers(&[("made:desc", mixed)]), Some(1));
    }

    #[test]
    fn fires_on_one_order_both_ways() {
        assert_eq!(answers(&[("rank", ranks(&[1, 2, 3])), ("-rank", ranks(&[1, 2, 3]))]), Some(1));
        assert_eq!(answers(&[("+rank", ranks(&[1, 2, 3])), ("-rank", ranks(&[1, 2, 3]))]), Some(1));
    }

    #[test]
    fn silent_on_every_way_to_sort() {
        assert_eq!(answers(&[("rank", ranks(&[1, 2, 2, 3])), ("-rank", ranks(&[3, 2, 2, 1]))]), Some(0));
        // The best first, the newest first: what is up is not for us to say.
        assert_eq!(answers(&[("rank", ranks(&[3, 2, 1]))]), Some(0));
        assert_eq!(answers(&[("+rank", ranks(&[3, 2, 1])), ("-rank", ranks(&[1, 2, 3]))]), Some(0));
        // Missing values stand anywhere.
        let gaps = json!([{"rank": 1}, {"rank": null}, {"rank": 2}, {}, {"rank": 3}]);
        assert_eq!(answers(&[("rank", gaps)]), Some(0));
    }

    #[test]
    fn cannot_judge_a_list_that_is_sorted_within_two_groups() {
        // Pinned items come first.
        let pinned = json!([{"rank": 5, "pinned": true}, {"rank": 9, "pinned": true}, {"rank": 1, "pinned": false},
            {"rank": 2, "pinned": false}, {"rank": 7, "pinned": false}]);
        assert_eq!(answers(&[("rank", pinned)]), None);
    }

    #[test]
    fn cannot_judge_texts_few_values_and_mixed_notations() {
        let names: Value = ["b", "a", "c"].iter().map(|name| json!({"name": name})).collect();
        assert_eq!(answers(&[("name", names)]), None);
        assert_eq!(answers(&[("rank", ranks(&[2, 1, 2, 1]))]), None);
        let made =
            json!([{"made": "2026-01-01"}, {"made": "2026-01-03T00:00:00+02:00"}, {"made": "2026-01-02"}]);
        assert_eq!(answers(&[("made:asc", made)]), None);
        assert_eq!(answers(&[("rank", json!([]))]), None);
    }
}
