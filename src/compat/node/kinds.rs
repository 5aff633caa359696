//! Sets of JSON kinds. `number` is `integer` and `fraction` together, so that inclusion is plain set inclusion.

use serde_json::Value;
use std::fmt;

/// A set of JSON kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(2);
    pub(crate) const OBJECT: Self = Self(4);
    pub(crate) const ARRAY: Self = Self(8);
    pub(crate) const STRING: Self = Self(16);
    pub(crate) const INTEGER: Self = Self(32);
    /// Numbers that are no integers.
    pub(crate) const FRACTION: Self = Self(64);
    pub(crate) const NUMBER: Self = Self(32 | 64);
    /// What travels as plain text without brackets.
    pub(crate) const SCALAR: Self = Self(2 | 16 | 32 | 64);
    pub(crate) const ALL: Self = Self(127);

    /// The kinds of a `type` name; an unknown name (`file`) says nothing about JSON.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "object" => Self::OBJECT,
            "array" => Self::ARRAY,
            "string" => Self::STRING,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            _ => Self::ALL,
        }
    }

    /// The kind of a value.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Object(_) => Self::OBJECT,
            Value::Array(_) => Self::ARRAY,
            Value::String(_) => Self::STRING,
            Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether some kind is in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// A value of one of these kinds, to show what the set holds.
    pub(crate) fn example(self) -> Option<Value> {
        let examples = [
            (Self::STRING, Value::from("text")),
            (Self::INTEGER, Value::from(1)),
            (Self::FRACTION, Value::from(0.5)),
            (Self::BOOLEAN, Value::from(true)),
            (Self::ARRAY, Value::Array(Vec::new())),
            (Self::OBJECT, Value::Object(serde_json::Map::new())),
            (Self::NULL, Value::Null),
        ];
        examples.into_iter().find(|(kind, _)| self.meets(*kind)).map(|(_, value)| value)
    }
}

impl Kinds {
    /// The set as the object of a sentence: `a string or null`.
    pub(crate) fn articled(self) -> String {
        self.to_string()
            .split(" or ")
            .map(|name| match name {
                "string" | "boolean" | "number" | "fractional number" => format!("a {name}"),
                "array" | "object" | "integer" => format!("an {name}"),
                other => other.to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" or ")
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("anything");
        }
        let mut names = Vec::new();
        for (kind, name) in [
            (Self::STRING, "string"),
            (Self::BOOLEAN, "boolean"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
        ] {
            if self.meets(kind) {
                names.push(name);
            }
        }
        if self.meets(Self::FRACTION) {
            names.push(if self.meets(Self::INTEGER) { "number" } else { "fractional number" });
        } else if self.meets(Self::INTEGER) {
            names.push("integer");
        }
        if self.meets(Self::NULL) {
            names.push("null");
        }
        if names.is_empty() { f.write_str("nothing") } else { f.write_str(&names.join(" or ")) }
    }
}
