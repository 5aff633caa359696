//! Which handler answers which operation. One row per operation, nothing else.

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::access;
use crate::demo::handlers::assets;
use crate::demo::handlers::catalogues;
use crate::demo::handlers::crud;
use crate::demo::handlers::findings;
use crate::demo::handlers::groups;
use crate::demo::handlers::projects;
use crate::demo::handlers::scans;
use crate::demo::handlers::views;
use crate::demo::reply::Reply;
use crate::demo::state::ASSETS;
use crate::demo::state::EXPORTS;
use crate::demo::state::ISSUES;
use crate::demo::state::RULES;
use crate::demo::state::SCANS;
use crate::demo::state::State;
use crate::demo::state::TAGS;
use crate::demo::state::TEAMS;
use crate::demo::state::VIEWS;

/// Carries out a valid call.
pub(crate) type Handler = fn(&mut State, &Caller, &Call) -> Reply;

/// The handler of an operation.
pub(crate) fn handler(key: &str) -> Option<Handler> {
    let (method, path) = key.split_once(' ')?;
    match path.strip_prefix("/projects/{project_id}/") {
        Some(rest) => in_project(method, rest),
        None => elsewhere(method, path),
    }
}

fn elsewhere(method: &str, path: &str) -> Option<Handler> {
    Some(match (method, path) {
        ("GET", "/projects") => projects::list,
        ("GET", "/projects/{project_id}") => projects::get,
        ("GET", "/users") => access::list_users,
        ("GET", "/users/me") => access::whoami,
        ("POST", "/users/{user_id}/apikey") => access::regenerate_user_key,
        ("GET", "/service-accounts") => access::list_accounts,
        ("POST", "/service-accounts") => access::create_account,
        ("GET", "/service-accounts/{account_id}") => access::get_account,
        ("DELETE", "/service-accounts/{account_id}") => access::delete_account,
        ("POST", "/service-accounts/{account_id}/key") => access::regenerate_account_key,
        ("DELETE", "/service-accounts/{account_id}/key") => access::disable_account_key,
        ("GET", "/mitigation-statuses") => catalogues::mitigation_statuses,
        ("GET", "/scan-types") => catalogues::scan_types,
        _ => return None,
    })
}

fn in_project(method: &str, path: &str) -> Option<Handler> {
    Some(match (method, path) {
        ("GET", "riskscore") => projects::risk_score,
        ("GET", "assets") => assets::list,
        ("POST", "assets") => |state, _, call| crud::create(state, call, &ASSETS),
        ("GET", "assets/{asset_id}") => |state, _, call| crud::get(state, call, &ASSETS),
        ("PUT", "assets/{asset_id}") => |state, _, call| crud::replace(state, call, &ASSETS),
        ("DELETE", "assets/{asset_id}") => |state, _, call| crud::delete(state, call, &ASSETS),
        ("GET", "assets/{asset_id}/findings") => assets::list_findings,
        ("GET", "assets/groups") => groups::list,
        ("POST", "assets/groups") => groups::create,
        ("DELETE", "assets/groups") => groups::delete,
        ("GET", "assets/groups/metrics") => groups::metrics,
        ("GET", "assets/groups/{group_id}") => groups::get,
        ("GET", "findings") => findings::list,
        ("POST", "findings") => findings::create,
        ("POST", "findings/search") => findings::search,
        ("PUT", "findings/bulk") => findings::update_many,
        ("GET", "findings/mitigated") => findings::mitigated,
        ("GET", "findings/overview") => findings::overview,
        ("GET", "findings/metrics") => findings::metrics,
        ("GET", "findings/trend") => findings::trend,
        ("GET", "findings/frameworks") => catalogues::frameworks,
        ("GET", "findings/details/{finding_number}") => findings::get,
        ("GET", "findings/details/{finding_number}/comments") => findings::list_comments,
        ("POST", "findings/details/{finding_number}/comments") => findings::create_comment,
        ("GET", "findings/details/{finding_number}/comments/{comment_id}") => findings::get_comment,
        ("PUT", "findings/details/{finding_number}/comments/{comment_id}") => findings::replace_comment,
        ("DELETE", "findings/details/{finding_number}/comments/{comment_id}") => findings::delete_comment,
        ("GET", "scans") => scans::list,
        ("POST", "scans") => scans::upload,
        ("GET", "scans/{scan_id}") => |state, _, call| crud::get(state, call, &SCANS),
        ("GET", "jobs/{job_id}") => scans::poll,
        ("GET", "teams") => |state, _, call| crud::list(state, call, &TEAMS, |_| true),
        ("POST", "teams") => |state, _, call| crud::create(state, call, &TEAMS),
        ("GET", "teams/{team_id}") => |state, _, call| crud::get(state, call, &TEAMS),
        ("PUT", "teams/{team_id}") => |state, _, call| crud::replace(state, call, &TEAMS),
        ("PATCH", "teams/{team_id}") => |state, _, call| crud::change(state, call, &TEAMS),
        ("DELETE", "teams/{team_id}") => |state, _, call| crud::delete(state, call, &TEAMS),
        ("GET", "tags") => |state, _, call| crud::list(state, call, &TAGS, |_| true),
        ("POST", "tags") => |state, _, call| crud::create(state, call, &TAGS),
        ("GET", "tags/{tag_id}") => |state, _, call| crud::get(state, call, &TAGS),
        ("PUT", "tags/{tag_id}") => |state, _, call| crud::replace(state, call, &TAGS),
        ("PATCH", "tags/{tag_id}") => |state, _, call| crud::change(state, call, &TAGS),
        ("DELETE", "tags/{tag_id}") => |state, _, call| crud::delete(state, call, &TAGS),
        ("GET", "processing-rules") => |state, _, call| crud::list(state, call, &RULES, |_| true),
        ("POST", "processing-rules") => |state, _, call| crud::create(state, call, &RULES),
        ("GET", "processing-rules/{rule_id}") => |state, _, call| crud::get(state, call, &RULES),
        ("PUT", "processing-rules/{rule_id}") => |state, _, call| crud::replace(state, call, &RULES),
        ("PATCH", "processing-rules/{rule_id}") => |state, _, call| crud::change(state, call, &RULES),
        ("DELETE", "processing-rules/{rule_id}") => |state, _, call| crud::delete(state, call, &RULES),
        ("GET", "issues") => catalogues::list_issues,
        ("POST", "issues") => catalogues::create_issue,
        ("GET", "issues/{issue_key}") => |state, _, call| crud::get(state, call, &ISSUES),
        ("DELETE", "issues/{issue_key}") => |state, _, call| crud::delete(state, call, &ISSUES),
        ("GET", "exports") => |state, _, call| crud::list(state, call, &EXPORTS, |_| true),
        ("POST", "exports") => catalogues::create_export,
        ("GET", "views") => views::list,
        ("POST", "views") => views::create,
        ("GET", "views/{view_id}") => views::get,
        ("PATCH", "views/{view_id}") => views::change,
        ("DELETE", "views/{view_id}") => |state, _, call| crud::delete(state, call, &VIEWS),
        ("GET", "exports/{export_id}") => |state, _, call| crud::get(state, call, &EXPORTS),
        ("DELETE", "exports/{export_id}") => |state, _, call| crud::delete(state, call, &EXPORTS),
        _ => return None,
    })
}
