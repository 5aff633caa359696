//! Which suspicion is looked into first where there is not time for all.

use crate::engine::state::Candidate;
use crate::finding::Family;
use crate::schema::Pointer;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Errors before warnings, and one of each cause before the second of any.
pub(super) fn gravest_first(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut seen: BTreeMap<(String, String), u32> = BTreeMap::new();
    let rank = |candidate: Candidate| {
        let finding = &candidate.finding;
        let place = finding.places.first().and_then(|place| place.document.as_ref());
        let shared = place.map(Pointer::as_str).filter(|at| !at.starts_with("/paths/"));
        let alone = finding.family == Family::Behaviour;
        let cause = shared.unwrap_or(if alone { finding.fingerprint.as_str() } else { &finding.title });
        let number = seen.entry((finding.rule.clone(), cause.to_owned())).or_default();
        *number += 1;
        ((Reverse(finding.severity), *number), candidate)
    };
    let mut ranked: Vec<_> = candidates.into_iter().map(rank).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::Proof;
    use crate::finding::{Finding, Rule, Severity, Site};
    use crate::spec::OperationKey;

    fn candidate(severity: Severity, title: &str, operation: &str) -> Candidate {
        let rule = Rule { severity, ..*crate::check::RULES[0] };
        let key: OperationKey = serde_json::from_value(serde_json::json!(operation)).expect("a key");
        let finding = Finding::new(&rule, Some(&key), &Site::new(&[title]), title);
        Candidate { operation: 0, finding, proof: Proof::Settled, seen: 1, first: 0 }
    }

    #[test]
    fn errors_come_first_and_one_of_each_cause_before_the_second() {
        let candidates = vec![
            candidate(Severity::Warning, "odd", "GET /a"),
            candidate(Severity::Error, "wrong type", "GET /a"),
            candidate(Severity::Error, "wrong type", "GET /b"),
            candidate(Severity::Error, "lost", "GET /c"),
            candidate(Severity::Note, "well", "GET /a"),
            candidate(Severity::Warning, "strange", "GET /a"),
        ];
        let said = |candidate: Candidate| {
            format!("{} {}", candidate.finding.title, candidate.finding.operation.expect("one"))
        };
        let order: Vec<String> = gravest_first(candidates).into_iter().map(said).collect();
        let expected = [
            "wrong type GET /a",
            "lost GET /c",
            "wrong type GET /b",
            "odd GET /a",
            "strange GET /a",
            "well GET /a",
        ];
        assert_eq!(order, expected);
    }
}
