//! An answer that is a row of items, each judged by its own schema (OpenAPI 3.2 §4.14.2).
//!
//! Only reads and compares; the rule decides what to say of it.

use crate::check::Context;
use crate::exchange::{Framing, MediaType, Response, items};
use crate::schema::{Direction, Pointer, SchemaError};
use crate::spec::Content;
use serde_json::Value;

/// Items judged of one answer; a stream repeats itself.
const MOST_ITEMS: usize = 1000;

/// What an answer in a sequential media type is.
pub(crate) enum Row {
    /// Its items, as one list.
    Items(Value),
    /// It is not framed as its media type says, and how.
    Broken(String),
}

/// Reads the answer, if its media type and its document both speak of items.
pub(crate) fn row(content: &Content, sent: &MediaType, response: &Response) -> Option<Row> {
    Framing::of(sent)?;
    content.sequence.as_ref()?;
    // Multipart parameters must be the answer's own, boundary above all.
    Some(match items(sent, response.body.bytes(), response.truncated) {
        Ok(mut list) => {
            list.truncate(MOST_ITEMS);
            Row::Items(Value::Array(list))
        }
        Err(message) => Row::Broken(message),
    })
}

/// What is wrong with the items, `None` if the schema cannot judge. Pointers begin with the item's index.
///
/// An answer that was cut says nothing about the list as a whole, such as how long it is.
pub(crate) fn errors(
    context: &Context,
    content: &Content,
    sent: &MediaType,
    list: &Value,
    cut: bool,
) -> Option<Vec<SchemaError>> {
    let schema = content.schema.as_ref()?;
    let mut list = list.clone();
    let mut errors = validate(context, schema, &list)?;
    if Framing::of(sent) == Some(Framing::Events) && !errors.is_empty() {
        // Frameworks describe the value that they write into `data` as JSON; its text alone would be a string.
        if read_data(&mut list, &errors) {
            let reread = validate(context, schema, &list)?;
            if reread.len() < errors.len() {
                errors = reread;
            }
        }
    }
    if let Some(item) = content.sequence.as_ref().and_then(|sequence| sequence.item_schema.as_ref()) {
        errors.extend(payload_errors(context, item, &list));
    }
    errors.retain(|error| !cut || !error.instance.as_str().is_empty());
    Some(errors)
}

fn validate(context: &Context, schema: &Pointer, value: &Value) -> Option<Vec<SchemaError>> {
    context.validators.validate(schema, Direction::Response, value).ok()
}

/// Replaces the texts that `errors` complain of by the JSON that they hold.
fn read_data(list: &mut Value, errors: &[SchemaError]) -> bool {
    let mut changed = false;
    for error in errors {
        let tokens = error.instance.tokens();
        let [index, field, ..] = tokens.as_slice() else { continue };
        let data =
            list.get_mut(index.parse::<usize>().unwrap_or(usize::MAX)).and_then(|item| item.get_mut(field));
        if let Some(data) = data.filter(|_| field == "data")
            && let Some(read) = data.as_str().and_then(|text| serde_json::from_str(text).ok())
        {
            *data = read;
            changed = true;
        }
    }
    changed
}

/// `contentSchema` of the `data` of events, which JSON Schema leaves to the application (validation §8.5).
fn payload_errors(context: &Context, item: &Pointer, list: &Value) -> Vec<SchemaError> {
    let Some((item, _)) = context.api.document.resolve(item) else { return Vec::new() };
    let Some((at, data)) = context.api.document.resolve(&item.push("properties").push("data")) else {
        return Vec::new();
    };
    let is_json = data
        .get("contentMediaType")
        .and_then(Value::as_str)
        .and_then(MediaType::parse)
        .is_some_and(|media_type| media_type.is_json());
    let schema = at.push("contentSchema");
    if !is_json || data.get("contentEncoding").is_some() || data.get("contentSchema").is_none() {
        return Vec::new();
    }
    let mut errors = Vec::new();
    for (index, item) in list.as_array().into_iter().flatten().enumerate() {
        let text = item.get("data").and_then(Value::as_str);
        let Some(value) = text.and_then(|text| serde_json::from_str::<Value>(text).ok()) else { continue };
        let here = Pointer::root().push(index).push("data");
        for mut error in validate(context, &schema, &value).unwrap_or_default() {
            error.instance = here.join(&error.instance);
            errors.push(error);
        }
    }
    errors
}
