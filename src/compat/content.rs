//! Bodies by media type: which content of one document stands for which of the other.

use crate::compat::pair::Wire;
use crate::exchange::MediaType;
use crate::spec::Content;

/// The content among `others` that takes what `content` takes: the same type first, then a range over it.
pub(crate) fn matching<'c>(content: &Content, others: &'c [Content]) -> Option<&'c Content> {
    let Some(wanted) = MediaType::parse(&content.media_type) else {
        return others.iter().find(|other| other.media_type == content.media_type);
    };
    let parsed = || others.iter().filter_map(|other| Some((MediaType::parse(&other.media_type)?, other)));
    parsed()
        .find(|(media_type, _)| media_type.essence() == wanted.essence())
        .or_else(|| parsed().find(|(media_type, _)| media_type.covers(&wanted)))
        .map(|(_, other)| other)
}

/// The media types in words.
pub(crate) fn named(contents: &[Content]) -> String {
    if contents.is_empty() {
        return "no body".to_owned();
    }
    contents.iter().map(|content| content.media_type.as_str()).collect::<Vec<_>>().join(", ")
}

/// How values of this media type travel. Only JSON tells `5` from `"5"`.
pub(crate) fn wire(media_type: &str) -> Wire {
    match MediaType::parse(media_type) {
        Some(parsed) if parsed.is_json() || parsed.is_range() => Wire::Json,
        _ => Wire::Text,
    }
}
