//! Faults of behaviour: what is done to a call before it is handled and to an answer after. Off, it does nothing.
//!
//! Handlers must never know a fault; each one is an arm here, in `bend` or in `access`.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::demo::call::Call;
use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::reply::Payload;
use crate::demo::reply::Refusal;
use crate::demo::reply::Reply;
use crate::demo::state::ASSETS;
use crate::demo::state::RULES;
use crate::demo::state::State;
use crate::demo::state::TEAMS;
use crate::demo::walls;

/// Changes the refusal of a request that breaks the document.
pub(crate) fn of_refusal(faults: &FaultSet, operation: &Operation, refusal: Refusal) -> Reply {
    let body_refused =
        refusal.status == 422 && operation.key == "POST /projects/{project_id}/findings/search";
    if body_refused && faults.contains("error-on-invalid-input") {
        return Reply::breakdown();
    }
    let path_refused = refusal.status == 422 && operation.key == "GET /projects/{project_id}/tags/{tag_id}";
    if path_refused && faults.contains("stack-trace-in-error") {
        let message = "Traceback (most recent call last):\n  File \"/srv/api/tags.py\", line 88, in read";
        return Refusal { message: message.to_owned(), ..refusal }.into();
    }
    refusal.into()
}

/// Changes the refusal of somebody unknown.
pub(crate) fn of_stranger(faults: &FaultSet, operation: &Operation, refusal: Refusal) -> Reply {
    let mut reply = Reply::from(refusal);
    if operation.key == "GET /projects/{project_id}/teams/{team_id}"
        && faults.contains("refusal-without-challenge")
    {
        reply.headers.retain(|(name, _)| *name != "WWW-Authenticate");
    }
    reply
}

/// Changes a valid call, or answers it out of turn.
pub(crate) fn before(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &mut Call,
) -> Option<Reply> {
    walls::lead_to_child(state, faults, operation, call);
    let project = call.name("project_id");
    match operation.key.as_str() {
        "GET /projects/{project_id}/findings" if faults.contains("error-on-boundary-value") => {
            (call.count("limit") == Some(1000)).then(Reply::breakdown)
        }
        "GET /projects/{project_id}/assets/{asset_id}/findings"
            if faults.contains("undocumented-error-status") =>
        {
            (call.count("limit") == Some(1)).then(|| Reply::refusal(409, "conflict", "one is not enough"))
        }
        "POST /projects/{project_id}/exports" if faults.contains("error-on-missing-optional-field") => {
            (!call.body.contains_key("description")).then(Reply::breakdown)
        }
        "PUT /projects/{project_id}/findings/bulk" if faults.contains("error-on-empty-string") => {
            call.body.get("comment").is_some_and(|comment| comment == "").then(Reply::breakdown)
        }
        "GET /projects/{project_id}/exports/{export_id}" if faults.contains("intermittent-error") => {
            state.intermittent_calls += 1;
            state.intermittent_calls.is_multiple_of(5).then(Reply::breakdown)
        }
        "DELETE /projects/{project_id}/assets/{asset_id}" if faults.contains("delete-does-nothing") => {
            state.all(&project, &ASSETS).get(call.number("asset_id")).map(|_| Reply::no_content())
        }
        "GET /projects/{project_id}/assets" if faults.contains("pagination-repeats-item") => {
            if let Some(start) = call.count("start").filter(|start| *start > 0) {
                call.query.insert("start".to_owned(), json!(start - 1));
            }
            None
        }
        "PUT /projects/{project_id}/assets/{asset_id}" if faults.contains("put-drops-fields") => {
            for name in ["asset_location", "asset_notes", "asset_criticality", "support_team"] {
                call.body.remove(name);
            }
            None
        }
        "PUT /projects/{project_id}/processing-rules/{rule_id}" if faults.contains("put-not-idempotent") => {
            repeat_changes_priority(state, &project, call);
            None
        }
        _ => {
            tame(faults, operation, call);
            None
        }
    }
}

/// Makes storable what a missing constraint let in, so that the stored objects still fit the document.
fn tame(faults: &FaultSet, operation: &Operation, call: &mut Call) {
    match operation.key.as_str() {
        "POST /projects/{project_id}/tags" if faults.contains("ignored-max-length") => {
            if let Some(Value::String(name)) = call.body.get_mut("tag_name") {
                *name = name.chars().take(40).collect();
            }
        }
        "POST /projects/{project_id}/processing-rules" if faults.contains("ignored-enum") => {
            let known = ["set_status", "set_severity", "assign_team", "ignore"];
            if let Some(Value::String(action)) = call.body.get_mut("action")
                && !known.contains(&action.as_str())
            {
                *action = "ignore".to_owned();
            }
        }
        "POST /projects/{project_id}/issues" if faults.contains("ignored-required") => {
            call.body.entry("issue_summary").or_insert_with(|| json!("(untitled)"));
        }
        "POST /projects/{project_id}/findings"
            if faults.contains("ignored-pattern")
                && call.body.get("finding_cve").and_then(Value::as_str).is_some_and(|cve| !is_cve(cve)) =>
        {
            call.body.remove("finding_cve");
        }
        _ => {}
    }
}

fn is_cve(text: &str) -> bool {
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.strip_prefix("CVE-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(year, number)| digits(year, 4..=4) && digits(number, 4..=7))
}

/// The first sending of a rule is stored as it is; sending what is stored already moves its priority.
fn repeat_changes_priority(state: &mut State, project: &str, call: &mut Call) {
    let Some(stored) = state.all(project, &RULES).get(call.number("rule_id")) else {
        return;
    };
    let same = stored.iter().filter(|(name, _)| *name != RULES.id).count() == call.body.len()
        && call.body.iter().all(|(name, value)| stored.get(name) == Some(value));
    if same {
        let priority = call.body.get("priority").and_then(Value::as_u64).unwrap_or(1);
        call.body.insert("priority".to_owned(), json!(if priority < 100 { priority + 1 } else { 99 }));
    }
}

/// Changes the answer to a valid call.
pub(crate) fn after(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &Call,
    mut reply: Reply,
) -> Reply {
    match operation.key.as_str() {
        "GET /projects/{project_id}/jobs/{job_id}"
            if reply.status == 404 && faults.contains("error-on-unknown-id") =>
        {
            return Reply::breakdown();
        }
        "GET /projects/{project_id}/scans/{scan_id}"
            if reply.status == 404 && faults.contains("wrong-error-shape") =>
        {
            reply.payload = Payload::Json(json!({"message": "not there", "status": 404}));
            return reply;
        }
        "GET /projects/{project_id}/riskscore" if faults.contains("slow-operation") => {
            reply.delay = Duration::from_millis(800);
        }
        _ => {}
    }
    if !(200..300).contains(&reply.status) {
        return reply;
    }
    match operation.key.as_str() {
        "GET /projects/{project_id}/riskscore" if faults.contains("wrong-type-in-response") => {
            edit(&mut reply, |body| body["score"] = json!(body["score"].to_string()));
        }
        "GET /projects/{project_id}/assets/groups" if faults.contains("missing-required-property") => {
            each(&mut reply, |item| {
                item.as_object_mut().map(|members| members.remove("asset_count"));
            });
        }
        "GET /service-accounts" if faults.contains("null-in-response") => {
            each(&mut reply, |item| item["username"] = Value::Null);
        }
        "GET /projects/{project_id}/issues" if faults.contains("enum-value-undocumented") => {
            each(&mut reply, |item| item["issue_status"] = json!("On Hold"));
        }
        "GET /projects/{project_id}/findings/overview" if faults.contains("extra-property-in-response") => {
            edit(&mut reply, |body| body["unrated"] = json!(0));
        }
        "GET /projects/{project_id}/findings/frameworks" if faults.contains("malformed-json-response") => {
            if let Payload::Json(body) = &reply.payload {
                let whole = body.to_string();
                reply.payload = Payload::Text(whole[..whole.len() / 2].to_owned());
            }
        }
        "GET /projects/{project_id}/findings/metrics" if faults.contains("undocumented-status") => {
            reply.status = 206;
        }
        "GET /mitigation-statuses" if faults.contains("wrong-content-type") => {
            reply.content_type = "text/html; charset=utf-8";
        }
        "GET /projects/{project_id}/teams" if faults.contains("bad-header") => {
            for (_, value) in reply.headers.iter_mut().filter(|(name, _)| *name == "X-Total-Count") {
                *value = "several".to_owned();
            }
        }
        "POST /projects/{project_id}/teams" if faults.contains("create-not-stored") => {
            let number = reply.json_mut().and_then(|body| body["team_id"].as_u64()).unwrap_or_default();
            state.all(&call.name("project_id"), &TEAMS).remove(number);
        }
        "POST /projects/{project_id}/findings/details/{finding_number}/comments"
            if faults.contains("location-leads-nowhere") =>
        {
            for (_, value) in reply.headers.iter_mut().filter(|(name, _)| *name == "Location") {
                value.push_str("000000");
            }
        }
        "POST /projects/{project_id}/assets" if faults.contains("link-leads-nowhere") => {
            for (_, value) in reply.headers.iter_mut().filter(|(name, _)| *name == "X-Item-Id") {
                value.push_str("00000");
            }
        }
        "GET /users/me" if faults.contains("volatile-field") => {
            #[expect(clippy::disallowed_methods, reason = "a volatile field is volatile")]
            edit(&mut reply, |body| body["last_seen"] = json!(jiff::Timestamp::now().to_string()));
        }
        "GET /scan-types" if faults.contains("changed-answer") => {
            edit(&mut reply, |body| body[0]["description"] = json!("Any tool, by way of a table"));
        }
        _ => {}
    }
    reply
}

fn edit(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    reply.json_mut().map(change);
}

fn each(reply: &mut Reply, change: impl Fn(&mut Value)) {
    reply.json_mut().and_then(Value::as_array_mut).into_iter().flatten().for_each(change);
}
