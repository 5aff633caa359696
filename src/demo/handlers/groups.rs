//! Asset groups: a name, and the assets that bear it. Membership is written on the asset, never here.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::assets::text;
use crate::demo::handlers::crud;
use crate::demo::handlers::findings::is_open;
use crate::demo::reply::Reply;
use crate::demo::state::ASSETS;
use crate::demo::state::FINDINGS;
use crate::demo::state::GROUPS;
use crate::demo::state::State;

/// Lists groups.
pub(crate) fn list(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let groups: Vec<_> = state.all(&project, &GROUPS).iter().cloned().collect();
    let counted: Vec<_> = groups.into_iter().map(|group| counted(state, &project, group)).collect();
    crud::page(&counted.iter().collect::<Vec<_>>(), call)
}

/// Creates a group.
pub(crate) fn create(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let (_, group) = state.add(&project, &GROUPS, call.body.clone());
    let group = counted(state, &project, group);
    crud::created(group, &crud::path_in_project(call, "assets/groups"), &GROUPS)
}

/// Reads one group.
pub(crate) fn get(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    match state.all(&project, &GROUPS).get(call.number("group_id")).cloned() {
        Some(group) => Reply::json(200, Value::Object(counted(state, &project, group))),
        None => Reply::not_found(GROUPS.singular),
    }
}

/// Deletes every group of a name.
pub(crate) fn delete(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let name = call.text("asset_group").unwrap_or_default();
    match state.all(&call.name("project_id"), &GROUPS).retain(|group| text(group, "asset_group") != name) {
        0 => Reply::not_found(GROUPS.singular),
        _ => Reply::no_content(),
    }
}

/// Counts assets and findings by group.
pub(crate) fn metrics(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let existing: Vec<String> =
        state.all(&project, &GROUPS).iter().map(|group| text(group, "asset_group").to_owned()).collect();
    let wanted = call.list("asset_groups").unwrap_or_else(|| existing.iter().map(String::as_str).collect());
    let metrics = call.list("metrics").unwrap_or_else(|| vec!["assets", "findings", "critical_findings"]);
    let mut rows = Vec::new();
    for group in wanted {
        let members = members(state, &project, group);
        for metric in &metrics {
            let value = match *metric {
                "assets" => members.len(),
                "findings" => open_findings(state, &project, &members, None),
                _ => open_findings(state, &project, &members, Some("Critical")),
            };
            rows.push(json!({"asset_group": group, "metric": metric, "value": value}));
        }
    }
    Reply::json(200, Value::Array(rows))
}

fn counted(state: &mut State, project: &str, mut group: Map<String, Value>) -> Map<String, Value> {
    let count = members(state, project, text(&group, "asset_group")).len();
    group.insert("asset_count".to_owned(), json!(count));
    group
}

/// The numbers of the assets in a group, written as strings.
fn members(state: &mut State, project: &str, group: &str) -> Vec<String> {
    let assets = state.all(project, &ASSETS).iter();
    assets
        .filter(|asset| {
            let groups = asset.get("asset_groups").and_then(Value::as_array);
            groups.into_iter().flatten().any(|name| name == group)
        })
        .map(|asset| asset["asset_id"].to_string())
        .collect()
}

fn open_findings(state: &mut State, project: &str, assets: &[String], severity: Option<&str>) -> usize {
    let findings = state.all(project, &FINDINGS).iter().filter(|finding| is_open(finding));
    findings
        .filter(|finding| assets.iter().any(|asset| text(finding, "asset_id") == asset))
        .filter(|finding| severity.is_none_or(|wanted| text(finding, "finding_severity") == wanted))
        .count()
}
