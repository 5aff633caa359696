//! The same request about something new: many a creator takes a name only once.
//!
//! What a request is about stays as it is; only what names the thing differs.

use crate::case::{Case, Mode, Payload};
use crate::client::Transport;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::fold;
use serde_json::{Map, Value};

/// Names of properties that name things, folded.
const NAMES: &[&str] = &[
    "name",
    "title",
    "slug",
    "username",
    "login",
    "email",
    "key",
    "code",
    "label",
    "handle",
    "host",
    "hostname",
    "domain",
    "id",
    "identifier",
    "displayname",
];
/// How many letters or digits of a name are changed.
const CHANGED: usize = 6;
/// How often a refused creation is tried under another name.
pub(super) const RENAMINGS: usize = 2;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The case with names that this run has not sent before; `None` if its operation creates nothing, or if it sends
    /// no name that may be another.
    pub(super) fn renamed(&mut self, index: usize, case: &Case) -> Option<Case> {
        let night = self.night;
        if !night.plan.jobs.iter().any(|job| job.operation == index && job.creates) {
            return None;
        }
        let operation = &night.api.operations[index];
        let own: Vec<String> = night
            .plan
            .resources
            .iter()
            .filter(|resource| resource.create == Some(index))
            .flat_map(|resource| {
                crate::spec::PathTemplate::parse(&resource.template).names().map(fold).collect::<Vec<_>>()
            })
            .collect();
        self.state.renamed += 1;
        let seed = night.plan.seed.derive("renamed").derive(self.state.renamed).0;
        let mut case = case.clone();
        let about = case.reason.part.clone();
        let body = case.body.as_mut()?;
        let media_type = body.media_type.clone();
        let Payload::Json(sent) = &mut body.payload else { return None };
        let before = sent.clone();
        let takes = |name: &str| {
            let folded = fold(name);
            let broken =
                about.strip_prefix("body /").is_some_and(|at| at.split('/').any(|part| part == name));
            !broken && (own.contains(&folded) || NAMES.contains(&folded.as_str()))
        };
        for longer in [false, true] {
            let mut changed = before.clone();
            let map = changed.as_object_mut()?;
            let mut any = rename(map, &takes, seed, longer);
            if !any {
                any = map
                    .values_mut()
                    .filter_map(Value::as_object_mut)
                    .any(|inner| rename(inner, &takes, seed, longer));
            }
            let fits =
                case.mode == Mode::Negative || self.fits(operation, &media_type, &changed) != Some(false);
            if any && fits {
                *sent = changed;
                return Some(case);
            }
        }
        None
    }
}

/// Whether a creation was turned down, as it is when the name is taken.
pub(super) fn is_turned_down(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(400..=599))
}

/// Gives every name in `map` another text of the same form; whether there was one.
fn rename(map: &mut Map<String, Value>, takes: &dyn Fn(&str) -> bool, seed: u64, longer: bool) -> bool {
    let mut any = false;
    for (name, value) in map.iter_mut().filter(|(name, _)| takes(name)) {
        if let Value::String(text) = value
            && let Some(other) = another(text, seed, longer)
        {
            let _ = name;
            *text = other;
            any = true;
        }
    }
    any
}

/// Another text of the same form: letters for letters and digits for digits in its first word. A short word becomes
/// longer where that is allowed.
fn another(text: &str, mut seed: u64, longer: bool) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_alphanumeric())?;
    let length = text[start..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len() - start);
    let (word, rest) = text[start..].split_at(length);
    let mut next = |count: u64| {
        let drawn = seed % count;
        seed = seed / count + 1;
        u8::try_from(drawn).unwrap_or_default()
    };
    let kept = word.len().saturating_sub(CHANGED);
    let mut other: String = word
        .bytes()
        .enumerate()
        .map(|(at, byte)| match byte {
            _ if at < kept => char::from(byte),
            b'a'..=b'z' => char::from(b'a' + next(26)),
            b'A'..=b'Z' => char::from(b'A' + next(26)),
            _ => char::from(b'1' + next(9)),
        })
        .collect();
    if longer {
        while other.len() < CHANGED {
            other.push(char::from(b'a' + next(26)));
        }
    }
    let new = format!("{}{other}{rest}", &text[..start]);
    (new != text).then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_has_the_same_form() {
        for text in ["sample", "example.com.", "Ab-12", "192.0.2.1", "a", "_x y", "ann@example.org"] {
            let shape = |text: &str| -> String {
                let kind = |c: char| match c {
                    'a'..='z' => 'a',
                    'A'..='Z' => 'A',
                    '0'..='9' => '1',
                    other => other,
                };
                text.chars().map(kind).collect()
            };
            let one = another(text, 0x1234_5678_9abc_def0, false).expect("a name");
            assert_eq!(shape(&one), shape(text), "{one}");
            assert_ne!(another(text, 7, true), another(text, 0x1234_5678_9abc_def0, true));
        }
        assert_eq!(another("", 1, true), None);
        assert_eq!(another("--", 1, true), None);
        assert_eq!(another("a.b", 5, true).map(|text| text.len()), Some(8));
    }

    #[test]
    fn what_does_not_name_the_thing_stays() {
        let mut sent = serde_json::json!({"name": "sample", "kind": "sample", "size": 3});
        let takes = |name: &str| NAMES.contains(&name);
        assert!(rename(sent.as_object_mut().expect("an object"), &takes, 99, false));
        assert_ne!(sent["name"], "sample");
        assert_eq!((&sent["kind"], &sent["size"]), (&serde_json::json!("sample"), &serde_json::json!(3)));
    }
}
