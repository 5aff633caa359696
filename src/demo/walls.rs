//! Faults of the walls between callers, between parents, and around what is the instance's own to set.
//!
//! Each function does nothing unless its fault is on.

use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::reply::Refusal;
use crate::demo::state::COMMENTS;
use crate::demo::state::FINDINGS;
use crate::demo::state::GROUPS;
use crate::demo::state::RULES;
use crate::demo::state::State;

/// Whether a fault lets the editors of project 2 reach into every project.
pub(crate) fn lets_editors_in(faults: &FaultSet, operation: &Operation, caller: &Caller) -> bool {
    let fault = match operation.key.as_str() {
        "GET /projects/{project_id}/findings/details/{finding_number}" => "foreign-object-read",
        "GET /projects/{project_id}/processing-rules" => "foreign-objects-listed",
        "PUT /projects/{project_id}/findings/details/{finding_number}/comments/{comment_id}" => {
            "foreign-object-changed"
        }
        "DELETE /projects/{project_id}/tags/{tag_id}" => "foreign-object-deleted",
        _ => return false,
    };
    faults.contains(fault) && caller.roles.iter().any(|(project, role)| *project == 2 && role == "editor")
}

/// Whether a fault keeps editors from an operation that is theirs.
pub(crate) fn keeps_editors_out(faults: &FaultSet, operation: &Operation, caller: &Caller) -> bool {
    operation.key == "DELETE /projects/{project_id}/processing-rules/{rule_id}"
        && faults.contains("deletion-kept-from-editors")
        && !caller.admin
}

/// Whether a fault makes an operation forget every key.
pub(crate) fn forgets_keys(faults: &FaultSet, operation: &Operation) -> bool {
    operation.key == "POST /projects/{project_id}/scans" && faults.contains("valid-key-refused")
}

/// Changes the refusal of a caller who does not reach this far: 404 if there is nothing anyway.
pub(crate) fn reveal(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &Call,
    refusal: Refusal,
) -> Refusal {
    let about = operation.key == "GET /projects/{project_id}/processing-rules/{rule_id}";
    let mut exists = || state.all(&call.name("project_id"), &RULES).get(call.number("rule_id")).is_some();
    if about && faults.contains("existence-revealed") && !exists() {
        return Refusal::new(404, "not_found", "no such processing rule");
    }
    refusal
}

/// Leads a call to where its child really lies, whatever parent the path names.
pub(crate) fn lead_to_child(state: &mut State, faults: &FaultSet, operation: &Operation, call: &mut Call) {
    match operation.key.as_str() {
        "GET /projects/{project_id}/assets/groups/{group_id}"
            if faults.contains("group-of-another-project") =>
        {
            if let Some(place) = state.place_of(&GROUPS, call.number("group_id")) {
                let project = place.parse::<u64>().unwrap_or_default();
                call.path.insert("project_id".to_owned(), json!(project));
            }
        }
        "GET /projects/{project_id}/findings/details/{finding_number}/comments/{comment_id}"
            if faults.contains("comment-of-another-finding") =>
        {
            let place = state.place_of(&COMMENTS, call.number("comment_id"));
            let finding = place.as_deref().and_then(|place| place.split('/').nth(1)?.parse().ok());
            if let Some(finding) = finding {
                call.path.insert("finding_number".to_owned(), FINDINGS.name(finding));
            }
        }
        _ => {}
    }
}

/// Adds to the enforced body what only the instance ought to set.
pub(crate) fn open_body(key: &str, parameter: &mut Value, faults: &FaultSet) {
    let (fault, property) = match key {
        "POST /projects/{project_id}/assets" => ("read-only-property-set", "asset_last_scanned"),
        "PUT /projects/{project_id}/findings/details/{finding_number}/comments/{comment_id}" => {
            ("read-only-property-changed", "created")
        }
        _ => return,
    };
    if parameter["in"] == "body" && faults.contains(fault) {
        let moment = "^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$";
        parameter["schema"]["properties"][property] = json!({"type": "string", "pattern": moment});
    }
}
