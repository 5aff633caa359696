//! Percent-encoding, one set per place in a URL (RFC 3986 §2, §3.3, §3.4).
//!
//! Every set covers what the `url` crate would encode on its own, so that the text asked for is the text sent.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};

/// A value: all but the unreserved characters, `:` and `@`.
const VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@');

/// A value where a dot separates.
const DOTS: &AsciiSet = &VALUE.add(b'.');

/// A query value under `allowReserved`: reserved characters stay, but for those that end or split a pair.
const RESERVED: &AsciiSet = &VALUE
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// A path value under `allowReserved` (OpenAPI 3.2): reserved characters stay, but for those that end a segment or
/// the path.
const PATH_RESERVED: &AsciiSet = &VALUE
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Ready-made path text: only what would leave the path or be rewritten.
const PATH_TEXT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'^')
    .add(b'\\');

/// Ready-made query text: only what would leave the query or be rewritten.
const QUERY_TEXT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\'');

/// A cookie value: what RFC 6265 §4.1.1 forbids in one, and `%`.
const COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// A cookie's name: `:` and `@` are not for tokens.
const COOKIE_NAME: &AsciiSet = &VALUE.add(b':').add(b'@');

/// Which characters of a value stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// Percent-encoded, all but the unreserved.
    Value,
    /// Percent-encoded, dots too: the exploded `label` style splits at them.
    Dots,
    /// Percent-encoded, reserved characters kept.
    Reserved,
    /// The same in a path.
    PathReserved,
    /// Percent-encoded as a cookie needs it.
    Cookie,
    /// Percent-encoded as a cookie's name needs it.
    CookieName,
    /// Not at all: headers.
    Never,
}

impl Escape {
    /// `text` as it may stand in this place.
    pub(super) fn apply(self, text: &str) -> String {
        let set = match self {
            Self::Value => VALUE,
            Self::Dots => DOTS,
            Self::Reserved => RESERVED,
            Self::PathReserved => PATH_RESERVED,
            Self::Cookie => COOKIE,
            Self::CookieName => COOKIE_NAME,
            Self::Never => return text.to_owned(),
        };
        utf8_percent_encode(text, set).to_string()
    }

    /// How a property's name is escaped where its value is escaped so: `=` must not survive in it.
    pub(super) fn name(self) -> Self {
        match self {
            Self::Never | Self::Dots => self,
            Self::Cookie | Self::CookieName => Self::CookieName,
            Self::Value | Self::Reserved | Self::PathReserved => Self::Value,
        }
    }
}

/// Ready-made path text, `%` kept.
pub(super) fn path_text(bytes: &[u8]) -> String {
    percent_encode(bytes, PATH_TEXT).to_string()
}

/// Ready-made query text, `%` kept.
pub(super) fn query_text(bytes: &[u8]) -> String {
    percent_encode(bytes, QUERY_TEXT).to_string()
}
