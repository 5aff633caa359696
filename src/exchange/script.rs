//! Requests that belong together as shell commands: what a server gives out is handed on, not written down.
//!
//! The id of what was created and the entity tags that were read are another ones tomorrow. This must never change
//! what is sent beside them.

use crate::exchange::{Exchange, Method, Request, curl};
use serde_json::Value;

/// The variable that holds the id of what was created.
const ID: &str = "$CREATED_ID";

/// POSIX shell commands that make these calls again with curl, one per line.
///
/// If the first call created something, its id is taken from the new answer and put into the paths behind it; an
/// entity tag that a later condition states is taken from the new answer that gives it. `placeholders` are those of
/// [`curl()`].
pub fn script<P: AsRef<str>>(exchanges: &[Exchange], placeholders: &[P]) -> String {
    let mut known: Vec<String> = placeholders.iter().map(|p| p.as_ref().to_owned()).collect();
    known.push(ID.to_owned());
    let created = exchanges.split_first().and_then(|(first, rest)| created(first, rest));
    let mut tags: Vec<(String, String)> = Vec::new();
    let mut lines = Vec::new();
    for (number, exchange) in exchanges.iter().enumerate() {
        let mut request = exchange.request.clone();
        if let Some(created) = created.as_ref().filter(|_| number > 0) {
            request.url = created.handed_on(&request.url);
        }
        for (_, value) in request.headers.iter_mut().filter(|(name, _)| is_condition(name)) {
            if let Some((_, variable)) = tags.iter().find(|(tag, _)| tag == value) {
                value.clone_from(variable);
            }
        }
        known.extend(tags.iter().map(|(_, variable)| variable.clone()));
        let line = curl(&request, &known);
        let tag = given(exchange).filter(|tag| {
            let new = tags.iter().all(|(known, _)| known != tag);
            new && exchanges[number + 1..].iter().any(|later| states(&later.request, tag))
        });
        let mut taken = Vec::new();
        if let Some(created) = created.as_ref().filter(|_| number == 0) {
            taken.push(format!("CREATED_ID=$(printf '%s\\n' \"$ANSWER\" | {})", created.source.reader()));
        }
        if let Some(tag) = tag {
            let name = format!("TAG_{}", tags.len() + 1);
            taken.push(format!(
                "{name}=$(printf '%s\\n' \"$ANSWER\" | tr -d '\\r' | sed -n 's/^[Ee][Tt][Aa][Gg]: *//p' | head -n 1)"
            ));
            tags.push((tag.to_owned(), format!("${name}")));
        }
        if taken.is_empty() {
            lines.push(line);
        } else {
            lines.push(format!("ANSWER=$({line}); printf '%s\\n' \"$ANSWER\""));
            lines.extend(taken);
        }
    }
    lines.join("\n")
}

/// What a first call created, as later paths name it.
struct Created {
    id: String,
    source: Source,
    /// How many segments the path of the creation has.
    depth: usize,
}

/// Where an answer tells the id.
enum Source {
    /// In a property of this name, counted from 1 among those of the same name.
    Property(String, usize),
    /// At the end of `Location`.
    Location,
}

impl Source {
    /// A filter that reads an answer with its headers and gives the id.
    fn reader(&self) -> String {
        match self {
            Self::Property(name, number) => {
                let one = if *number == 1 { "head -n 1".to_owned() } else { format!("sed -n {number}p") };
                format!(
                    "tr ',{{}}[]' '\\n\\n\\n\\n\\n' | sed -n 's/^ *\"{name}\" *: *\"\\{{0,1\\}}\\([^\"]*[^\" ]\\)\"\\{{0,1\\}} *$/\\1/p' | {one}"
                )
            }
            Self::Location => {
                "tr -d '\\r' | sed -n 's/^[Ll]ocation:.*\\/\\([^/]*\\)$/\\1/p' | head -n 1".to_owned()
            }
        }
    }
}

impl Created {
    /// The URL with the id as a variable.
    fn handed_on(&self, url: &str) -> String {
        let (path, query) = url.find('?').map_or((url, ""), |at| url.split_at(at));
        let mut segments: Vec<&str> = path.split('/').collect();
        if let Some(segment) = segments.iter_mut().skip(self.depth).find(|segment| **segment == self.id) {
            *segment = ID;
        }
        format!("{}{query}", segments.join("/"))
    }
}

fn created(first: &Exchange, rest: &[Exchange]) -> Option<Created> {
    let response = first.response().filter(|response| response.is_success())?;
    if first.request.method != Method::Post {
        return None;
    }
    let depth = segments(&first.request.url).len();
    let ids = rest.iter().flat_map(|later| segments(&later.request.url).into_iter().skip(depth));
    let properties = response.json().map(|body| scalars(&body)).unwrap_or_default();
    let located = response.header("location").and_then(|to| segments(to).pop());
    for id in ids {
        let named = properties.iter().find(|(name, text)| text == id && is_plain(name));
        let source = match named {
            Some((name, _)) => {
                let mut same = Vec::new();
                response.json().iter().for_each(|body| named_so(body, name, &mut same));
                Source::Property(name.clone(), same.iter().position(|text| text == id).unwrap_or(0) + 1)
            }
            None if located == Some(id) => Source::Location,
            None => continue,
        };
        return Some(Created { id: id.to_owned(), source, depth });
    }
    None
}

/// The values of every property of this name, in the order in which they are written.
fn named_so(body: &Value, wanted: &str, out: &mut Vec<String>) {
    match body {
        Value::Object(map) => {
            for (name, value) in map {
                if name == wanted && !value.is_object() && !value.is_array() {
                    out.push(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
                named_so(value, wanted, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named_so(item, wanted, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The scalar properties of an answer and of what is wrapped in it, as texts.
fn scalars(body: &Value) -> Vec<(String, String)> {
    let own = |map: &serde_json::Map<String, Value>| {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        map.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect::<Vec<_>>()
    };
    let Some(map) = body.as_object() else { return Vec::new() };
    let wrapped = map.values().filter_map(Value::as_object).flat_map(own);
    own(map).into_iter().chain(wrapped).collect()
}

/// Whether a name stands for itself in a pattern of `sed`.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn segments(url: &str) -> Vec<&str> {
    url.split(['?', '#']).next().unwrap_or_default().split('/').collect()
}

fn is_condition(name: &str) -> bool {
    name.eq_ignore_ascii_case("if-match") || name.eq_ignore_ascii_case("if-none-match")
}

fn given(exchange: &Exchange) -> Option<&str> {
    exchange.response()?.header("etag")
}

fn states(request: &Request, tag: &str) -> bool {
    request.headers.iter().any(|(name, value)| is_condition(name) && value == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Response, Timing};

    fn exchange(method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> Exchange {
        let pairs = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (sent, given): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| is_condition(name));
        let url = format!("http://h{url}");
        let request = Request { method, url, headers: sent, body: None };
        let body = Body(body.as_bytes().to_vec());
        let response = Response { status: 200, headers: given, body, truncated: false, packed: None };
        Exchange { request, outcome: Ok(response), timing: Timing::default(), attempts: 1 }
    }

    #[track_caller]
    fn urls(exchanges: &[Exchange], expected: &[&str]) {
        let text = script(exchanges, &["$KEY"]);
        let quoted = text.lines().filter(|line| line.contains("curl"));
        let url = |line: &str| line.split(['\'', '"']).find(|w| w.starts_with("http")).map(str::to_owned);
        let found: Vec<String> = quoted.filter_map(url).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_id_of_what_was_created_is_handed_on() {
        let create = |body: &str| exchange(Method::Post, "/p/7/pets", &[], body);
        let read = || exchange(Method::Get, "/p/7/pets/7?x=7", &[], "");
        let expected = ["http://h/p/7/pets", "http://h/p/7/pets/$CREATED_ID?x=7"];
        urls(&[create(r#"{"id":7}"#), read()], &expected);
        urls(&[create(r#"{"data":{"pet_id":"7"}}"#), read()], &expected);
        let located = exchange(Method::Post, "/p/7/pets", &[("location", "/p/7/pets/7")], "");
        urls(&[located, read()], &expected);
    }

    #[test]
    fn of_several_ids_the_one_that_was_used_is_handed_on() {
        let create = exchange(Method::Post, "/pets", &[], r#"{"id":900,"owner":{"id":4},"pet":{"id":7}}"#);
        let text = script(&[create, exchange(Method::Get, "/pets/7", &[], "")], &["$KEY"]);
        assert!(text.contains("| sed -n 3p)"), "{text}");
    }

    #[test]
    fn what_nobody_told_stays_as_it_was() {
        let create = exchange(Method::Post, "/pets", &[], r#"{"name":"x"}"#);
        let read = exchange(Method::Get, "/pets/7", &[], "");
        urls(&[create, read.clone()], &["http://h/pets", "http://h/pets/7"]);
        urls(&[read.clone(), read], &["http://h/pets/7", "http://h/pets/7"]);
    }

    #[test]
    fn versions_are_handed_on() {
        let read = exchange(Method::Get, "/pets/7", &[("etag", "\"a\"")], "");
        let write = exchange(Method::Put, "/pets/7", &[("If-Match", "\"a\"")], "");
        let text = script(&[read, write], &["$KEY"]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[1].starts_with("TAG_1=$("), "{text}");
        assert!(lines[2].contains("\"If-Match: $TAG_1\""), "{text}");
    }
}
