//! Faults that show only over several calls: what a write touches besides, what a list tells. Off, it does nothing.
//!
//! Handlers must never know a fault; `sabotage` has those that show in one answer.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::call::Call;
use crate::demo::check::Cargo;
use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::reply::Refusal;
use crate::demo::reply::Reply;
use crate::demo::state::ASSETS;
use crate::demo::state::FINDINGS;
use crate::demo::state::RULES;
use crate::demo::state::State;
use crate::demo::state::TAGS;
use crate::demo::state::VIEWS;

/// Changes a valid call or what is stored, or answers out of turn.
pub(crate) fn before(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &mut Call,
) -> Option<Reply> {
    let project = call.name("project_id");
    let tag = call.number("tag_id");
    if operation.template == "/projects/{project_id}/tags/{tag_id}" && faults.contains("deleted-still-listed")
    {
        // The tag stays where lists look, and is gone where single readings look.
        let there = state.all(&project, &TAGS).get(tag).is_some();
        if !there || state.hidden.contains(&(project.clone(), tag)) {
            return Some(Reply::not_found(TAGS.singular));
        }
        if operation.method == "DELETE" {
            state.hidden.insert((project, tag));
            return Some(Reply::no_content());
        }
    }
    match operation.key.as_str() {
        "PATCH /projects/{project_id}/tags/{tag_id}" if faults.contains("patch-wipes-unsent") => {
            let stored = state.all(&project, &TAGS).get_mut(tag)?;
            stored.retain(|name, _| ["tag_id", "tag_name"].contains(&name.as_str()));
        }
        "PUT /projects/{project_id}/tags/{tag_id}" if faults.contains("put-keeps-omitted") => {
            let stored = state.all(&project, &TAGS).get(tag)?.clone();
            for (name, value) in stored.into_iter().filter(|(name, _)| name != TAGS.id) {
                call.body.entry(name).or_insert(value);
            }
        }
        "GET /projects/{project_id}/processing-rules" if faults.contains("page-limit-exceeded") => {
            let limit = call.count("limit").unwrap_or(100);
            call.query.insert("limit".to_owned(), json!(limit + 1));
        }
        "GET /projects/{project_id}/findings/details/{finding_number}/comments"
            if faults.contains("pagination-skips-item") =>
        {
            if let Some(start) = call.count("start").filter(|start| *start > 0) {
                call.query.insert("start".to_owned(), json!(start + 1));
            }
        }
        "GET /projects/{project_id}/views" => {
            if faults.contains("filter-by-kind-ignored") {
                call.query.remove("view_kind");
            }
            if faults.contains("sort-ignored") {
                call.query.remove("sort");
            }
        }
        "PATCH /projects/{project_id}/views/{view_id}" if faults.contains("wrapped-patch-wipes-unsent") => {
            let number = call.number("view_id");
            let stored = state.all(&project, &VIEWS).get_mut(number)?;
            stored.retain(|name, _| ["view_id", "view_name", "view_changed"].contains(&name.as_str()));
        }
        "GET /projects/{project_id}/scans" if faults.contains("filter-ignored") => {
            call.query.remove("scan_type");
        }
        _ => {}
    }
    None
}

/// Changes the answer to a valid call.
pub(crate) fn after(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &Call,
    mut reply: Reply,
) -> Reply {
    if operation.key == "GET /projects/{project_id}/findings/mitigated" && faults.contains("total-of-another")
    {
        let all = state.all(&call.name("project_id"), &FINDINGS).iter().count();
        for (_, value) in reply.headers.iter_mut().filter(|(name, _)| *name == "X-Total-Count") {
            *value = all.to_string();
        }
    }
    if operation.key == "GET /projects/{project_id}/views" && faults.contains("cursor-leads-back") {
        let here = call.text("cursor").filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        if let (Some(page), Some(here)) = (reply.json_mut(), here)
            && page.get("next").is_some()
        {
            page["next"] = json!(here);
        }
    }
    reply
}

/// Does part of what was asked, though it is refused.
pub(crate) fn despite(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &Call,
    cargo: &Cargo<'_>,
    refusal: &Refusal,
) {
    if refusal.code != "invalid_body" {
        return;
    }
    let body = cargo.body.and_then(|body| serde_json::from_slice::<Value>(body).ok());
    let Some(Value::Object(body)) = body else { return };
    let project = call.name("project_id");
    match operation.key.as_str() {
        "PATCH /projects/{project_id}/processing-rules/{rule_id}"
            if faults.contains("refused-patch-applied") =>
        {
            let Some(rule) = state.all(&project, &RULES).get_mut(call.number("rule_id")) else { return };
            rule.extend(sound(&body, &["rule_name", "enabled"]));
        }
        "POST /projects/{project_id}/assets" if faults.contains("refused-creation-kept") => {
            let fields = sound(&body, &["asset_name", "asset_type"]);
            if fields.len() == 2 {
                state.add(&project, &ASSETS, fields);
            }
        }
        _ => {}
    }
}

/// Does what somebody without a key asks for, who is refused.
pub(crate) fn for_nobody(state: &mut State, faults: &FaultSet, operation: &Operation, call: &Call) {
    let about = operation.key == "DELETE /projects/{project_id}/processing-rules/{rule_id}";
    if about && faults.contains("deletion-before-key") {
        state.all(&call.name("project_id"), &RULES).remove(call.number("rule_id"));
    }
}

/// Those of the named members that may be stored.
fn sound(body: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let kinds = ["Host", "Application", "Database", "Container", "Container Image"];
    let fits = |name: &str, value: &Value| match value {
        Value::String(text) if name == "asset_type" => kinds.contains(&text.as_str()),
        Value::String(text) => name != "enabled" && (1..=80).contains(&text.chars().count()),
        Value::Bool(_) => name == "enabled",
        _ => false,
    };
    let kept = body.iter().filter(|(name, value)| names.contains(&name.as_str()) && fits(name, value));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}
