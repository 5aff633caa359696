//! Names that schemas give themselves: `$id` and `$anchor` (JSON Schema 2020-12 §8.2).

use crate::schema::Pointer;
use serde_json::Value;
use url::Url;

/// The names in one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Each `$id`, made absolute where that is possible, with the schema that bears it; outer ones first.
    ids: Vec<(String, Pointer)>,
    anchors: Vec<(String, Pointer)>,
}

impl Names {
    /// Collects them.
    pub(super) fn of(value: &Value) -> Self {
        let mut names = Self::default();
        names.collect(value, &Pointer::root(), "");
        names
    }

    fn collect(&mut self, node: &Value, at: &Pointer, base: &str) {
        match node {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| is_inner(item)) {
                    self.collect(item, &at.push(index), base);
                }
            }
            Value::Object(members) => {
                let text = |key: &str| members.get(key).and_then(Value::as_str);
                let own = text("$id").map(|id| absolute(base, id));
                if let Some(id) = &own {
                    self.ids.push((id.clone(), at.clone()));
                }
                for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
                    self.anchors.push((anchor.to_owned(), at.clone()));
                }
                for (key, value) in members.iter().filter(|(_, value)| is_inner(value)) {
                    self.collect(value, &at.push(key), own.as_deref().unwrap_or(base));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The schema that a reference from `at` names by its `$id`; `path` is the reference without its fragment.
    pub(super) fn by_id(&self, at: &Pointer, path: &str) -> Option<&Pointer> {
        if self.ids.is_empty() {
            return None;
        }
        let base = self.resource(at).map_or("", |(id, _)| id);
        let wanted = absolute(base, path);
        self.ids.iter().find(|(id, _)| *id == wanted || id == path).map(|(_, at)| at)
    }

    /// The nearest schema around `at` that has an `$id`, and the `$id`.
    pub(super) fn resource(&self, at: &Pointer) -> Option<(&str, &Pointer)> {
        let around = |outer: &Pointer| {
            let rest = at.as_str().strip_prefix(outer.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.ids.iter().rev().find(|(_, outer)| around(outer)).map(|(id, at)| (id.as_str(), at))
    }

    /// The schema with an anchor.
    pub(super) fn by_anchor(&self, anchor: &str) -> Option<&Pointer> {
        self.anchors.iter().find(|(name, _)| name == anchor).map(|(_, at)| at)
    }

    /// Every schema that names itself.
    pub(super) fn bearers(&self) -> impl Iterator<Item = &Pointer> {
        self.ids.iter().chain(&self.anchors).map(|(_, at)| at)
    }
}

fn absolute(base: &str, reference: &str) -> String {
    let joined = Url::parse(base).ok().and_then(|base| base.join(reference).ok());
    let text = joined.map_or_else(|| reference.to_owned(), |url| url.to_string());
    text.trim_end_matches('#').to_owned()
}

fn is_inner(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_relative_to_outer_ones() {
        let names = Names::of(&json!({"$id": "https://h/a/pet.json", "properties": {
            "owner": {"$id": "owner.json", "$anchor": "Owner", "properties": {"x": {}}}}}));
        let at = Pointer::parse("/properties/owner/properties/x").expect("a pointer");
        let found = |path: &str| names.by_id(&at, path).map(Pointer::as_str);
        assert_eq!(found("https://h/a/owner.json"), Some("/properties/owner"));
        assert_eq!(found("pet.json"), Some(""));
        assert_eq!(found("other.json"), None);
        assert_eq!(names.by_anchor("Owner").map(Pointer::as_str), Some("/properties/owner"));
        assert_eq!(names.resource(&at).map(|(_, at)| at.as_str()), Some("/properties/owner"));
        assert_eq!(names.bearers().count(), 3);
    }
}
