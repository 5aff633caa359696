//! The ways to write a secret.
//!
//! A target hands a key back as its own libraries encode it, and our own reports quote text for XML and the shell.
//! What is made here is as secret as the value itself: it must go nowhere but into a masker.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What JavaScript's `encodeURIComponent` leaves alone (ECMA-262 §19.2.6.4).
const COMPONENT: &AsciiSet = &RFC3986.remove(b'!').remove(b'*').remove(b'\'').remove(b'(').remove(b')');
/// What RFC 3986 §2.3 calls unreserved.
const RFC3986: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Bytes of text that surround a secret; shorter secrets have no base64 text of their own inside other text.
const SHORTEST_INSIDE: usize = 9;

/// Every way to write a secret, itself included.
pub(super) fn spellings(raw: &str) -> Vec<String> {
    let mut all: Vec<String> = [NON_ALPHANUMERIC, RFC3986, COMPONENT]
        .iter()
        .map(|set| utf8_percent_encode(raw, set).to_string())
        .chain([url::form_urlencoded::byte_serialize(raw.as_bytes()).collect()])
        .flat_map(|encoded| [small_hex(&encoded), encoded])
        .collect();
    all.push(raw.to_owned());
    all.extend(quoted(raw));
    let xml = raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for (double, single) in
        [("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&#34;", "&#39;"), ("&quot;", "&#x27;")]
    {
        all.push(xml.replace('"', double).replace('\'', single));
    }
    all.push(xml.replace('"', "&quot;"));
    all.push(xml);
    all.push(raw.replace('\'', "'\\''"));
    all.push(HEXLOWER.encode(raw.as_bytes()));
    all.push(HEXUPPER.encode(raw.as_bytes()));
    for alphabet in [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD] {
        all.push(alphabet.encode(raw.as_bytes()));
    }
    all.extend(inside(raw.as_bytes()));
    all.sort();
    all.dedup();
    all
}

/// As JSON libraries write it: plainly, with slashes or HTML's characters escaped, in ASCII alone, and each once more
/// inside another JSON text.
fn quoted(raw: &str) -> Vec<String> {
    let json = serde_json::Value::from(raw).to_string();
    let plain = json[1..json.len() - 1].to_owned();
    let slashes = plain.replace('/', "\\/");
    let html = ['<', '>', '&', '\''].iter().fold(plain.clone(), |text, c| text.replace(*c, &unicode(*c)));
    let lines = ['<', '>', '&'].iter().fold(plain.clone(), |text, c| text.replace(*c, &unicode(*c)));
    let ascii = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii() { c.to_string() } else { unicode(c) }).collect()
    };
    let all = vec![ascii(&slashes), ascii(&plain), ascii(&html), plain, slashes, html, lines];
    let again: Vec<String> = all.iter().map(|text| text.replace('\\', "\\\\").replace('"', "\\\"")).collect();
    all.into_iter().chain(again).collect()
}

/// `<` → `\u003c`; beyond 16 bits as two halves.
fn unicode(c: char) -> String {
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units);
    units.iter().fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"))
}

/// Percent-encoded text with small hex digits.
fn small_hex(encoded: &str) -> String {
    let mut out = String::with_capacity(encoded.len());
    let mut hex = 0;
    for c in encoded.chars() {
        out.push(if hex > 0 { c.to_ascii_lowercase() } else { c });
        hex = if c == '%' { 2 } else { usize::saturating_sub(hex, 1) };
    }
    out
}

/// What of base64 text is the secret's alone when it was encoded together with what stood around it.
fn inside(raw: &[u8]) -> Vec<String> {
    if raw.len() < SHORTEST_INSIDE {
        return Vec::new();
    }
    let mut all = Vec::new();
    for before in 0..3 {
        // Three bytes are four characters; a character is the secret's own if all its six bits are.
        let bytes = [&[0_u8; 2][..before], raw].concat();
        let first = (before * 8).div_ceil(6);
        let last = bytes.len() * 8 / 6;
        for alphabet in [BASE64, BASE64URL] {
            all.push(alphabet.encode(&bytes)[first..last].to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{Masker, Secret};

    #[track_caller]
    fn check(text: &str) {
        let secret = Secret::new("sw/live+0123\"4567<89>&'ab=cd%ef~Gh".to_owned());
        let mut masker = Masker::default();
        masker.learn(&secret);
        let masked = masker.mask(text);
        assert!(masked.contains("[secret]") && !masked.contains("123"), "{text}: {masked}");
    }

    #[test]
    fn a_secret_is_known_however_it_is_written() {
        check("?k=sw%2flive%2b0123%224567%3c89%3e%26'ab%3dcd%25ef~Gh");
        check("?k=sw%2Flive%2B0123%224567%3C89%3E%26%27ab%3Dcd%25ef~Gh");
        check("<a k='sw/live+0123&quot;4567&lt;89&gt;&amp;&apos;ab=cd%ef~Gh'/>");
        check("-H 'k: sw/live+0123\"4567<89>&'\\''ab=cd%ef~Gh'");
        check("{\"k\": \"sw\\/live+0123\\\"4567<89>&'ab=cd%ef~Gh\"}");
        check("{\"k\": \"sw/live+0123\\\"4567\\u003c89\\u003e\\u0026'ab=cd%ef~Gh\"}");
        check("{\"k\": \"sw/live+0123\\\"4567\\u003c89\\u003e\\u0026\\u0027ab=cd%ef~Gh\"}");
        check("<a k=\"sw/live+0123&#34;4567&lt;89&gt;&amp;&#39;ab=cd%ef~Gh\">");
        check("{\"a\": \"{\\\"k\\\": \\\"sw/live+0123\\\\\\\"4567<89>&'ab=cd%ef~Gh\\\"}\"}");
    }

    #[test]
    fn a_secret_is_known_inside_encoded_text() {
        let raw = "a-key-of-some-length";
        let mut masker = Masker::default();
        masker.learn(&Secret::new(raw.to_owned()));
        for before in ["", "u", "u:", "u:p", "user:p"] {
            for after in ["", "x", "xy", "xyz"] {
                let text = BASE64.encode(format!("{before}{raw}{after}").as_bytes());
                assert!(masker.finds(&text), "{before:?} {after:?}: {text}");
            }
        }
    }
}
