//! Media types as documents write them, and what is meant by those that are none.

use crate::exchange::MediaType;
use crate::schema::Pointer;
use crate::spec::IssueKind;
use crate::spec::parse::walk::Walk;

/// Short names that people write for media types.
const MEANT: &[(&str, &str)] = &[
    ("*", "*/*"),
    ("any", "*/*"),
    ("json", "application/json"),
    ("application-json", "application/json"),
    ("application.json", "application/json"),
    ("xml", "application/xml"),
    ("text", "text/plain"),
    ("plain", "text/plain"),
    ("html", "text/html"),
    ("csv", "text/csv"),
    ("pdf", "application/pdf"),
    ("form", "application/x-www-form-urlencoded"),
    ("x-www-form-urlencoded", "application/x-www-form-urlencoded"),
    ("form-data", "multipart/form-data"),
    ("multipart", "multipart/form-data"),
    ("binary", "application/octet-stream"),
    ("octet-stream", "application/octet-stream"),
];

/// The media types that `written` names: itself, several in one text, or what a short name means. None, with an
/// issue, if nobody can tell.
pub(super) fn read(walk: &mut Walk, written: &str, at: &Pointer) -> Vec<String> {
    let written = written.trim();
    if MediaType::parse(written).is_some() {
        return vec![written.to_owned()];
    }
    let pieces = written.split([',', ' ']).map(str::trim).filter(|piece| !piece.is_empty());
    let meant: Option<Vec<String>> = pieces.map(|piece| meant(piece).map(str::to_owned)).collect();
    let Some(types) = meant.filter(|types| !types.is_empty()) else {
        let message = format!("`{written}` is not a media type");
        walk.issue(
            "invalid-media-type",
            IssueKind::PartSkipped,
            at,
            message,
            "write it as `application/json`",
        );
        return Vec::new();
    };
    let message = format!("`{written}` is not a media type; it is read as `{}`", types.join("`, `"));
    walk.issue(
        "invalid-media-type",
        IssueKind::Doubtful,
        at,
        message,
        "write each media type out, on its own",
    );
    types
}

fn meant(piece: &str) -> Option<&str> {
    if MediaType::parse(piece).is_some() {
        return Some(piece);
    }
    let name = piece.to_ascii_lowercase();
    MEANT.iter().find(|(short, _)| *short == name).map(|(_, meant)| *meant)
}
