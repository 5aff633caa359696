//! Parameters by style, explode and type (OpenAPI 3.1.1 §4.8.12.2–3, RFC 6570; Swagger 2.0 `collectionFormat`).
//!
//! The value's own type decides, not the schema's: a negative case sends a list where a number belongs.

use crate::case::RenderError;
use crate::case::render::encode::Escape;
use crate::case::render::form;
use crate::exchange::MediaType;
use crate::spec::{Location, Parameter, Style};
use indexmap::IndexMap;
use serde_json::Value;

/// The text that `value` leaves on the wire as `parameter`, percent-encoded as it travels: a path piece, a
/// query text `a=1&a=2`, a header's value or the cookie pairs. `None` if it leaves none, as an empty list does.
pub fn parameter_text(parameter: &Parameter, value: &Value) -> Result<Option<String>, RenderError> {
    if parameter.location == Location::Querystring {
        return whole_query(parameter, value);
    }
    let plain;
    let value = if parameter.content_type.is_some() {
        plain = Value::String(content_text(parameter, value));
        &plain
    } else {
        value
    };
    match parameter.location {
        Location::Path => path(parameter, value),
        Location::Query | Location::Querystring => pairs(parameter, value, "&"),
        Location::Cookie => pairs(parameter, value, "; "),
        Location::Header => header(parameter, value),
    }
}

/// A leaf as text. Numbers are written out in full: many servers do not read `1e21` as an integer.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (None, None, Some(float)) => format!("{float}"),
            _ => number.to_string(),
        },
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn content_text(parameter: &Parameter, value: &Value) -> String {
    let is_text = parameter.content_type.as_deref().is_some_and(|media_type| media_type.starts_with("text/"));
    if is_text { scalar(value) } else { value.to_string() }
}

/// OpenAPI 3.2 §4.12.6: the value in its media type is the query string, percent-encoded where it is not a form.
fn whole_query(parameter: &Parameter, value: &Value) -> Result<Option<String>, RenderError> {
    let media_type = parameter.content_type.as_deref().and_then(MediaType::parse);
    let text = match media_type {
        Some(media_type) if media_type.is_form() => form::write(value, &IndexMap::new())?,
        _ => Escape::Value.apply(&content_text(parameter, value)),
    };
    Ok((!text.is_empty()).then_some(text))
}

fn path(parameter: &Parameter, value: &Value) -> Result<Option<String>, RenderError> {
    let name = Escape::Value.apply(&parameter.name);
    let style = parameter.style;
    let explode = parameter.explode;
    let (first, between) = match style {
        Style::Label => (".", if explode { "." } else { "," }),
        Style::Matrix => (";", if explode { ";" } else { "," }),
        // Swagger 2.0's `ssv`, `tsv` and `pipes`, which may stand in a path.
        _ => ("", separator(style)),
    };
    let escape = if style == Style::Label && explode { Escape::Dots } else { Escape::Value };
    let matrix = style == Style::Matrix;
    let pair = |name: &str, value: &str| if matrix { named(name, value) } else { format!("{name}={value}") };
    let join = |items: Vec<String>| join(parameter, items, between);
    let text = match Pieces::of(value, escape) {
        // In lists and maps a reserved character could be taken for what separates.
        Pieces::One(_) if parameter.allow_reserved && !matrix => Escape::PathReserved.apply(&scalar(value)),
        Pieces::One(_) if style == Style::Label => Escape::Value.apply(&scalar(value)),
        Pieces::One(text) if matrix => named(&name, &text),
        Pieces::One(text) => text,
        Pieces::List(items) if items.is_empty() => return Ok(None),
        Pieces::Map(members) if members.is_empty() => return Ok(None),
        Pieces::List(items) if matrix && explode => {
            items.iter().map(|item| named(&name, item)).collect::<Vec<_>>().join(between)
        }
        Pieces::List(items) if matrix => format!("{name}={}", join(items)?),
        Pieces::List(items) => join(items)?,
        Pieces::Map(members) if explode => {
            members.iter().map(|(name, value)| pair(name, value)).collect::<Vec<_>>().join(between)
        }
        Pieces::Map(members) if matrix => format!("{name}={}", join(flat(members))?),
        Pieces::Map(members) => join(flat(members))?,
    };
    Ok(Some(format!("{first}{text}")))
}

/// A pair of the `matrix` style: an empty value goes without its `=` (RFC 6570 §3.2.7).
fn named(name: &str, value: &str) -> String {
    if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
}

/// What stands between the items of an unexploded list in a URL. The delimiters of some styles are written encoded,
/// since a URL does not allow them raw.
fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::TabDelimited => "%09",
        _ => ",",
    }
}

/// The items of an unexploded list. One that holds the delimiter would read as two.
fn join(parameter: &Parameter, items: Vec<String>, between: &str) -> Result<String, RenderError> {
    if between != "," && items.iter().any(|item| item.contains(between)) {
        return Err(split(parameter));
    }
    Ok(items.join(between))
}

/// Query and cookie: `name=value` pairs, joined by `separator`.
fn pairs(parameter: &Parameter, value: &Value, separator: &str) -> Result<Option<String>, RenderError> {
    let plain = parameter.style == Style::Cookie;
    if plain && !fits_cookie(value) {
        return Err(unsendable(parameter, "style `cookie` escapes nothing, and a cookie cannot hold this"));
    }
    let escape = match (parameter.location, parameter.allow_reserved) {
        (_, _) if plain => Escape::Never,
        (Location::Cookie, _) => Escape::Cookie,
        (_, true) => Escape::Reserved,
        (_, false) => Escape::Value,
    };
    if parameter.style == Style::DeepObject && (value.is_object() || value.is_array()) {
        let mut out = Vec::new();
        if !deep(Escape::Value.apply(&parameter.name), value, escape, &mut out) {
            return Err(split(parameter));
        }
        return Ok((!out.is_empty()).then(|| out.join(separator)));
    }
    let cookie = parameter.location == Location::Cookie;
    let name = if cookie { parameter.name.clone() } else { Escape::Value.apply(&parameter.name) };
    let join = |items: Vec<String>| {
        if plain && items.iter().any(|item| item.contains(',')) {
            return Err(split(parameter));
        }
        // `allowReserved` keeps the comma of a value, but not where it would separate.
        let items = items.into_iter().map(|item| if plain { item } else { item.replace(',', "%2C") });
        self::join(parameter, items.collect(), self::separator(parameter.style))
    };
    let all: Vec<String> = match Pieces::of(value, escape) {
        Pieces::One(text) => vec![format!("{name}={text}")],
        Pieces::List(items) if items.is_empty() => return Ok(None),
        Pieces::Map(members) if members.is_empty() => return Ok(None),
        Pieces::List(items) if parameter.explode => {
            items.iter().map(|item| format!("{name}={item}")).collect()
        }
        // Each name is that of a cookie.
        Pieces::Map(members)
            if parameter.explode && cookie && !members.iter().all(|(name, _)| is_token(name)) =>
        {
            return Err(unsendable(parameter, "a property's name is not the name of a cookie"));
        }
        Pieces::Map(members) if parameter.explode => equations(&members),
        Pieces::List(items) => vec![format!("{name}={}", join(items)?)],
        Pieces::Map(members) => vec![format!("{name}={}", join(flat(members))?)],
    };
    Ok(Some(all.join(separator)))
}

/// Whether every leaf is made of characters that a cookie's value may hold (RFC 6265 §4.1.1).
fn fits_cookie(value: &Value) -> bool {
    let fits = |text: &str| text.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b));
    match value {
        Value::Array(items) => items.iter().all(|item| fits(&scalar(item))),
        Value::Object(members) => {
            members.iter().all(|(name, member)| fits(name) && !name.contains('=') && fits(&scalar(member)))
        }
        leaf => fits(&scalar(leaf)),
    }
}

fn split(parameter: &Parameter) -> RenderError {
    unsendable(parameter, "an item holds the delimiter, or blanks that get lost around it")
}

fn unsendable(parameter: &Parameter, reason: &str) -> RenderError {
    RenderError::Unsendable {
        part: format!("{} parameter {}", parameter.location, parameter.name),
        reason: reason.to_owned(),
    }
}

/// `name[a][b]=1`. Lists inside repeat the name, which is what most readers of this style take. False if a name holds
/// a bracket: it would read as a level of its own, percent-encoded or not.
fn deep(prefix: String, value: &Value, escape: Escape, out: &mut Vec<String>) -> bool {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let below = format!("{prefix}%5B{}%5D", Escape::Value.apply(key));
                if key.contains(['[', ']']) || !deep(below, member, escape, out) {
                    return false;
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                out.push(format!("{prefix}={}", escape.apply(&scalar(item))));
            }
        }
        leaf => out.push(format!("{prefix}={}", escape.apply(&scalar(leaf)))),
    }
    true
}

fn header(parameter: &Parameter, value: &Value) -> Result<Option<String>, RenderError> {
    let pieces = Pieces::of(value, Escape::Never);
    // Swagger 2.0 has its other delimiters here too.
    let between = match parameter.style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        Style::TabDelimited => "\t",
        _ => ",",
    };
    // Blanks around an item and empty items are lost in a list (RFC 9110 §5.6.1).
    let lost = |item: &String| item.contains(between) || item.trim() != item || item.is_empty();
    let ambiguous = match &pieces {
        Pieces::One(_) => false,
        Pieces::List(items) => items.iter().any(lost),
        Pieces::Map(members) => members.iter().any(|(name, value)| {
            lost(name) || lost(value) || (parameter.explode && (name.contains('=') || value.contains('=')))
        }),
    };
    if ambiguous {
        return Err(split(parameter));
    }
    Ok(match pieces {
        Pieces::One(text) => Some(text),
        Pieces::List(items) => (!items.is_empty()).then(|| items.join(between)),
        Pieces::Map(members) if members.is_empty() => None,
        Pieces::Map(members) if parameter.explode => Some(equations(&members).join(between)),
        Pieces::Map(members) => Some(flat(members).join(between)),
    })
}

/// A token of RFC 9110 §5.6.2, as names of headers and cookies are.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// A value cut into its escaped leaves. What is nested deeper is undefined by OpenAPI and travels as JSON.
enum Pieces {
    One(String),
    List(Vec<String>),
    Map(Vec<(String, String)>),
}

impl Pieces {
    fn of(value: &Value, escape: Escape) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(|item| escape.apply(&scalar(item))).collect()),
            Value::Object(members) => Self::Map(
                members.iter().map(|(k, v)| (escape.name().apply(k), escape.apply(&scalar(v)))).collect(),
            ),
            leaf => Self::One(escape.apply(&scalar(leaf))),
        }
    }
}

fn equations(members: &[(String, String)]) -> Vec<String> {
    members.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

fn flat(members: Vec<(String, String)>) -> Vec<String> {
    members.into_iter().flat_map(|(name, value)| [name, value]).collect()
}
