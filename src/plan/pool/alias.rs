//! What else a thing is called: what is shown with an `id` and a `name` may be found under either.

use crate::plan::Resource;
use crate::plan::pool::naming::{LIKELY, identity_names, is_usable};
use crate::plan::words::fold;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What names things besides, beyond what [`LIKELY`] has.
const ALSO: &[&str] = &["login", "username", "uid", "code"];
/// How many names are remembered for each kind of thing.
const MOST: usize = 20_000;

/// The names of one thing: the folded property and the value.
type Names = Arc<Vec<(String, Value)>>;

/// What things were shown to be called, by the shape of their item path and any of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Aliases(BTreeMap<String, BTreeMap<String, Names>>);

impl Aliases {
    /// Remembers the names of an item, if it has more than one.
    pub(super) fn note(&mut self, resource: &Resource, item: &Value) {
        let Some(map) = item.as_object() else { return };
        let mut wanted = identity_names(resource, true);
        wanted.extend(LIKELY.iter().chain(ALSO).map(|name| (*name).to_owned()));
        let mut names: Vec<(String, Value)> = Vec::new();
        for (key, value) in map.iter().filter(|(_, value)| is_usable(value)) {
            let folded = fold(key);
            if wanted.contains(&folded) && !names.iter().any(|(_, known)| known == value) {
                names.push((folded, value.clone()));
            }
        }
        let things = self.0.entry(resource.item.clone()).or_default();
        if names.len() < 2 || things.len() > MOST {
            return;
        }
        let names = Arc::new(names);
        for (_, value) in names.iter() {
            things.insert(value.to_string(), Arc::clone(&names));
        }
    }

    /// Every name of the thing that goes by `value`; none if it has no other.
    pub(super) fn of(&self, item: &str, value: &Value) -> &[(String, Value)] {
        self.0
            .get(item)
            .and_then(|things| things.get(&value.to_string()))
            .map_or(&[], |names| names.as_slice())
    }

    /// Takes over what others know.
    pub(super) fn extend(&mut self, other: &Self) {
        for (item, things) in &other.0 {
            self.0.entry(item.clone()).or_default().extend(things.clone());
        }
    }

    /// Whether these path values name the same thing.
    pub(super) fn is_same(&self, item: &str, one: &[Value], other: &[Value]) -> bool {
        let same = |(at, (one, other)): (usize, (&Value, &Value))| {
            one == other || self.of(prefix(item, at + 1), one).iter().any(|(_, also)| also == other)
        };
        one.len() == other.len() && one.iter().zip(other).enumerate().all(same)
    }
}

/// The part of an item path that has so many parameters.
fn prefix(item: &str, parameters: usize) -> &str {
    item.match_indices("{}")
        .nth(parameters.saturating_sub(1))
        .map_or(item, |(at, hole)| &item[..at + hole.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::pool::tests::resource;
    use serde_json::json;

    #[test]
    fn a_thing_is_known_by_each_of_its_names() {
        let mut aliases = Aliases::default();
        let item = "/shops/{}/lists/{}";
        aliases
            .note(&resource(item), &json!({"id": 7, "name": "fruit", "colour": "red", "owner": {"id": 1}}));
        aliases.note(&resource("/shops/{}"), &json!({"id": 1, "slug": "north"}));
        aliases.note(&resource("/shops/{}"), &json!({"id": 2, "slug": "a/b"}));
        let names = [("id".to_owned(), json!(7)), ("name".to_owned(), json!("fruit"))];
        assert_eq!(aliases.of(item, &json!("fruit")), names);
        assert_eq!(aliases.of(item, &json!(7)), names);
        assert_eq!(aliases.of(item, &json!("red")), []);
        assert_eq!(aliases.of("/shops/{}", &json!(2)), [], "a slash cannot stand in a path");
        assert!(aliases.is_same(item, &[json!(1), json!(7)], &[json!("north"), json!("fruit")]));
        assert!(!aliases.is_same(item, &[json!(2), json!(7)], &[json!("north"), json!("fruit")]));
    }
}
