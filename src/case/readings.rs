//! What a server may read out of a parameter's text: the wire knows no types.
//!
//! The negative generator asks here whether a broken value became a valid one on its way, as `"7"` for an
//! integer does. Tests ask here whether rendering loses anything.

use crate::exchange::MediaType;
use crate::spec::{Location, Parameter, Style};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// Every value that a server could reasonably read from the decoded text of one leaf: the text itself, and the
/// boolean, number or null that it spells.
///
/// ```
/// use serde_json::json;
/// use specwarden::case::readings;
/// assert_eq!(readings("7"), [json!("7"), json!(7)]);
/// assert_eq!(readings("1"), [json!("1"), json!(1), json!(true)]);
/// assert_eq!(readings("true"), [json!("true"), json!(true)]);
/// assert_eq!(readings(""), [json!(""), json!(null)]);
/// assert_eq!(readings("seven"), [json!("seven")]);
/// ```
pub fn readings(text: &str) -> Vec<Value> {
    let mut values = vec![Value::String(text.to_owned())];
    // Frameworks differ in letter case and blanks; a reading that one of them has is a reading.
    let plain = text.trim();
    match plain.to_ascii_lowercase().as_str() {
        "" | "null" => values.push(Value::Null),
        "true" => values.push(Value::Bool(true)),
        "false" => values.push(Value::Bool(false)),
        _ => values.extend(spelled_number(plain)),
    }
    // Lenient readers of booleans take these as well.
    match plain.to_ascii_lowercase().as_str() {
        "1" | "yes" | "on" | "t" | "y" => values.push(Value::Bool(true)),
        "0" | "no" | "off" | "f" | "n" => values.push(Value::Bool(false)),
        _ => {}
    }
    values
}

/// The number that a text spells, if it is one that JSON can hold.
///
/// ```
/// use serde_json::json;
/// use specwarden::case::spelled_number;
/// assert_eq!(spelled_number("+007"), Some(json!(7)));
/// assert_eq!(spelled_number(".5"), Some(json!(0.5)));
/// assert_eq!(spelled_number("+-7"), None);
/// assert_eq!(spelled_number("inf"), None);
/// ```
pub fn spelled_number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    // Rust also reads `inf` and `nan`, which JSON does not know.
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
}

/// The form in which a server expects a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One leaf.
    Primitive,
    /// A list of leaves.
    Array,
    /// Named leaves.
    Object,
}

/// Reads a parameter's text back as a server does that expects `shape`: the counterpart of
/// [`parameter_text`](crate::case::parameter_text). Leaves come back as strings, since the wire knows no types;
/// [`readings`] tells what each may mean. `None` if the text is not written in the parameter's style.
pub fn reread_parameter(parameter: &Parameter, text: &str, shape: Shape) -> Option<Value> {
    if let Some(content_type) = &parameter.content_type {
        let text = match parameter.location {
            Location::Querystring if is_form(content_type) => return whole_form(text),
            Location::Querystring => decode(text)?,
            Location::Query | Location::Cookie => decode(text.split_once('=')?.1)?,
            Location::Path => decode(own(parameter, text)?)?,
            Location::Header => text.to_owned(),
        };
        let is_text = content_type.starts_with("text/");
        return if is_text { Some(Value::String(text)) } else { serde_json::from_str(&text).ok() };
    }
    match parameter.location {
        Location::Path => path(parameter, text, shape),
        Location::Query | Location::Querystring => pairs(parameter, text, '&', shape),
        Location::Cookie => pairs(parameter, text, ';', shape),
        Location::Header => {
            let between = plain_delimiter(parameter.style);
            let leaves: Vec<String> = text.split(between).map(|item| item.trim().to_owned()).collect();
            match shape {
                Shape::Primitive => Some(Value::String(text.to_owned())),
                Shape::Array => Some(leaves.into()),
                Shape::Object if parameter.explode => equations(&leaves),
                Shape::Object => alternating(leaves),
            }
        }
    }
}

fn is_form(media_type: &str) -> bool {
    MediaType::parse(media_type).is_some_and(|media_type| media_type.is_form())
}

/// A query string as form readers take it: names with their values, repeated ones gathered into a list.
fn whole_form(text: &str) -> Option<Value> {
    let mut members = Map::new();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, Value::String(decode(value)?));
        match members.get_mut(&name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => _ = members.insert(name, value),
        }
    }
    Some(members.into())
}

/// A path piece without its style's prefix.
fn own<'t>(parameter: &Parameter, text: &'t str) -> Option<&'t str> {
    match parameter.style {
        Style::Label => text.strip_prefix('.'),
        Style::Matrix => text.strip_prefix(';'),
        _ => Some(text),
    }
}

fn path(parameter: &Parameter, text: &str, shape: Shape) -> Option<Value> {
    let text = own(parameter, text)?;
    let matrix = parameter.style == Style::Matrix;
    let prefix = format!("{}=", parameter.name);
    let unnamed = |piece: &str| -> Option<String> {
        let decoded = decode(piece)?;
        if !matrix {
            return Some(decoded);
        }
        if decoded == parameter.name {
            Some(String::new())
        } else {
            decoded.strip_prefix(&prefix).map(str::to_owned)
        }
    };
    let between = match (parameter.style, parameter.explode) {
        (Style::Label, true) => ".",
        (Style::Matrix, true) => ";",
        (style, _) => encoded_delimiter(style),
    };
    match (shape, matrix && !parameter.explode) {
        (Shape::Primitive, _) => unnamed(text).map(Value::String),
        (Shape::Array, false) => {
            text.split(between).map(unnamed).collect::<Option<Vec<_>>>().map(Value::from)
        }
        (Shape::Object, false) if parameter.explode => {
            // The `matrix` style leaves out the `=` of what is empty.
            let whole = |piece: &str| {
                if matrix && !piece.contains('=') { format!("{piece}=") } else { piece.to_owned() }
            };
            equations(&text.split(between).map(whole).collect::<Vec<_>>()).and_then(decoded)
        }
        (_, _) => {
            let list = if matrix { text.split_once('=')?.1 } else { text };
            let leaves = list.split(between).map(decode).collect::<Option<Vec<_>>>()?;
            if shape == Shape::Array { Some(leaves.into()) } else { alternating(leaves) }
        }
    }
}

fn pairs(parameter: &Parameter, text: &str, separator: char, shape: Shape) -> Option<Value> {
    // Nothing is escaped in this style, so a percent sign is one.
    let decode =
        |text: &str| if parameter.style == Style::Cookie { Some(text.to_owned()) } else { decode(text) };
    let pairs: Vec<(String, &str)> = text
        .split(separator)
        .map(|pair| {
            let (name, value) = pair.trim_start().split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, value))
        })
        .collect::<Option<_>>()?;
    if parameter.style == Style::DeepObject && shape == Shape::Object {
        let mut members = Map::new();
        for (name, value) in pairs {
            let key = name.strip_prefix(&parameter.name)?.strip_prefix('[')?.strip_suffix(']')?.to_owned();
            members.insert(key, decode(value)?.into());
        }
        return Some(members.into());
    }
    if shape == Shape::Object && parameter.explode {
        let members: Option<Map<_, _>> =
            pairs.into_iter().map(|(name, value)| Some((name, decode(value)?.into()))).collect();
        return members.map(Value::Object);
    }
    let mut own = pairs.into_iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value);
    match shape {
        Shape::Primitive => decode(own.next()?).map(Value::String),
        Shape::Array if parameter.explode => own.map(decode).collect::<Option<Vec<_>>>().map(Value::from),
        Shape::Array | Shape::Object => {
            let between = encoded_delimiter(parameter.style);
            let leaves = own.next()?.split(between).map(decode).collect::<Option<Vec<_>>>()?;
            if shape == Shape::Array { Some(leaves.into()) } else { alternating(leaves) }
        }
    }
}

/// What separates the items of an unexploded list in a URL.
fn encoded_delimiter(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::TabDelimited => "%09",
        _ => ",",
    }
}

/// The same in a header.
fn plain_delimiter(style: Style) -> char {
    match style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::TabDelimited => '\t',
        _ => ',',
    }
}

fn equations(pieces: &[String]) -> Option<Value> {
    let members: Option<Map<_, _>> = pieces
        .iter()
        .map(|piece| piece.split_once('=').map(|(k, v)| (k.to_owned(), Value::from(v.to_owned()))))
        .collect();
    members.map(Value::Object)
}

fn alternating(leaves: Vec<String>) -> Option<Value> {
    if !leaves.len().is_multiple_of(2) {
        return None;
    }
    let mut members = Map::new();
    let mut leaves = leaves.into_iter();
    while let (Some(name), Some(value)) = (leaves.next(), leaves.next()) {
        members.insert(name, value.into());
    }
    Some(members.into())
}

fn decoded(value: Value) -> Option<Value> {
    let Value::Object(members) = value else { return None };
    let members: Option<Map<_, _>> =
        members.iter().map(|(name, value)| Some((decode(name)?, decode(value.as_str()?)?.into()))).collect();
    members.map(Value::Object)
}

fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}
