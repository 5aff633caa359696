//! What an answer calls its next page: a cursor, or a link.
//!
//! Names are guesses; every guess that is not sure yields `None`. Nothing here judges.

use crate::exchange::Response;
use crate::spec::{Location, Operation};
use serde_json::Value;

/// Names, without what separates their words, of properties that lead on.
const NEXT: &[&str] = &[
    "next",
    "nextcursor",
    "nextpage",
    "nextpagetoken",
    "nexttoken",
    "nextlink",
    "nexturl",
    "nextmarker",
    "endcursor",
    "continuationtoken",
    "continuation",
    "odatanextlink",
];
/// Names of what such properties stand in.
const AROUND: &[&str] = &[
    "meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pageinfo",
    "links",
    "cursors",
    "cursor",
    "responsemetadata",
];
/// Names of query parameters that take a cursor and can be nothing else: `after` may be a date.
const CURSORS: &[&str] = &[
    "cursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "nextcursor",
    "continuationtoken",
    "continuation",
    "pagecursor",
];

/// How the next page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// With a value for the cursor's parameter.
    Cursor(String),
    /// By following a link.
    Link(String),
}

/// The query parameter that takes a cursor.
pub(crate) fn cursor_of(operation: &Operation) -> Option<&str> {
    let mut query = operation.parameters.iter().filter(|p| p.location == Location::Query);
    query.find(|p| CURSORS.contains(&plain(&p.name).as_str())).map(|p| p.name.as_str())
}

/// What an answer calls its next page; `None` on the last one.
pub(crate) fn next_of(response: &Response) -> Option<Next> {
    let linked = response.header("link").and_then(linked);
    linked.map(Next::Link).or_else(|| named(&response.json()?, 2))
}

fn named(body: &Value, depth: usize) -> Option<Next> {
    let map = body.as_object()?;
    let more =
        map.iter().find(|(name, _)| ["hasmore", "hasnextpage", "hasnext"].contains(&plain(name).as_str()));
    if more.is_some_and(|(_, more)| *more == Value::Bool(false)) {
        return None;
    }
    let mut leads = map.iter().filter(|(name, _)| NEXT.contains(&plain(name).as_str()));
    let text = |value: &Value| {
        let text =
            value.as_str().or_else(|| value.get("href")?.as_str()).or_else(|| value.get("url")?.as_str())?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let found = leads.find_map(|(_, value)| text(value));
    let next = found.map(|text| {
        let link = ["http://", "https://", "/", "?"].iter().any(|start| text.starts_with(start));
        if link { Next::Link(text) } else { Next::Cursor(text) }
    });
    let depth = depth.checked_sub(1)?;
    let mut around = map.iter().filter(|(name, _)| AROUND.contains(&plain(name).as_str()));
    next.or_else(|| around.find_map(|(_, inner)| named(inner, depth)))
}

/// The target of `rel="next"` in a `Link` header (RFC 8288 §3).
fn linked(header: &str) -> Option<String> {
    header.split('<').skip(1).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let relations = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && relations.split_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        is_next.then(|| target.to_owned())
    })
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
    fn check(body: Value, expected: Option<Next>) {
        assert_eq!(next_of(&response(200, "application/json", &body.to_string())), expected, "{body}");
    }

    #[test]
    fn cursors_and_links_are_found_where_they_stand() {
        let cursor = |text: &str| Some(Next::Cursor(text.to_owned()));
        let link = |text: &str| Some(Next::Link(text.to_owned()));
        check(json!({"items": [], "next": "p2"}), cursor("p2"));
        check(json!({"data": [], "nextPageToken": "t"}), cursor("t"));
        check(json!({"response_metadata": {"next_cursor": "c"}}), cursor("c"));
        check(
            json!({"paging": {"cursors": {"after": "x"}, "next": "https://a/b?after=x"}}),
            link("https://a/b?after=x"),
        );
        check(json!({"_links": {"next": {"href": "/a?page=2"}}}), link("/a?page=2"));
        check(json!({"@odata.nextLink": "https://a/b"}), link("https://a/b"));
    }

    #[test]
    fn a_last_page_has_none() {
        check(json!({"items": [], "next": null}), None);
        check(json!({"items": [], "next_cursor": ""}), None);
        check(json!({"next_cursor": "x", "has_more": false}), None);
        check(json!({"next_page": 2}), None);
        check(json!([{"next": "p2"}]), None);
    }

    #[test]
    fn a_link_header_is_read() {
        let target = |header: &str| linked(header);
        let both = "</a?page=1>; rel=\"prev\", </a?page=3>; rel=\"next\"";
        assert_eq!(target(both).as_deref(), Some("/a?page=3"));
        assert_eq!(
            target("<https://a/b?x=1,2>; title=\"n\"; rel=next").as_deref(),
            Some("https://a/b?x=1,2")
        );
        assert_eq!(target("</a>; rel=\"last\""), None);
    }
}
