//! A reader of parameters written from the specifications alone, to hold the renderer against.
//!
//! It follows the tables of OpenAPI 3.1.1 §4.8.12.4 and the expansion table of RFC 6570 (Appendix A), backwards. It
//! must not use anything of the renderer or of [`crate::case::readings`], percent-decoding included.

use crate::spec::{Location, Style};
use serde_json::{Map, Value};

/// What the schema announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string, number, boolean or null.
    Leaf,
    /// A list of those.
    List,
    /// An object of those.
    Map,
}

/// A row of RFC 6570's table: what an operator puts first, between, and whether it names its values.
struct Operator {
    first: &'static str,
    between: &'static str,
    named: bool,
    /// What follows a name without value.
    if_empty: &'static str,
    percent: bool,
}

/// `text` read as a `kind` in this cell of the table, leaves as text; an error says what is wrong with it.
pub(super) fn read(
    (location, style, explode): (Location, Style, bool),
    name: &str,
    text: &str,
    kind: Kind,
) -> Result<Value, String> {
    let row = |first, between, named, if_empty| Operator { first, between, named, if_empty, percent: true };
    let operator = match (location, style) {
        (Location::Header, _) => Operator { percent: false, ..row("", ",", false, "") },
        (Location::Cookie, Style::Cookie) => Operator { percent: false, ..row("", "; ", true, "=") },
        (Location::Cookie, _) => row("", "; ", true, "="),
        (_, Style::Label) => row(".", ".", false, ""),
        (_, Style::Matrix) => row(";", ";", true, ""),
        (Location::Query, _) => row("", "&", true, "="),
        (Location::Path | Location::Querystring, _) => row("", ",", false, ""),
    };
    let text = text.strip_prefix(operator.first).ok_or("the first character is missing")?;
    if style == Style::DeepObject {
        return deep(name, text);
    }
    let decode = |text: &str| if operator.percent { percent(text) } else { Ok(text.to_owned()) };
    let pair = |piece: &str| -> Result<(String, String), String> {
        match piece.split_once('=') {
            Some((_, "")) if operator.if_empty.is_empty() && operator.named => {
                Err("`=` of nothing".to_owned())
            }
            Some((name, value)) => Ok((decode(name)?, decode(value)?)),
            None if operator.named && operator.if_empty.is_empty() => Ok((decode(piece)?, String::new())),
            None => Err(format!("`{piece}` has no `=`")),
        }
    };
    let own = |piece: &str| -> Result<String, String> {
        let (found, value) = pair(piece)?;
        if found == name { Ok(value) } else { Err(format!("`{found}` is not `{name}`")) }
    };
    if kind == Kind::Leaf {
        return if operator.named { own(text).map(Value::from) } else { decode(text).map(Value::from) };
    }
    if explode {
        let pieces = text.split(operator.between);
        return match kind {
            Kind::Map => pieces.map(pair).collect::<Result<Vec<_>, _>>().and_then(object),
            Kind::List if operator.named => pieces.map(own).collect::<Result<Vec<_>, _>>().map(Value::from),
            Kind::List | Kind::Leaf => pieces.map(decode).collect::<Result<Vec<_>, _>>().map(Value::from),
        };
    }
    let list = if operator.named {
        let (found, list) = text.split_once('=').ok_or("no `=`")?;
        if decode(found)? != name {
            return Err(format!("`{found}` is not `{name}`"));
        }
        list
    } else {
        text
    };
    let delimiter = match (style, operator.percent) {
        (Style::SpaceDelimited, true) => "%20",
        (Style::PipeDelimited, true) => "%7C",
        (Style::TabDelimited, true) => "%09",
        (Style::SpaceDelimited, false) => " ",
        (Style::PipeDelimited, false) => "|",
        (Style::TabDelimited, false) => "\t",
        _ => ",",
    };
    let leaves = list.split(delimiter).map(decode).collect::<Result<Vec<_>, _>>()?;
    match kind {
        Kind::Leaf | Kind::List => Ok(leaves.into()),
        Kind::Map if leaves.len() % 2 == 0 => {
            object(leaves.chunks(2).map(|two| (two[0].clone(), two[1].clone())).collect())
        }
        Kind::Map => Err("a name without a value".to_owned()),
    }
}

/// `id[a]=1&id[b]=2`. The table shows the brackets encoded: they must be in a URL.
fn deep(name: &str, text: &str) -> Result<Value, String> {
    let member = |piece: &str| -> Result<(String, String), String> {
        let (place, value) = piece.split_once('=').ok_or("no `=`")?;
        let place = percent(place)?;
        let key = place.strip_prefix(name).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
        let key = key.ok_or_else(|| format!("`{place}` is no member of `{name}`"))?;
        if key.contains(['[', ']']) {
            return Err(format!("`{key}` is more than one level"));
        }
        Ok((key.to_owned(), percent(value)?))
    };
    text.split('&').map(member).collect::<Result<Vec<_>, _>>().and_then(object)
}

fn object(pairs: Vec<(String, String)>) -> Result<Value, String> {
    let mut members = Map::new();
    for (name, value) in pairs {
        if members.insert(name.clone(), value.into()).is_some() {
            return Err(format!("`{name}` stands twice"));
        }
    }
    Ok(Value::Object(members))
}

/// RFC 3986 §2.1, and nothing that does not belong into a URL may be left (Appendix A).
fn percent(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match byte {
            b'%' => match (digit(rest.next()), digit(rest.next())) {
                (Some(high), Some(low)) => bytes.extend(u8::try_from(high * 16 + low)),
                _ => return Err(format!("`%` without two digits in `{text}`")),
            },
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => bytes.push(byte),
            _ if b"-._~!$&'()*+,;=:@/?[]<>^`{|}#\"".contains(&byte) => bytes.push(byte),
            _ => return Err(format!("`{}` stands raw in `{text}`", char::from(byte))),
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("`{text}` is not UTF-8"))
}
