//! Removes known secrets by value, in the encodings in which they travel.

use crate::secret::Secret;
use crate::secret::spellings::spellings;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a masked secret is replaced by.
pub const MASK: &str = "[secret]";

/// Shorter values are not masked: they would turn ordinary text into holes.
const SHORTEST: usize = 6;

/// Knows the run's secrets and masks them wherever they appear: raw, percent-encoded, base64 (alone or inside other
/// text), hex, and escaped for JSON, HTML and the shell.
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
    /// Every form of every secret, by its beginning: thousands of forms cost no more than one.
    forms: BTreeMap<Vec<u8>, Vec<String>>,
    /// Which pairs of bytes any form begins with, as a set of bits: most places of a text are passed over by it.
    pairs: Vec<u64>,
}

impl Masker {
    /// Adds a secret in all its forms. Values under six bytes are ignored.
    pub fn learn(&mut self, secret: &Secret<String>) {
        if secret.expose().len() < SHORTEST {
            return;
        }
        for form in spellings(secret.expose()) {
            self.add(form);
        }
    }

    /// Whether it knows no secret at all.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// `text` with every known secret replaced by [`MASK`].
    ///
    /// Forms that overlap are replaced together, so that nothing of either is left.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let mut kept = 0;
        let mut at = 0;
        while let Some((from, mut until)) = self.next(text, at) {
            // A form that begins inside the one found goes with it.
            let mut inside = from + 1;
            while let Some((_, further)) = self.next(text, inside).filter(|(start, _)| *start < until) {
                inside = until;
                until = until.max(further);
            }
            out.push_str(&text[kept..from]);
            out.push_str(MASK);
            (kept, at) = (until, until);
        }
        if kept == 0 && out.is_empty() {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[kept..]);
        Cow::Owned(out)
    }

    /// Whether `text` holds a known secret in any form.
    pub fn finds(&self, text: &str) -> bool {
        self.next(text, 0).is_some()
    }

    fn add(&mut self, form: String) {
        let Some(start) = form.as_bytes().get(..SHORTEST) else { return };
        if self.pairs.is_empty() {
            self.pairs = vec![0; (1 << 16) / 64];
        }
        let pair = usize::from(u16::from_be_bytes([start[0], start[1]]));
        self.pairs[pair / 64] |= 1 << (pair % 64);
        let same = self.forms.entry(start.to_vec()).or_default();
        if !same.contains(&form) {
            same.push(form);
        }
    }

    /// The first place from `at` on where a form stands, and where the longest one there ends.
    fn next(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        if self.forms.is_empty() {
            return None;
        }
        let rest = bytes.get(at..)?;
        for (offset, start) in rest.windows(SHORTEST).enumerate() {
            let pair = usize::from(u16::from_be_bytes([start[0], start[1]]));
            if self.pairs[pair / 64] & 1 << (pair % 64) == 0 {
                continue;
            }
            let from = at + offset;
            let fitting = self.forms.get(start).into_iter().flatten();
            let longest =
                fitting.filter(|form| bytes[from..].starts_with(form.as_bytes())).map(String::len).max();
            if let Some(length) = longest {
                return Some((from, from + length));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use proptest::prelude::*;

    fn knowing(secrets: &[&str]) -> Masker {
        let mut masker = Masker::default();
        for secret in secrets {
            masker.learn(&Secret::new((*secret).to_owned()));
        }
        masker
    }

    #[test]
    fn masks_every_encoding() {
        let raw = "sk live/\"quoted\"+é";
        let masker = knowing(&[raw]);
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
        assert_eq!(knowing(&["abc"]).mask("abc"), "abc");
        assert!(knowing(&["abc"]).is_empty());
        assert_eq!(knowing(&["abcdefgh"]).mask("abcdefg"), "abcdefg");
        assert_eq!(Masker::default().mask("anything"), "anything");
    }

    #[test]
    fn of_overlapping_secrets_nothing_is_left() {
        let masker = knowing(&["first-secret", "secret-second"]);
        assert_eq!(masker.mask("<first-secret-second>"), "<[secret]>");
        assert_eq!(masker.mask("first-secretsecret-second"), "[secret][secret]");
        let nested = knowing(&["inner-key", "outer-inner-key-outer"]);
        assert_eq!(nested.mask("a outer-inner-key-outer inner-key"), "a [secret] [secret]");
    }

    proptest! {
        #[test]
        fn nothing_known_is_left_and_nothing_else_is_lost(
            before in "[a-z ]{0,9}", secret in "[a-z0-9/\"<é+]{6,24}", after in "[a-z ]{0,9}",
        ) {
            let masker = knowing(&[&secret]);
            let text = format!("{before}{secret}{after}");
            prop_assert!(masker.finds(&text));
            let masked = masker.mask(&text).into_owned();
            prop_assert!(!masker.finds(&masked), "{masked}");
            prop_assert!(masked.len() <= before.len() + MASK.len() + after.len());
        }
    }
}
