//! Stored objects of one kind, and how a kind is numbered and named. It knows no HTTP.

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value;

/// The most objects that are kept of one kind in one place.
const CAPACITY: usize = 20_000;

/// A kind of object: where its number is written, and how paths name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    /// Name in the plural, as in the state.
    pub(crate) plural: &'static str,
    /// Name in the singular, for messages.
    pub(crate) singular: &'static str,
    /// The path parameter, and the property, that names one object.
    pub(crate) id: &'static str,
    /// What stands before the number in that name; empty if the name is the bare number.
    pub(crate) prefix: &'static str,
    /// What is added to the number in a name with a prefix.
    pub(crate) offset: u64,
    /// Properties that the server wrote and a replacement keeps.
    pub(crate) kept: &'static [&'static str],
}

impl Family {
    /// A kind that is named by its bare number.
    pub(crate) const fn numbered(plural: &'static str, singular: &'static str, id: &'static str) -> Family {
        Family { plural, singular, id, prefix: "", offset: 0, kept: &[] }
    }

    /// The name of an object, as a JSON value.
    pub(crate) fn name(&self, number: u64) -> Value {
        if self.prefix.is_empty() {
            Value::from(number)
        } else {
            Value::from(format!("{}{}", self.prefix, number + self.offset))
        }
    }

    /// The number behind the name in a path.
    pub(crate) fn number(&self, name: &Value) -> Option<u64> {
        let number = match name {
            Value::Number(number) => number.as_u64()?,
            Value::String(text) => {
                text.strip_prefix(self.prefix)?.parse::<u64>().ok()?.checked_sub(self.offset)?
            }
            _ => return None,
        };
        (self.name(number) == *name).then_some(number)
    }
}

/// Objects by number.
#[derive(Debug, Default)]
pub(crate) struct Collection {
    items: BTreeMap<u64, Map<String, Value>>,
    seeded: u64,
}

impl Collection {
    /// Marks everything that is there as belonging to the instance: it is never dropped to make room.
    pub(crate) fn seal(&mut self) {
        self.seeded = self.items.keys().next_back().copied().unwrap_or_default();
    }

    /// Stores an object. The oldest created one goes when there are too many.
    pub(crate) fn put(&mut self, number: u64, item: Map<String, Value>) {
        self.items.insert(number, item);
        if self.items.len() > CAPACITY
            && let Some(oldest) = self.items.range(self.seeded + 1..).next().map(|(number, _)| *number)
        {
            self.items.remove(&oldest);
        }
    }

    /// One object.
    pub(crate) fn get(&self, number: u64) -> Option<&Map<String, Value>> {
        self.items.get(&number)
    }

    /// One object, for a change in place.
    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Map<String, Value>> {
        self.items.get_mut(&number)
    }

    /// Removes one object and says whether it was there.
    pub(crate) fn remove(&mut self, number: u64) -> bool {
        self.items.remove(&number).is_some()
    }

    /// Keeps only what the condition holds for and says how many went.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Map<String, Value>) -> bool) -> usize {
        let before = self.items.len();
        self.items.retain(|_, item| keep(item));
        before - self.items.len()
    }

    /// Every object, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.items.values()
    }
}
