//! Projects and their risk. Projects are never created or changed.

use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::crud;
use crate::demo::handlers::findings::is_open;
use crate::demo::reply::Reply;
use crate::demo::state::FINDINGS;
use crate::demo::state::PROJECTS;
use crate::demo::state::State;

/// Lists the projects that the caller reaches.
pub(crate) fn list(state: &mut State, caller: &Caller, _: &Call) -> Reply {
    let projects = state.all("", &PROJECTS).iter();
    let reached =
        projects.filter(|project| caller.reaches(project["project_id"].as_u64().unwrap_or_default()));
    Reply::json(200, Value::Array(reached.cloned().map(Value::Object).collect()))
}

/// Reads one project.
pub(crate) fn get(state: &mut State, _: &Caller, call: &Call) -> Reply {
    crud::get_in(state, "", call, &PROJECTS)
}

/// Adds up the open findings by weight, up to 1000.
pub(crate) fn risk_score(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let findings = state.all(&call.name("project_id"), &FINDINGS).iter().filter(|finding| is_open(finding));
    let score: u64 = findings
        .map(|finding| match finding["finding_severity"].as_str() {
            Some("Critical") => 50,
            Some("High") => 20,
            Some("Medium") => 5,
            Some("Low") => 1,
            _ => 0,
        })
        .sum();
    Reply::json(200, json!({"score": score.min(1000)}))
}
