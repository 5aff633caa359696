//! A page holds more items than were asked for.
//!
//! ## What it does
//! Asks for the first page of a list with a documented limit of two items (or the least that the document allows), and
//! counts. Fires if there are more. Judged only where the document has both a limit and a position for pages, so that
//! a parameter named `size` or `count` is not mistaken for one.
//!
//! ## Why it matters
//! A client sets the limit to what it can hold, or to what it will pay for. It gets more, and pages overlap.
//!
//! ## Example
//! `GET /rules?limit=2` answers three rules.
//!
//! ## How to fix
//! Cut the list after `limit` items. If small limits are raised, document the `minimum`.

use crate::check::Role;
use crate::check::paging::{limit, listed};
use crate::check::sequence::{Transcript, Verdict};
use crate::finding::{Family, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "page-limit-exceeded",
    title: "A page holds more items than were asked for",
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
    let page = transcript.shown(Role::Page1)?;
    let limit = limit(&page.case)?;
    let body = page.json()?;
    let count = listed(&body)?.len() as u64;
    if count == 0 {
        return None;
    }
    let mut findings = Vec::new();
    if count > limit {
        let title = "answers more items than a page may hold".to_owned();
        let mut finding = transcript.finding(&RULE, "page", title, &[page]);
        finding.detail.push_str(&format!("\nasked for: at most {limit}\nanswered: {count}"));
        findings.push(finding);
    }
    Some((page.operation.clone(), findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use crate::spec::Location;
    use serde_json::{Value, json};

    fn run(status: u16, limit: u64, body: &Value) -> Option<usize> {
        let world = World::get();
        let case = with_parameter(positive(), Location::Query, "limit", json!(limit));
        let steps = [step(Role::Page1, Method::Get, "/pets", case, json_answer(status, body))];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    #[test]
    fn fires_on_a_page_that_is_too_long() {
        assert_eq!(run(200, 2, &json!([{}, {}, {}])), Some(1));
        assert_eq!(run(200, 2, &json!({"total": 9, "items": [{}, {}, {}]})), Some(1));
    }

    #[test]
    fn silent_on_a_page_that_is_not() {
        assert_eq!(run(200, 2, &json!([{}, {}])), Some(0));
        assert_eq!(run(200, 2, &json!([{}])), Some(0));
    }

    #[test]
    fn cannot_judge_other_lists() {
        assert_eq!(run(200, 2, &json!({"columns": ["a", "b", "c"], "rows": [{}]})), None);
        assert_eq!(run(200, 2, &json!([])), None);
        assert_eq!(run(400, 2, &json!([{}, {}, {}])), None);
    }
}
