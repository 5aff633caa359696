//! Holds a request against its operation: raw text in, a typed `Call` or a `Refusal` out.
//!
//! It is strict on purpose: what the document does not allow is refused, and nothing else is.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Map;
use serde_json::Value;

use crate::demo::call::Call;
use crate::demo::contract::Operation;
use crate::demo::contract::Parameter;
use crate::demo::form::FormField;
use crate::demo::reply::Refusal;

/// What a request carries besides method, path and key.
#[derive(Clone, Copy)]
pub(crate) struct Cargo<'a> {
    /// The query, without the question mark.
    pub(crate) query: Option<&'a str>,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<&'a str>,
    /// The body; `None` if it was too large.
    pub(crate) body: Option<&'a [u8]>,
    /// The fields of the form, if there is a well-formed one.
    pub(crate) form: Option<&'a [FormField]>,
}

/// Types the path parameters.
pub(crate) fn check_path(operation: &Operation, raw: &[(&str, String)]) -> Result<Call, Refusal> {
    let mut call = Call::default();
    for parameter in located(operation, "path") {
        let text = raw.iter().find(|(name, _)| *name == parameter.name).map_or("", |(_, text)| text.as_str());
        let Ok(text) = percent_decode_str(text).decode_utf8() else {
            return Err(invalid_parameter(parameter));
        };
        let value = typed(parameter, &[text.into_owned()]).ok_or_else(|| invalid_parameter(parameter))?;
        call.path.insert(parameter.name.clone(), value);
    }
    Ok(call)
}

/// Types the query and the body.
pub(crate) fn check_rest(operation: &Operation, cargo: &Cargo<'_>, call: &mut Call) -> Result<(), Refusal> {
    let takes_body = operation.body.is_some() || operation.takes_form;
    if takes_body && cargo.body.is_none() {
        return Err(Refusal::new(413, "too_large", "the body is larger than 10 MB"));
    }
    let given = query_pairs(cargo.query.unwrap_or_default());
    for parameter in located(operation, "query") {
        let values = match &given {
            Some(pairs) => {
                pairs.iter().filter(|pair| pair.0 == parameter.name).map(|pair| pair.1.clone()).collect()
            }
            None => return Err(invalid_parameter(parameter)),
        };
        insert(parameter, values, &mut call.query)?;
    }
    if operation.takes_form {
        check_form(operation, cargo, call)?;
    }
    if operation.body.is_some() {
        check_body(operation, cargo, call)?;
    }
    Ok(())
}

fn check_body(operation: &Operation, cargo: &Cargo<'_>, call: &mut Call) -> Result<(), Refusal> {
    let body = cargo.body.unwrap_or_default();
    match cargo.content_type {
        Some(given) if !is_json(given) => return Err(unsupported("application/json")),
        None if !body.is_empty() => return Err(unsupported("application/json")),
        _ if body.is_empty() => return Err(Refusal::new(422, "missing_body", "a body is required")),
        _ => {}
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Err(Refusal::new(400, "malformed_body", "the body is not well-formed JSON"));
    };
    if let Some(error) = operation.body.as_ref().and_then(|validator| validator.iter_errors(&value).next()) {
        let place = error.instance_path().to_string();
        let message = format!("the body breaks its schema at `{place}`: {}", error.kind().keyword());
        return Err(Refusal::new(422, "invalid_body", message));
    }
    if let Value::Object(members) = value {
        call.body = members;
    }
    Ok(())
}

fn check_form(operation: &Operation, cargo: &Cargo<'_>, call: &mut Call) -> Result<(), Refusal> {
    if media_type(cargo.content_type.unwrap_or_default()) != "multipart/form-data" {
        return Err(unsupported("multipart/form-data"));
    }
    let Some(fields) = cargo.form else {
        return Err(Refusal::new(400, "malformed_body", "the form is not well-formed"));
    };
    let known =
        |field: &FormField| located(operation, "formData").any(|parameter| parameter.name == field.name);
    if let Some(stranger) = fields.iter().find(|field| !known(field)) {
        let message = format!("the form has no field `{}`", stranger.name);
        return Err(Refusal::new(422, "invalid_body", message));
    }
    for parameter in located(operation, "formData") {
        let parts: Vec<&FormField> = fields.iter().filter(|field| field.name == parameter.name).collect();
        if parameter.definition["type"] == "file" {
            match parts.as_slice() {
                [part] => {
                    call.file_name = Some(part.file_name.clone().unwrap_or_else(|| "upload".to_owned()));
                }
                _ => return Err(invalid_parameter(parameter)),
            }
            continue;
        }
        let texts =
            parts.iter().map(|part| String::from_utf8(part.content.to_vec())).collect::<Result<_, _>>();
        insert(parameter, texts.map_err(|_| invalid_parameter(parameter))?, &mut call.form)?;
    }
    Ok(())
}

fn insert(
    parameter: &Parameter,
    values: Vec<String>,
    target: &mut Map<String, Value>,
) -> Result<(), Refusal> {
    if values.is_empty() {
        if parameter.required {
            return Err(invalid_parameter(parameter));
        }
        if let Some(default) = parameter.definition.get("default") {
            target.insert(parameter.name.clone(), default.clone());
        }
        return Ok(());
    }
    let value = typed(parameter, &values).ok_or_else(|| invalid_parameter(parameter))?;
    target.insert(parameter.name.clone(), value);
    Ok(())
}

/// Reads text as the parameter's type and validates it. A scalar must be given exactly once.
fn typed(parameter: &Parameter, values: &[String]) -> Option<Value> {
    let definition = &parameter.definition;
    let value = match (definition["type"].as_str(), values) {
        (Some("array"), _) => {
            let kind = definition["items"]["type"].as_str();
            let texts: Vec<&str> = match (definition["collectionFormat"].as_str(), values) {
                (Some("multi"), many) => many.iter().map(String::as_str).collect(),
                (_, [one]) => one.split(',').collect(),
                _ => return None,
            };
            Value::Array(texts.into_iter().map(|text| scalar(kind, text)).collect::<Option<_>>()?)
        }
        (kind, [one]) => scalar(kind, one)?,
        _ => return None,
    };
    parameter.validator.is_valid(&value).then_some(value)
}

fn scalar(kind: Option<&str>, text: &str) -> Option<Value> {
    match kind {
        Some("integer") => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<i64>().ok()).flatten().map(Value::from)
        }
        Some("boolean") => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => Some(Value::from(text)),
    }
}

/// Splits a query into decoded pairs; `None` if it is not UTF-8 after decoding.
fn query_pairs(query: &str) -> Option<Vec<(String, String)>> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(Cow::into_owned).ok()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| Some((decode(name)?, decode(value)?)))
        .collect()
}

fn located<'a>(operation: &'a Operation, location: &'a str) -> impl Iterator<Item = &'a Parameter> {
    operation.parameters.iter().filter(move |parameter| parameter.location == location)
}

/// The media type in lower case, without its parameters.
pub(crate) fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(content_type: &str) -> bool {
    let lower = content_type.to_ascii_lowercase();
    let charset = lower.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset="));
    let readable = charset.is_none_or(|name| matches!(name.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"));
    media_type(content_type) == "application/json" && readable
}

fn unsupported(wanted: &str) -> Refusal {
    Refusal::new(415, "unsupported_media_type", format!("the body must be `{wanted}`"))
}

fn invalid_parameter(parameter: &Parameter) -> Refusal {
    let message = format!("the {} parameter `{}` breaks its schema", parameter.location, parameter.name);
    Refusal::new(422, "invalid_parameter", message)
}
