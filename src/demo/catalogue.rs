//! Every fault that can be planted: name, rule, operation. The table promises; it must not act.

use crate::demo::fault::Fault;

/// Every fault, grouped by the kind of promise it breaks.
///
/// No two faults of one rule share an operation, and none hides another: all of them at once are each still visible.
pub const FAULTS: &[Fault] = &[
    plant(
        "wrong-type-in-response",
        "response-schema-mismatch",
        "GET /projects/{project_id}/riskscore",
        "the score is a string instead of an integer",
    ),
    plant(
        "missing-required-property",
        "response-schema-mismatch",
        "GET /projects/{project_id}/assets/groups",
        "the required `asset_count` is left out",
    ),
    plant(
        "null-in-response",
        "response-schema-mismatch",
        "GET /service-accounts",
        "the username is null, though it is not nullable",
    ),
    plant(
        "enum-value-undocumented",
        "response-schema-mismatch",
        "GET /projects/{project_id}/issues",
        "issues have a status that is not in the enumeration",
    ),
    plant(
        "extra-property-in-response",
        "response-schema-mismatch",
        "GET /projects/{project_id}/findings/overview",
        "a property appears that the closed schema does not know",
    ),
    plant(
        "wrong-error-shape",
        "response-schema-mismatch",
        "GET /projects/{project_id}/scans/{scan_id}",
        "the 404 answer does not follow the error schema",
    ),
    plant(
        "malformed-json-response",
        "response-schema-mismatch",
        "GET /projects/{project_id}/findings/frameworks",
        "the JSON breaks off in the middle",
    ),
    plant(
        "undocumented-status",
        "undocumented-status",
        "GET /projects/{project_id}/findings/metrics",
        "success is answered with 206 instead of 200",
    ),
    plant(
        "undocumented-error-status",
        "undocumented-status",
        "GET /projects/{project_id}/assets/{asset_id}/findings",
        "the documented minimum of `limit` is answered with 409",
    ),
    plant(
        "wrong-content-type",
        "undocumented-content-type",
        "GET /mitigation-statuses",
        "the JSON is labelled as HTML",
    ),
    plant(
        "bad-header",
        "response-header-mismatch",
        "GET /projects/{project_id}/teams",
        "`X-Total-Count` is a word instead of an integer",
    ),
    plant(
        "error-on-boundary-value",
        "server-error",
        "GET /projects/{project_id}/findings",
        "the documented maximum of `limit` is answered with 500",
    ),
    plant(
        "error-on-missing-optional-field",
        "server-error",
        "POST /projects/{project_id}/exports",
        "a body without the optional `description` is answered with 500",
    ),
    plant(
        "error-on-invalid-input",
        "server-error",
        "POST /projects/{project_id}/findings/search",
        "a body that breaks its schema is answered with 500 instead of 422",
    ),
    plant(
        "error-on-unknown-id",
        "server-error",
        "GET /projects/{project_id}/jobs/{job_id}",
        "a job that does not exist is answered with 500 instead of 404",
    ),
    plant(
        "error-on-empty-string",
        "server-error",
        "PUT /projects/{project_id}/findings/bulk",
        "an empty comment is answered with 500",
    ),
    plant(
        "ignored-max-length",
        "negative-data-accepted",
        "POST /projects/{project_id}/tags",
        "names longer than the documented maximum are accepted",
    ),
    plant(
        "ignored-enum",
        "negative-data-accepted",
        "POST /projects/{project_id}/processing-rules",
        "actions outside the enumeration are accepted",
    ),
    plant(
        "ignored-required",
        "negative-data-accepted",
        "POST /projects/{project_id}/issues",
        "the required `issue_summary` may be left out",
    ),
    plant(
        "ignored-minimum",
        "negative-data-accepted",
        "GET /projects/{project_id}/scans",
        "`start` may be negative",
    ),
    plant(
        "ignored-pattern",
        "negative-data-accepted",
        "POST /projects/{project_id}/findings",
        "`finding_cve` is not held to its pattern",
    ),
    plant(
        "ignored-format",
        "negative-data-accepted",
        "GET /projects/{project_id}/findings/trend",
        "`start_date` need not be a date",
    ),
    plant(
        "ignored-query-type",
        "negative-data-accepted",
        "GET /projects/{project_id}/tags",
        "`limit` need not be an integer",
    ),
    plant(
        "valid-enum-value-rejected",
        "positive-data-rejected",
        "POST /projects/{project_id}/assets/groups",
        "the documented criticality `Critical` is refused",
    ),
    plant(
        "maximum-off-by-one",
        "positive-data-rejected",
        "GET /projects/{project_id}/exports",
        "the documented maximum of `limit` is refused",
    ),
    plant(
        "auth-ignored",
        "auth-ignored",
        "GET /projects/{project_id}/assets/groups/metrics",
        "no key is needed",
    ),
    plant(
        "stack-trace-in-error",
        "error-leak",
        "GET /projects/{project_id}/tags/{tag_id}",
        "the refusal of a malformed id shows where the server failed",
    ),
    plant(
        "refusal-without-challenge",
        "challenge-missing",
        "GET /projects/{project_id}/teams/{team_id}",
        "a 401 does not say how to authenticate",
    ),
    plant("malformed-key-accepted", "auth-ignored", "GET /users", "any key will do, as long as there is one"),
    plant("role-ignored", "key-scope", "PUT /projects/{project_id}/tags/{tag_id}", "a viewer may write"),
    plant(
        "project-scope-ignored",
        "key-scope",
        "GET /projects/{project_id}/assets/{asset_id}",
        "a key may read projects it was not given",
    ),
    plant(
        "revoked-key-accepted",
        "revoked-key-accepted",
        "GET /projects/{project_id}",
        "a key that was regenerated still works",
    ),
    plant(
        "delete-does-nothing",
        "deleted-resource-available",
        "DELETE /projects/{project_id}/assets/{asset_id}",
        "deletion is confirmed, but the asset stays",
    ),
    plant(
        "create-not-stored",
        "created-resource-missing",
        "POST /projects/{project_id}/teams",
        "creation is confirmed, but the team is not kept",
    ),
    plant(
        "put-drops-fields",
        "update-lost",
        "PUT /projects/{project_id}/assets/{asset_id}",
        "location, notes, criticality and support team are not written",
    ),
    plant(
        "put-not-idempotent",
        "put-not-idempotent",
        "PUT /projects/{project_id}/processing-rules/{rule_id}",
        "sending the same rule again changes its priority",
    ),
    plant(
        "location-leads-nowhere",
        "location-broken",
        "POST /projects/{project_id}/findings/details/{finding_number}/comments",
        "`Location` names a comment that does not exist",
    ),
    plant(
        "link-leads-nowhere",
        "link-broken",
        "POST /projects/{project_id}/assets",
        "`X-Item-Id`, from which a link is made, names an asset that does not exist",
    ),
    plant(
        "pagination-repeats-item",
        "pagination-repeats-item",
        "GET /projects/{project_id}/assets",
        "each later page begins with the last item of the page before",
    ),
    plant(
        "slow-operation",
        "slow-response",
        "GET /projects/{project_id}/issues/{issue_key}",
        "the answer takes 800 ms longer",
    ),
    plant(
        "intermittent-error",
        "server-error",
        "GET /projects/{project_id}/exports/{export_id}",
        "every fifth call is answered with 500",
    ),
    plant(
        "head-without-length",
        "head-mismatch",
        "GET /projects/{project_id}/findings/overview",
        "HEAD says that the answer has no bytes",
    ),
    plant(
        "trace-echoes",
        "undocumented-method",
        "GET /projects/{project_id}/findings/metrics",
        "TRACE sends the request back",
    ),
    plant(
        "get-beside-post",
        "undocumented-method",
        "POST /projects/{project_id}/findings/search",
        "GET is served too",
    ),
    plant(
        "refusal-without-allow",
        "allow-missing",
        "GET /projects",
        "a 405 does not say which methods there are",
    ),
    plant(
        "wrong-type-of-nothing",
        "misused-status",
        "GET /projects/{project_id}/issues",
        "a malformed query is answered with 415, though nothing was sent",
    ),
    plant(
        "cache-told-both-ways",
        "caching-headers-broken",
        "GET /service-accounts",
        "`no-store` stands beside a lifetime of an hour",
    ),
    plant(
        "packed-by-name-alone",
        "content-coding-broken",
        "GET /projects/{project_id}/findings/trend",
        "plain bytes are labelled as gzip",
    ),
    plant(
        "packed-and-cut",
        "content-coding-broken",
        "GET /projects/{project_id}/assets/groups/metrics",
        "the gzip data ends in the middle",
    ),
    plant("latin-1-in-json", "charset-mismatch", "GET /scan-types", "an accented letter travels as Latin-1"),
    plant("charset-of-another", "charset-mismatch", "GET /users", "UTF-8 is labelled as Latin-1"),
    plant(
        "content-type-not-looked-at",
        "negative-data-accepted",
        "POST /projects/{project_id}/teams",
        "JSON is taken under any media type",
    ),
    plant("volatile-field", "", "GET /users/me", "`last_seen` is the time of the call, which is no defect"),
    plant(
        "changed-answer",
        "snapshot-changed",
        "GET /scan-types",
        "a description reads differently, though it still fits the schema",
    ),
];

const fn plant(
    name: &'static str,
    rule: &'static str,
    operation: &'static str,
    title: &'static str,
) -> Fault {
    Fault { name, rule, operation, title }
}
