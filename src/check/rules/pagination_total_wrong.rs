//! A list is not as long as it says.
//!
//! ## What it does
//! Asks for a list in one long page and compares the items with the documented total (`X-Total-Count`, `total`,
//! `totalElements` and the like, at the top or in an envelope). Fires if more items came than the total says, or fewer
//! although what lies behind them was asked for and is empty. Estimates, totals of ten thousand and more, which search
//! engines cap, and totals that the document does not mention are not judged.
//!
//! ## Why it matters
//! A client that counts pages by the total asks for pages that do not exist, or stops before the end.
//!
//! ## Example
//! `GET /findings/mitigated?limit=1000` answers 4 findings and `X-Total-Count: 20`.
//!
//! ## How to fix
//! Count with the same filters with which you list.

use crate::check::compare::property;
use crate::check::paging::{limit, listed};
use crate::check::sequence::{Transcript, Verdict};
use crate::check::{Role, Step};
use crate::finding::{Family, Rule, Severity};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "pagination-total-wrong",
    title: "A list is not as long as it says",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "",
    fault_code: None,
    default_on: true,
};

/// Headers that tell how long a whole list is.
const HEADERS: &[&str] = &["x-total-count", "x-total", "x-total-items", "total-count"];
/// Properties that tell it, in lower case and without what separates words.
const TOTALS: &[&str] = &[
    "total",
    "totalcount",
    "totalitems",
    "totalelements",
    "totalresults",
    "totalrecords",
    "totalrows",
    "totalhits",
];
/// Properties in which they may stand.
const ENVELOPES: &[&str] = &["meta", "metadata", "pagination", "paging", "page", "pageinfo"];
/// Search engines stop counting here.
const CAPPED: u64 = 10_000;

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let whole = transcript.shown(Role::WholeList)?;
    let (name, total) = total(transcript, whole).filter(|(_, total)| *total < CAPPED)?;
    let body = whole.json()?;
    let count = listed(&body)?.len() as u64;
    let end = transcript.shown(Role::ListEnd);
    let ends = end.and_then(Step::json).is_some_and(|body| listed(&body).is_some_and(Vec::is_empty));
    let complete = count < limit(&whole.case)? && ends;
    if count <= total && !complete {
        return None;
    }
    let mut findings = Vec::new();
    if count != total {
        let evidence: Vec<&Step> = [Some(whole), end].into_iter().flatten().collect();
        let title = format!("tells a wrong total in `{name}`");
        let mut finding = transcript.finding(&RULE, &name, title, &evidence);
        finding.detail.push_str(&format!("\ntotal: {total}\nitems: {count}"));
        findings.push(finding);
    }
    Some((whole.operation.clone(), findings))
}

/// The total that an answer tells and the document knows, with its name.
fn total(transcript: &Transcript, step: &Step) -> Option<(String, u64)> {
    let response = step.response()?;
    let documented = transcript.operation(step)?.response(response.status)?;
    for header in &documented.headers {
        let name = header.name.to_lowercase();
        if HEADERS.contains(&name.as_str())
            && let Some(total) = response.header(&name).and_then(|text| text.trim().parse().ok())
        {
            return Some((header.name.clone(), total));
        }
    }
    let body = step.json()?;
    let members = body.as_object()?;
    let schema = transcript.answer_schema(step)?;
    let document = &transcript.api.document;
    let find = |map: &serde_json::Map<String, Value>| {
        let mut named = map.iter().filter(|(name, _)| TOTALS.contains(&plain(name).as_str()));
        named.find_map(|(name, value)| Some((name.clone(), value.as_u64()?)))
    };
    let at_top = find(members).filter(|(name, _)| property(document, &schema, name).is_some());
    let within = || {
        let inner = members.iter().filter(|(name, _)| ENVELOPES.contains(&plain(name).as_str()));
        inner
            .filter(|(name, _)| property(document, &schema, name).is_some())
            .find_map(|(_, value)| find(value.as_object()?))
    };
    at_top.or_else(within)
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, header, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use crate::spec::Location;
    use serde_json::json;

    fn run(body: &Value, told: &str, rest: Option<usize>) -> Option<usize> {
        let page =
            json!({"properties": {"total": {}, "meta": {"properties": {"total_count": {}}}, "items": {}}});
        let world = World::get()
            .schema("Page", page)
            .schema("Count", json!({"type": "integer"}))
            .response("200", "application/json", Some("Page"))
            .header("X-Total-Count", "Count", false);
        let ask = |role, limit: u64, body: &Value| {
            let case = with_parameter(positive(), Location::Query, "limit", json!(limit));
            let mut answer = json_answer(200, body);
            if !told.is_empty() {
                answer = header(answer, "x-total-count", told);
            }
            step(role, Method::Get, "/pets", case, answer)
        };
        let mut steps = vec![ask(Role::WholeList, 100, body)];
        if let Some(rest) = rest {
            steps.push(ask(Role::ListEnd, 2, &list(rest)));
        }
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn list(count: usize) -> Value {
        (0..count).map(|id| json!({"id": id})).collect()
    }

    #[test]
    fn fires_on_a_wrong_total() {
        assert_eq!(run(&list(3), "5", Some(0)), Some(1));
        assert_eq!(run(&list(3), "2", None), Some(1));
        assert_eq!(run(&json!({"total": 9, "items": list(3)}), "", Some(0)), Some(1));
        assert_eq!(run(&json!({"meta": {"total_count": 9}, "items": list(3)}), "", Some(0)), Some(1));
    }

    #[test]
    fn silent_on_a_right_one() {
        assert_eq!(run(&list(3), "3", Some(0)), Some(0));
        assert_eq!(run(&json!({"total": 3, "items": list(3)}), "", Some(0)), Some(0));
    }

    #[test]
    fn cannot_judge_what_may_go_on_and_what_is_not_documented() {
        // The server may hold fewer items on a page than were asked for.
        assert_eq!(run(&list(3), "5", Some(2)), None);
        assert_eq!(run(&list(3), "5", None), None);
        assert_eq!(run(&list(3), "10000", Some(0)), None);
        assert_eq!(run(&json!({"pages": 9, "items": list(3)}), "", Some(0)), None);
        assert_eq!(run(&list(3), "many", Some(0)), None);
    }
}
