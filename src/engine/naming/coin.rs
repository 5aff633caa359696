//! How a name is made that nobody has: numbers of the night for what names a thing, numbers at the end for all else.
//!
//! Pure: the same numbers give the same names. Whether the document takes one is the caller's to ask.

use serde_json::{Value, json};

/// Names of the same type that nobody has, the plainest first.
pub(in crate::engine) fn new_names(like: &Value, night_of: u32, number: u64) -> Vec<Value> {
    match like {
        Value::Number(_) => {
            // Ten digits that begin with 1 fit into 32 bits.
            let of_night = u64::from(night_of).wrapping_mul(2_654_435_761) % 1_000_000;
            vec![json!(1_000_000_000 + of_night * 1000 + number % 1000)]
        }
        Value::String(_) => {
            let plain = format!("sw{night_of:x}{number:x}");
            let uuid = format!("{night_of:08x}-0000-4000-8000-{number:012x}");
            let is_uuid = |text: &str| text.len() == 36 && text.bytes().filter(|b| *b == b'-').count() == 4;
            let first = if like.as_str().is_some_and(is_uuid) { uuid.clone() } else { plain.clone() };
            let digits = format!("1{night_of:010}{number:06}");
            [first, plain.clone(), plain.to_uppercase(), digits, uuid].into_iter().map(Value::from).collect()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

/// Whether a text, in lower case, is such a name.
pub(in crate::engine) fn is_of_night(text: &str, night_of: u32) -> bool {
    text.starts_with(&format!("sw{night_of:x}"))
        || text.starts_with(&format!("{night_of:08x}-0000-4000-8000-"))
}

/// `text` with a number at the end of its name, in the ways that patterns and limits may leave open.
pub(super) fn numbered(text: &str, number: u64) -> Vec<String> {
    let (name, rest) = text.split_at(text.find('@').or_else(|| label_end(text)).unwrap_or(text.len()));
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = if stem.is_empty() { name } else { stem };
    let digits = number.to_string();
    let letters: String = digits.bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect();
    let capitals = letters.to_ascii_uppercase();
    let mut ways = Vec::new();
    for number in [digits, letters, capitals] {
        let short: String = {
            let kept = name.chars().count().saturating_sub(number.len());
            name.chars().take(kept).chain(number.chars()).collect()
        };
        ways.extend([format!("{stem}{number}{rest}"), format!("{short}{rest}"), format!("{number}{rest}")]);
    }
    ways
}

/// Where the first label of a host or file name ends: `example.com.` → 7.
fn label_end(text: &str) -> Option<usize> {
    let end = text.find('.')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (end > 0 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain))
        .then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_numbers_where_they_may_have_them() {
        assert_eq!(numbered("sample", 1001)[..3], ["sample1001", "sa1001", "1001"]);
        assert_eq!(numbered("sample1001", 1002)[0], "sample1002");
        assert_eq!(numbered("ann@example.com", 1001)[0], "ann1001@example.com");
        assert_eq!(numbered("ab", 1203)[3], "abbcad");
        assert_eq!(numbered("example.com.", 1001)[0], "example1001.com.");
        assert_eq!(numbered("1.5", 1001)[0], "1.1001");
    }

    #[test]
    fn new_names_are_of_the_same_type_and_no_two_are_equal() {
        let names = |like: Value, number| new_names(&like, 7, number);
        assert_eq!(names(json!("x"), 1)[0], "sw71");
        assert_eq!(
            names(json!("7c9e6679-7425-40de-944b-000000000001"), 1)[0],
            "00000007-0000-4000-8000-000000000001"
        );
        assert!(
            names(json!(5), 1)[0]
                .as_u64()
                .is_some_and(|number| (1_000_000_000..=1_999_999_999).contains(&number))
        );
        assert_eq!(names(json!(true), 1), Vec::<Value>::new());
        for like in [json!("x"), json!(5)] {
            assert!(names(like.clone(), 1).iter().all(|name| !names(like.clone(), 2).contains(name)));
        }
        for name in [&names(json!("x"), 1)[0], &names(json!("7c9e6679-7425-40de-944b-000000000001"), 1)[0]] {
            let text = name.as_str().unwrap_or_default();
            assert!(is_of_night(text, 7) && !is_of_night(text, 6), "{text}");
        }
    }
}
