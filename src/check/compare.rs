//! Whether a value that came back is the value that was sent, as generously as APIs need it.
//!
//! Servers trim, fold letter case, round, and write dates their own way; none of that is a loss.
//! This only compares. Which fields are compared, and what a difference means, is for the rules to say.

use crate::schema::{Document, Pointer};
use jiff::civil::Date;
use serde_json::{Map, Value};

/// How deep `allOf` and references are followed for a property.
const DEEPEST: usize = 8;
/// Words of names whose values change by themselves.
const VOLATILE: &[&str] = &[
    "updated",
    "modified",
    "changed",
    "touched",
    "accessed",
    "seen",
    "timestamp",
    "time",
    "date",
    "datetime",
    "ts",
    "at",
    "on",
    "etag",
    "version",
    "revision",
    "rev",
    "nonce",
    "token",
    "trace",
    "request",
    "generated",
    "expires",
    "expiry",
    "expiration",
    "age",
    "uptime",
    "elapsed",
    "duration",
    "signature",
];
/// Words of names whose values are not shown as they were sent.
const HIDDEN: &[&str] =
    &["password", "passphrase", "secret", "token", "credential", "credentials", "pin", "apikey"];

/// The object among `answer` that speaks of these names: the answer itself, or one wrapped in it.
pub(crate) fn resource<'a>(answer: &'a Value, names: &Map<String, Value>) -> Option<&'a Map<String, Value>> {
    let map = answer.as_object()?;
    let speaks = |map: &Map<String, Value>| names.keys().any(|name| map.contains_key(name));
    if speaks(map) {
        return Some(map);
    }
    map.values().filter_map(Value::as_object).find(|inner| speaks(inner))
}

/// Whether a scalar came back as another one of the same type; `None` if the two cannot be compared.
pub(crate) fn differs(sent: &Value, found: &Value) -> Option<bool> {
    match (sent, found) {
        (Value::Bool(sent), Value::Bool(found)) => Some(sent != found),
        (Value::Number(sent), Value::Number(found)) => {
            let (sent, found) = (sent.as_f64()?, found.as_f64()?);
            let whole = sent.fract() == 0.0;
            // Amounts are often kept with two decimals, and as single precision.
            let tolerance = if whole { 0.0 } else { 0.005_f64.max(sent.abs() * 1e-6) };
            Some((sent - found).abs() > tolerance.max(sent.abs() * f64::EPSILON))
        }
        (Value::String(sent), Value::String(found)) => Some(texts_differ(sent, found)),
        _ => None,
    }
}

/// Whether a text came back with a number behind it, as a name does that is taken: `Blue (2)`, `blue-2`.
pub(crate) fn is_numbered(sent: &Value, found: &Value) -> bool {
    let (Some(sent), Some(found)) = (sent.as_str(), found.as_str()) else { return false };
    let (sent, found) = (sent.trim().to_lowercase(), found.trim().to_lowercase());
    let Some(rest) = found.strip_prefix(&sent).filter(|_| !sent.is_empty()) else { return false };
    let number = rest.trim_start_matches([' ', '-', '_', '.', '(', '#', '~']).trim_end_matches(')');
    let apart = number.len() < rest.len() || !sent.ends_with(|c: char| c.is_ascii_digit());
    apart && (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a value changes by itself, by the words of its name.
pub(crate) fn is_volatile(name: &str) -> bool {
    words(name).iter().any(|word| VOLATILE.contains(&word.as_str()))
}

/// Whether the server keeps a value by itself, though a client may send it: `updated_at`, `version`.
pub(crate) fn is_kept_by_server(name: &str) -> bool {
    let words = words(name);
    let first = words.first().map_or("", String::as_str);
    let whole = ["etag", "version", "revision", "rev", "timestamp", "id", "self", "href", "links"];
    ["updated", "modified", "changed", "created", "last"].contains(&first)
        || (words.len() == 1 && whole.contains(&first))
}

/// Whether two values look like two moments or two random ids: they say nothing of what was sent.
pub(crate) fn looks_volatile(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            let both = |test: fn(&str) -> bool| test(one) && test(other);
            both(is_moment) || both(is_random_id)
        }
        (Value::Number(one), Value::Number(other)) => {
            // Seconds or milliseconds since 1970, close together.
            let (one, other) = (one.as_f64().unwrap_or(0.0), other.as_f64().unwrap_or(0.0));
            one > 1e9 && other > 1e9 && (one - other).abs() < 1e8
        }
        _ => false,
    }
}

/// Whether a value is not shown as it was sent, by the words of its name.
pub(crate) fn is_hidden(name: &str) -> bool {
    HIDDEN.contains(&name.to_ascii_lowercase().replace(['_', '-'], "").as_str())
        || words(name).iter().any(|word| HIDDEN.contains(&word.as_str()))
}

/// The words of `updatedAt`, `updated_at`, `updated-at`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if character.is_uppercase() && before.is_lowercase() {
            spaced.push('_');
        }
        spaced.extend(character.to_lowercase());
        before = character;
    }
    spaced.split(['_', '-', '.', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The schema of a property, references and `allOf` followed.
pub(crate) fn property<'a>(document: &'a Document, schema: &Pointer, name: &str) -> Option<&'a Value> {
    property_within(document, schema, name, DEEPEST)
}

fn property_within<'a>(
    document: &'a Document,
    schema: &Pointer,
    name: &str,
    depth: usize,
) -> Option<&'a Value> {
    let (at, node) = document.resolve(schema)?;
    if node.get("properties").and_then(|properties| properties.get(name)).is_some() {
        let property = at.push("properties").push(name);
        return document.resolve(&property).map(|(_, found)| found);
    }
    let depth = depth.checked_sub(1)?;
    let branches = node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    let branch = |index| property_within(document, &at.push("allOf").push(index), name, depth);
    if let Some(found) = (0..branches).find_map(branch) {
        return Some(found);
    }
    // An envelope: the resource stands in one of its properties.
    let properties = node.get("properties").and_then(Value::as_object)?;
    let inner =
        properties.keys().find(|key| ["data", "result", "item", "attributes"].contains(&key.as_str()))?;
    property_within(document, &at.push("properties").push(inner), name, depth)
}

fn texts_differ(sent: &str, found: &str) -> bool {
    if let (Some(one), Some(other)) = (date(sent), date(found)) {
        let zoned = sent.len() > 10 || found.len() > 10;
        let days = one.until(other).map_or(i32::MAX, |span| span.get_days().abs());
        return days > i32::from(zoned);
    }
    let (sent, found) = (sent.trim(), found.trim());
    // Amounts that travel as text: `1.50` is `1.5`.
    if let (Ok(one), Ok(other)) = (sent.parse::<f64>(), found.parse::<f64>())
        && one == other
    {
        return false;
    }
    // Case, punctuation, spaces and the composition of letters beyond ASCII are often normalised.
    let essence = |text: &str| {
        let kept = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
        kept.collect::<String>()
    };
    if !sent.is_ascii() && !found.is_ascii() {
        // Composed and decomposed letters cannot be told from others here; only a cut is sure.
        return found.chars().count() * 2 < sent.chars().count();
    }
    let (one, other) = (essence(sent), essence(found));
    let masked = !found.is_empty() && found.chars().all(|c| matches!(c, '*' | '•' | 'x' | 'X'));
    if one.is_empty() && other.is_empty() {
        return sent.is_empty() != found.is_empty();
    }
    one != other && !masked
}

fn date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

fn is_moment(text: &str) -> bool {
    date(text).is_some() || is_shaped(text, "dd:dd:dd")
}

/// Whether some part of `text` has this shape, `d` standing for a digit.
fn is_shaped(text: &str, shape: &str) -> bool {
    text.as_bytes().windows(shape.len()).any(|window| {
        window.iter().zip(shape.bytes()).all(|(b, s)| if s == b'd' { b.is_ascii_digit() } else { *b == s })
    })
}

fn is_random_id(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = text.bytes().filter(|b| *b == b'-').count();
    let decimal = text.bytes().all(|b| b.is_ascii_digit());
    digits >= 8 && digits + dashes == text.len() && !decimal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Dialect;
    use serde_json::json;

    #[track_caller]
    fn check(sent: Value, found: Value, expected: Option<bool>) {
        assert_eq!(differs(&sent, &found), expected, "{sent} {found}");
    }

    #[test]
    fn normalised_values_are_the_same() {
        check(json!(" Ab c "), json!("ab C"), Some(false));
        check(json!("a@B.de"), json!("a@b.de"), Some(false));
        check(json!("+49 (0) 1"), json!("4901"), Some(false));
        check(json!("Caf\u{e9}"), json!("cafe\u{301}"), Some(false));
        check(json!(1), json!(1.0), Some(false));
        check(json!(1.239), json!(1.24), Some(false));
        check(json!("2026-01-02"), json!("2026-01-02 00:00:00"), Some(false));
        check(json!("2026-01-02T23:30:00+02:00"), json!("2026-01-02T21:30:00Z"), Some(false));
        check(json!("2026-01-01T01:00:00+02:00"), json!("2025-12-31T23:00:00Z"), Some(false));
        check(json!("hunter2"), json!("*******"), Some(false));
    }

    #[test]
    fn other_values_are_not() {
        check(json!("abcdef"), json!("abc"), Some(true));
        check(json!("abc"), json!(""), Some(true));
        check(json!("!!"), json!(""), Some(true));
        check(json!("\u{e9}\u{e8}\u{ea}\u{e9}\u{e8}"), json!("\u{e9}"), Some(true));
        check(json!(5), json!(6), Some(true));
        check(json!(1.5), json!(1), Some(true));
        check(json!(true), json!(false), Some(true));
        check(json!("2026-01-02"), json!("2026-01-03"), Some(true));
    }

    #[test]
    fn other_types_cannot_be_compared() {
        check(json!(5), json!("5"), None);
        check(json!("x"), json!(null), None);
        check(json!([1]), json!([1]), None);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        for found in ["Blue (2)", "blue-2", "Blue 12", "blue_3", "Blue2", "Blue.1"] {
            assert!(is_numbered(&json!("Blue"), &json!(found)), "{found}");
        }
        for found in ["Blue", "Blue team", "Red-2", "Blue (two)", "Blu-2", "Blue (2) old"] {
            assert!(!is_numbered(&json!("Blue"), &json!(found)), "{found}");
        }
        assert!(!is_numbered(&json!("B2"), &json!("B21")) && is_numbered(&json!("B2"), &json!("B2-1")));
        assert!(!is_numbered(&json!(1), &json!(12)) && !is_numbered(&json!(""), &json!("7")));
    }

    #[test]
    fn names_tell_what_changes_by_itself_and_what_is_hidden() {
        for name in ["updatedAt", "last_seen", "ETag", "version", "created_on", "requestId"] {
            assert!(is_volatile(name), "{name}");
        }
        for name in ["hits", "name", "notes", "state"] {
            assert!(!is_volatile(name), "{name}");
        }
        assert!(is_hidden("api_key") && is_hidden("newPassword") && !is_hidden("key_name"));
    }

    #[test]
    fn some_names_are_the_servers_own() {
        assert!(is_kept_by_server("updated_at") && is_kept_by_server("version"));
        assert!(!is_kept_by_server("operating_system_version") && !is_kept_by_server("due_date"));
    }

    #[test]
    fn values_tell_what_is_a_moment_or_random() {
        assert!(looks_volatile(&json!("2026-01-01T00:00:00Z"), &json!("2026-01-01T00:00:01Z")));
        assert!(looks_volatile(&json!("Mon, 10:20:30"), &json!("Mon, 10:20:31")));
        assert!(looks_volatile(&json!("0f8fad5b-d9cb"), &json!("7c9e6679-7425")));
        assert!(looks_volatile(&json!(1_767_225_600), &json!(1_767_225_601)));
        assert!(!looks_volatile(&json!(1), &json!(2)));
        assert!(!looks_volatile(&json!("a"), &json!("aa")));
        assert!(!looks_volatile(&json!("100000001"), &json!("100000002")));
    }

    #[test]
    fn properties_are_found_through_references_all_of_and_envelopes() {
        let root = json!({"A": {"allOf": [{"$ref": "#/B"}, {"properties": {"y": {"type": "string"}}}]}, "B": {"properties": {"x": {"readOnly": true}}},
            "C": {"properties": {"data": {"$ref": "#/A"}}}, "Loop": {"allOf": [{"$ref": "#/Loop"}]}});
        let document = Document::new(root, Dialect::Draft4);
        let find = |at: &str, name| property(&document, &Pointer::root().push(at), name);
        assert_eq!(find("A", "x"), Some(&json!({"readOnly": true})));
        assert_eq!(find("C", "y"), Some(&json!({"type": "string"})));
        assert_eq!(find("A", "z"), None);
        assert_eq!(find("Loop", "z"), None);
    }
}
