//! # request-media-type-removed
//!
//! ## What it does
//!
//! Reports a media type in which the request body could be sent before and which the new document no longer
//! takes. Ranges count: `application/*` covers `application/json`. Parameters such as `charset` do not.
//!
//! ## Why it matters
//!
//! A client that sends this type gets 415.
//!
//! ## Example
//!
//! `POST /upload` took `multipart/form-data` and takes `application/json` only.
//!
//! ## How to fix
//!
//! Keep accepting the old media type beside the new one.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::content::{matching, named};
use crate::compat::pair::OperationPair;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-media-type-removed",
    title: "a request media type was removed",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "RFC 9110 §15.5.16",
    fault_code: None,
    default_on: true,
};

/// Judges one operation. An operation that no longer reads a body refuses none.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    let (Some(old), Some(new)) = (&pair.old.body, &pair.new.body) else { return Vec::new() };
    if new.contents.is_empty() {
        return Vec::new();
    }
    old.contents
        .iter()
        .filter(|content| matching(content, &new.contents).is_none())
        .map(|content| {
            let name = &content.media_type;
            Change::new(
                &RULE,
                Anchor::new(Base::RequestBody),
                name,
                format!("can no longer be sent as `{name}`"),
            )
            .values(named(&old.contents), named(&new.contents))
            .witness(Some(format!("a body with `content-type: {name}`")))
            .at(Some(content.pointer.clone()), Some(new.pointer.clone()))
            .cause(pair.outside(&new.pointer))
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
            types.iter().map(|name| ((*name).to_owned(), json!({"schema": {"type": "object"}}))).collect();
        api(
            json!({"/u": {"post": {"requestBody": {"content": content}, "responses": {"204": {"description": "done"}}}}}),
        )
    }

    #[test]
    fn a_type_no_longer_taken_fires() {
        let both = with(&["application/json", "multipart/form-data"]);
        let json = with(&["application/json; charset=utf-8"]);
        fires(&RULE, &both, &json);
        silent(&json, &both);
        silent(&both, &with(&["*/*"]));
    }
}
