//! What refusals said that a server wants, beyond its document.
//!
//! A lesson only ever makes further cases. It must never excuse a refusal: what the document allows is judged by cases
//! that know nothing of lessons.

use crate::plan::words::fold;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// What a server wants of the value under one name. `None` where nothing was said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wish {
    /// It must be there.
    pub required: bool,
    /// It must be one of these, as text: what a message quotes has lost its type.
    pub one_of: Vec<String>,
    /// Characters at least.
    pub min_length: Option<usize>,
    /// Characters at most.
    pub max_length: Option<usize>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The largest number.
    pub maximum: Option<f64>,
    /// Whether the least number itself is too small, or the largest too large.
    pub exclusive: bool,
    /// An ECMA-262 pattern.
    pub pattern: Option<String>,
    /// A format, by its name in JSON Schema.
    pub format: Option<String>,
}

impl Wish {
    /// Adds what another message said; the later word wins, and lists grow.
    pub fn also(&mut self, other: Self) {
        self.required |= other.required;
        self.exclusive |= other.exclusive;
        for value in other.one_of {
            if !self.one_of.contains(&value) {
                self.one_of.push(value);
            }
        }
        self.min_length = other.min_length.or(self.min_length);
        self.max_length = other.max_length.or(self.max_length);
        self.minimum = other.minimum.or(self.minimum);
        self.maximum = other.maximum.or(self.maximum);
        self.pattern = other.pattern.or(self.pattern.take());
        self.format = other.format.or(self.format.take());
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether something was said about the value, not only that it be there.
    pub fn is_about_value(&self) -> bool {
        Self { required: false, ..self.clone() } != Self::default()
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.one_of.is_empty() {
            parts.push(format!("one of {}", self.one_of.join(", ")));
        }
        parts.extend(self.min_length.map(|n| format!("at least {n} characters")));
        parts.extend(self.max_length.map(|n| format!("at most {n} characters")));
        let (least, most) = if self.exclusive { ("more than", "less than") } else { ("at least", "at most") };
        parts.extend(self.minimum.map(|n| format!("{least} {n}")));
        parts.extend(self.maximum.map(|n| format!("{most} {n}")));
        parts.extend(self.pattern.as_ref().map(|pattern| format!("matching `{pattern}`")));
        parts.extend(self.format.as_ref().map(|format| format!("a valid {format}")));
        if parts.is_empty() && self.required {
            parts.push("required".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

/// What was said about one operation, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lessons {
    /// By the folded name; with the name as it was said, for people.
    wishes: BTreeMap<String, (String, Wish)>,
}

impl Lessons {
    /// Learns one wish; whether that was news.
    pub fn learn(&mut self, name: &str, wish: Wish) -> bool {
        if wish.is_empty() || fold(name).is_empty() {
            return false;
        }
        let known = self.wishes.entry(fold(name)).or_insert_with(|| (name.to_owned(), Wish::default()));
        let before = known.1.clone();
        known.1.also(wish);
        known.1 != before
    }

    /// What was said about a name.
    pub fn of(&self, name: &str) -> Option<&Wish> {
        if self.wishes.is_empty() {
            return None;
        }
        self.wishes.get(&fold(name)).map(|(_, wish)| wish)
    }

    /// Everything, in the order of names: the name as it was said, and the wish.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Wish)> {
        self.wishes.values().map(|(name, wish)| (name.as_str(), wish))
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }

    /// The values that a text in a message may stand for.
    pub fn readings(text: &str) -> Vec<Value> {
        let mut values = vec![Value::from(text)];
        match text {
            "true" => values.push(true.into()),
            "false" => values.push(false.into()),
            number => values.extend(number.parse::<i64>().map(Value::from)),
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_add_up_and_tell_what_is_news() {
        let mut lessons = Lessons::default();
        let short = || Wish { min_length: Some(3), ..Wish::default() };
        assert!(lessons.learn("userName", short()));
        assert!(!lessons.learn("user_name", short()));
        assert!(lessons.learn("user_name", Wish { max_length: Some(9), ..Wish::default() }));
        assert!(!lessons.learn("user_name", Wish::default()));
        let wish = lessons.of("UserName").expect("learned");
        assert_eq!(wish.to_string(), "at least 3 characters, at most 9 characters");
        assert_eq!(lessons.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["userName"]);
    }
}
