//! Bodies in which a resource travels in an envelope: `{"data": {…}}`, `{"data": {"attributes": {…}}}`.
//!
//! A property that is merely called `data` is none: what a server shows must look like an envelope too, or have done
//! away with it. This only opens and closes; it judges nothing.

use crate::check::compare::resource;
use crate::check::refusal::is_about_the_answer;
use serde_json::{Map, Value};

/// Names of envelopes.
const ENVELOPES: &[&str] = &["data", "attributes", "resource", "item", "entity", "record", "payload"];
/// What may stand beside a resource in its envelope, or beside the envelope.
const BESIDE: &[&str] = &[
    "permissions",
    "meta",
    "metadata",
    "links",
    "included",
    "jsonapi",
    "type",
    "id",
    "relationships",
    "version",
    "etag",
    "_links",
    "apiversion",
    "kind",
];

/// The properties of an object.
type Members<'v> = &'v Map<String, Value>;

/// The names that lead to a resource within a body; none where the body is the resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Envelope(Vec<String>);

impl Envelope {
    /// The envelope in which a body was sent, by what a reading of it shows.
    pub(crate) fn of(sent: &Map<String, Value>, shown: &Value) -> Self {
        let path = names(sent);
        let Some(inner) = within(sent, &path).filter(|_| !path.is_empty()) else { return Self::default() };
        let Some(answer) = shown.as_object() else { return Self::default() };
        let wrapped = match answer.get(&path[0]) {
            Some(Value::Object(_)) => answer.keys().all(|name| *name == path[0] || is_beside(name)),
            Some(_) => false,
            None => inner.keys().any(|name| answer.contains_key(name)),
        };
        Self(if wrapped { path } else { Vec::new() })
    }

    /// The outermost name.
    pub(crate) fn outermost(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    /// What a body says of the resource.
    pub(crate) fn open<'v>(&self, body: &'v Map<String, Value>) -> Option<&'v Map<String, Value>> {
        within(body, &self.0)
    }

    /// What an answer shows of a resource of these names, wherever it stands.
    pub(crate) fn shown<'v>(
        &self,
        answer: &'v Value,
        names: &Map<String, Value>,
    ) -> Option<&'v Map<String, Value>> {
        let inner = answer.as_object().and_then(|map| within(map, &self.0)).filter(|_| !self.0.is_empty());
        inner.or_else(|| resource(answer, names))
    }

    /// The place of a property, as a JSON Pointer (RFC 6901).
    pub(crate) fn place(&self, name: &str) -> String {
        let escaped = |name: &str| format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        self.0.iter().map(|name| escaped(name)).collect::<String>() + &escaped(name)
    }

    /// Puts a resource into its envelope, with nothing beside it.
    pub(crate) fn close(&self, inner: Value) -> Value {
        self.0.iter().rev().fold(inner, |inner, name| Value::Object(Map::from_iter([(name.clone(), inner)])))
    }

    /// The same with what names the resource in an answer, kind and id, where those stand outside of it.
    pub(crate) fn close_named(&self, inner: Value, answer: &Value) -> Value {
        let mut body = self.close(inner);
        let (mut inside, mut beside) = (&mut body, Some(answer));
        for name in &self.0[..self.0.len().saturating_sub(1)] {
            beside = beside.and_then(|answer| answer.get(name));
            inside = &mut inside[name.as_str()];
            for word in ["type", "id"] {
                if let (Some(map), Some(value)) = (inside.as_object_mut(), beside.and_then(|b| b.get(word))) {
                    map.insert(word.to_owned(), value.clone());
                }
            }
        }
        body
    }
}

/// What a request says of a resource, and what an answer shows of it, both out of their envelopes.
pub(crate) fn opened<'v>(
    sent: &'v Map<String, Value>,
    answer: &'v Value,
) -> Option<(Members<'v>, Members<'v>)> {
    let envelope = Envelope::of(sent, answer);
    let sent = envelope.open(sent)?;
    Some((sent, envelope.shown(answer, sent)?))
}

/// The names of the envelopes around what is sent, from the outside in.
fn names(sent: &Map<String, Value>) -> Vec<String> {
    let mut path = Vec::new();
    let mut here = sent;
    while let Some((name, inner)) = envelope_in(here).filter(|_| path.len() < 2) {
        path.push(name.clone());
        here = inner;
    }
    path
}

fn envelope_in(map: &Map<String, Value>) -> Option<(&String, &Map<String, Value>)> {
    let (name, inner) = map.iter().find_map(|(name, value)| {
        Some((name, value.as_object()?)).filter(|_| ENVELOPES.contains(&name.to_lowercase().as_str()))
    })?;
    map.keys().all(|other| other == name || is_beside(other)).then_some((name, inner))
}

fn within<'v>(map: &'v Map<String, Value>, path: &[String]) -> Option<&'v Map<String, Value>> {
    path.iter().try_fold(map, |here, name| here.get(name)?.as_object())
}

fn is_beside(name: &str) -> bool {
    let name = name.to_lowercase();
    BESIDE.contains(&name.as_str()) || is_about_the_answer(&name.replace(['_', '-'], ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(sent: Value, shown: Value, expected: &[&str]) {
        let sent = sent.as_object().expect("an object").clone();
        assert_eq!(Envelope::of(&sent, &shown).0, expected, "{sent:?} {shown}");
    }

    #[test]
    fn envelopes_are_known_by_what_stands_in_and_beside_them() {
        let data = || json!({"data": {"name": "a"}});
        check(data(), json!({"data": {"id": 1, "name": "a"}, "permissions": {}}), &["data"]);
        check(data(), json!({"data": {"id": 1}, "request_id": "x", "success": true}), &["data"]);
        // The answer has none.
        check(data(), json!({"id": 1, "name": "a"}), &["data"]);
        let api = json!({"data": {"type": "pets", "attributes": {"name": "a"}}});
        check(api.clone(), api, &["data", "attributes"]);
    }

    #[test]
    fn a_property_of_that_name_is_none() {
        let data = || json!({"data": {"a": 1}});
        check(data(), json!({"id": 1, "name": "n", "data": {"a": 1}}), &[]);
        check(data(), json!({"created": "x", "data": {"a": 1}}), &[]);
        check(data(), json!({"data": "packed"}), &[]);
        check(data(), json!([]), &[]);
        check(json!({"name": "n", "data": {"a": 1}}), json!({"data": {"a": 1}}), &[]);
        check(json!({"settings": {"a": 1}}), json!({"settings": {"a": 1}}), &[]);
    }

    #[test]
    fn what_is_closed_can_be_opened() {
        let envelope = Envelope(vec!["data".to_owned(), "attributes".to_owned()]);
        let answer = json!({"data": {"type": "pets", "id": "7", "attributes": {"name": "a"}}});
        let body = envelope.close_named(json!({"name": "b"}), &answer);
        assert_eq!(body, json!({"data": {"type": "pets", "id": "7", "attributes": {"name": "b"}}}));
        assert_eq!(envelope.close(json!({"name": "b"})), json!({"data": {"attributes": {"name": "b"}}}));
        let inner = envelope.open(body.as_object().expect("an object")).expect("opened");
        assert_eq!(inner["name"], "b");
        assert_eq!(envelope.place("a/b"), "/data/attributes/a~1b");
        assert_eq!(Envelope::default().close(json!({"a": 1})), json!({"a": 1}));
    }
}
