//! What remains of a value once it is text: where it can travel, and what a server may read there.
//!
//! Outside JSON a value loses its type. A value counts as broken only if no reading of its text is valid.

use crate::case::{Shape as WireShape, parameter_text, readings, reread_parameter, undefined_serialisation};
use crate::generate::shape::{Rest, Shape, Types};
use crate::generate::shapes::Shapes;
use crate::schema::{Direction, Validators};
use crate::spec::{Location, Parameter, Style};
use serde_json::{Value, json};

/// The text of a scalar; `None` for arrays and objects.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("null".into()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// How surely a value arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It arrives as it was sent: nothing in it is empty, a delimiter, or forbidden at this place.
    Sure,
    /// It is written as it should be, but servers differ in reading it: a slash in a path travels as `%2F`, and the
    /// specification leaves some combinations open. Only taken where there is no surer value.
    Doubtful(&'static str),
    /// Not at all.
    Barred,
}

impl Way {
    /// Whether the value can be sent where the template of the parameter is `template`: as surely, or at all.
    pub(super) fn serves(self, template: Way) -> bool {
        match self {
            Way::Sure => true,
            Way::Doubtful(_) => matches!(template, Way::Doubtful(_)),
            Way::Barred => false,
        }
    }
}

const SLASH: &str =
    "a slash or backslash in a path travels percent-encoded, which some servers refuse or resolve";

/// How surely the value arrives as this parameter.
pub(super) fn way(parameter: &Parameter, value: &Value) -> Way {
    if !can_travel(parameter, value) {
        return Way::Barred;
    }
    if let Some(reason) = undefined_serialisation(parameter, value) {
        return Way::Doubtful(reason);
    }
    if parameter.location == Location::Path && parameter.content_type.is_none() && holds_slash(value) {
        return Way::Doubtful(SLASH);
    }
    Way::Sure
}

/// The same where control characters are meant: in a path and a query they travel percent-encoded.
pub(super) fn odd_way(parameter: &Parameter, value: &Value) -> Way {
    match parameter.location {
        Location::Path | Location::Query if parameter.content_type.is_none() => {
            way(parameter, &without_controls(value))
        }
        _ => way(parameter, value),
    }
}

fn without_controls(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            text.chars().map(|c| if c.is_control() { 'a' } else { c }).collect::<String>().into()
        }
        Value::Array(items) => items.iter().map(without_controls).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), without_controls(member))).collect()
        }
        other => other.clone(),
    }
}

/// Why the specification does not say how a value of this shape is written, whichever of its types is chosen.
pub(super) fn undefined(parameter: &Parameter, shape: &Shape) -> Option<&'static str> {
    let likely = shape.likely();
    let samples = [
        (Types::ARRAY, json!(["a"])),
        (Types::OBJECT, json!({"a": "a"})),
        (Types::STRING.with(Types::NUMBER).with(Types::BOOLEAN), json!("a")),
    ];
    let possible = samples.iter().filter(|(types, _)| likely.and(*types) != Types::NONE);
    let reasons: Vec<_> = possible.map(|(_, value)| undefined_serialisation(parameter, value)).collect();
    reasons.iter().all(Option::is_some).then(|| reasons.first().copied().flatten()).flatten()
}

fn holds_slash(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(['/', '\\']),
        Value::Array(items) => items.iter().any(holds_slash),
        Value::Object(members) => {
            members.iter().any(|(name, member)| name.contains(['/', '\\']) || holds_slash(member))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn can_travel(parameter: &Parameter, value: &Value) -> bool {
    if parameter.location == Location::Querystring && !parameter.keeps_types() {
        // A form: what is null or empty leaves no trace in it.
        let leaves =
            |value: &Value| !matches!(value, Value::Null) && value.as_array().is_none_or(|a| !a.is_empty());
        return match value {
            Value::Object(members) => !members.is_empty() && members.values().all(leaves),
            other => text(other).is_some_and(|text| !text.is_empty()),
        };
    }
    if parameter.content_type.is_some() {
        return matches!(parameter.location, Location::Query | Location::Querystring)
            || value.to_string().is_ascii();
    }
    let plain = match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty() && items.iter().all(|item| piece_travels(parameter, item)),
        Value::Object(map) => {
            !map.is_empty()
                && map.iter().all(|(name, item)| {
                    !name.is_empty() && !delimited(parameter, name) && piece_travels(parameter, item)
                })
        }
        scalar => text(scalar).is_some_and(|text| text_travels(parameter.location, &text)),
    };
    // What the renderer refuses is no value for this place.
    plain
        && (!(value.is_array() || value.is_object())
            || matches!(parameter_text(parameter, value), Ok(Some(_))))
}

fn piece_travels(parameter: &Parameter, item: &Value) -> bool {
    match item {
        Value::Null | Value::Array(_) | Value::Object(_) => false,
        scalar => text(scalar)
            .is_some_and(|text| text_travels(parameter.location, &text) && !delimited(parameter, &text)),
    }
}

/// Whether a piece of an array holds what separates pieces.
fn delimited(parameter: &Parameter, text: &str) -> bool {
    let delimiters: &[char] = match parameter.style {
        Style::Simple => &[',', '='],
        Style::Form if parameter.explode => &[],
        Style::Form => &[','],
        Style::Label => &['.', ',', '='],
        Style::Matrix => &[';', ',', '='],
        Style::SpaceDelimited => &[' ', '+', ','],
        Style::PipeDelimited => &['|', ','],
        Style::TabDelimited => &['\t', ','],
        Style::DeepObject => &['[', ']'],
        Style::Cookie => &[',', ';', '='],
    };
    text.contains(delimiters)
}

/// Whether a text arrives at this place as it was sent.
pub(super) fn text_travels(location: Location, text: &str) -> bool {
    if text.is_empty() || text.chars().any(char::is_control) {
        return false;
    }
    match location {
        Location::Path => !matches!(text, "." | "..") && text.trim() == text,
        Location::Query | Location::Querystring => true,
        Location::Header => {
            text.trim() == text && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
        }
        Location::Cookie => {
            text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~!#$&'()*+/:<>?@[]^`{|}".contains(&b))
        }
    }
}

/// Reads values as a server does that knows the schema.
pub(super) struct Reader<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) validators: &'a Validators,
}

impl Reader<'_> {
    /// Whether some reading of the value's text is valid.
    pub(super) fn readable(&self, shape: &Shape, value: &Value) -> bool {
        let mut readings = match text(value) {
            Some(text) => readings(&text),
            None => vec![value.clone()],
        };
        readings.push(self.read(shape, value, 4));
        if shape.likely().has(Types::ARRAY) && !value.is_array() {
            readings.push(self.read(shape, &Value::Array(vec![value.clone()]), 4));
        }
        if let Value::Array(items) = value
            && let [only] = items.as_slice()
        {
            readings.push(self.read(shape, only, 4));
        }
        // `?filter=x` for an object that is spread over pairs is an object without any known property.
        if shape.likely().has(Types::OBJECT) && !value.is_object() {
            readings.push(Value::Object(serde_json::Map::new()));
        }
        readings.iter().any(|reading| self.valid(shape, reading))
    }

    /// The same for a whole query string written as a form: everything in it is text or a list of texts, and a list
    /// of one looks like its item. What cannot be written so proves nothing.
    pub(super) fn readable_form(&self, shape: &Shape, parameter: &Parameter, value: &Value) -> bool {
        let Ok(Some(text)) = parameter_text(parameter, value) else { return true };
        let Some(Value::Object(mut members)) = reread_parameter(parameter, &text, WireShape::Object) else {
            return true;
        };
        for (name, member) in &mut members {
            let property = shape.properties.get(name).map(|property| self.shapes.child(&property.child));
            if property.is_some_and(|child| child.likely().has(Types::ARRAY)) && !member.is_array() {
                *member = Value::Array(vec![member.take()]);
            }
        }
        self.readable(shape, &Value::Object(members))
    }

    fn valid(&self, shape: &Shape, value: &Value) -> bool {
        shape
            .key
            .schemas
            .iter()
            .all(|pointer| self.validators.is_valid(pointer, Direction::Request, value).unwrap_or(true))
    }

    /// The reading that comes nearest to the schema, part by part.
    fn read(&self, shape: &Shape, value: &Value, depth: u32) -> Value {
        match value {
            Value::Array(items) if depth > 0 => {
                let child = |index: usize| match (shape.prefix.get(index), &shape.items) {
                    (Some(child), _) => Some(self.shapes.child(child)),
                    (None, Rest::Of(child, _)) => Some(self.shapes.child(child)),
                    (None, Rest::Any | Rest::Nothing(_)) => None,
                };
                let read = items.iter().enumerate().map(|(index, item)| match child(index) {
                    Some(child) => self.read(&child, item, depth - 1),
                    None => item.clone(),
                });
                Value::Array(read.collect())
            }
            Value::Object(map) if depth > 0 => {
                let read = map.iter().map(|(name, item)| {
                    let child = match (shape.properties.get(name), &shape.additional) {
                        (Some(property), _) => Some(self.shapes.child(&property.child)),
                        (None, Rest::Of(child, _)) => Some(self.shapes.child(child)),
                        (None, Rest::Any | Rest::Nothing(_)) => None,
                    };
                    let read = child.map_or_else(|| item.clone(), |child| self.read(&child, item, depth - 1));
                    (name.clone(), read)
                });
                Value::Object(read.collect())
            }
            scalar => text(scalar)
                .and_then(|text| readings(&text).into_iter().find(|reading| self.valid(shape, reading)))
                .unwrap_or_else(|| scalar.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_refuses_what_would_not_arrive() {
        for (location, text, arrives) in [
            (Location::Path, "..", false),
            (Location::Path, "a/b", true),
            (Location::Path, "", false),
            (Location::Path, "a b", true),
            (Location::Header, "é", false),
            (Location::Header, "a b", true),
            (Location::Cookie, "a;b", false),
            (Location::Query, "漢 &=", true),
        ] {
            assert_eq!(text_travels(location, text), arrives, "{location} {text}");
        }
    }
}
