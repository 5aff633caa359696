//! What to do so that each fault shows, one row each, in the order of the catalogue.

use serde_json::Value;
use serde_json::json;

pub(super) const ADMIN: &str = "admin";
pub(super) const VIEWER: &str = "viewer";
pub(super) const PARTNER: &str = "partner";
pub(super) const EDITOR: &str = "editor";
pub(super) const REVOKED: &str = "revoked";
/// The administrator, who sends JSON under another name.
pub(super) const TEXT: &str = "text";

/// One request: key (or its name), method (with a header behind it, if one is needed), path, body.
/// `@` stands for the path in the last `Location`.
pub(super) type Step = (&'static str, &'static str, &'static str, Value);

pub(super) fn get(path: &'static str) -> Vec<Step> {
    vec![(ADMIN, "GET", path, Value::Null)]
}

fn send(method: &'static str, path: &'static str, body: Value) -> Vec<Step> {
    vec![(ADMIN, method, path, body)]
}

/// For each fault: what to do, the last status without the fault, and the last status with it.
pub(super) fn scenarios() -> Vec<(&'static str, Vec<Step>, u16, u16)> {
    let rule = json!({"rule_name": "r", "action": "ignore", "priority": 7});
    let asset = json!({"asset_name": "a", "asset_type": "Host", "asset_notes": "n", "asset_location": "x"});
    vec![
        ("wrong-type-in-response", get("/projects/1/riskscore"), 200, 200),
        ("missing-required-property", get("/projects/1/assets/groups"), 200, 200),
        ("null-in-response", get("/service-accounts"), 200, 200),
        ("enum-value-undocumented", get("/projects/1/issues"), 200, 200),
        ("extra-property-in-response", get("/projects/1/findings/overview"), 200, 200),
        ("wrong-error-shape", get("/projects/1/scans/99"), 404, 404),
        ("malformed-json-response", get("/projects/1/findings/frameworks"), 200, 200),
        ("undocumented-status", get("/projects/1/findings/metrics"), 200, 206),
        ("undocumented-error-status", get("/projects/1/assets/1/findings?limit=1"), 200, 409),
        ("wrong-content-type", get("/mitigation-statuses"), 200, 200),
        ("bad-header", get("/projects/1/teams"), 200, 200),
        ("error-on-boundary-value", get("/projects/1/findings?limit=1000"), 200, 500),
        (
            "error-on-missing-optional-field",
            send("POST", "/projects/1/exports", json!({"name": "e"})),
            201,
            500,
        ),
        (
            "error-on-invalid-input",
            send("POST", "/projects/1/findings/search", json!({"finding_filters": 1})),
            422,
            500,
        ),
        ("error-on-unknown-id", get("/projects/1/jobs/99"), 404, 500),
        (
            "error-on-empty-string",
            send("PUT", "/projects/1/findings/bulk", json!({"finding_numbers": ["F-1001"], "comment": ""})),
            200,
            500,
        ),
        (
            "ignored-max-length",
            send("POST", "/projects/1/tags", json!({"tag_name": "t".repeat(41)})),
            422,
            201,
        ),
        (
            "ignored-enum",
            send(
                "POST",
                "/projects/1/processing-rules",
                json!({"rule_name": "r", "action": "x", "priority": 1}),
            ),
            422,
            201,
        ),
        ("ignored-required", send("POST", "/projects/1/issues", json!({"issue_type": "Bug"})), 422, 201),
        ("ignored-minimum", get("/projects/1/scans?start=-1"), 422, 200),
        (
            "ignored-pattern",
            send(
                "POST",
                "/projects/1/findings",
                json!({"finding_name": "f", "finding_severity": "Low", "finding_cve": "CVE-1"}),
            ),
            422,
            201,
        ),
        ("ignored-format", get("/projects/1/findings/trend?start_date=soon&end_date=2026-03-31"), 422, 200),
        ("ignored-query-type", get("/projects/1/tags?limit=abc"), 422, 200),
        (
            "valid-enum-value-rejected",
            send("POST", "/projects/1/assets/groups", json!({"asset_group": "g", "criticality": "Critical"})),
            201,
            422,
        ),
        ("maximum-off-by-one", get("/projects/1/exports?limit=200"), 200, 422),
        ("auth-ignored", vec![("", "GET", "/projects/1/assets/groups/metrics", Value::Null)], 401, 200),
        ("stack-trace-in-error", get("/projects/1/tags/none"), 422, 422),
        ("refusal-without-challenge", vec![("", "GET", "/projects/1/teams/1", Value::Null)], 401, 401),
        ("malformed-key-accepted", vec![("nonsense", "GET", "/users", Value::Null)], 401, 200),
        ("role-ignored", vec![(VIEWER, "PUT", "/projects/1/tags/1", json!({"tag_name": "t"}))], 403, 200),
        ("project-scope-ignored", vec![(VIEWER, "GET", "/projects/2/assets/13", Value::Null)], 403, 200),
        ("revoked-key-accepted", vec![(REVOKED, "GET", "/projects/1", Value::Null)], 401, 200),
        (
            "delete-does-nothing",
            vec![
                (ADMIN, "DELETE", "/projects/1/assets/2", Value::Null),
                get("/projects/1/assets/2").remove(0),
            ],
            404,
            200,
        ),
        (
            "create-not-stored",
            vec![(ADMIN, "POST", "/projects/1/teams", json!({"team_name": "t"})), get("@").remove(0)],
            200,
            404,
        ),
        ("put-drops-fields", send("PUT", "/projects/1/assets/3", asset.clone()), 200, 200),
        (
            "put-not-idempotent",
            vec![
                (ADMIN, "PUT", "/projects/1/processing-rules/1", rule.clone()),
                (ADMIN, "PUT", "/projects/1/processing-rules/1", rule),
            ],
            200,
            200,
        ),
        (
            "location-leads-nowhere",
            vec![
                (ADMIN, "POST", "/projects/1/findings/details/F-1001/comments", json!({"text": "t"})),
                get("@").remove(0),
            ],
            200,
            404,
        ),
        ("link-leads-nowhere", send("POST", "/projects/1/assets", asset), 201, 201),
        ("pagination-repeats-item", get("/projects/1/assets?start=5&limit=5"), 200, 200),
        (
            "patch-wipes-unsent",
            vec![
                (ADMIN, "PATCH", "/projects/1/tags/1", json!({"color": "#00aa55"})),
                get("/projects/1/tags/1").remove(0),
            ],
            200,
            200,
        ),
        (
            "wrapped-patch-wipes-unsent",
            vec![
                (
                    ADMIN,
                    "POST",
                    "/projects/1/views",
                    json!({"data": {"view_name": "v", "view_kind": "map", "view_rank": 7}}),
                ),
                (ADMIN, "PATCH", "@", json!({"data": {"view_name": "w"}})),
            ],
            200,
            200,
        ),
        (
            "put-keeps-omitted",
            vec![
                (ADMIN, "PUT", "/projects/1/tags/2", json!({"tag_name": "old"})),
                get("/projects/1/tags/2").remove(0),
            ],
            200,
            200,
        ),
        (
            "refused-patch-applied",
            vec![
                (
                    ADMIN,
                    "PATCH",
                    "/projects/1/processing-rules/2",
                    json!({"rule_name": "new", "priority": 1000}),
                ),
                get("/projects/1/processing-rules/2").remove(0),
            ],
            200,
            200,
        ),
        (
            "refused-deletion-done",
            vec![
                (
                    ADMIN,
                    "DELETE if-match: \"0\"",
                    "/projects/2/findings/details/F-1021/comments/3",
                    Value::Null,
                ),
                get("/projects/2/findings/details/F-1021/comments/3").remove(0),
            ],
            200,
            404,
        ),
        (
            "deletion-before-key",
            vec![
                ("", "DELETE", "/projects/2/processing-rules/3", Value::Null),
                get("/projects/2/processing-rules/3").remove(0),
            ],
            200,
            404,
        ),
        (
            "refused-creation-kept",
            vec![
                (
                    ADMIN,
                    "POST",
                    "/projects/1/assets",
                    json!({"asset_name": "half", "asset_type": "Host", "active": "perhaps"}),
                ),
                get("/projects/1/assets?asset_name=half").remove(0),
            ],
            200,
            200,
        ),
        (
            "deleted-still-listed",
            vec![
                (ADMIN, "DELETE", "/projects/1/tags/3", Value::Null),
                get("/projects/1/tags/3").remove(0),
                get("/projects/1/tags").remove(0),
            ],
            200,
            200,
        ),
        ("page-limit-exceeded", get("/projects/1/processing-rules?limit=1"), 200, 200),
        (
            "pagination-skips-item",
            vec![
                (ADMIN, "POST", "/projects/1/findings/details/F-1002/comments", json!({"text": "t"})),
                get("/projects/1/findings/details/F-1002/comments?start=1&limit=1").remove(0),
            ],
            200,
            200,
        ),
        ("total-of-another", get("/projects/1/findings/mitigated"), 200, 200),
        ("filter-ignored", get("/projects/1/scans?scan_type=Network"), 200, 200),
        ("filter-by-kind-ignored", get("/projects/1/views?view_kind=chart"), 200, 200),
        (
            "cursor-leads-back",
            vec![
                (ADMIN, "POST", "/projects/1/views", json!({"data": {"view_name": "a"}})),
                (ADMIN, "POST", "/projects/1/views", json!({"data": {"view_name": "b"}})),
                get("/projects/1/views?limit=1&cursor=p1").remove(0),
            ],
            200,
            200,
        ),
        (
            "sort-ignored",
            vec![
                (ADMIN, "POST", "/projects/1/views", json!({"data": {"view_name": "c", "view_rank": 1}})),
                (ADMIN, "POST", "/projects/1/views", json!({"data": {"view_name": "d", "view_rank": 9}})),
                get("/projects/1/views?sort=-view_rank").remove(0),
            ],
            200,
            200,
        ),
        (
            "stale-write-accepted",
            vec![(
                ADMIN,
                "PUT if-match: \"0000000000000000\"",
                "/projects/1/findings/details/F-1001/comments/1",
                json!({"text": "late"}),
            )],
            412,
            200,
        ),
        ("etag-never-changes", get("/projects/1/processing-rules/1"), 200, 200),
        (
            "not-modified-for-ever",
            vec![(
                ADMIN,
                "GET if-none-match: \"0000000000000000\"",
                "/projects/1/findings/details/F-1001/comments/1",
                Value::Null,
            )],
            200,
            304,
        ),
        (
            "unmodified-for-ever",
            vec![(
                ADMIN,
                "GET if-modified-since: Mon, 01 Jan 2001 00:00:00 GMT",
                "/projects/1/views/1",
                Value::Null,
            )],
            200,
            304,
        ),
        (
            "late-change-accepted",
            vec![(
                ADMIN,
                "PATCH if-unmodified-since: Mon, 01 Jan 2001 00:00:00 GMT",
                "/projects/1/views/1",
                json!({"data": {"view_note": "late"}}),
            )],
            412,
            200,
        ),
        ("slow-operation", get("/projects/1/riskscore"), 200, 200),
        ("intermittent-error", (0..5).flat_map(|_| get("/projects/1/exports/1")).collect(), 200, 500),
        (
            "head-without-length",
            vec![(ADMIN, "HEAD", "/projects/1/findings/overview", Value::Null)],
            405,
            200,
        ),
        ("trace-echoes", vec![("", "TRACE", "/projects/1/findings/metrics", Value::Null)], 405, 200),
        ("get-beside-post", get("/projects/1/findings/search"), 405, 200),
        ("refusal-without-allow", send("TRACE", "/projects", Value::Null), 405, 405),
        ("wrong-type-of-nothing", get("/projects/1/issues?limit=none"), 422, 415),
        ("cache-told-both-ways", get("/service-accounts"), 200, 200),
        (
            "packed-by-name-alone",
            get("/projects/1/findings/trend?start_date=2026-03-01&end_date=2026-03-31"),
            200,
            200,
        ),
        ("packed-and-cut", get("/projects/1/assets/groups/metrics"), 200, 200),
        ("latin-1-in-json", get("/scan-types"), 200, 200),
        ("charset-of-another", get("/users"), 200, 200),
        (
            "content-type-not-looked-at",
            vec![(TEXT, "POST", "/projects/1/teams", json!({"team_name": "t"}))],
            415,
            201,
        ),
        ("volatile-field", get("/users/me"), 200, 200),
        ("changed-answer", get("/scan-types"), 200, 200),
        (
            "foreign-object-read",
            vec![(PARTNER, "GET", "/projects/1/findings/details/F-1001", Value::Null)],
            403,
            200,
        ),
        (
            "foreign-objects-listed",
            vec![(PARTNER, "GET", "/projects/1/processing-rules", Value::Null)],
            403,
            200,
        ),
        (
            "foreign-object-changed",
            vec![(PARTNER, "PUT", "/projects/1/findings/details/F-1001/comments/1", json!({"text": "t"}))],
            403,
            200,
        ),
        ("foreign-object-deleted", vec![(PARTNER, "DELETE", "/projects/1/tags/2", Value::Null)], 403, 204),
        (
            "comment-of-another-finding",
            vec![
                (ADMIN, "POST", "/projects/1/findings/details/F-1002/comments", json!({"text": "t"})),
                (ADMIN, "GET", "/projects/1/findings/details/F-1001/comments/2", Value::Null),
            ],
            404,
            200,
        ),
        ("group-of-another-project", get("/projects/2/assets/groups/1"), 404, 200),
        (
            "read-only-property-set",
            send(
                "POST",
                "/projects/1/assets",
                json!({"asset_name": "a", "asset_type": "Host", "asset_last_scanned": "2001-01-01 00:00:00"}),
            ),
            422,
            201,
        ),
        (
            "read-only-property-changed",
            send(
                "PUT",
                "/projects/1/findings/details/F-1001/comments/1",
                json!({"text": "t", "created": "2001-01-01 00:00:00"}),
            ),
            422,
            200,
        ),
        ("valid-key-refused", send("POST", "/projects/1/scans", json!({})), 415, 401),
        (
            "existence-revealed",
            vec![(PARTNER, "GET", "/projects/1/processing-rules/99", Value::Null)],
            403,
            404,
        ),
        (
            "deletion-kept-from-editors",
            vec![(EDITOR, "DELETE", "/projects/1/processing-rules/2", Value::Null)],
            204,
            403,
        ),
    ]
}
