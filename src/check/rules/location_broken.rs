//! The `Location` of a creation leads nowhere.
//!
//! ## What it does
//! Follows the `Location` of a 201 on the same origin, and reports when that is answered 404, 405, 410 or with a crash
//! (500, 501). A value that is no URI reference is reported without following it. Silent if the resource itself cannot
//! be read either, and if the same URL was read successfully: then the `Location` is not to blame.
//!
//! ## Why it matters
//! `Location` is the only way by which a client that keeps to HTTP learns where the new resource is.
//!
//! ## Example
//! `POST /scans` answers 201 with `Location: /scan/12`. `GET /scan/12` answers 404; the scan is at `/scans/12`.
//!
//! ## How to fix
//! Send the URL under which the resource is served, with the prefix that a proxy adds.

use crate::check::Role;
use crate::check::sequence::{Transcript, Verdict};
use crate::finding::{Family, Rule, Severity};

pub(crate) const RULE: Rule = Rule {
    id: "location-broken",
    title: "The Location of a creation leads nowhere",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "RFC 9110 §10.2.2, §15.3.2",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(transcript: &Transcript) -> Vec<Verdict> {
    judge(transcript).into_iter().collect()
}

fn judge(transcript: &Transcript) -> Option<Verdict> {
    let create = transcript.first(Role::Create)?;
    let response = create.response().filter(|response| response.status == 201)?;
    let location = response.header("location")?;
    if !is_reference(&create.exchange.request.url, location) {
        let title = "creates a resource with a Location that is no URL".to_owned();
        let mut finding = transcript.finding(&RULE, "malformed", title, &[create]);
        finding.detail.push_str(&format!("\nLocation: {location}"));
        return Some((create.operation.clone(), vec![finding]));
    }
    let (_, follow) = transcript.pair(Role::Create, Role::FollowLocation, &[Role::Delete])?;
    let status = follow.status()?;
    let read = transcript.pair(Role::Create, Role::ReadAfterCreate, &[Role::Delete]);
    let missing = read.is_some_and(|(_, read)| matches!(read.status(), Some(404 | 410)));
    let right = transcript.steps.iter().any(|step| {
        step.exchange.request.url == follow.exchange.request.url
            && step.role == Role::ReadAfterCreate
            && step.is_done()
    });
    let findings = match status {
        404 | 410 if missing => return None,
        500 | 501 if right => return None,
        404 | 405 | 410 | 500 | 501 => {
            let title = format!("creates a resource with a Location that answers {status}");
            let mut finding = transcript.finding(&RULE, "location", title, &[create, follow]);
            finding.detail.push_str(&format!("\nLocation: {location}"));
            vec![finding]
        }
        200..=299 => Vec::new(),
        _ => return None,
    };
    Some((create.operation.clone(), findings))
}

/// Whether `location` is a URI reference (RFC 3986 §4.1) that makes sense relative to `base`.
fn is_reference(base: &str, location: &str) -> bool {
    let bytes = location.as_bytes();
    let legal = |byte: &u8| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(byte);
    let escaped = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| {
        bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    let joins = url::Url::parse(base).is_ok_and(|base| base.join(location).is_ok());
    !location.is_empty() && bytes.iter().all(legal) && escaped && joins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Step;
    use crate::check::fixture::{World, answer, at, header, positive, step};
    use crate::exchange::Method;

    fn verdict(
        created: u16,
        location: Option<&str>,
        followed: Option<u16>,
        read: Option<u16>,
    ) -> Option<Vec<String>> {
        let world = World::new(Method::Post, "/pets");
        let of = |role, exchange| step(role, Method::Post, "/pets", positive(), exchange);
        let creation = answer(created, "", "");
        let creation = match location {
            Some(location) => header(creation, "location", location),
            None => creation,
        };
        let mut steps: Vec<Step> = vec![of(Role::Create, creation)];
        steps.extend(read.map(|status| of(Role::ReadAfterCreate, answer(status, "", ""))));
        let follow = |status| of(Role::FollowLocation, at("/pets/x", answer(status, "", "")));
        steps.extend(followed.map(follow));
        let (_, findings) = check(&Transcript { api: &world.api, steps: &steps }).into_iter().next()?;
        Some(findings.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_when_it_leads_nowhere() {
        for status in [404, 405, 410, 500] {
            let titles = verdict(201, Some("/pets/1"), Some(status), Some(200)).unwrap();
            assert_eq!(titles, [format!("creates a resource with a Location that answers {status}")]);
        }
        // The same URL was read before: it is the reading that crashes now and then.
        let world = World::new(Method::Post, "/pets");
        let of = |role, exchange| step(role, Method::Get, "/pets/{id}", positive(), at("/pets/1", exchange));
        let steps = [
            of(Role::Create, header(answer(201, "", ""), "location", "/pets/1")),
            of(Role::ReadAfterCreate, answer(200, "", "")),
            of(Role::FollowLocation, answer(500, "", "")),
        ];
        assert!(check(&Transcript { api: &world.api, steps: &steps }).is_empty());
        assert_eq!(verdict(201, Some("/pets/1"), Some(200), None), Some(vec![]));
    }

    #[test]
    fn fires_on_what_is_no_reference() {
        for location in ["/pets/{id}", "/a b", "http://[x", "/100%", "", "/p\u{e9}"] {
            assert_eq!(verdict(201, Some(location), None, None).map(|t| t.len()), Some(1), "{location}");
        }
        for location in
            ["/pets/1", "pets/1", "http://127.0.0.1:1/pets/a%20b?x=1#y", "//127.0.0.1/x", "urn:pet:1"]
        {
            assert_eq!(verdict(201, Some(location), None, None), None, "{location}");
        }
    }

    #[test]
    fn the_location_is_not_to_blame_for_a_missing_resource() {
        assert_eq!(verdict(201, Some("/pets/1"), Some(404), Some(404)), None);
        assert_eq!(verdict(201, Some("/pets/1"), Some(405), Some(404)).unwrap().len(), 1);
    }

    #[test]
    fn cannot_judge_other_statuses_nor_refusals() {
        assert_eq!(verdict(202, Some("/jobs/1"), Some(404), None), None);
        assert_eq!(verdict(201, None, None, None), None);
        for status in [302, 401, 403, 429, 502, 503] {
            assert_eq!(verdict(201, Some("/pets/1"), Some(status), None), None, "{status}");
        }
    }
}
