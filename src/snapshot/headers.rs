//! Headers that belong to what an operation promises.

use crate::exchange::Response;
use crate::snapshot::SnapshotOptions;
use crate::snapshot::mask::{VOLATILE, mask_text};

/// Set by the moment, the connection, the machine or a cache: never part of the contract.
const DROPPED: &[&str] = &[
    "accept-ranges",
    "age",
    "alt-svc",
    "cf-cache-status",
    "cf-ray",
    "connection",
    "content-length",
    "date",
    "expires",
    "keep-alive",
    "nel",
    "report-to",
    "retry-after",
    "server",
    "server-timing",
    "set-cookie",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-cache",
    "x-correlation-id",
    "x-powered-by",
    "x-request-id",
    "x-response-time",
    "x-runtime",
    "x-served-by",
    "x-timer",
];

/// The same for whole families.
const DROPPED_FAMILIES: &[&str] = &[
    "cf-",
    "ratelimit",
    "x-amz",
    "x-b3-",
    "x-cloud-trace",
    "x-envoy-",
    "x-ratelimit",
    "x-rate-limit",
    "x-trace",
];

/// Present or not is part of the contract, the value is not.
const MASKED: &[(&str, &str)] = &[("etag", "[etag]"), ("last-modified", "[date-time]")];

/// The headers that a snapshot keeps, by name, masked. One that only one of two answers carries is left out.
pub(crate) fn normalise_headers(
    first: &Response,
    second: Option<&Response>,
    options: &SnapshotOptions,
) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for (name, value) in &first.headers {
        let name = name.to_ascii_lowercase();
        if is_dropped(&name, options) {
            continue;
        }
        let shown = shown(&name, value);
        let shown = match second {
            None => shown,
            Some(second) => {
                let others = values(second, &name);
                if others.is_empty() {
                    continue;
                }
                if others.contains(&shown) { shown } else { VOLATILE.to_owned() }
            }
        };
        kept.push((name, shown));
    }
    // Stable: the order of equal names means something (RFC 9110 §5.3).
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    kept
}

fn is_dropped(name: &str, options: &SnapshotOptions) -> bool {
    DROPPED.contains(&name)
        || DROPPED_FAMILIES.iter().any(|family| name.starts_with(family))
        || options.dropped_headers.iter().any(|dropped| dropped.eq_ignore_ascii_case(name))
}

fn values(response: &Response, name: &str) -> Vec<String> {
    response.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(n, v)| shown(n, v)).collect()
}

fn shown(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    if let Some((_, mask)) = MASKED.iter().find(|(masked, _)| *masked == name) {
        return (*mask).to_owned();
    }
    // What names the thing or the call is another one each time.
    if name.ends_with("-id") {
        return "[id]".to_owned();
    }
    if name == "location" || name == "content-location" {
        return without_ids(value);
    }
    let line = value.replace(['\r', '\n'], " ");
    mask_text(&line).map_or(line, ToOwned::to_owned)
}

/// A reference with its host (a staging instance's port changes) and every segment that is an id masked.
fn without_ids(reference: &str) -> String {
    let (host, path) = match reference.split_once("://") {
        Some((_, rest)) => ("[host]", rest.find('/').map_or("", |at| &rest[at..])),
        None => ("", reference),
    };
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| {
            let is_number = !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
            if is_number { "[id]" } else { mask_text(segment).unwrap_or(segment) }
        })
        .collect();
    format!("{host}{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    fn response(headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Response { status: 200, headers, body: Body::default(), truncated: false, packed: None }
    }

    #[track_caller]
    fn check(first: &[(&str, &str)], second: Option<&[(&str, &str)]>, expected: &[(&str, &str)]) {
        let options =
            SnapshotOptions { dropped_headers: vec!["X-Build".to_owned()], ..SnapshotOptions::default() };
        let got = normalise_headers(&response(first), second.map(response).as_ref(), &options);
        let got: Vec<(&str, &str)> = got.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn keeps_the_contract_and_drops_the_moment() {
        check(
            &[
                ("date", "Mon, 23 Nov 2026 04:54:16 GMT"),
                ("X-Item-Id", "4711"),
                ("X-Build", "77"),
                ("x-ratelimit-remaining", "12"),
                ("set-cookie", "s=1"),
                ("x-content-type-options", "nosniff"),
                ("etag", "\"abc\""),
                ("content-type", "application/json"),
                ("location", "http://127.0.0.1:8123/pets/17/tags"),
            ],
            None,
            &[
                ("content-type", "application/json"),
                ("etag", "[etag]"),
                ("location", "[host]/pets/[id]/tags"),
                ("x-content-type-options", "nosniff"),
                ("x-item-id", "[id]"),
            ],
        );
    }

    #[test]
    fn two_answers_show_what_is_volatile() {
        check(
            &[("x-node", "a"), ("x-once", "1"), ("vary", "accept"), ("vary", "origin")],
            Some(&[("X-Node", "b"), ("vary", "accept"), ("vary", "origin")]),
            &[("vary", "accept"), ("vary", "origin"), ("x-node", "[volatile]")],
        );
    }
}
