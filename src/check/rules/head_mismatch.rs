//! HEAD says something else than GET.
//!
//! ## What it does
//! Sends HEAD beside a GET that was served, and compares `Content-Type`, `Content-Length`, `ETag` and `Last-Modified`
//! where both have them; a length is compared with the body itself if GET names none. What differs between two GETs is
//! left out. Where the document has HEAD for the path, a refusal of what GET serves is reported too. Silent where HEAD is
//! not documented and not served, on headers that only one of the two carries, on lengths of packed bodies, and on a body
//! that is longer because it repeats the method.
//!
//! ## Why it matters
//! HEAD is how caches, link checkers and download tools ask before they fetch. One that tells another length makes them
//! drop what they have, or wait for bytes that never come.
//!
//! ## Example
//! `GET /assets` answers with 512 bytes of JSON. `HEAD /assets` answers with `Content-Length: 0`.
//!
//! ## How to fix
//! Serve HEAD by the code of GET, and let the server leave the body away at the very end.

use crate::check::Context;
use crate::check::refusal::refuses_in_body;
use crate::check::route::is_documented_at;
use crate::exchange::{Exchange, Method, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "head-mismatch",
    title: "HEAD says something else than GET",
    severity: Severity::Warning,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §8.6, §9.3.2",
    fault_code: None,
    default_on: true,
};

/// Headers that HEAD repeats if it sends them at all.
const COMPARED: &[&str] = &["content-type", "content-length", "etag", "last-modified"];

pub(crate) fn check(
    context: &Context,
    get: &Exchange,
    head: &Exchange,
    again: Option<&Exchange>,
) -> Option<Vec<Finding>> {
    let served = |response: &&Response| response.is_success() && !refuses_in_body(response);
    let wanted = get.response().filter(served)?;
    let found = head.response()?;
    let again = match again {
        Some(again) => Some(again.response().filter(served)?),
        None => None,
    };
    let operation = context.operation;
    let finding = |site: &str, title: String, detail: String| {
        let place = Place {
            document: Some(operation.pointer.clone()),
            instance: None,
            label: "method HEAD".to_owned(),
        };
        let finding = Finding::new(&RULE, Some(&operation.key), &Site::new(&[site]), title);
        let mut finding = finding.detail(detail).place(place);
        finding.evidence = vec![get.clone(), head.clone()];
        finding
    };
    if !found.is_success() {
        let documented = is_documented_at(context.api, Method::Head, &operation.path.to_string());
        if !documented || !matches!(found.status, 400..=428 | 430..=499) {
            return None;
        }
        let title = format!("answers {} to HEAD and {} to the same GET", found.status, wanted.status);
        return Some(vec![finding("status", title, String::new())]);
    }
    let differing = COMPARED.iter().find_map(|name| {
        let (of_get, of_head) = (value(name, wanted, found)?, told(name, found)?);
        if *name == "content-length" && repeats_the_method(wanted, &of_get, &of_head) {
            return None;
        }
        let steady = again.is_none_or(|again| value(name, again, found).as_ref() == Some(&of_get));
        (steady && of_get != of_head).then(|| {
            let title = format!("answers HEAD with another {name} than GET");
            finding(name, title, format!("GET: {of_get}\nHEAD: {of_head}"))
        })
    });
    Some(differing.into_iter().collect())
}

/// Whether the body shows the request, so that `HEAD` in place of `GET` explains the length.
fn repeats_the_method(get: &Response, of_get: &str, of_head: &str) -> bool {
    let shown = get.body.text().map_or(0, |text| text.matches("GET").count());
    let lengths = of_get.parse::<usize>().ok().zip(of_head.parse::<usize>().ok());
    lengths.is_some_and(|(of_get, of_head)| shown > 0 && of_head > of_get && of_head - of_get <= shown)
}

/// What a header of HEAD says, without what may vary in writing.
fn told(name: &str, response: &Response) -> Option<String> {
    match name {
        "content-type" => response.media_type().map(|media_type| media_type.essence()),
        _ => response.header(name).map(|text| text.trim().to_owned()),
    }
}

/// What HEAD ought to say after what GET said.
fn value(name: &str, get: &Response, head: &Response) -> Option<String> {
    let packed = |response: &Response| response.header("content-encoding").map(str::to_ascii_lowercase);
    // Packed and unpacked are two representations, of different lengths and tags (RFC 9110 §8.8.1); how short the
    // same bytes become may differ from one packing to the next.
    let skipped = match name {
        "content-length" => packed(get).is_some() || packed(head).is_some(),
        "etag" => packed(get) != packed(head),
        _ => false,
    };
    if skipped {
        return None;
    }
    match told(name, get) {
        None if name == "content-length" && !get.truncated => Some(get.body.bytes().len().to_string()),
        told => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header};

    fn get() -> Exchange {
        header(header(answer(200, "application/json", "[1]"), "content-length", "3"), "etag", "\"a\"")
    }

    #[track_caller]
    fn titles(get: &Exchange, head: &Exchange, again: Option<&Exchange>) -> Option<Vec<String>> {
        let found = check(&World::get().context(), get, head, again)?;
        Some(found.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_on_another_type_length_or_tag() {
        let fires = |head: Exchange, name: &str| {
            let expected = vec![format!("answers HEAD with another {name} than GET")];
            assert_eq!(titles(&get(), &head, Some(&get())), Some(expected));
        };
        fires(answer(200, "text/html", ""), "content-type");
        fires(header(answer(200, "", ""), "content-length", "0"), "content-length");
        fires(header(answer(204, "", ""), "etag", "\"b\""), "etag");
        // Without a length of its own, GET's is that of its body.
        let bare = answer(200, "", "[1]");
        let head = header(answer(200, "", ""), "content-length", "2");
        assert_eq!(titles(&bare, &head, None).unwrap().len(), 1);
    }

    #[test]
    fn silent_where_both_say_the_same_or_one_says_nothing() {
        assert_eq!(titles(&get(), &answer(200, "", ""), None), Some(vec![]));
        assert_eq!(titles(&get(), &answer(200, "application/json; charset=utf-8", ""), None), Some(vec![]));
        assert_eq!(titles(&get(), &get(), None), Some(vec![]));
        let tagged = header(answer(200, "", ""), "last-modified", "x");
        assert_eq!(titles(&get(), &tagged, None), Some(vec![]));
    }

    #[test]
    fn silent_on_what_changes_from_one_get_to_the_next() {
        let head = header(answer(200, "", ""), "content-length", "9");
        let longer = header(answer(200, "application/json", "[1,2,3,4]"), "content-length", "9");
        assert_eq!(titles(&get(), &head, Some(&longer)), Some(vec![]));
    }

    #[test]
    fn a_packed_body_has_another_length() {
        let packed =
            header(header(answer(200, "", "[1]"), "content-encoding", "gzip"), "content-length", "23");
        let head = header(answer(200, "", ""), "content-length", "3");
        assert_eq!(titles(&packed, &head, None), Some(vec![]));
        assert_eq!(titles(&packed, &header(head, "content-encoding", "gzip"), None), Some(vec![]));
    }

    #[test]
    fn a_body_that_shows_the_request_grows_with_the_method() {
        let get = header(answer(200, "", "{\"method\": \"GET\"}"), "content-length", "17");
        let head = |length| header(answer(200, "", ""), "content-length", length);
        assert_eq!(titles(&get, &head("18"), None), Some(vec![]));
        assert_eq!(titles(&get, &head("19"), None).unwrap().len(), 1);
        assert_eq!(titles(&get, &head("16"), None).unwrap().len(), 1);
    }

    #[test]
    fn a_refusal_counts_only_where_head_is_documented() {
        let world = World::get().and(Method::Head, "/pets");
        let of = |status| check(&world.context(), &get(), &answer(status, "", ""), None);
        assert_eq!(of(404).unwrap()[0].title, "answers 404 to HEAD and 200 to the same GET");
        for status in [429, 500, 503, 301] {
            assert_eq!(of(status), None, "{status}");
        }
        for status in [404, 405, 501, 401] {
            assert_eq!(titles(&get(), &answer(status, "", ""), None), None, "{status}");
        }
    }

    #[test]
    fn cannot_judge_beside_a_get_that_was_not_served() {
        assert_eq!(titles(&answer(404, "", ""), &answer(200, "", ""), None), None);
        assert_eq!(titles(&get(), &answer(200, "text/html", ""), Some(&answer(500, "", ""))), None);
    }
}
