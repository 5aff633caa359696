//! Values that change by themselves, recognised by their looks.
//!
//! It must stay stingy: a mask that swallows ordinary words hides real changes.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

pub(crate) const VOLATILE: &str = "[volatile]";
pub(crate) const UUID: &str = "[uuid]";
pub(crate) const DATE_TIME: &str = "[date-time]";
pub(crate) const DATE: &str = "[date]";
pub(crate) const TOKEN: &str = "[token]";
pub(crate) const TIMESTAMP: &str = "[timestamp]";

/// Hex strings from here on are digests or keys; shorter ones may be colours, commits or serial numbers.
const LONG_HEX: usize = 32;
/// Base64 strings from here on are keys or signatures, if they also look random.
const LONG_BASE64: usize = 40;
/// 2001-09-09 to 2100-01-01, in seconds: what a number in a field named after a moment can mean.
const EPOCH_SECONDS: std::ops::Range<u64> = 1_000_000_000..4_102_444_800;

/// The mask for a scalar in a property called `field` (empty in an array's root), if it needs one.
pub(crate) fn mask(field: &str, value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) => {
            mask_text(text).or_else(|| (text.parse().is_ok_and(|n| is_moment(field, n))).then_some(TIMESTAMP))
        }
        Value::Number(number) => {
            let whole =
                number.as_u64().or_else(|| number.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64))?;
            is_moment(field, whole).then_some(TIMESTAMP)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The mask for a text, whatever it is called.
pub(crate) fn mask_text(text: &str) -> Option<&'static str> {
    if is_uuid(text) {
        Some(UUID)
    } else if is_date_time(text) {
        Some(DATE_TIME)
    } else if is_date(text) {
        Some(DATE)
    } else if is_jwt(text) || is_long_hex(text) || is_long_base64(text) {
        Some(TOKEN)
    } else {
        None
    }
}

/// `date-time` of RFC 3339 §5.6, or with a space and without an offset, as databases write it,
/// or the IMF-fixdate of RFC 9110 §5.6.7.
fn is_date_time(text: &str) -> bool {
    // `jiff` also reads a bare date and ISO 8601's basic format, which look too much like other things.
    let bytes = text.as_bytes();
    if bytes.len() > 16 && bytes[4] == b'-' && matches!(bytes[10], b'T' | b't' | b' ') {
        return text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok();
    }
    text.ends_with(" GMT") && jiff::fmt::rfc2822::parse(text).is_ok()
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && text.parse::<Date>().is_ok()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Three base64url parts, the first of which decodes to a JSON object (RFC 7519 §3).
fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ")
        && text.split('.').count() == 3
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.=".contains(&b))
}

fn is_long_hex(text: &str) -> bool {
    text.len() >= LONG_HEX
        && text.bytes().all(|b| b.is_ascii_hexdigit())
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

fn is_long_base64(text: &str) -> bool {
    let of = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    text.len() >= LONG_BASE64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b))
        // Random text has all three sorts in plenty and few separators; paths and identifiers do not.
        && of(u8::is_ascii_digit) * 16 >= text.len()
        && of(u8::is_ascii_uppercase) * 6 >= text.len()
        && of(u8::is_ascii_lowercase) * 6 >= text.len()
        && of(|b| b"/-_".contains(b)) * 8 <= text.len()
}

/// Whether `number` in a field of this name counts seconds, milliseconds or microseconds since 1970.
fn is_moment(field: &str, number: u64) -> bool {
    names_moment(field) && [1, 1_000, 1_000_000].iter().any(|unit| EPOCH_SECONDS.contains(&(number / unit)))
}

fn names_moment(field: &str) -> bool {
    let lower = field.to_ascii_lowercase();
    ["time", "date", "expire", "created", "modified", "last_seen"].iter().any(|part| lower.contains(part))
        || lower.ends_with("_at")
        || lower.ends_with("-at")
        || field.ends_with("At")
        || ["exp", "iat", "nbf", "ts"].contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(field: &str, value: Value, expected: Option<&str>) {
        assert_eq!(mask(field, &value), expected, "{field}: {value}");
    }

    #[test]
    fn masks_what_changes_by_itself() {
        check("id", json!("0b7c6a52-0000-4000-8000-00000000000A"), Some(UUID));
        check("x", json!("2026-11-23T04:54:16Z"), Some(DATE_TIME));
        check("x", json!("2026-11-23T04:54:16.123456+05:30"), Some(DATE_TIME));
        check("x", json!("2026-11-23 04:54:16"), Some(DATE_TIME));
        check("x", json!("2026-11-23T04:54:16"), Some(DATE_TIME));
        check("x", json!("Mon, 23 Nov 2026 04:54:16 GMT"), Some(DATE_TIME));
        check("x", json!("2026-11-23"), Some(DATE));
        check("x", json!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"), Some(TOKEN));
        check("x", json!("d41d8cd98f00b204e9800998ecf8427e"), Some(TOKEN));
        check("x", json!("dGhpcyBpcyBhIHZlcnkgc2VjcmV0IGtleSAxMjM0NTY3ODkw"), Some(TOKEN));
        check("created_at", json!(1_795_410_000), Some(TIMESTAMP));
        check("expiresAt", json!(1_795_410_000_123_u64), Some(TIMESTAMP));
        check("scan_date", json!("1795410000"), Some(TIMESTAMP));
        check("time", json!(1_795_410_000.25), Some(TIMESTAMP));
    }

    #[test]
    fn leaves_ordinary_values() {
        for text in [
            "",
            "Rex",
            "2026",
            "20261123",
            "2026-13-45",
            "2026-11-23T99:99:99Z",
            "1.2.3",
            "CVE-2021-44228",
            "eyJ is not a token",
            "deadbeef",
            "12345678901234567890123456789012",
            "https://example.com/a/very/long/path/that/goes/on/and/on",
            "components/schemas/ProjectAssetFindingSummary2/properties",
            "AVeryLongCamelCasedIdentifierWithoutAnyDigitsInsideOfIt",
            "2026-11-23 was a Monday, they say",
            "é026-11-23",
        ] {
            check("created_at", json!(text), None);
        }
        check("count", json!(1_795_410_000), None);
        check("timeout", json!(30_000), None);
        check("created_at", json!(-1), None);
        check("created_at", json!(null), None);
        check("is_date", json!(true), None);
    }
}
