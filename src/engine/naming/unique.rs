//! What else may exist only once: later cases get names of their own.
//!
//! They stay as they are where the name is what a case is about, where the user gave it, and in the document's own
//! examples.

use crate::case::{Case, Phase};
use crate::client::Transport;
use crate::engine::naming::coin::numbered;
use crate::engine::naming::place::{Text, is_about, json_body, slot, texts};
use crate::engine::walk::Walk;
use crate::schema::Direction;
use serde_json::Value;

/// The number that the first name gets.
const FIRST: u64 = 1_000;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Which properties, as pointers into the body, may have to be unique: those that are called like names, those of
    /// the objects in it too, then every free text.
    pub(super) fn attempts(&self, index: usize, control: &Case) -> Vec<Vec<String>> {
        let Some(Value::Object(body)) = json_body(control) else { return Vec::new() };
        let given = self.night.options.given.of(&self.night.api.operations[index]);
        let mut free = texts(body, |name| given.fixed.contains_key(name));
        free.retain(|text| self.other(index, control, &text.at, 0).is_some());
        let named = free.iter().filter(|text| text.is_name).map(|text| text.at.clone()).collect();
        let all = free.into_iter().map(|Text { at, .. }| at).collect();
        let mut attempts: Vec<Vec<String>> = vec![named, all];
        attempts.dedup();
        attempts.retain(|names| !names.is_empty());
        attempts
    }

    /// The case under names that were not used before, where its operation wants that.
    pub(in crate::engine) fn named_anew(&mut self, index: usize, mut case: Case) -> Case {
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
    pub(in crate::engine) fn named_plainly(&mut self, index: usize, mut case: Case) -> Case {
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
        let schema = operation.body_content(&case.body.as_ref()?.media_type)?.schema.as_ref()?;
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
