//! Versions of comments and processing rules, and conditional requests (RFC 9110 §13) on comments. All else ignores them.

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

/// The path whose operations know conditions.
const COMMENT: &str = "/projects/{project_id}/findings/details/{finding_number}/comments/{comment_id}";

/// The operation that shows versions and knows no conditions.
const RULE: &str = "GET /projects/{project_id}/processing-rules/{rule_id}";

/// The conditions that a request states.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Conditions<'a> {
    /// `If-Match`.
    pub(crate) if_match: Option<&'a str>,
    /// `If-None-Match`.
    pub(crate) if_none_match: Option<&'a str>,
}

/// Refuses to touch another version than the one the caller has seen.
pub(crate) fn refuse(
    state: &mut State,
    faults: &FaultSet,
    operation: &Operation,
    call: &Call,
    conditions: Conditions<'_>,
) -> Option<Reply> {
    let wanted =
        conditions.if_match.filter(|_| operation.template == COMMENT && operation.method != "GET")?;
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
    if reply.status != 200 || operation.template != COMMENT {
        return reply;
    }
    let Some(version) = reply.json_mut().and_then(|body| body.as_object()).map(version) else {
        return reply;
    };
    let stuck = faults.contains("not-modified-for-ever");
    let known = conditions.if_none_match.is_some_and(|known| stuck || matches(known, &version));
    if read && known {
        reply.status = 304;
        reply.payload = Payload::Empty;
    }
    reply.with_header("ETag", version)
}

fn number(call: &Call, family: &Family) -> Option<u64> {
    call.path.get(family.id).and_then(|name| family.number(name))
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
