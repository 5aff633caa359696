//! Versions of comments and processing rules, moments of views, and conditional requests (RFC 9110 §13) on comments and
//! views. All else ignores them.

use jiff::civil::DateTime;
use serde_json::Map;
use serde_json::Value;

use crate::demo::call::Call;
use crate::demo::collection::Family;
use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::reply::Payload;
use crate::demo::reply::Reply;
use crate::demo::state::COMMENTS;
use crate::demo::state::FINDINGS;
use crate::demo::state::RULES;
use crate::demo::state::State;
use crate::demo::state::VIEWS;

/// The path whose operations know the moment of the last change.
const VIEW: &str = "/projects/{project_id}/views/{view_id}";

/// The path whose operations know conditions.
const COMMENT: &str = "/projects/{project_id}/findings/details/{finding_number}/comments/{comment_id}";

/// The operation that shows versions and knows no conditions.
const RULE: &str = "GET /projects/{project_id}/processing-rules/{rule_id}";

/// The conditions that a request states.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Conditions<'a> {
    /// `If-Match`.
    pub(crate) matching: Option<&'a str>,
    /// `If-None-Match`.
    pub(crate) none_matching: Option<&'a str>,
    /// `If-Modified-Since`.
    pub(crate) modified_since: Option<&'a str>,
    /// `If-Unmodified-Since`.
    pub(crate) unmodified_since: Option<&'a str>,
}

/// Refuses to touch another version than the one the caller has seen.
pub(crate) fn refuse(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &Call,
    conditions: Conditions<'_>,
) -> Option<Reply> {
    if operation.method == "PATCH" && operation.template == VIEW {
        let held = conditions.unmodified_since.and_then(moment)?;
        let stored = state.all(&call.name("project_id"), &VIEWS).get(number(call, &VIEWS)?)?;
        let late = changed(stored)? > held && !faults.contains("late-change-accepted");
        return late.then(|| Reply::refusal(412, "precondition_failed", "it has been changed since"));
    }
    let wanted =
        conditions.matching.filter(|_| operation.template == COMMENT && operation.method != "GET")?;
    if operation.method == "PUT" && faults.contains("stale-write-accepted") {
        return None;
    }
    let finding = call.path.get(FINDINGS.id).and_then(|name| FINDINGS.number(name))?;
    let place = format!("{}/{finding}", call.name("project_id"));
    let comment = number(call, &COMMENTS)?;
    let fits = matches(wanted, &version(state.all(&place, &COMMENTS).get(comment)?));
    if !fits && operation.method == "DELETE" && faults.contains("refused-deletion-done") {
        state.all(&place, &COMMENTS).remove(comment);
    }
    (!fits).then(|| Reply::refusal(412, "precondition_failed", "it is another version by now"))
}

/// Names the version in an answer, and leaves out what the caller has already.
pub(crate) fn dress(
    faults: &FaultSet,
    operation: &Operation,
    conditions: Conditions<'_>,
    mut reply: Reply,
) -> Reply {
    if reply.status == 200 && operation.key == RULE {
        let stuck = faults.contains("etag-never-changes");
        let rule = reply.json_mut().and_then(|body| body.as_object()).cloned().unwrap_or_default();
        let named = rule.into_iter().filter(|(name, _)| !stuck || name == RULES.id).collect();
        return reply.with_header("ETag", version(&named));
    }
    let read = operation.method == "GET";
    if reply.status == 200 && operation.template == VIEW {
        let body = reply.json_mut().and_then(|body| body["data"].as_object());
        let Some(last) = body.and_then(changed) else { return reply };
        let stuck = faults.contains("unmodified-for-ever");
        let held = conditions.modified_since.and_then(moment);
        if read && held.is_some_and(|held| stuck || last <= held) {
            reply.status = 304;
            reply.payload = Payload::Empty;
        }
        return reply.with_header("Last-Modified", last.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    }
    if reply.status != 200 || operation.template != COMMENT {
        return reply;
    }
    let Some(version) = reply.json_mut().and_then(|body| body.as_object()).map(version) else {
        return reply;
    };
    let stuck = faults.contains("not-modified-for-ever");
    let known = conditions.none_matching.is_some_and(|known| stuck || matches(known, &version));
    if read && known {
        reply.status = 304;
        reply.payload = Payload::Empty;
    }
    reply.with_header("ETag", version)
}

fn number(call: &Call, family: &Family) -> Option<u64> {
    call.path.get(family.id).and_then(|name| family.number(name))
}

/// When a view was changed last.
fn changed(view: &Map<String, Value>) -> Option<DateTime> {
    DateTime::strptime("%Y-%m-%d %H:%M:%S", view.get("view_changed")?.as_str()?).ok()
}

/// The moment that a condition names; what is no date is no condition (RFC 9110 §13.1.3).
fn moment(text: &str) -> Option<DateTime> {
    DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text.trim()).ok()
}

/// A strong entity tag of what is stored: equal content, equal tag (FNV-1a).
fn version(item: &Map<String, Value>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in Value::Object(item.clone()).to_string().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("\"{hash:016x}\"")
}

/// Whether a list of entity tags, or `*`, names this version.
fn matches(listed: &str, version: &str) -> bool {
    listed.split(',').map(str::trim).any(|one| one == "*" || one == version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_content_has_an_equal_version() {
        let of = |text: &str| version(json!({"text": text}).as_object().expect("an object"));
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert!(matches(&format!("\"x\", {}", of("a")), &of("a")) && matches("*", &of("a")));
        assert!(!matches(&format!("W/{}", of("a")), &of("a")));
    }
}
