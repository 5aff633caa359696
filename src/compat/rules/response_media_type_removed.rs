//! # response-media-type-removed
//!
//! ## What it does
//!
//! Reports a media type in which an operation used to answer and no longer does. All statuses that lost it are
//! one finding.
//!
//! ## Why it matters
//!
//! A client that asks for it with `Accept` gets 406, or an answer it cannot read.
//!
//! ## Example
//!
//! `GET /report` answered `text/csv` and answers `application/json` only.
//!
//! ## How to fix
//!
//! Keep offering the old media type.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::content::{matching, named};
use crate::compat::pair::OperationPair;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "response-media-type-removed",
    title: "a response media type was removed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "RFC 9110 §12.5.1",
    fault_code: None,
    default_on: true,
};

/// Judges one operation.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    let mut changes: Vec<(String, Change)> = Vec::new();
    let mut statuses: Vec<(String, Vec<String>)> = Vec::new();
    for (old, new) in pair.responses() {
        let Some(new) = new else { continue };
        for content in old.contents.iter().filter(|content| matching(content, &new.contents).is_none()) {
            let name = &content.media_type;
            let status = old.status.to_string();
            if let Some((_, known)) = statuses.iter_mut().find(|(media_type, _)| media_type == name) {
                known.push(status);
                continue;
            }
            statuses.push((name.clone(), vec![status]));
            let change = Change::new(
                &RULE,
                Anchor::new(Base::Operation),
                format!("response media type {name}"),
                format!("no longer answers `{name}`"),
            )
            .values(named(&old.contents), named(&new.contents))
            .at(Some(content.pointer.clone()), Some(new.pointer.clone()))
            .cause(pair.outside(&new.pointer));
            changes.push((name.clone(), change));
        }
    }
    changes
        .into_iter()
        .map(|(name, change)| {
            let lost = statuses.iter().find(|(media_type, _)| *media_type == name).map(|(_, s)| s.join(", "));
            change.witness(Some(format!(
                "another media type for `accept: {name}` (status {})",
                lost.unwrap_or_default()
            )))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{api, fires, silent};
    use serde_json::json;

    fn with(types: &[&str]) -> crate::spec::Api {
        let content: serde_json::Map<_, _> =
            types.iter().map(|name| ((*name).to_owned(), json!({"schema": {"type": "string"}}))).collect();
        let answer = json!({"description": "ok", "content": content});
        api(json!({"/r": {"get": {"responses": {"200": answer, "404": answer}}}}))
    }

    #[test]
    fn a_type_no_longer_answered_is_one_finding() {
        let both = with(&["application/json", "text/csv"]);
        let json = with(&["application/json"]);
        let found = fires(&RULE, &both, &json);
        assert_eq!(found.len(), 1);
        assert!(found[0].detail.contains("200, 404"), "{}", found[0].detail);
        silent(&json, &both);
    }
}
