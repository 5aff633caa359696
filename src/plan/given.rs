//! Values that the user gave in the configuration, for one operation.

use crate::plan::Selector;
use crate::spec::Operation;
use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;
use std::collections::BTreeMap;

/// A pattern over the names of parameters and properties: `status`, `*_id`.
#[derive(Debug, Clone)]
pub struct NamePattern {
    text: String,
    /// `None` for a plain name.
    glob: Option<GlobMatcher>,
}

impl NamePattern {
    /// Reads a pattern. The error is a lower-case fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("the name is empty".to_owned());
        }
        // Names such as `filter[status]` hold brackets and mean them.
        if !text.contains(['*', '?']) {
            return Ok(Self { text: text.to_owned(), glob: None });
        }
        let escaped: String = text
            .chars()
            .map(|c| if matches!(c, '[' | ']' | '{' | '}') { format!("[{c}]") } else { c.to_string() })
            .collect();
        let glob = GlobBuilder::new(&escaped).literal_separator(false).build();
        let glob = glob.map_err(|error| format!("read the pattern `{text}`: {}", error.kind()))?;
        Ok(Self { text: text.to_owned(), glob: Some(glob.compile_matcher()) })
    }

    /// Whether the pattern takes this name.
    pub fn takes(&self, name: &str) -> bool {
        self.glob.as_ref().map_or(self.text == name, |glob| glob.is_match(name))
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for NamePattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Candidate values for what goes by names of one pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    /// Which names.
    pub names: NamePattern,
    /// The values, the preferred one first.
    pub values: Vec<Value>,
}

/// What the user gave for one operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// Values by name that every valid request carries.
    pub fixed: BTreeMap<String, Value>,
    /// Candidates by pattern, the stronger ones first.
    pub candidates: Vec<Candidates>,
    /// Whole bodies, the preferred one first.
    pub bodies: Vec<Value>,
}

impl Given {
    /// The values for a name, the preferred one first.
    pub fn values<'g>(&'g self, name: &str) -> impl Iterator<Item = &'g Value> {
        let candidates = self.candidates.iter().filter(move |candidates| candidates.names.takes(name));
        self.fixed.get(name).into_iter().chain(candidates.flat_map(|candidates| &candidates.values))
    }

    /// Whether there is a value for a name.
    pub fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.fixed.is_empty() && self.candidates.is_empty() && self.bodies.is_empty()
    }
}

/// What the user gave, for every operation.
#[derive(Debug, Clone, Default)]
pub struct GivenValues {
    /// On every operation.
    pub everywhere: Given,
    /// On some operations; stronger, the later ones above the earlier.
    pub by_operation: Vec<(Selector, Given)>,
}

impl GivenValues {
    /// What was given for one operation.
    pub fn of(&self, operation: &Operation) -> Given {
        let mut given = self.everywhere.clone();
        for (_, own) in self.by_operation.iter().filter(|(selector, _)| selector.takes(operation)) {
            given.fixed.extend(own.fixed.clone());
            given.candidates.splice(0..0, own.candidates.iter().cloned());
            given.bodies.splice(0..0, own.bodies.iter().cloned());
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_taken_plainly_or_by_pattern() {
        let takes = |pattern: &str, name: &str| NamePattern::parse(pattern).expect("a pattern").takes(name);
        assert!(takes("status", "status") && !takes("status", "statuses"));
        assert!(takes("*_id", "owner_id") && !takes("*_id", "owner_ids"));
        assert!(takes("filter[status]", "filter[status]") && takes("filter[*]", "filter[status]"));
        assert!(NamePattern::parse(" ").is_err());
    }

    #[test]
    fn fixed_values_come_before_candidates() {
        let candidates = |pattern: &str, values: &[Value]| Candidates {
            names: NamePattern::parse(pattern).expect("a pattern"),
            values: values.to_vec(),
        };
        let given = Given {
            fixed: BTreeMap::from([("a_id".to_owned(), json!(1))]),
            candidates: vec![candidates("a_id", &[json!(2), json!(3)]), candidates("*", &[json!(4)])],
            bodies: Vec::new(),
        };
        assert_eq!(given.values("a_id").collect::<Vec<_>>(), [&json!(1), &json!(2), &json!(3), &json!(4)]);
        assert!(given.has("other") && !Given::default().has("a_id"));
    }
}
