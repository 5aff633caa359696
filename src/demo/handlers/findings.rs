//! Findings: lists, searches, counts, changes, and the comments on them.

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::assets::text;
use crate::demo::handlers::crud;
use crate::demo::reply::Reply;
use crate::demo::state::ASSETS;
use crate::demo::state::COMMENTS;
use crate::demo::state::FINDINGS;
use crate::demo::state::State;

/// Whether a finding still has to be dealt with.
pub(crate) fn is_open(finding: &Map<String, Value>) -> bool {
    matches!(text(finding, "finding_status"), "Active" | "In Progress")
}

/// Lists findings; every filter that is given must hold.
pub(crate) fn list(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let asset = call.query.get("asset_id").map(ToString::to_string);
    crud::list(state, call, &FINDINGS, |finding| {
        call.list("severity").is_none_or(|wanted| wanted.contains(&text(finding, "finding_severity")))
            && call.text("finding_status").is_none_or(|wanted| text(finding, "finding_status") == wanted)
            && call.text("finding_name").is_none_or(|wanted| text(finding, "finding_name").contains(wanted))
            && asset.as_deref().is_none_or(|wanted| text(finding, "asset_id") == wanted)
    })
}

/// Adds a finding by hand.
pub(crate) fn create(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let mut fields = call.body.clone();
    fields.entry("finding_status").or_insert_with(|| json!("Active"));
    fields.insert("finding_discovered".to_owned(), json!(state.moment()));
    let asset =
        text(&fields, "asset_id").parse().ok().and_then(|number| state.all(&project, &ASSETS).get(number));
    for name in ["asset_name", "ip_address"] {
        if let Some(value) = asset.and_then(|asset| asset.get(name)) {
            fields.insert(name.to_owned(), value.clone());
        }
    }
    let (number, mut item) = state.add(&project, &FINDINGS, fields);
    item.insert("finding_id".to_owned(), json!(number));
    state.all(&project, &FINDINGS).put(number, item.clone());
    crud::created(item, &crud::path_in_project(call, "findings/details"), &FINDINGS)
}

/// Reads one finding.
pub(crate) fn get(state: &mut State, _: &Caller, call: &Call) -> Reply {
    crud::get(state, call, &FINDINGS)
}

/// Lists the findings for which every condition holds.
pub(crate) fn search(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let filters: Vec<&Value> =
        call.body.get("finding_filters").and_then(Value::as_array).into_iter().flatten().collect();
    crud::list(state, call, &FINDINGS, |finding| {
        filters.iter().all(|filter| {
            let value = text(finding, filter["property"].as_str().unwrap_or_default());
            let wanted = filter["value"].as_str().unwrap_or_default();
            if filter["exact_match"] == true { value == wanted } else { value.contains(wanted) }
        })
    })
}

/// Makes the same change to many findings.
pub(crate) fn update_many(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let findings = state.all(&call.name("project_id"), &FINDINGS);
    let mut unknown = Vec::new();
    let mut updated = 0;
    for name in call.body.get("finding_numbers").and_then(Value::as_array).into_iter().flatten() {
        let Some(finding) = FINDINGS.number(name).and_then(|number| findings.get_mut(number)) else {
            unknown.push(name.clone());
            continue;
        };
        for (property, value) in call.body.iter().filter(|(property, _)| *property != "finding_numbers") {
            let property = if property == "comment" { "finding_comment" } else { property };
            finding.insert(property.to_owned(), value.clone());
        }
        updated += 1;
    }
    Reply::json(200, json!({"updated": updated, "unknown": unknown}))
}

/// Lists what was mitigated, from a day on.
pub(crate) fn mitigated(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let start = call.text("start_date").unwrap_or_default();
    crud::list(state, call, &FINDINGS, |finding| {
        text(finding, "finding_status") == "Mitigated" && text(finding, "finding_mitigated") >= start
    })
}

/// Counts open findings by severity.
pub(crate) fn overview(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let mut counts = Map::new();
    for name in ["critical", "high", "medium", "low", "informational", "total"] {
        counts.insert(name.to_owned(), json!(0));
    }
    for finding in state.all(&call.name("project_id"), &FINDINGS).iter().filter(|finding| is_open(finding)) {
        for name in [text(finding, "finding_severity").to_lowercase().as_str(), "total"] {
            counts[name] = json!(counts[name].as_u64().unwrap_or_default() + 1);
        }
    }
    Reply::json(200, Value::Object(counts))
}

/// Counts findings by a property.
pub(crate) fn metrics(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let property = match call.text("group_by") {
        Some("status") => "finding_status",
        Some("scan_type") => "scan_type",
        _ => "finding_severity",
    };
    let mut counts = BTreeMap::<&str, u64>::new();
    for finding in state.all(&call.name("project_id"), &FINDINGS).iter() {
        if let Some(value) = finding.get(property).and_then(Value::as_str) {
            *counts.entry(value).or_default() += 1;
        }
    }
    let rows = counts.into_iter().map(|(name, count)| json!({"name": name, "count": count})).collect();
    Reply::json(200, Value::Array(rows))
}

/// Counts, day by day, what was first seen and what was mitigated.
pub(crate) fn trend(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let range = call.text("start_date").unwrap_or_default()..=call.text("end_date").unwrap_or_default();
    let mut days = BTreeMap::<&str, (u64, u64)>::new();
    for finding in state.all(&call.name("project_id"), &FINDINGS).iter() {
        let discovered = text(finding, "finding_discovered").get(..10).unwrap_or_default();
        days.entry(discovered).or_default().0 += 1;
        if let Some(day) = finding.get("finding_mitigated").and_then(Value::as_str) {
            days.entry(day).or_default().1 += 1;
        }
    }
    let rows = days
        .into_iter()
        .filter(|(day, _)| range.contains(day))
        .map(|(day, (opened, mitigated))| json!({"date": day, "opened": opened, "mitigated": mitigated}))
        .collect();
    Reply::json(200, Value::Array(rows))
}

/// Lists the comments on a finding.
pub(crate) fn list_comments(state: &mut State, _: &Caller, call: &Call) -> Reply {
    on_finding(state, call, |state, place| {
        let items: Vec<_> = state.all(place, &COMMENTS).iter().collect();
        crud::page(&items, call)
    })
}

/// Comments on a finding.
pub(crate) fn create_comment(state: &mut State, _: &Caller, call: &Call) -> Reply {
    on_finding(state, call, |state, place| {
        let mut fields = call.body.clone();
        fields.insert("created".to_owned(), json!(state.moment()));
        let (_, item) = state.add(place, &COMMENTS, fields);
        let collection = format!("findings/details/{}/comments", call.name("finding_number"));
        crud::created(item, &crud::path_in_project(call, &collection), &COMMENTS)
    })
}

/// Reads one comment.
pub(crate) fn get_comment(state: &mut State, _: &Caller, call: &Call) -> Reply {
    on_finding(state, call, |state, place| crud::get_in(state, place, call, &COMMENTS))
}

/// Replaces one comment.
pub(crate) fn replace_comment(state: &mut State, _: &Caller, call: &Call) -> Reply {
    on_finding(state, call, |state, place| crud::replace_in(state, place, call, &COMMENTS))
}

/// Deletes one comment.
pub(crate) fn delete_comment(state: &mut State, _: &Caller, call: &Call) -> Reply {
    on_finding(state, call, |state, place| crud::delete_in(state, place, call, &COMMENTS))
}

/// Does something in the place of the finding in the path, if that exists.
fn on_finding(state: &mut State, call: &Call, act: impl FnOnce(&mut State, &str) -> Reply) -> Reply {
    let project = call.name("project_id");
    let known =
        crud::number(call, &FINDINGS).filter(|number| state.all(&project, &FINDINGS).get(*number).is_some());
    match known {
        Some(number) => act(state, &format!("{project}/{number}")),
        None => Reply::not_found(FINDINGS.singular),
    }
}
