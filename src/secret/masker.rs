//! Removes known secrets by value, in the encodings in which they travel.

use crate::secret::Secret;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;

/// What a masked secret is replaced by.
pub const MASK: &str = "[secret]";

/// Shorter values are not masked: they would turn ordinary text into holes.
const SHORTEST: usize = 6;

/// Knows the run's secrets and masks them wherever they appear: raw, percent-encoded, base64 and JSON-escaped.
///
/// ```
/// use specwarden::secret::{Masker, Secret};
/// let mut masker = Masker::default();
/// masker.learn(&Secret::new("tëst-key/1".to_owned()));
/// assert_eq!(masker.mask("a tëst-key/1 b"), "a [secret] b");
/// assert_eq!(masker.mask("?k=t%C3%ABst%2Dkey%2F1"), "?k=[secret]");
/// ```
#[derive(Clone, Default)]
pub struct Masker {
    /// Every form of every secret, longest first, so that no shorter form cuts a longer one in two.
    forms: Vec<String>,
}

impl Masker {
    /// Adds a secret in all its forms. Values under six bytes are ignored.
    pub fn learn(&mut self, secret: &Secret<String>) {
        let raw = secret.expose();
        if raw.len() < SHORTEST {
            return;
        }
        let escaped = serde_json::to_string(raw).unwrap_or_default();
        let mut forms = vec![
            raw.clone(),
            escaped.trim_matches('"').to_owned(),
            utf8_percent_encode(raw, NON_ALPHANUMERIC).to_string(),
            url::form_urlencoded::byte_serialize(raw.as_bytes()).collect(),
            BASE64.encode(raw.as_bytes()),
            BASE64_NOPAD.encode(raw.as_bytes()),
            BASE64URL_NOPAD.encode(raw.as_bytes()),
        ];
        self.forms.append(&mut forms);
        self.forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.forms.dedup();
    }

    /// `text` with every known secret replaced by [`MASK`].
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = Cow::Borrowed(text);
        for form in &self.forms {
            if out.contains(form.as_str()) {
                out = Cow::Owned(out.replace(form.as_str(), MASK));
            }
        }
        out
    }

    /// Whether `text` holds a known secret in any form.
    pub fn finds(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_every_encoding() {
        let mut masker = Masker::default();
        let raw = "sk live/\"quoted\"+é";
        masker.learn(&Secret::new(raw.to_owned()));
        let base64 = BASE64.encode(raw.as_bytes());
        let json = serde_json::json!({ "k": raw }).to_string();
        let url: String = url::form_urlencoded::byte_serialize(raw.as_bytes()).collect();
        for text in [raw.to_owned(), base64, json, url] {
            let masked = masker.mask(&text).into_owned();
            assert!(masked.contains(MASK), "{masked}");
            assert!(!masker.finds(&masked), "{masked}");
        }
    }

    #[test]
    fn leaves_short_values_and_other_text() {
        let mut masker = Masker::default();
        masker.learn(&Secret::new("abc".to_owned()));
        assert_eq!(masker.mask("abc"), "abc");
    }
}
