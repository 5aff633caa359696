//! # request-property-removed
//!
//! ## What it does
//!
//! Reports a property that a closed request object (`additionalProperties: false`) used to name and no longer
//! does. In an open object the property stays valid, and nothing is reported.
//!
//! ## Why it matters
//!
//! A client that sends the property is refused.
//!
//! ## Example
//!
//! The closed body of `PATCH /assets/{id}` no longer names `owner`.
//!
//! ## How to fix
//!
//! Keep naming the property and ignore it on the server.

use crate::compat::anchor::Step;
use crate::compat::change::Change;
use crate::compat::node::{Additional, Kinds};
use crate::compat::pair::SchemaPair;
use crate::finding::{Family, Rule, Severity};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "request-property-removed",
    title: "a closed request object no longer names a property",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "JSON Schema 2020-12 §10.3.2.3",
    fault_code: None,
    default_on: true,
};

/// Judges one schema position.
pub(crate) fn judge(pair: &SchemaPair<'_>) -> Vec<Change> {
    let (from, to) = (pair.from(), pair.to());
    let closed = from.additional == Additional::Closed && to.additional == Additional::Closed;
    let objects = from.kinds.and(to.kinds).meets(Kinds::OBJECT);
    if !pair.is_request() || pair.only_strays || !closed || !objects || !to.pattern_properties.is_empty() {
        return Vec::new();
    }
    from.properties
        .iter()
        .filter(|(name, _)| !to.properties.contains_key(*name))
        .map(|(name, view)| {
            Change::new(
                &RULE,
                pair.anchor.push(Step::Property(name.clone())),
                "removed",
                "is no longer accepted",
            )
            .values("named", "not named, and the object is closed")
            .witness(Some(format!("an object with a property `{name}`")))
            .at(view.parts().first().map(|part| part.pointer.clone()), to.pointer.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, request, silent};
    use serde_json::json;

    #[test]
    fn only_closed_objects_notice() {
        let closed = |names: &[&str]| {
            let properties: serde_json::Map<_, _> =
                names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
            json!({"type": "object", "properties": properties, "additionalProperties": false})
        };
        fires(&RULE, &request(closed(&["name", "owner"])), &request(closed(&["name"])));
        silent(&request(closed(&["name"])), &request(closed(&["name", "owner"])));
        let open = |names: &[&str]| {
            let mut schema = closed(names);
            schema["additionalProperties"] = json!(true);
            schema
        };
        silent(&request(open(&["name", "owner"])), &request(open(&["name"])));
    }
}
