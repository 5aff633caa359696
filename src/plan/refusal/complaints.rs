//! Where the bodies of common frameworks say which value was refused, and why.
//!
//! No framework is recognised by name: the same few shapes are used by all of them. A shape is an object that has both
//! a place and a text, a list of texts under the name of a field, or a text that names its field itself.

use crate::plan::Wish;
use serde_json::{Map, Value};

/// A refused value, by the last name of its place, and what was said about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Complaint {
    pub(super) name: String,
    pub(super) text: String,
    /// What was said in fields of its own.
    pub(super) hint: Wish,
}

/// Words before a quoted field.
const LEADS: &[&str] = &[
    "required property ",
    "validation for ",
    "parameter ",
    "property ",
    "field ",
    "key ",
    "attribute ",
    "argument ",
    "member ",
    "option ",
];
/// Words after the name of a field.
const VERBS: &[&str] =
    &["is", "must", "should", "can't", "cannot", "has", "field", "may", "needs", "does", "length", "size"];
/// Words before a field that is not quoted.
const KINDS: &[&str] =
    &["field", "property", "parameter", "param", "query", "key", "attribute", "argument", "option", "header"];

/// No more complaints are read in one body.
const MOST: usize = 64;
/// How deep they are looked for.
const DEEPEST: usize = 6;
/// Longer texts are stack traces.
const LONGEST: usize = 600;
/// Fields that say where.
const PLACES: &[&str] = &[
    "loc",
    "path",
    "field",
    "param",
    "pointer",
    "propertyPath",
    "instancePath",
    "dataPath",
    "property",
    "attribute",
    "name",
    "key",
];
/// Fields that say what.
const TEXTS: &[&str] = &["msg", "defaultMessage", "reason", "description", "message", "detail", "error"];
/// Names of places in a request and of lists of errors, never of a field.
const ENVELOPE: &[&str] = &[
    "body",
    "query",
    "path",
    "header",
    "headers",
    "cookie",
    "params",
    "json",
    "form",
    "data",
    "attributes",
    "root",
    "request",
    "requestbody",
    "message",
    "messages",
    "error",
    "errors",
    "detail",
    "details",
    "validation",
    "violations",
    "issues",
    "invalidparams",
    "nonfielderrors",
];
/// Names that are about the answer where no error is told yet, and of a field elsewhere.
const ABOUT: &[&str] = &["status", "statuscode", "title", "type", "instance", "code", "keys"];

/// Everything that a body complains about, in its order.
pub(super) fn complaints(body: &Value) -> Vec<Complaint> {
    let mut found = Vec::new();
    collect(body, None, false, 0, &mut found);
    found.truncate(MOST);
    found
}

/// `name`: the nearest name above that may be a field's. `listed`: whether something above speaks of errors.
fn collect(value: &Value, name: Option<&str>, listed: bool, depth: usize, found: &mut Vec<Complaint>) {
    if depth > DEEPEST || found.len() >= MOST {
        return;
    }
    match value {
        Value::String(text) => say(name, text, found),
        Value::Array(items) => {
            for item in items {
                collect(item, name, listed, depth + 1, found);
            }
        }
        Value::Object(map) => {
            if let Some(complaint) = placed(map) {
                found.push(complaint);
                return;
            }
            for (key, inner) in map {
                let envelope = is_envelope(key);
                let about = !listed && ABOUT.contains(&folded(key).as_str());
                let below = if envelope || about { None } else { Some(key.as_str()) };
                match inner {
                    // A lone text under a field's name is a complaint only where errors are told.
                    Value::String(_) if listed || envelope => collect(inner, below, listed, depth + 1, found),
                    Value::String(_) => {}
                    Value::Array(items) if items.iter().all(Value::is_string) => {
                        collect(inner, below, listed, depth + 1, found);
                    }
                    Value::Array(_) | Value::Object(_) => {
                        collect(inner, below, listed || envelope, depth + 1, found);
                    }
                    Value::Null | Value::Bool(_) | Value::Number(_) => {}
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn say(name: Option<&str>, text: &str, found: &mut Vec<Complaint>) {
    if text.len() > LONGEST {
        return;
    }
    let name = name.and_then(last_name).or_else(|| subject(text));
    found.extend(name.map(|name| Complaint { name, text: text.to_owned(), hint: Wish::default() }));
}

/// An object that says both where and what.
fn placed(map: &Map<String, Value>) -> Option<Complaint> {
    let text = TEXTS.iter().find_map(|key| map.get(*key)?.as_str()).filter(|text| text.len() <= LONGEST)?;
    let source = map.get("source").and_then(|source| source.get("pointer").or(source.get("parameter")));
    let place = source.and_then(Value::as_str).and_then(last_name).or_else(|| {
        PLACES.iter().find_map(|key| match map.get(*key)? {
            Value::String(path) => last_name(path),
            Value::Array(tokens) => tokens.iter().rev().filter_map(Value::as_str).find_map(last_name),
            _ => None,
        })
    });
    let extra = ["params", "ctx", "context", "constraints"].iter().find_map(|key| map.get(*key)?.as_object());
    let field = |key: &str| map.get(key).or_else(|| extra?.get(key));
    let missing = field("missingProperty").and_then(Value::as_str).map(str::to_owned);
    let listed = ["allowedValues", "options", "valids", "enum"].iter().find_map(|key| field(key)?.as_array());
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let hint = Wish {
        required: missing.is_some(),
        one_of: listed.map(|values| values.iter().filter_map(plain).collect()).unwrap_or_default(),
        pattern: field("pattern").and_then(Value::as_str).filter(|text| text.len() <= 200).map(str::to_owned),
        ..Wish::default()
    };
    let name = missing.or(place).or_else(|| subject(text))?;
    Some(Complaint { name, text: text.to_owned(), hint })
}

fn is_envelope(name: &str) -> bool {
    ENVELOPE.contains(&folded(name).as_str())
}

fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The last name in a place however it is written: `body.items[0].name`, `/data/attributes/name`, `$.name`, `#/age`.
fn last_name(place: &str) -> Option<String> {
    let tokens =
        place.split(['.', '/', '[', ']', '#', '$']).map(|token| token.trim_matches(['"', '\'', ' ']));
    let own = tokens.rev().find(|token| !token.is_empty() && !token.bytes().all(|b| b.is_ascii_digit()))?;
    (!is_envelope(own) && own.len() <= 80 && !own.contains(' ')).then(|| own.to_owned())
}

/// The field that a text speaks of: `"name" is required`, `The name field …`, `Field validation for 'Name' …`,
/// `must have required property 'name'`, `body/name must NOT …`, `name must be …`.
fn subject(text: &str) -> Option<String> {
    // Of ASCII alone, so that places in both texts are the same.
    let small = text.to_ascii_lowercase();
    let quoted = |from: &str| {
        let rest = text[small.find(from)? + from.len()..].trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'))?;
        last_name(rest[1..].split(quote).next()?)
    };
    for lead in LEADS {
        if let Some(name) = quoted(lead) {
            return Some(name);
        }
    }
    if let Some(name) = quoted("").filter(|_| text.starts_with(['"', '\'', '`'])) {
        return Some(name);
    }
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let first = match first.to_ascii_lowercase().as_str() {
        "the" => match words.next()? {
            kind if kind == "selected" || KINDS.contains(&kind) => words.next()?,
            named => named,
        },
        kind if KINDS.contains(&kind) => match words.clone().next()? {
            // The thing may itself be called so: `key is required`.
            verb if VERBS.contains(&verb.to_ascii_lowercase().as_str()) => first,
            named => {
                words.next();
                named
            }
        },
        _ => first,
    };
    let next = words.next()?.to_ascii_lowercase();
    let pronoun =
        ["this", "value", "it", "input", "string", "data", "ensure", "length", "size", "not", "a", "invalid"];
    let named = VERBS.contains(&next.as_str()) && !pronoun.contains(&first.to_ascii_lowercase().as_str());
    if named { last_name(first.trim_matches([':', '"', '\'', '`'])) } else { None }
}
