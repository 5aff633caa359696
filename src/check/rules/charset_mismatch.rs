//! The text of an answer is not written in the encoding that it ought to have.
//!
//! ## What it does
//! Reports JSON whose bytes are not UTF-8, and a text whose `Content-Type` says `charset=utf-8` and whose bytes say
//! otherwise. JSON with letters beyond ASCII under the name of another charset is a warning, a byte order mark before
//! JSON a note. Silent on other charsets for other texts, on a strange charset over plain ASCII, and on a character that
//! the size limit cut through.
//!
//! ## Why it matters
//! The parser stops at the first such letter, or shows it as two others; with test data of plain ASCII nobody sees it.
//!
//! ## Example
//! `GET /assets` answers `application/json`; the name `Zürich` travels as the Latin-1 bytes `5A FC 72 69 63 68`.
//!
//! ## How to fix
//! Write UTF-8, without a byte order mark, and name no other charset. JSON needs no `charset` at all.

use crate::case::Case;
use crate::check::Context;
use crate::check::documented::has_no_content;
use crate::exchange::{Exchange, MediaType, Response};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};

pub(crate) const RULE: Rule = Rule {
    id: "charset-mismatch",
    title: "An answer's text is not in the encoding that it ought to have",
    severity: Severity::Error,
    family: Family::Response,
    since: "0.1.0",
    reference: "RFC 8259 §8.1, RFC 9110 §8.3.2",
    fault_code: None,
    default_on: true,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response()?;
    let media_type = response.media_type()?;
    let silent = response.status >= 500 || response.body.is_empty() || !response.is_readable();
    if silent || has_no_content(exchange.request.method, response.status) {
        return None;
    }
    let charset = media_type.parameter("charset").map(str::to_lowercase);
    let says_utf8 = charset.as_deref().is_some_and(is_utf8);
    let judged = media_type.is_json() || media_type.is_text() && says_utf8;
    if !judged {
        return None;
    }
    let Some((site, severity, title, detail)) = fault(response, &media_type, charset.as_deref()) else {
        return Some(Vec::new());
    };
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: "body".to_owned(),
    };
    let mut finding = Finding::new(&RULE, Some(&context.operation.key), &Site::new(&[site]), title)
        .detail(detail)
        .place(place);
    finding.severity = severity;
    Some(vec![finding])
}

/// Where bytes and names fall apart: site, severity, title, detail.
fn fault(
    response: &Response,
    media_type: &MediaType,
    charset: Option<&str>,
) -> Option<(&'static str, Severity, String, String)> {
    let bytes = response.body.bytes();
    let status = response.status;
    let sent = response.header("content-type").unwrap_or_default();
    // What the charset names is a subset of UTF-8 where all letters are ASCII.
    if let Some(charset) = charset.filter(|charset| !is_utf8(charset)) {
        let title = format!("answers {status} with JSON in the charset `{charset}`");
        let detail = format!("sent: `{sent}`\nJSON is UTF-8 between systems");
        return (!bytes.is_ascii()).then_some(("declared", Severity::Warning, title, detail));
    }
    if let Some(at) = not_utf8(bytes, response.truncated) {
        let what = if media_type.is_json() { "JSON" } else { "a text" };
        let title = format!("answers {status} with {what} that is not UTF-8");
        let detail = format!("sent: `{sent}`\nbyte {at} is {:#04x}, which no UTF-8 has there", bytes[at]);
        return Some(("not-utf-8", Severity::Error, title, detail));
    }
    if media_type.is_json() && bytes.starts_with("\u{feff}".as_bytes()) {
        let title = format!("answers {status} with a byte order mark before the JSON");
        return Some(("byte-order-mark", Severity::Note, title, "it begins with ef bb bf".to_owned()));
    }
    None
}

/// Names under which UTF-8 travels, its subset ASCII included.
fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].contains(&charset)
}

/// Where the bytes stop being UTF-8; a character that was cut through at the end does not count.
fn not_utf8(bytes: &[u8], cut: bool) -> Option<usize> {
    let error = std::str::from_utf8(bytes).err()?;
    (error.error_len().is_some() || !cut).then(|| error.valid_up_to())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, positive};
    use crate::exchange::Method;

    fn exchange(status: u16, media_type: &str, bytes: &[u8]) -> Exchange {
        let mut exchange = answer(status, media_type, "");
        exchange.outcome.as_mut().unwrap().body.0 = bytes.to_vec();
        exchange
    }

    #[track_caller]
    fn check_bytes(media_type: &str, bytes: &[u8], expected: Option<&[Severity]>) {
        let found = check(&World::get().context(), &positive(), &exchange(200, media_type, bytes));
        let found: Option<Vec<Severity>> = found.map(|f| f.into_iter().map(|one| one.severity).collect());
        assert_eq!(found.as_deref(), expected, "{media_type} {bytes:?}");
    }

    #[test]
    fn fires_where_bytes_and_names_fall_apart() {
        let error = Some([Severity::Error].as_slice());
        check_bytes("application/json", b"\"Z\xfcrich\"", error);
        check_bytes("application/problem+json; charset=UTF-8", b"\"Z\xfcrich\"", error);
        check_bytes("text/csv; charset=utf-8", b"Z\xfcrich", error);
        check_bytes("application/json; charset=us-ascii", b"\"Z\xfcrich\"", error);
        check_bytes("application/json", b"\"Z\xc3", error);
        let warning = Some([Severity::Warning].as_slice());
        check_bytes("application/json; charset=ISO-8859-1", "\"Zürich\"".as_bytes(), warning);
        check_bytes("application/json; charset=windows-1252", b"\"Z\xfcrich\"", warning);
        check_bytes("application/json", "\u{feff}{}".as_bytes(), Some(&[Severity::Note]));
    }

    #[test]
    fn silent_on_utf8_and_on_plain_ascii_under_any_name() {
        check_bytes("application/json", "\"Zürich\"".as_bytes(), Some(&[]));
        check_bytes("application/json; charset=utf-8", "\"Zürich\"".as_bytes(), Some(&[]));
        check_bytes("application/json; charset=ISO-8859-1", b"{}", Some(&[]));
        check_bytes("text/csv; charset=utf-8", "Zürich".as_bytes(), Some(&[]));
    }

    #[test]
    fn other_texts_may_have_other_charsets() {
        check_bytes("text/csv", b"Z\xfcrich", None);
        check_bytes("text/csv; charset=iso-8859-1", b"Z\xfcrich", None);
        check_bytes("image/png", b"\x89PNG", None);
        check_bytes("application/octet-stream", b"\xff", None);
    }

    #[test]
    fn cannot_judge_crashes_cut_characters_nor_answers_without_content() {
        let world = World::get();
        let of = |exchange: &Exchange| check(&world.context(), &positive(), exchange);
        assert_eq!(of(&exchange(500, "application/json", b"\xff")), None);
        assert_eq!(of(&exchange(204, "application/json", b"\xff")), None);
        assert_eq!(of(&exchange(200, "application/json", b"")), None);
        let mut head = exchange(200, "application/json", b"\xff");
        head.request.method = Method::Head;
        assert_eq!(of(&head), None);
        let mut cut = exchange(200, "application/json", b"\"Z\xc3");
        cut.outcome.as_mut().unwrap().truncated = true;
        assert_eq!(of(&cut), Some(vec![]));
    }
}
