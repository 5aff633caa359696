//! The one redirect that is followed: to the very same path with or without a slash at its end.
//!
//! Many frameworks serve `/pets/` where the document says `/pets`, or the other way round, and every client follows.
//! Only text is compared here. This must never lead to another path, another query or another origin.

use crate::exchange::{Method, Response};
use url::Url;

/// The URL to ask instead of `url`; `None` if the answer is no such redirect.
///
/// `location` decides about the path alone: the query stays what it was, since a key may stand in it. An answer 301 or
/// 302 may turn a `POST` into a `GET` (RFC 9110 §15.4.2), and so it counts for safe methods only.
pub(super) fn same_but_for_the_slash(url: &str, method: Method, response: &Response) -> Option<String> {
    match response.status {
        307 | 308 => {}
        301 | 302 if method.is_safe() => {}
        _ => return None,
    }
    let from = Url::parse(url).ok()?;
    let target = from.join(response.header("location")?).ok()?;
    if target.origin() != from.origin() || target.query().is_some() != from.query().is_some() {
        return None;
    }
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (before, rest) = url.split_at(end);
    let other = before.strip_suffix('/').map_or_else(|| format!("{before}/"), str::to_owned);
    let there = Url::parse(&other).ok()?;
    (there.path() == target.path() && there.path() != from.path()).then(|| format!("{other}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    fn answer(status: u16, location: &str) -> Response {
        let headers = vec![("location".to_owned(), location.to_owned())];
        Response { status, headers, body: Body::default(), truncated: false, packed: None }
    }

    #[track_caller]
    fn check(url: &str, method: Method, status: u16, location: &str, expected: Option<&str>) {
        let found = same_but_for_the_slash(url, method, &answer(status, location));
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_slash_at_the_end_is_followed_either_way() {
        check("http://h/a", Method::Get, 301, "/a/", Some("http://h/a/"));
        check("http://h/a/", Method::Get, 302, "http://h/a", Some("http://h/a"));
        check("http://h/a?k=%2F", Method::Post, 308, "http://h/a/?k=…", Some("http://h/a/?k=%2F"));
    }

    #[test]
    fn nothing_else_is_followed() {
        check("http://h/a", Method::Get, 301, "/b/", None);
        check("http://h/a", Method::Get, 301, "http://g/a/", None);
        check("http://h/a", Method::Get, 301, "https://h/a/", None);
        check("http://h/a?x=1", Method::Get, 301, "/a/", None);
        check("http://h/a", Method::Get, 303, "/a/", None);
        check("http://h/a", Method::Get, 200, "/a/", None);
        check("http://h/a", Method::Get, 308, "/a", None);
        check("http://h/a/", Method::Get, 308, "/a//", None);
        check("http://h/", Method::Get, 308, "", None);
    }

    #[test]
    fn a_creation_does_not_become_a_question() {
        check("http://h/a", Method::Post, 301, "/a/", None);
        check("http://h/a", Method::Post, 307, "/a/", Some("http://h/a/"));
    }
}
