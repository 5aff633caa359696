//! Headers for caches contradict each other or cannot be read.
//!
//! ## What it does
//! Reads `Cache-Control` and `ETag` of answers to questions. Reported are `no-store` beside a lifetime (`max-age` or
//! `s-maxage` above 0, `immutable`), `public` beside an unqualified `private`, one lifetime given twice with different
//! values, a lifetime that is no number, and an `ETag` that is no quoted text. Silent on `no-store, no-cache, max-age=0`,
//! which is the same thing said thrice, on `no-store` beside an `ETag`, on `Expires: 0`, and on directives that it does
//! not know.
//!
//! ## Why it matters
//! Of two contradicting directives each cache on the way obeys another one: private answers are stored, or nothing ever
//! is. An `ETag` without quotes never matches what the client sends back.
//!
//! ## Example
//! `GET /assets` answers with `Cache-Control: no-store, max-age=3600`.
//!
//! ## How to fix
//! Set `Cache-Control` in one place, and say one thing: `no-store`, or a lifetime. Write `ETag: "33a64df5"`.

use crate::case::Case;
use crate::check::Context;
use crate::exchange::{Exchange, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "caching-headers-broken",
    title: "Headers for caches contradict each other or cannot be read",
    severity: Severity::Note,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9111 §4.2.1, §5.2.2, RFC 9110 §8.8.3",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    if !exchange.request.method.is_safe() || !(response.is_success() || response.status == 304) {
        return None;
    }
    let directives = directives(response);
    let etag = response.header("etag");
    if directives.is_empty() && etag.is_none() {
        return None;
    }
    let mut findings = Vec::new();
    let mut tell = |site: &str, header: &str, title: String| {
        let sent = response.header(header).unwrap_or_default();
        let place = Place {
            document: Some(context.operation.pointer.push("responses")),
            instance: None,
            label: format!("header {header}"),
        };
        let finding = Finding::new(&RULE, Some(&context.operation.key), &Site::new(&[site]), title);
        findings.push(finding.detail(format!("sent: `{header}: {sent}`")).place(place));
    };
    if let Some((site, title)) = contradiction(&directives) {
        tell(site, "Cache-Control", title);
    }
    if etag.is_some_and(|etag| !is_entity_tag(etag)) {
        tell("etag", "ETag", "sends an ETag that is no quoted text".to_owned());
    }
    Some(findings)
}

type Directive = (String, Option<String>);

/// The first thing that cannot be meant.
fn contradiction(directives: &[Directive]) -> Option<(&'static str, String)> {
    let has = |name: &str| directives.iter().any(|(n, _)| n == name);
    let bare = |name: &str| directives.iter().any(|(n, value)| n == name && value.is_none());
    for name in ["max-age", "s-maxage"] {
        let mut values: Vec<&str> =
            directives.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_deref().unwrap_or("")).collect();
        if values.iter().any(|value| value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit())) {
            return Some(("lifetime", format!("sends a `{name}` that is no number of seconds")));
        }
        values.dedup();
        if values.len() > 1 {
            return Some(("twice", format!("sends `{name}` twice with different values")));
        }
        let lives = values.first().is_some_and(|value| value.bytes().any(|b| b != b'0'));
        if has("no-store") && (lives || has("immutable")) {
            let lifetime = if lives { name } else { "immutable" };
            return Some(("no-store", format!("sends `no-store` beside `{lifetime}`")));
        }
    }
    (bare("public") && bare("private")).then(|| ("public", "sends `public` beside `private`".to_owned()))
}

/// The directives of all `Cache-Control` headers, names in lower case, values unquoted.
fn directives(response: &Response) -> Vec<Directive> {
    let values = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cache-control"));
    let mut all = Vec::new();
    for (_, text) in values {
        let mut quoted = false;
        for piece in text.split(|c: char| {
            quoted ^= c == '"';
            c == ',' && !quoted
        }) {
            let (name, value) = match piece.split_once('=') {
                Some((name, value)) => (name, Some(value.trim().trim_matches('"').to_owned())),
                None => (piece, None),
            };
            if !name.trim().is_empty() {
                all.push((name.trim().to_ascii_lowercase(), value));
            }
        }
    }
    all
}

/// RFC 9110 §8.8.3: `"…"` or `W/"…"`.
fn is_entity_tag(text: &str) -> bool {
    let text = text.trim();
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    opaque.len() >= 2
        && opaque.starts_with('"')
        && opaque.ends_with('"')
        && !opaque[1..opaque.len() - 1].contains('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, positive};
    use crate::exchange::Method;

    #[track_caller]
    fn check_header(name: &str, value: &str, expected: Option<&[&str]>) {
        let exchange = header(answer(200, "", ""), name, value);
        let found = check(&World::get().context(), &positive(), &exchange);
        let found: Option<Vec<String>> = found.map(|f| f.into_iter().map(|one| one.title).collect());
        let expected = expected.map(|e| e.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected, "{name}: {value}");
    }

    #[test]
    fn fires_on_what_cannot_be_meant() {
        let check = |value, title| check_header("cache-control", value, Some(&[title]));
        check("no-store, max-age=3600", "sends `no-store` beside `max-age`");
        check("No-Store, s-maxage=\"10\"", "sends `no-store` beside `s-maxage`");
        check("immutable, no-store", "sends `no-store` beside `immutable`");
        check("public, private, max-age=5", "sends `public` beside `private`");
        check("max-age=0, max-age=60", "sends `max-age` twice with different values");
        check("max-age=1h", "sends a `max-age` that is no number of seconds");
        check("max-age=-1", "sends a `max-age` that is no number of seconds");
        check_header("etag", "33a64df5", Some(&["sends an ETag that is no quoted text"]));
        check_header("etag", "w/\"x\"", Some(&["sends an ETag that is no quoted text"]));
    }

    #[test]
    fn silent_on_what_is_said_more_than_once() {
        for value in [
            "no-store, no-cache, max-age=0, must-revalidate, private",
            "public, max-age=31536000, immutable",
            "private=\"set-cookie, x-user\", public, max-age=60",
            "max-age=60, max-age=60",
            "no-cache",
            "ext=1, no-store",
        ] {
            check_header("cache-control", value, Some(&[]));
        }
        for tag in ["\"x\"", "W/\"x\"", "\"\"", "\"a b\""] {
            check_header("etag", tag, Some(&[]));
        }
    }

    #[test]
    fn cannot_judge_refusals_writes_nor_answers_without_such_headers() {
        check_header("expires", "0", None);
        let world = World::get();
        let of = |exchange: &Exchange| check(&world.context(), &positive(), exchange);
        assert_eq!(of(&header(answer(404, "", ""), "cache-control", "no-store, max-age=1")), None);
        let mut write = header(answer(200, "", ""), "cache-control", "no-store, max-age=1");
        write.request.method = Method::Post;
        assert_eq!(of(&write), None);
    }
}
