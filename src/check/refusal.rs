//! Refusals that travel as 200: the status says yes, the body says no.
//!
//! Many services answer everything with 200 and tell in the body what came of it: `{"ok": false, "error": "not_found"}`.
//! Only words that can mean nothing else count; an answer that is not understood is what its status says.

use crate::exchange::Response;
use serde_json::Value;

/// Names of truth values that say whether it worked.
const WORKED: &[&str] = &["ok", "success", "succeeded", "successful", "issuccess"];
/// Names under which what went wrong is told.
const FAULTS: &[&str] = &["error", "errors", "errormessage", "errorcode"];
/// Names of words that say whether it worked.
const VERDICTS: &[&str] = &["status", "result", "outcome"];
/// Those words.
const FAILED: &[&str] = &["error", "fail", "failed", "failure"];

/// Whether the body of a successful answer says that the request was refused.
pub(crate) fn refuses_in_body(response: &Response) -> bool {
    if !response.is_success() {
        return false;
    }
    let Some(Value::Object(body)) = response.json() else { return false };
    // Something that was stored may speak of errors and failures of its own, beside what it is.
    let tells_more = body.iter().any(|(name, value)| {
        let name = plain(name);
        !is_about_the_answer(&name)
            && !value.is_null()
            && value.as_array().is_none_or(|list| !list.is_empty())
    });
    body.iter().any(|(name, value)| {
        let name = plain(name);
        let named = |list: &[&str]| list.contains(&name.as_str());
        match value {
            Value::Bool(worked) => named(WORKED) && !worked,
            Value::String(text) => {
                !tells_more
                    && (named(FAULTS) && !text.is_empty()
                        || named(VERDICTS) && FAILED.contains(&text.to_lowercase().as_str()))
            }
            Value::Array(list) => !tells_more && named(FAULTS) && !list.is_empty(),
            Value::Object(map) => !tells_more && named(FAULTS) && !map.is_empty(),
            Value::Number(_) | Value::Null => false,
        }
    })
}

/// Whether an answer refuses what was asked for. Being asked to slow down is no verdict on a request.
pub(crate) fn is_refusal(response: &Response) -> bool {
    (400..500).contains(&response.status) && response.status != 429 || refuses_in_body(response)
}

/// Whether a property belongs to the envelope, not to what is in it.
pub(crate) fn is_about_the_answer(name: &str) -> bool {
    let others =
        ["message", "msg", "code", "requestid", "traceid", "timestamp", "meta", "statuscode", "warnings"];
    [WORKED, FAULTS, VERDICTS, &others].iter().any(|list| list.contains(&name))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::response;
    use serde_json::json;

    #[track_caller]
    fn check(body: Value, expected: bool) {
        let answer = response(200, "application/json", &body.to_string());
        assert_eq!(refuses_in_body(&answer), expected, "{body}");
    }

    #[test]
    fn a_body_that_says_no_is_a_refusal() {
        check(json!({"ok": false, "error": "not_authed"}), true);
        check(json!({"success": false, "data": {"field": "name"}}), true);
        check(json!({"data": null, "error": {"code": 404}}), true);
        check(json!({"errors": [{"message": "no such field"}], "data": null}), true);
        check(json!({"status": "error", "message": "no"}), true);
    }

    #[test]
    fn a_thing_that_speaks_of_errors_is_none() {
        check(json!({"ok": true, "error": null}), false);
        check(json!({"id": 7, "status": "failed"}), false);
        check(json!({"id": 7, "errors": ["disk full"]}), false);
        check(json!({"data": {"id": 7}, "errors": []}), false);
        check(json!({"name": "error"}), false);
        check(json!([{"ok": false}]), false);
        check(json!({"error": ""}), false);
    }
}
