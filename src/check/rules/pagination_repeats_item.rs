//! Two consecutive pages of a list share an item.
//!
//! ## What it does
//! Asks for two consecutive pages of a list and reports an item that stands on both. Items are known by their own id
//! (`id`, or `asset_id` under `/assets`); if they have only ids of other things, by all of their properties. Judged
//! only if the first page was full, the pages do not overlap by what was asked for, ids tell the items of one page
//! apart, and the first page is the same when it is asked for once more.
//!
//! ## Why it matters
//! Whoever reads the list page by page gets items twice, and, as often, others not at all.
//!
//! ## Example
//! `GET /assets?start=0&limit=2` answers assets 1 and 2, `GET /assets?start=2&limit=2` assets 2 and 3.
//!
//! ## How to fix
//! Order the list by something unique before you cut it, and count the offset from its documented beginning.

use crate::check::Role;
use crate::check::paging::{has_offset, identities, items, limit, offset};
use crate::check::sequence::{Transcript, Verdict};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "pagination-repeats-item",
    title: "Two consecutive pages share an item",
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
    let (first, second) = transcript.pair(Role::Page1, Role::Page2, &[Role::Create, Role::Delete])?;
    let operation = transcript.operation(first)?;
    let different =
        first.operation == second.operation && first.exchange.request.url != second.exchange.request.url;
    let limit = limit(&first.case)?;
    if !different || first.status() != Some(200) || second.status() != Some(200) {
        return None;
    }
    let document = &transcript.api.document;
    if has_offset(&second.case) {
        let begin = offset(operation, document, &first.case).unwrap_or(0);
        // Pages that overlap by what was asked for must share items.
        if offset(operation, document, &second.case)? < begin + limit {
            return None;
        }
    }
    let (one, two) = (first.json()?, second.json()?);
    let (one, two) = (items(&one)?, items(&two)?);
    // A longer page means that the limit is not kept: nothing was cut that could overlap.
    if one.len() as u64 != limit || two.is_empty() {
        return None;
    }
    let [names, more] = identities(operation, [one, two])?;
    let repeated: Vec<&Vec<Value>> = more.iter().filter(|name| names.contains(name)).collect();
    if repeated.is_empty() {
        return Some((first.operation.clone(), Vec::new()));
    }
    let title = "repeats an item of one page on the next".to_owned();
    let mut finding = transcript.finding(&RULE, "page", title, &[first, second]);
    let shown: Vec<String> =
        repeated.iter().take(5).map(|name| Value::from((*name).clone()).to_string()).collect();
    finding.detail.push_str(&format!("\non both pages: {}", shown.join(", ")));
    Some((first.operation.clone(), vec![finding]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, at, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use crate::spec::Location;
    use serde_json::json;

    fn verdict(pages: [(u64, Value); 2], limit: u64) -> Option<usize> {
        let world = World::get();
        let [one, two] = pages.map(|(start, body)| {
            let case = with_parameter(positive(), Location::Query, "start", json!(start));
            let case = with_parameter(case, Location::Query, "limit", json!(limit));
            (case, at(&format!("/pets?start={start}&limit={limit}"), json_answer(200, &body)))
        });
        let steps = [
            step(Role::Page1, Method::Get, "/pets", one.0, one.1),
            step(Role::Page2, Method::Get, "/pets", two.0, two.1),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn list(ids: &[u64]) -> Value {
        ids.iter().map(|id| json!({"id": id, "kind": "cat"})).collect()
    }

    #[test]
    fn fires_on_a_shared_item() {
        assert_eq!(verdict([(0, list(&[1, 2])), (2, list(&[2, 3]))], 2), Some(1));
        let wrap = |ids: &[u64]| json!({"total": 3, "items": list(ids)});
        assert_eq!(verdict([(0, wrap(&[1, 2])), (2, wrap(&[2]))], 2), Some(1));
    }

    #[test]
    fn silent_on_consecutive_pages() {
        assert_eq!(verdict([(0, list(&[1, 2])), (2, list(&[3, 4]))], 2), Some(0));
    }

    #[test]
    fn cannot_judge_overlapping_requests_and_pages_that_are_not_full() {
        assert_eq!(verdict([(0, list(&[1, 2])), (1, list(&[2, 3]))], 2), None);
        assert_eq!(verdict([(0, list(&[1])), (2, list(&[1]))], 2), None);
        assert_eq!(verdict([(0, list(&[1, 2, 3])), (2, list(&[1, 2, 3]))], 2), None);
        assert_eq!(verdict([(0, list(&[1, 2])), (2, list(&[]))], 2), None);
        assert_eq!(verdict([(0, list(&[1, 2])), (0, list(&[1, 2]))], 2), None);
    }

    #[test]
    fn cannot_judge_items_without_names() {
        assert_eq!(verdict([(0, json!([1, 2])), (2, json!([2, 3]))], 2), None);
        assert_eq!(verdict([(0, list(&[1, 1])), (2, list(&[1, 3]))], 2), None);
    }
}
