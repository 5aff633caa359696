//! Fixed lists, issues and exports: the small families that need a word of their own.

use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::assets::text;
use crate::demo::handlers::crud;
use crate::demo::reply::Reply;
use crate::demo::state::EXPORTS;
use crate::demo::state::FINDINGS;
use crate::demo::state::ISSUES;
use crate::demo::state::State;

/// The statuses a finding can have.
pub(crate) fn mitigation_statuses(_: &mut State, _: &Caller, _: &Call) -> Reply {
    Reply::json(
        200,
        json!([
            {"status": "Active", "open": true},
            {"status": "In Progress", "open": true},
            {"status": "Mitigated", "open": false},
            {"status": "False Positive", "open": false},
            {"status": "Risk Accepted", "open": false},
        ]),
    )
}

/// The kinds of scan that can be imported.
pub(crate) fn scan_types(_: &mut State, _: &Caller, _: &Call) -> Reply {
    Reply::json(
        200,
        json!([
            {"scan_type": "Generic", "description": "Any tool, by way of a spreadsheet"},
            {"scan_type": "Network", "description": "Hosts and open ports"},
            {"scan_type": "Web Application", "description": "Pages and forms"},
            {"scan_type": "Container", "description": "Images and what is installed in them"},
            {"scan_type": "Source Code", "description": "Code before it runs"},
        ]),
    )
}

/// How the project stands against two frameworks.
pub(crate) fn frameworks(_: &mut State, _: &Caller, _: &Call) -> Reply {
    Reply::json(
        200,
        json!([
            {"framework": "Baseline", "passed": 18, "failed": 2, "score": 0.9},
            {"framework": "Payments", "passed": 9, "failed": 3, "score": 0.75},
        ]),
    )
}

/// Lists issues.
pub(crate) fn list_issues(state: &mut State, _: &Caller, call: &Call) -> Reply {
    crud::list(state, call, &ISSUES, |issue| {
        call.text("issue_status").is_none_or(|wanted| text(issue, "issue_status") == wanted)
    })
}

/// Opens an issue.
pub(crate) fn create_issue(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let mut fields = call.body.clone();
    fields.insert("issue_status".to_owned(), json!("Open"));
    fields.insert("issue_updated".to_owned(), json!(state.moment()));
    let (_, item) = state.add(&call.name("project_id"), &ISSUES, fields);
    crud::created(item, &crud::path_in_project(call, "issues"), &ISSUES)
}

/// Makes an export of the findings there are.
pub(crate) fn create_export(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let rows = state.all(&project, &FINDINGS).iter().count();
    let mut fields = call.body.clone();
    fields.insert("expires".to_owned(), json!("2026-01-22"));
    fields.insert("rows".to_owned(), json!(rows));
    let (_, item) = state.add(&project, &EXPORTS, fields);
    crud::created(item, &crud::path_in_project(call, "exports"), &EXPORTS)
}
