//! What was deleted still stands in the list.
//!
//! ## What it does
//! Creates a resource, sees it in the list, deletes it, and reads the list again, several times over a second if need
//! be. Fires if the deletion was answered 2xx and an item with the same id is still there. Silent on 202, which
//! promises the deletion for later, and if the item is marked as deleted, as a soft delete does.
//!
//! ## Why it matters
//! People go on working with something that is gone: every click on it ends in a 404.
//!
//! ## Example
//! `DELETE /tags/7` answers 204, `GET /tags/7` 404, and `GET /tags` still has tag 7.
//!
//! ## How to fix
//! Delete the item from what lists read too (an index, a cache), or mark it there as deleted.

use crate::case::Case;
use crate::check::Role;
use crate::check::kept::marks;
use crate::check::paging::{has_name, identity, listed};
use crate::check::sequence::{Transcript, Verdict};
use crate::exchange::Response;
use crate::finding::{Family, Rule, Severity};
use crate::spec::{Location, Operation};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "deleted-resource-listed",
    title: "What was deleted still stands in the list",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §9.3.5",
    fault_code: Some(103),
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let before = transcript.first(Role::ListBeforeDelete)?;
    let (delete, after) = transcript.pair(Role::Delete, Role::ListAfterDelete, &[Role::Create])?;
    // What can still be read was not deleted at all, which is another fault.
    let readable = transcript
        .pair(Role::Delete, Role::ReadAfterDelete, &[])
        .and_then(|(_, read)| read.response())
        .is_some_and(Response::is_success);
    if !delete.is_done() || readable {
        return None;
    }
    let id = last_path_value(transcript.operation(delete)?, &delete.case)?;
    let list = transcript.operation(after)?;
    let (one, two) = (before.json()?, after.json()?);
    let (one, two) = (listed(&one)?, listed(&two)?);
    let property = identity(list, one)?;
    let at = |items: &'_ [Value]| items.iter().position(|item| has_name(&item[property], id));
    let was = &one[at(one)?];
    let marked = |item: &Value| {
        let members = item.as_object().into_iter().flatten();
        members.into_iter().any(|(name, value)| marks(name, value) && was.get(name) != Some(value))
    };
    let still = at(two).map(|at| &two[at]).filter(|item| !marked(item));
    let Some(item) = still else { return Some((delete.operation.clone(), Vec::new())) };
    let title = format!("deletes a resource that `{}` still lists", after.operation);
    let mut finding =
        transcript.finding_of(&RULE, Some(delete), after.operation.as_str(), title, &[before, delete, after]);
    finding.detail.push_str(&format!("\nstill in the list: {item}"));
    Some((delete.operation.clone(), vec![finding]))
}

/// The value of the last parameter of the path.
fn last_path_value<'c>(operation: &Operation, case: &'c Case) -> Option<&'c Value> {
    case.parameter(Location::Path, operation.path.names().last()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive, step, with_parameter};
    use crate::exchange::Method;
    use serde_json::json;

    fn run(status: u16, before: &Value, after: &Value) -> Option<usize> {
        let world = World::new(Method::Get, "/pets").and(Method::Delete, "/pets/{id}");
        let list = |role, body: &Value| step(role, Method::Get, "/pets", positive(), json_answer(200, body));
        let case = with_parameter(positive(), Location::Path, "id", json!(7));
        let steps = [
            list(Role::ListBeforeDelete, before),
            step(Role::Delete, Method::Delete, "/pets/{id}", case, answer(status, "", "")),
            list(Role::ListAfterDelete, after),
        ];
        let verdicts = check(&Transcript { api: &world.api, steps: &steps });
        verdicts.first().map(|(_, findings)| findings.len())
    }

    fn pets(ids: &[u64]) -> Value {
        ids.iter().map(|id| json!({"id": id, "name": "x", "deleted": false})).collect()
    }

    #[test]
    fn fires_when_it_is_still_there() {
        assert_eq!(run(204, &pets(&[6, 7]), &pets(&[6, 7])), Some(1));
        let wrap = |ids: &[u64]| json!({"data": pets(ids), "total": 2});
        assert_eq!(run(200, &wrap(&[7]), &wrap(&[7])), Some(1));
        let texts = json!([{"id": "7"}]);
        assert_eq!(run(200, &texts, &texts), Some(1));
    }

    #[test]
    fn silent_when_it_is_gone_or_marked() {
        assert_eq!(run(204, &pets(&[6, 7]), &pets(&[6])), Some(0));
        assert_eq!(run(204, &pets(&[7]), &json!([])), Some(0));
        let marked = json!([{"id": 7, "name": "x", "deleted": true}]);
        assert_eq!(run(204, &pets(&[7]), &marked), Some(0));
    }

    #[test]
    fn what_can_still_be_read_is_not_told_twice() {
        let world = World::new(Method::Get, "/pets").and(Method::Delete, "/pets/{id}");
        let list = |role| step(role, Method::Get, "/pets", positive(), json_answer(200, &pets(&[7])));
        let case = with_parameter(positive(), Location::Path, "id", json!(7));
        let read = |status| {
            let steps = [
                list(Role::ListBeforeDelete),
                step(Role::Delete, Method::Delete, "/pets/{id}", case.clone(), answer(204, "", "")),
                step(
                    Role::ReadAfterDelete,
                    Method::Get,
                    "/pets",
                    positive(),
                    json_answer(status, &json!({})),
                ),
                list(Role::ListAfterDelete),
            ];
            check(&Transcript { api: &world.api, steps: &steps }).first().map(|(_, findings)| findings.len())
        };
        assert_eq!((read(200), read(404), read(410)), (None, Some(1), Some(1)));
    }

    #[test]
    fn cannot_judge_what_was_not_listed_or_not_deleted() {
        assert_eq!(run(204, &pets(&[1, 2]), &pets(&[1, 2])), None);
        for status in [202, 404, 409, 500] {
            assert_eq!(run(status, &pets(&[7]), &pets(&[7])), None, "{status}");
        }
    }
}
