//! Which media type a body is sent in.

use crate::exchange::MediaType;
use crate::spec::Content;

/// How a media type writes a value, the kinds that are easiest to judge first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// JSON: types survive.
    Json,
    /// `application/x-www-form-urlencoded`: everything becomes text.
    Form,
    /// `multipart/…`: everything becomes text, or bytes.
    Multipart,
    /// `text/…`.
    Text,
    /// Bytes.
    Bytes,
    /// XML: everything becomes text.
    Xml,
    /// Anything else.
    Other,
}

/// The kind of a media type or range as written in a document.
pub(super) fn kind(media_type: &str) -> Kind {
    let Some(media) = MediaType::parse(media_type) else { return Kind::Other };
    let essence = media.essence();
    if media.is_json() || essence == "*/*" || essence == "application/*" {
        Kind::Json
    } else if media.is_form() {
        Kind::Form
    } else if media.is_multipart() {
        Kind::Multipart
    } else if media.is_xml() {
        Kind::Xml
    } else if media.is_text() {
        Kind::Text
    } else if essence == "application/octet-stream" || essence.starts_with("image/") {
        Kind::Bytes
    } else {
        Kind::Other
    }
}

/// The `Content-Type` to send for a media type or range.
pub(super) fn concrete(media_type: &str) -> String {
    let Some(media) = MediaType::parse(media_type) else { return media_type.to_owned() };
    if !media.is_range() {
        return media_type.to_owned();
    }
    let example = match media.essence().as_str() {
        "text/*" => "text/plain",
        "image/*" => "image/png",
        "multipart/*" => "multipart/form-data",
        "audio/*" => "audio/mpeg",
        "video/*" => "video/mp4",
        _ => "application/json",
    };
    example.to_owned()
}

/// The content that is easiest to judge; the first among equals.
pub(super) fn best(contents: &[Content]) -> Option<&Content> {
    contents.iter().min_by_key(|content| kind(&content.media_type))
}

/// Whether the document admits `text/plain` beside its other media types.
pub(super) fn admits_text(contents: &[Content]) -> bool {
    let plain = MediaType::parse("text/plain");
    contents.iter().any(|content| match (MediaType::parse(&content.media_type), &plain) {
        (Some(media), Some(plain)) => media.covers(plain),
        _ => true,
    })
}
