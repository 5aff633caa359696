//! A refused method is not told which methods are allowed.
//!
//! ## What it does
//! Looks at every 405. It must carry an `Allow` header that lists the methods of the resource; an empty one is an answer
//! too. One that lists the very method that was just refused is reported as well.
//!
//! ## Why it matters
//! `Allow` is how a client, or a person with curl, learns what a resource can do. Frameworks send it by themselves; where
//! it is missing, something stands between the router and the answer, and often swallows more than this.
//!
//! ## Example
//! `TRACE /assets` answers `405 Method Not Allowed` without an `Allow` header.
//!
//! ## How to fix
//! Let the router answer, or send `Allow` with the methods of the path: `Allow: GET, POST`.

use crate::case::Case;
use crate::check::Context;
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "allow-missing",
    title: "A refused method is not told which methods are allowed",
    severity: Severity::Note,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §10.2.1, §15.5.6",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    judge(context, exchange)
}

/// The same, whatever the method was.
pub(crate) fn judge(context: &Context, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response().filter(|response| response.status == 405)?;
    let asked = exchange.request.method.as_str();
    let mut allowed =
        response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("allow")).peekable();
    let (site, title) = if allowed.peek().is_none() {
        ("missing", "answers 405 without an Allow header".to_owned())
    } else if allowed.flat_map(|(_, value)| value.split(',')).any(|name| name.trim() == asked) {
        ("contradiction", format!("refuses {asked} with an Allow header that lists it"))
    } else {
        return Some(Vec::new());
    };
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: "header Allow".to_owned(),
    };
    let finding = Finding::new(&RULE, Some(&context.operation.key), &Site::new(&[site]), title);
    Some(vec![finding.detail(format!("asked with: {asked}")).place(place)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, positive};

    #[track_caller]
    fn sites(exchange: &Exchange) -> Option<Vec<String>> {
        let found = check(&World::get().context(), &positive(), exchange)?;
        Some(found.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_without_allow_and_where_it_contradicts_itself() {
        assert_eq!(sites(&answer(405, "", "")).unwrap(), ["answers 405 without an Allow header"]);
        let both = header(header(answer(405, "", ""), "allow", "POST"), "Allow", "PUT, GET");
        assert_eq!(sites(&both).unwrap(), ["refuses GET with an Allow header that lists it"]);
    }

    #[test]
    fn silent_with_a_list_even_an_empty_one() {
        for list in ["POST, PUT", "", "get"] {
            assert_eq!(sites(&header(answer(405, "", ""), "allow", list)), Some(vec![]), "{list}");
        }
    }

    #[test]
    fn other_refusals_need_none() {
        for status in [200, 403, 404, 501] {
            assert_eq!(sites(&answer(status, "", "")), None);
        }
    }
}
