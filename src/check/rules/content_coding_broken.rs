//! A packed answer cannot be unpacked.
//!
//! ## What it does
//! Every request that does not say otherwise is sent with `Accept-Encoding: gzip`. An answer whose `Content-Encoding`
//! names gzip or deflate is unpacked, and reported if its bytes are not of that coding, end in the middle, or have a
//! wrong checksum. A coding that nobody asked for, or a name that is no coding (`utf-8`), is a warning. Silent on parts
//! of a body (206), on answers cut at the size limit, and where the request itself asked for a coding.
//!
//! ## Why it matters
//! Clients unpack before they read: the whole answer is lost to them, whatever its status says.
//!
//! ## Example
//! `GET /assets` answers with `Content-Encoding: gzip` and a body that starts with `[{"id": 1`.
//!
//! ## How to fix
//! Pack once, in one place: where both the application and a proxy do it, or where a cache keeps packed bytes without
//! `Vary: Accept-Encoding`, name and bytes fall apart.

use crate::case::Case;
use crate::check::Context;
use crate::exchange::{Exchange, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "content-coding-broken",
    title: "A packed answer cannot be unpacked",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 9110 §8.4, §12.5.3",
    fault_code: None,
    default_on: true,
};

/// What is unpacked here.
const KNOWN: &[&str] = &["gzip", "x-gzip", "deflate", "identity"];

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    let packed = response.packed.as_ref()?;
    let asked = |name: &str| exchange.request.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    if response.body.is_empty() || response.truncated || response.status == 206 {
        return None;
    }
    if asked("accept-encoding") || asked("range") {
        return None;
    }
    let Some(fault) = &packed.fault else { return Some(Vec::new()) };
    let name = response.header("content-encoding").unwrap_or_default();
    let known = is_known(response);
    let (site, title) = if known {
        ("broken", format!("answers {} with `{name}` that cannot be unpacked", response.status))
    } else {
        ("unasked", format!("answers {} in a coding that was not asked for, `{name}`", response.status))
    };
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: "header Content-Encoding".to_owned(),
    };
    let mut finding = Finding::new(&RULE, Some(&context.operation.key), &Site::new(&[site]), title)
        .detail(format!("{fault}\n{} bytes on the wire", packed.wire_bytes))
        .place(place);
    if !known {
        finding.severity = Severity::Warning;
    }
    Some(vec![finding])
}

fn is_known(response: &Response) -> bool {
    let values = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let mut names = values.flat_map(|(_, value)| value.split(','));
    names.all(|name| KNOWN.contains(&name.trim().to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header, positive};
    use crate::exchange::Packed;

    fn packed(coding: &str, status: u16, fault: Option<&str>) -> Exchange {
        let mut exchange =
            header(answer(status, "application/json", "\u{1}\u{2}"), "content-encoding", coding);
        let fault = fault.map(str::to_owned);
        exchange.outcome.as_mut().unwrap().packed = Some(Packed { wire_bytes: 2, fault });
        exchange
    }

    #[track_caller]
    fn severities(exchange: &Exchange) -> Option<Vec<Severity>> {
        let found = check(&World::get().context(), &positive(), exchange)?;
        Some(found.into_iter().map(|finding| finding.severity).collect())
    }

    #[test]
    fn fires_on_broken_data_and_warns_of_a_coding_nobody_asked_for() {
        let fault = Some("the gzip data ends in the middle");
        assert_eq!(severities(&packed("gzip", 200, fault)), Some(vec![Severity::Error]));
        assert_eq!(severities(&packed("deflate, GZIP", 404, fault)), Some(vec![Severity::Error]));
        assert_eq!(severities(&packed("br", 200, fault)), Some(vec![Severity::Warning]));
        assert_eq!(severities(&packed("utf-8", 200, fault)), Some(vec![Severity::Warning]));
    }

    #[test]
    fn silent_on_what_was_unpacked() {
        assert_eq!(severities(&packed("gzip", 200, None)), Some(vec![]));
        assert_eq!(severities(&answer(200, "application/json", "{}")), None);
    }

    #[test]
    fn cannot_judge_parts_nor_what_was_asked_for_nor_what_was_cut() {
        let fault = Some("not gzip data");
        assert_eq!(severities(&packed("gzip", 206, fault)), None);
        let mut asked = packed("br", 200, fault);
        asked.request.headers.push(("Accept-Encoding".to_owned(), "br".to_owned()));
        assert_eq!(severities(&asked), None);
        let mut cut = packed("gzip", 200, fault);
        cut.outcome.as_mut().unwrap().truncated = true;
        assert_eq!(severities(&cut), None);
        let mut empty = packed("gzip", 200, fault);
        empty.outcome.as_mut().unwrap().body.0.clear();
        assert_eq!(severities(&empty), None);
    }
}
