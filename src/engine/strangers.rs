//! Where a body speaks of things by their names: in values at any depth, and in text that is no value any more.
//!
//! An order (`POST /merge`) may change whatever it names, so that it names only what is the run's own, or nobody's. What
//! creates or changes one thing may refer to others; its own name is `identity`'s to mind, but for broken texts.

use crate::case::{Case, Mode, Payload};
use crate::client::Transport;
use crate::engine::naming::{APART, Naming, is_common, new_names, plain};
use crate::engine::sending::path_of;
use crate::engine::walk::Walk;
use crate::exchange::{Body, Method};
use crate::plan::{Job, Resource, fold, identity_names, in_order, singular};
use crate::schema::Pointer;
use serde_json::Value;

/// How deep a body is looked into.
const DEPTH: usize = 8;
/// The most places of a body that are looked at.
const MOST: usize = 200;
/// Last words of properties that refer to something.
const ENDINGS: &[&str] = &["id", "ids", "uuid", "uuids", "guid", "guids"];

/// A scalar that names something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mention {
    /// Where it stands.
    pub(super) at: Pointer,
    /// The property that says what it names: its own, or that of the list or object that it stands in.
    pub(super) name: String,
    /// The name.
    pub(super) value: Value,
}

/// Whether a property of this name refers to something: `id`, `source_id`, `memberIds`.
pub(super) fn refers(name: &str) -> bool {
    let last = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or(name);
    let plain = last.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| {
        let Some(before) = plain.strip_suffix(ending) else { return false };
        // `sourceId` and `sourceID`, and not `paid` or `valid`.
        before.is_empty() || last[before.len()..].starts_with(|c: char| c.is_ascii_uppercase())
    })
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The case with names of nobody's things where an order names some, and in texts that are no values.
    pub(super) fn minding_strangers(&self, index: usize, case: &Case, night_of: u32, number: u64) -> Naming {
        let Some(job) = self.night.plan.jobs.iter().find(|job| job.operation == index) else {
            return Naming::Harmless;
        };
        match case.body.as_ref().map(|body| &body.payload) {
            Some(Payload::Json(body)) if job.acts => self.order(job, case, body, (night_of, number)),
            Some(Payload::Raw(text)) => self.broken_text(job, case, text, (night_of, number)),
            Some(Payload::Json(_)) | None => Naming::Harmless,
        }
    }

    fn order(&self, job: &Job, case: &Case, body: &Value, (night_of, number): (u32, u64)) -> Naming {
        let operation = &self.night.api.operations[job.operation];
        let given = self.night.options.given.of(operation);
        let before = self.faults_of_body(operation, case);
        let mut now = case.clone();
        let mut taken: Vec<Value> = Vec::new();
        for (place, mention) in (0..).zip(mentions(body, &refers)) {
            let own = self.own_things(job, &mention.name);
            if given.has(&mention.name) || own.contains(&mention.value) {
                taken.push(mention.value);
                continue;
            }
            if case.mode == Mode::Negative && case.reason.part == format!("body {}", mention.at.as_str()) {
                if is_common(&mention.value) || self.is_somebodys(&mention.value) {
                    return Naming::Foreign;
                }
                continue;
            }
            let fresh = new_names(&mention.value, night_of, number.wrapping_add(place * APART));
            let candidates = own.into_iter().filter(|own| !taken.contains(own)).chain(fresh);
            let fitting = candidates.into_iter().find(|name| {
                put(&mut now, &mention.at, name);
                self.faults_of_body(operation, &now) == before
            });
            match fitting {
                Some(name) => taken.push(name),
                None => return Naming::Foreign,
            }
        }
        if now == *case { Naming::Harmless } else { Naming::Renamed(Box::new(now)) }
    }

    /// What names things of the run's own that a property of this name may refer to.
    fn own_things(&self, job: &Job, name: &str) -> Vec<Value> {
        let subject = subject(name);
        let path = self.night.api.operations[job.operation].path.shape();
        let is_meant = |resource: &&Resource| {
            let kind = fold(&resource.collection);
            let is_named =
                !subject.is_empty() && (kind == subject || kind.strip_suffix('s') == Some(&subject));
            // `POST /things/merge` speaks of things, whatever its properties are called.
            is_named || path.starts_with(&format!("{}/", resource.above()))
        };
        let mut meant: Vec<&Resource> = self.night.plan.resources.iter().filter(is_meant).collect();
        let kinds = |resource: &Resource| singular(&fold(&resource.collection)) == subject;
        if !subject.is_empty() && meant.iter().any(|resource| kinds(resource)) {
            meant.retain(|resource| kinds(resource));
        }
        let bindings = meant.into_iter().flat_map(|resource| self.state.pool.bindings(&resource.item));
        bindings.filter(|binding| binding.own).filter_map(|binding| binding.values.last().cloned()).collect()
    }

    /// Whether an answer showed this as the name of something that the run did not create.
    fn is_somebodys(&self, name: &Value) -> bool {
        let resources = self.night.plan.resources.iter();
        let mut bindings = resources.flat_map(|resource| self.state.pool.bindings(&resource.item));
        bindings.any(|binding| !binding.own && binding.values.last().is_some_and(|v| plain(v) == plain(name)))
    }

    /// A text that no value stands for: a form that is broken, XML that does not end. Servers read some of them.
    fn broken_text(&self, job: &Job, case: &Case, body: &Body, (night_of, number): (u32, u64)) -> Naming {
        let operation = &self.night.api.operations[job.operation];
        let Ok(text) = std::str::from_utf8(body.bytes()) else { return Naming::Harmless };
        let created = operation.method == Method::Post;
        let resources = self.resources_named_by(job.operation);
        let names: Vec<String> = resources.flat_map(|resource| identity_names(resource, true)).collect();
        let given = self.night.options.given.of(operation);
        let wanted =
            |name: &str| !given.has(name) && (names.contains(&fold(name)) || job.acts && refers(name));
        let own = in_order(&operation.path, &path_of(case)).and_then(|mut values| values.pop());
        let own = own.filter(|_| !created).map(|own| plain(&own));
        let mut now = text.to_owned();
        for (place, (name, range)) in
            (0..).zip(mentions_in(text, &wanted)).collect::<Vec<_>>().into_iter().rev()
        {
            let found = &text[range.clone()];
            let value = found.parse::<u64>().map_or_else(|_| Value::from(found), Value::from);
            let is_own = own.as_deref() == Some(found)
                || job.acts && self.own_things(job, &name).iter().any(|own| plain(own) == found);
            if is_own || !is_common(&value) && !self.is_somebodys(&value) && !case.reason.part.is_empty() {
                continue;
            }
            if case.reason.part.ends_with(&format!("/{name}")) {
                return Naming::Foreign;
            }
            let fresh = new_names(&value, night_of, number.wrapping_add(place * APART));
            let name = own.clone().or_else(|| fresh.first().map(plain)).unwrap_or_default();
            now.replace_range(range, &name);
        }
        if now == text {
            return Naming::Harmless;
        }
        let mut case = case.clone();
        if let Some(body) = &mut case.body {
            body.payload = Payload::Raw(Body(now.into_bytes()));
        }
        Naming::Renamed(Box::new(case))
    }
}

fn put(case: &mut Case, at: &Pointer, name: &Value) {
    if let Some(Payload::Json(body)) = case.body.as_mut().map(|body| &mut body.payload)
        && let Some(slot) = body.pointer_mut(at.as_str())
    {
        slot.clone_from(name);
    }
}

/// Every scalar under a name that `wanted` takes, in order.
pub(super) fn mentions(body: &Value, wanted: &dyn Fn(&str) -> bool) -> Vec<Mention> {
    let mut found = Vec::new();
    gather(body, &Pointer::root(), None, DEPTH, wanted, &mut found);
    found
}

fn gather(
    value: &Value,
    at: &Pointer,
    named: Option<&str>,
    depth: usize,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut Vec<Mention>,
) {
    if depth == 0 || found.len() >= MOST {
        return;
    }
    match (value, named) {
        (Value::Object(members), _) => {
            for (name, member) in members {
                let below = wanted(name).then_some(name.as_str());
                gather(member, &at.push(name), below, depth - 1, wanted, found);
            }
        }
        (Value::Array(items), _) => {
            for (index, item) in items.iter().enumerate() {
                gather(item, &at.push(index.to_string()), named, depth - 1, wanted, found);
            }
        }
        (Value::Null, _) | (_, None) => {}
        (scalar, Some(name)) => {
            found.push(Mention { at: at.clone(), name: name.to_owned(), value: scalar.clone() });
        }
    }
}

/// The same of a text that may be a form, parts, XML or something like JSON: where each name stands that follows a
/// property which `wanted` takes, as a range of bytes.
pub(super) fn mentions_in(
    text: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<(String, std::ops::Range<usize>)> {
    let bytes = text.as_bytes();
    let is_word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80;
    let mut found = Vec::new();
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        if let Some((from, to)) = words.last().copied()
            && wanted(&text[from..to])
            && text[to..start].bytes().any(|byte| matches!(byte, b'=' | b':' | b'>' | b'"'))
            && !text[to..start].contains(['&', '<', ',', '{'])
        {
            found.push((text[from..to].to_owned(), start..at));
        }
        words.push((start, at));
    }
    found
}

/// The names that a property may refer to: the singulars of collections that its own name ends with before `id`.
pub(super) fn subject(name: &str) -> String {
    let plain = fold(name);
    let bare = ENDINGS.iter().rev().find_map(|ending| plain.strip_suffix(ending));
    bare.unwrap_or(&plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_refers_to_something_is_known_by_its_name() {
        for name in ["id", "ID", "source_id", "targetId", "memberIDs", "user-uuid", "ids"] {
            assert!(refers(name), "{name}");
        }
        for name in ["valid", "paid", "grid", "idea", "name", "width", "Void", "sample 🙂", "🙂", ""] {
            assert!(!refers(name), "{name}");
        }
        assert_eq!([subject("thing_id"), subject("userIds"), subject("id")], ["thing", "user", ""]);
    }

    #[test]
    fn names_are_found_at_any_depth() {
        let body =
            json!({"data": {"things": [{"id": 5, "of": {"ownerId": "a"}}]}, "member_ids": [1, 2], "n": 3});
        let found = mentions(&body, &refers);
        let told: Vec<(&str, &Value)> = found.iter().map(|m| (m.at.as_str(), &m.value)).collect();
        let expected = [
            ("/data/things/0/id", json!(5)),
            ("/data/things/0/of/ownerId", json!("a")),
            ("/member_ids/0", json!(1)),
            ("/member_ids/1", json!(2)),
        ];
        assert_eq!(told, expected.iter().map(|(at, value)| (*at, value)).collect::<Vec<_>>());
    }

    #[test]
    fn names_are_found_in_texts_of_many_kinds() {
        for text in [
            "name=a&id=5&x=1",
            "thing[id]=5",
            "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n5\r\n--b--",
            "<thing><id>5</id><name>a</name></thing>",
            "<thing id=\"5\" name=\"a\"/>",
            "{\"name\": \"a\", \"id\": 5,",
        ] {
            let found = mentions_in(text, &refers);
            assert_eq!(found.len(), 1, "{text} {found:?}");
            assert_eq!(&text[found[0].1.clone()], "5", "{text}");
        }
        for text in ["name=id&x=5", "<id></id><name>5</name>", "🙂=5&ü=6", "{\"valid\": 5}", ""] {
            assert_eq!(mentions_in(text, &refers), [], "{text}");
        }
    }
}
