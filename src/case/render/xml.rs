//! A plain XML writer: property names become element names, list items repeat theirs.
//!
//! The `xml` keyword is not honoured: names, wrapping and attributes are the generator's future.

use crate::case::render::style::scalar;
use crate::schema::Pointer;
use crate::spec::Content;
use serde_json::Value;

/// The document for `value`, or why XML cannot say it.
pub(super) fn write(value: &Value, content: Option<&Content>) -> Result<Vec<u8>, String> {
    let named = content.and_then(|content| content.schema.as_ref()).and_then(Pointer::last);
    let root = named.filter(|name| is_name(name) && name != "schema").unwrap_or_else(|| "root".to_owned());
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    match value {
        Value::Array(items) => {
            out.push_str(&format!("<{root}>"));
            for item in items {
                element("item", item, &mut out)?;
            }
            out.push_str(&format!("</{root}>"));
        }
        other => element(&root, other, &mut out)?,
    }
    Ok(out.into_bytes())
}

fn element(name: &str, value: &Value, out: &mut String) -> Result<(), String> {
    if !is_name(name) {
        return Err(format!("`{name}` is not an element name"));
    }
    match value {
        Value::Array(items) => {
            for item in items {
                element(name, item, out)?;
            }
        }
        Value::Object(members) => {
            out.push_str(&format!("<{name}>"));
            for (key, member) in members {
                element(key, member, out)?;
            }
            out.push_str(&format!("</{name}>"));
        }
        leaf => {
            let text = scalar(leaf);
            if !text.chars().all(is_character) {
                return Err("XML 1.0 has no control characters".to_owned());
            }
            // A bare carriage return is read as a line feed (XML 1.0 §2.11), so it travels as a reference.
            let text = quick_xml::escape::escape(text.as_str()).replace('\r', "&#13;");
            out.push_str(&format!("<{name}>{text}</{name}>"));
        }
    }
    Ok(())
}

/// Char of XML 1.0 §2.2.
fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A Name without colon, ASCII and letters only: the part of XML 1.0 §2.3 that every parser agrees on.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
