//! The next page leads back.
//!
//! ## What it does
//! Follows what a list calls its next page (a cursor in the answer, a link in the answer or in `Link`), a few pages far,
//! and reports a page whose items were all there on an earlier one, in the same order. A list that is too short for three pages
//! is given a few items first, if they can be created. Judged only if items are known by their own id and the first page
//! is the same when it is asked for once more. An empty page, such as the end of a feed that keeps its cursor, is no
//! loop, and neither are single items that move from page to page.
//!
//! ## Why it matters
//! Whoever reads the list to its end never comes there.
//!
//! ## Example
//! `GET /views?limit=2&cursor=p2` answers views 3 and 4 and `"next": "p2"`.
//!
//! ## How to fix
//! Make the cursor of the last item that was sent, and leave it out when nothing follows.

use crate::check::paging::{identities, listed};
use crate::check::sequence::{Transcript, Verdict};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "pagination-loops",
    title: "The next page leads back",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 8288 §3.3",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let pages = transcript.all_shown(Role::NextPage)?;
    let first = *pages.first()?;
    let operation = transcript.operation(first)?;
    if pages.len() < 2 {
        return None;
    }
    let bodies: Vec<Value> = pages.iter().filter_map(|step| step.json()).collect();
    let lists: Vec<&Vec<Value>> = bodies.iter().filter_map(listed).collect();
    if lists.len() < pages.len() {
        return None;
    }
    let again = transcript.first(Role::FirstPageAgain).and_then(Step::json);
    if again.as_ref().and_then(listed).is_some_and(|again| again != lists[0]) {
        return None;
    }
    let mut judged = false;
    for (later, list) in lists.iter().enumerate().skip(1).filter(|(_, list)| !list.is_empty()) {
        for (earlier, before) in lists[..later].iter().enumerate() {
            let Some([one, other]) = identities(operation, [before, list]) else { continue };
            judged = true;
            if one != other {
                continue;
            }
            let title = "leads from one page back to an earlier one".to_owned();
            let mut evidence = vec![pages[earlier], pages[later]];
            if later > earlier + 1 {
                evidence.insert(1, pages[later - 1]);
            }
            let mut finding = transcript.finding(&RULE, "next", title, &evidence);
            let line = format!(
                "\npage {} is page {} again: {}",
                later + 1,
                earlier + 1,
                Value::Array((*list).clone())
            );
            finding.detail.push_str(&line);
            return Some((first.operation.clone(), vec![finding]));
        }
    }
    judged.then(|| (first.operation.clone(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, at, json_answer, positive, step};
    use crate::exchange::Method;
    use serde_json::json;

    fn page(role: Role, ids: &[u64]) -> Step {
        let items: Value = ids.iter().map(|id| json!({"id": id})).collect();
        let answer = at("/pets?cursor=x", json_answer(200, &json!({"items": items, "next": "x"})));
        step(role, Method::Get, "/pets", positive(), answer)
    }

    fn run(pages: &[&[u64]], again: Option<&[u64]>) -> Option<usize> {
        let world = World::get();
        let mut steps: Vec<Step> = pages.iter().map(|ids| page(Role::NextPage, ids)).collect();
        steps.extend(again.map(|ids| page(Role::FirstPageAgain, ids)));
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_a_page_that_was_there_before() {
        assert_eq!(run(&[&[1, 2], &[3, 4], &[3, 4]], Some(&[1, 2])), Some(1));
        assert_eq!(run(&[&[1, 2], &[3, 4], &[1, 2]], Some(&[1, 2])), Some(1));
        assert_eq!(run(&[&[1], &[1]], None), Some(1));
    }

    #[test]
    fn silent_on_a_list_that_goes_on_and_ends() {
        assert_eq!(run(&[&[1, 2], &[3, 4], &[5]], None), Some(0));
        // A feed keeps its cursor when nothing is new.
        assert_eq!(run(&[&[1, 2], &[], &[]], None), None);
        assert_eq!(run(&[&[1, 2], &[3], &[], &[]], None), Some(0));
        // Others add items meanwhile, or a page begins with where the last one ended.
        assert_eq!(run(&[&[1, 2], &[2, 3]], None), Some(0));
    }

    #[test]
    fn cannot_judge_lists_without_order_or_names() {
        assert_eq!(run(&[&[1, 2], &[1, 2]], Some(&[2, 1])), None);
        assert_eq!(run(&[&[1, 2]], None), None);
        assert_eq!(run(&[&[1, 1], &[1, 1]], None), None);
    }
}
