//! What is known about an operation's values before a case is made: what the user gave, what answers showed, what
//! refusals said.

use crate::plan::words::{fold, singular, words};
use crate::plan::{Given, Lessons, Wish};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Last words of names that refer to another thing: `owner_id`, `teamUuids`.
const REFERENCES: &[&str] = &["id", "ids", "uuid", "uuids", "guid", "guids", "key", "keys", "ref", "refs"];

/// What is known about one operation's values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Path parameters that name something that exists, together: `project_id` 1 with its `asset_id` 7.
    pub path: BTreeMap<String, Value>,
    /// Values seen under a name, for query parameters and body properties of that name. Most telling first.
    pub named: BTreeMap<String, Vec<Value>>,
    /// The same by the folded name: `assetId` is `asset_id` in another place.
    pub folded: BTreeMap<String, Vec<Value>>,
    /// What names existing things, by the singular of the collection that they lie in: `owner` → ids of `/owners`.
    pub things: BTreeMap<String, Vec<Value>>,
    /// Values seen in answers that have a form of their own, by the name of the format: `uuid`.
    pub formats: BTreeMap<String, Vec<Value>>,
    /// What the user gave; stronger than all else.
    pub given: Arc<Given>,
    /// What refusals said that the server wants.
    pub lessons: Arc<Lessons>,
    /// The body that this operation accepted where it refused the simplest one: what is changed in it, one thing at a
    /// time, is judged for that change.
    pub accepted: Option<Arc<Value>>,
}

impl Known {
    /// Values for a name, most telling first: given ones, then those seen under it, then things that it refers to.
    pub fn values(&self, name: &str) -> Vec<&Value> {
        let mut values: Vec<&Value> = self.given.values(name).collect();
        values.extend(self.seen(name));
        values
    }

    /// Whole bodies to begin with, those that the user gave first.
    pub fn bodies(&self) -> impl Iterator<Item = &Value> {
        self.given.bodies.iter().chain(self.accepted.as_deref())
    }

    /// Values that answers showed for a name.
    pub fn seen(&self, name: &str) -> Vec<&Value> {
        if self.named.is_empty() && self.things.is_empty() {
            return Vec::new();
        }
        if let Some(seen) = self.named.get(name) {
            return seen.iter().collect();
        }
        if let Some(seen) = self.folded.get(&fold(name)) {
            return seen.iter().collect();
        }
        self.referred(name)
    }

    /// What names the things that a name such as `owner_id` or `defaultTeamIds` refers to.
    pub fn referred(&self, name: &str) -> Vec<&Value> {
        let mut words = words(name);
        if self.things.is_empty() || !words.pop().is_some_and(|last| REFERENCES.contains(&last.as_str())) {
            return Vec::new();
        }
        // `default_team_id`: the longest ending that is the name of a kind of thing.
        (0..words.len())
            .find_map(|start| self.things.get(&singular(&words[start..].concat())))
            .map(|ids| ids.iter().collect())
            .unwrap_or_default()
    }

    /// Values of a format that answers showed.
    pub fn of_format(&self, format: &str) -> &[Value] {
        self.formats.get(format).map_or(&[], Vec::as_slice)
    }

    /// What a refusal said about a name.
    pub fn wish(&self, name: &str) -> Option<&Wish> {
        self.lessons.of(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_that_refer_to_things_find_them() {
        let known = Known {
            things: BTreeMap::from([
                ("owner".to_owned(), vec![json!(7)]),
                ("assetgroup".to_owned(), vec![json!("g1")]),
            ]),
            ..Known::default()
        };
        for name in ["owner_id", "ownerId", "ownerIDs", "default_owner_id", "new-owner-uuid", "owners_ids"] {
            assert_eq!(known.values(name), [&json!(7)], "{name}");
        }
        assert_eq!(known.values("assetGroupId"), [&json!("g1")]);
        for name in ["owner", "id", "owner_name", "coowner_id", "grid"] {
            assert!(known.values(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn what_was_seen_under_the_name_itself_is_more_telling() {
        let known = Known {
            named: BTreeMap::from([("owner_id".to_owned(), vec![json!(1)])]),
            folded: BTreeMap::from([("ownerid".to_owned(), vec![json!(1)])]),
            things: BTreeMap::from([("owner".to_owned(), vec![json!(7)])]),
            ..Known::default()
        };
        assert_eq!(known.values("owner_id"), [&json!(1)]);
        assert_eq!(known.values("ownerId"), [&json!(1)]);
        assert_eq!(known.values("new_owner_id"), [&json!(7)]);
    }
}
