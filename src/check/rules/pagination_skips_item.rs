//! An item stands on neither of two consecutive pages.
//!
//! ## What it does
//! Asks for two consecutive pages of a list and for the list in one long page. Fires if an item of the long page that
//! belongs on the second page is on neither. Items are known by their own id. Judged only if the first page is full
//! and is the beginning of the long page, the second begins where the first one ends by what was asked for, and the
//! first page is the same when it is asked for once more.
//!
//! ## Why it matters
//! Whoever reads the list page by page never sees the item, and does not know it.
//!
//! ## Example
//! `GET /comments?limit=100` answers comments 1 to 5. `start=0&limit=2` answers 1 and 2, `start=2&limit=2` 4 and 5.
//!
//! ## How to fix
//! Order the list by something unique before you cut it, and count the offset from its documented beginning.

use crate::check::Role;
use crate::check::paging::{has_offset, identity, limit, listed, offset};
use crate::check::sequence::{Transcript, Verdict};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "pagination-skips-item",
    title: "An item stands on neither of two consecutive pages",
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
    let whole = transcript.first(Role::WholeList)?;
    let operation = transcript.operation(first)?;
    let size = limit(&first.case)?;
    if [first, second, whole].iter().any(|step| step.status() != Some(200)) {
        return None;
    }
    if has_offset(&second.case) {
        let document = &transcript.api.document;
        let begin = offset(operation, document, &first.case).unwrap_or(0);
        if offset(operation, document, &second.case)? != begin + size {
            return None;
        }
    }
    let (one, two, all) = (first.json()?, second.json()?, whole.json()?);
    let (one, two, all) = (listed(&one)?, listed(&two)?, listed(&all)?);
    let name = identity(operation, all)?;
    let size = usize::try_from(size).ok()?;
    let ids = |items: &[Value]| items.iter().map(|item| item[name].clone()).collect::<Vec<Value>>();
    let (one, two, all) = (ids(one), ids(two), ids(all));
    if one.len() != size || all.len() <= size || one != all[..size] {
        return None;
    }
    let due = &all[size..all.len().min(2 * size)];
    // Pages that overlap repeat items, which is another fault.
    if two.iter().any(|id| one.contains(id)) {
        return None;
    }
    // A page of things that the long list does not have is another list, not a gap.
    if two.iter().any(|id| !all.contains(id)) {
        return None;
    }
    let missing: Vec<&Value> = due.iter().filter(|id| !two.contains(id)).collect();
    let mut findings = Vec::new();
    if !missing.is_empty() {
        let title = "leaves an item out between two consecutive pages".to_owned();
        let mut finding = transcript.finding(&RULE, "page", title, &[first, second, whole]);
        let shown: Vec<String> = missing.iter().map(ToString::to_string).collect();
        finding.detail.push_str(&format!("\non neither page: {}", shown.join(", ")));
        findings.push(finding);
    }
    Some((first.operation.clone(), findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, at, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use crate::spec::Location;
    use serde_json::json;

    fn run(pages: [(u64, &[u64]); 2], whole: &[u64]) -> Option<usize> {
        let world = World::get();
        let list = |ids: &[u64]| ids.iter().map(|id| json!({"id": id})).collect::<Value>();
        let ask = |role, start: u64, limit: u64, ids: &[u64]| {
            let case = with_parameter(positive(), Location::Query, "start", json!(start));
            let case = with_parameter(case, Location::Query, "limit", json!(limit));
            let answer = at(&format!("/pets?start={start}&limit={limit}"), json_answer(200, &list(ids)));
            step(role, Method::Get, "/pets", case, answer)
        };
        let steps = [
            ask(Role::Page1, pages[0].0, 2, pages[0].1),
            ask(Role::Page2, pages[1].0, 2, pages[1].1),
            ask(Role::WholeList, 0, 100, whole),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_a_gap() {
        assert_eq!(run([(0, &[1, 2]), (2, &[4, 5])], &[1, 2, 3, 4, 5]), Some(1));
        assert_eq!(run([(0, &[1, 2]), (2, &[])], &[1, 2, 3]), Some(1));
    }

    #[test]
    fn silent_without_one() {
        assert_eq!(run([(0, &[1, 2]), (2, &[3, 4])], &[1, 2, 3, 4, 5]), Some(0));
        assert_eq!(run([(0, &[1, 2]), (2, &[3])], &[1, 2, 3]), Some(0));
    }

    #[test]
    fn cannot_judge_lists_in_another_order_or_pages_that_are_not_consecutive() {
        assert_eq!(run([(0, &[2, 1]), (2, &[4, 5])], &[1, 2, 3, 4, 5]), None);
        assert_eq!(run([(0, &[1, 2]), (3, &[4, 5])], &[1, 2, 3, 4, 5]), None);
        assert_eq!(run([(0, &[1]), (2, &[4, 5])], &[1, 2, 3, 4, 5]), None);
        assert_eq!(run([(0, &[1, 2]), (2, &[2, 3])], &[1, 2, 3, 4, 5]), None);
        assert_eq!(run([(0, &[1, 2]), (2, &[8, 9])], &[1, 2, 3, 4, 5]), None);
        assert_eq!(run([(0, &[1, 2]), (2, &[])], &[1, 2]), None);
    }
}
