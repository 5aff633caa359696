//! Names that may exist only once: a second creation with the same body is refused, and tests nothing.
//!
//! What a refusal (409, or words that say the same) proves is that something in the body is taken. Whether it is the
//! name is tried, never guessed: only if a creation with another one is served, later cases get one each. They stay as
//! they are where the name is what a case is about, where the user gave it, and in the document's own examples.

use crate::case::{Case, Payload, Phase};
use crate::client::Transport;
use crate::engine::identity::body_schema;
use crate::engine::sending::{is_served, shoot};
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::schema::{Direction, Pointer};
use serde_json::Value;

/// The number that the first name gets.
const FIRST: u64 = 1_000;
/// How far to go on where a name is taken, by an earlier night for instance.
const FURTHER: u64 = 977;
/// How often another name is tried.
const TRIES: u32 = 3;
/// Words of what tells one thing from another of its kind.
const NAMES: &[&str] = &[
    "name",
    "username",
    "login",
    "email",
    "slug",
    "key",
    "code",
    "tag",
    "title",
    "identifier",
    "handle",
    "label",
];
/// Words of what says something about a thing, or refers to another one.
const OTHERS: &[&str] = &[
    "id",
    "ids",
    "uuid",
    "guid",
    "ref",
    "type",
    "kind",
    "status",
    "state",
    "role",
    "mode",
    "url",
    "uri",
    "date",
    "time",
    "at",
    "version",
    "format",
    "description",
    "password",
    "language",
    "locale",
    "currency",
    "country",
    "timezone",
];
/// What a refusal says of something that is there already.
const TAKEN: &[&str] = &[
    "already exist",
    "already in use",
    "already taken",
    "already been taken",
    "must be unique",
    "duplicate",
    "not unique",
];

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Makes one more of what `control` made; where that is taken, under another name.
    pub(super) async fn create(&mut self, index: usize, control: Case) -> (Case, Exchange) {
        let (case, exchange) = self.create_once(index, &control).await;
        if !is_taken(&exchange) {
            return (case, exchange);
        }
        let known = self.state.unique.get(&index).cloned();
        let attempts = known.map_or_else(|| self.attempts(index, &control), |known| vec![known]);
        for names in attempts.into_iter().filter(|names| !names.is_empty()) {
            self.state.unique.insert(index, names);
            for _ in 0..TRIES {
                self.state.names += FURTHER;
                let (case, exchange) = self.create_once(index, &control).await;
                if exchange.response().is_some_and(is_served) {
                    return (case, exchange);
                }
                if !is_taken(&exchange) {
                    break;
                }
            }
        }
        // Something else is taken: nothing is to be gained by other names.
        self.state.unique.insert(index, Vec::new());
        (case, exchange)
    }

    async fn create_once(&mut self, index: usize, control: &Case) -> (Case, Exchange) {
        let case = self.fresh(index, control.clone());
        let exchange = shoot(self.night, &self.night.api.operations[index], &case).await;
        self.state.requests += u64::from(exchange.attempts.max(1));
        // Who falls over a name that is taken shows it here, where it is sent a second time.
        self.suspect_anywhere(index, &case, &exchange);
        (case, exchange)
    }

    /// Finds out which creators want names of their own, before many cases depend on it.
    pub(super) async fn learn_names(&mut self) {
        let night = self.night;
        for resource in &night.plan.resources {
            let Some(index) = resource.create else { continue };
            let allowed = night.plan.jobs.iter().any(|job| {
                job.operation == index
                    && job.is_allowed()
                    && night.options.focuses(&night.api.operations[index].key)
            });
            if !allowed || self.state.unique.contains_key(&index) || self.over() {
                continue;
            }
            let Some((control, _)) = self.state.tally(index).control.clone() else { continue };
            if self.attempts(index, &control).is_empty() {
                continue;
            }
            let (case, exchange) = self.create(index, Case { phase: Phase::Sequence, ..control }).await;
            self.note_creation(index, &case, &exchange);
            self.state.unique.entry(index).or_default();
        }
    }

    /// Which properties, as pointers into the body, may have to be unique: those that are called like names, those of
    /// the objects in it too, then every free text.
    fn attempts(&self, index: usize, control: &Case) -> Vec<Vec<String>> {
        let Some(Value::Object(body)) = json_body(control) else { return Vec::new() };
        let given = self.night.options.given.of(&self.night.api.operations[index]);
        let mut free: Vec<(String, String)> = Vec::new();
        let top = Pointer::root();
        let inner = body.iter().filter_map(|(name, value)| Some((top.push(name), value.as_object()?)));
        for (above, object) in std::iter::once((top.clone(), body)).chain(inner) {
            for (name, _) in object.iter().filter(|(name, value)| {
                value.is_string()
                    && !OTHERS.contains(&last_word(name).as_str())
                    && !given.fixed.contains_key(*name)
            }) {
                let at = above.push(name).as_str().to_owned();
                if self.other(index, control, &at, 0).is_some() {
                    free.push((at, last_word(name)));
                }
            }
        }
        let named = free.iter().filter(|(_, word)| NAMES.contains(&word.as_str()));
        let named: Vec<String> = named.map(|(at, _)| at.clone()).collect();
        let all: Vec<String> = free.into_iter().map(|(at, _)| at).collect();
        let mut attempts = vec![named, all];
        attempts.dedup();
        attempts.retain(|names| !names.is_empty());
        attempts
    }

    /// The case under names that were not used before, where its operation wants that.
    pub(super) fn named_anew(&mut self, index: usize, mut case: Case) -> Case {
        let Some(names) = self.state.unique.get(&index).filter(|names| !names.is_empty()).cloned() else {
            return case;
        };
        if case.phase == Phase::Examples {
            return case;
        }
        self.state.names += 1;
        let number = self.state.names;
        for name in &names {
            if !is_about(&case, name)
                && let Some(other) = self.other(index, &case, name, number)
                && let Some(slot) = slot(&mut case, name)
            {
                *slot = other;
            }
        }
        case
    }

    /// The case under the names of the simplest one, as which it is compared with others.
    pub(super) fn named_plainly(&mut self, index: usize, mut case: Case) -> Case {
        let Some(names) = self.state.unique.get(&index).filter(|names| !names.is_empty()).cloned() else {
            return case;
        };
        let control = self.state.tally(index).control.clone();
        let Some(plain) = control.as_ref().and_then(|(control, _)| json_body(control)) else {
            return case;
        };
        for name in &names {
            if !is_about(&case, name)
                && let (Some(value), Some(slot)) = (plain.pointer(name), slot(&mut case, name))
            {
                *slot = value.clone();
            }
        }
        case
    }

    /// Another text for a property, with a number in it, that the document allows beside what else is simplest.
    fn other(&self, index: usize, case: &Case, name: &str, number: u64) -> Option<Value> {
        let operation = &self.night.api.operations[index];
        let schema = body_schema(operation, &case.body.as_ref()?.media_type)?;
        let text = json_body(case)?.pointer(name)?.as_str()?;
        // A case that breaks a rule elsewhere is never valid as a whole: the name is tried in the simplest one.
        let simplest = self.state.tallies.get(&index).and_then(|tally| tally.control.as_ref());
        let mut body =
            simplest.and_then(|(control, _)| json_body(control)).or_else(|| json_body(case))?.clone();
        numbered(text, FIRST + number).into_iter().find_map(|text| {
            let other = Value::from(text);
            body.pointer_mut(name).filter(|value| value.is_string()).map(|value| *value = other.clone())?;
            let valid = self.night.validators.is_valid(schema, Direction::Request, &body).unwrap_or(false);
            valid.then_some(other)
        })
    }
}

/// Whether an answer says that there is such a thing already.
pub(super) fn is_taken(exchange: &Exchange) -> bool {
    let Some(response) = exchange.response() else { return false };
    match response.status {
        409 => true,
        400 | 422 => {
            let said = response.body.text().unwrap_or_default().to_ascii_lowercase();
            TAKEN.iter().any(|words| said.contains(words))
        }
        _ => false,
    }
}

/// `text` with a number at the end of its name, in the ways that patterns and limits may leave open.
fn numbered(text: &str, number: u64) -> Vec<String> {
    let (name, rest) = text.split_at(text.find('@').or_else(|| label_end(text)).unwrap_or(text.len()));
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = if stem.is_empty() { name } else { stem };
    let digits = number.to_string();
    let letters: String = digits.bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect();
    let capitals = letters.to_ascii_uppercase();
    let mut ways = Vec::new();
    for number in [digits, letters, capitals] {
        let short: String = {
            let kept = name.chars().count().saturating_sub(number.len());
            name.chars().take(kept).chain(number.chars()).collect()
        };
        ways.extend([format!("{stem}{number}{rest}"), format!("{short}{rest}"), format!("{number}{rest}")]);
    }
    ways
}

/// Where the first label of a host or file name ends: `example.com.` → 7.
fn label_end(text: &str) -> Option<usize> {
    let end = text.find('.')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (end > 0 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain))
        .then_some(end)
}

/// Whether a case is about this place of its body, about what lies in it or about what it lies in.
fn is_about(case: &Case, name: &str) -> bool {
    let lies_in = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    case.reason.part.strip_prefix("body ").is_some_and(|at| lies_in(at, name) || lies_in(name, at))
}

fn json_body(case: &Case) -> Option<&Value> {
    match &case.body.as_ref()?.payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}

fn slot<'c>(case: &'c mut Case, name: &str) -> Option<&'c mut Value> {
    match &mut case.body.as_mut()?.payload {
        Payload::Json(value) => value.pointer_mut(name).filter(|value| value.is_string()),
        Payload::Raw(_) => None,
    }
}

/// The last word of a name in any spelling: `displayName` → `name`.
fn last_word(name: &str) -> String {
    let start = name.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let last = &name[start..];
    let start =
        last.rfind(|c: char| c.is_ascii_uppercase()).filter(|_| last.chars().any(|c| c.is_ascii_lowercase()));
    last[start.unwrap_or(0)..].to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_numbers_where_they_may_have_them() {
        assert_eq!(numbered("sample", 1001)[..3], ["sample1001", "sa1001", "1001"]);
        assert_eq!(numbered("sample1001", 1002)[0], "sample1002");
        assert_eq!(numbered("ann@example.com", 1001)[0], "ann1001@example.com");
        assert_eq!(numbered("ab", 1203)[3], "abbcad");
        assert_eq!(numbered("example.com.", 1001)[0], "example1001.com.");
        assert_eq!(numbered("1.5", 1001)[0], "1.1001");
    }

    #[test]
    fn names_are_read_in_any_spelling() {
        for name in ["name", "displayName", "user_name", "NAME", "x-Name"] {
            assert_eq!(last_word(name), "name");
        }
        assert_eq!(last_word("flow_id"), "id");
    }
}
