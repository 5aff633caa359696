//! JSON bodies: sorted, masked, cut.

use crate::schema::Pointer;
use crate::snapshot::SnapshotOptions;
use crate::snapshot::mask::{VOLATILE, mask};
use insta::_macro_support::{SerializationFormat, serialize_value};
use insta::Settings;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What stands after the last item that is kept of an array.
const MORE_ITEMS: &str = "[more items]";
/// The key that stands for the properties that are not kept; sorts after every ordinary name.
const MORE_PROPERTIES: &str = "~[more properties]";

/// `first` as a snapshot shows it, and where it was found to change by itself.
///
/// With a `second` answer to the same request, every value that differs between the two is volatile.
pub(crate) fn normalise_json(
    first: &Value,
    second: Option<&Value>,
    options: &SnapshotOptions,
) -> (String, Vec<Pointer>) {
    let mut walk = Walk { options, volatile: Vec::new() };
    let masked = walk.value("", first, second, &Pointer::root());
    (pretty(&masked), walk.volatile)
}

/// `value` as pretty JSON with sorted keys, written by `insta` as its own JSON snapshots are.
pub(crate) fn pretty(value: &Value) -> String {
    let mut settings = Settings::new();
    settings.set_sort_maps(true);
    settings.bind(|| serialize_value(value, SerializationFormat::Json))
}

struct Walk<'a> {
    options: &'a SnapshotOptions,
    volatile: Vec<Pointer>,
}

impl Walk<'_> {
    fn value(&mut self, field: &str, first: &Value, second: Option<&Value>, at: &Pointer) -> Value {
        if self.options.volatile_fields.iter().any(|name| name == field) {
            return VOLATILE.into();
        }
        match (first, second) {
            (Value::Object(first), None) => self.object(first, None, at),
            (Value::Object(first), Some(Value::Object(second))) => self.object(first, Some(second), at),
            (Value::Array(first), None) => self.array(field, first, None, at),
            (Value::Array(first), Some(Value::Array(second))) => self.array(field, first, Some(second), at),
            (first, None) => mask(field, first).map_or_else(|| first.clone(), Value::from),
            (first, Some(second)) => match (mask(field, first), mask(field, second)) {
                // A mask says more than "volatile", if it holds for both answers.
                (Some(one), Some(other)) if one == other => one.into(),
                (None, None) if first == second => first.clone(),
                _ => self.volatile(at),
            },
        }
    }

    fn object(
        &mut self,
        first: &Map<String, Value>,
        second: Option<&Map<String, Value>>,
        at: &Pointer,
    ) -> Value {
        let names: BTreeSet<&String> = first.keys().chain(second.into_iter().flat_map(Map::keys)).collect();
        let mut out = Map::new();
        for (index, name) in names.into_iter().enumerate() {
            if index == self.options.longest_object {
                out.insert(MORE_PROPERTIES.to_owned(), "…".into());
                break;
            }
            let here = at.push(name);
            let value = match (first.get(name), second) {
                (Some(value), None) => self.value(name, value, None, &here),
                (Some(value), Some(second)) => match second.get(name) {
                    Some(other) => self.value(name, value, Some(other), &here),
                    None => self.volatile(&here),
                },
                (None, _) => self.volatile(&here),
            };
            out.insert(name.clone(), value);
        }
        Value::Object(out)
    }

    fn array(&mut self, field: &str, first: &[Value], second: Option<&Vec<Value>>, at: &Pointer) -> Value {
        if second.is_some_and(|second| second.len() != first.len()) {
            // How many there are changes by itself, so which item stands where does too.
            return Value::Array(vec![self.volatile(at)]);
        }
        let mut out: Vec<Value> = Vec::new();
        for (index, item) in first.iter().enumerate() {
            if index == self.options.longest_array {
                // Without a number: a list this long grows by itself.
                out.push(MORE_ITEMS.into());
                break;
            }
            let other = second.and_then(|second| second.get(index));
            out.push(self.value(field, item, other, &at.push(index)));
        }
        Value::Array(out)
    }

    fn volatile(&mut self, at: &Pointer) -> Value {
        self.volatile.push(at.clone());
        VOLATILE.into()
    }
}
