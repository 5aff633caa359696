//! What names the thing in its path: never the name of somebody else's.
//!
//! An id that an answer showed, that the document's example has, or that is a small number, may be anybody's. So what a
//! body creates gets a name that nobody has, and what it changes has the name that the path has: many services take the
//! id in the body of a `PUT` for the one that counts. What the user gave is sent as it was given.

use crate::case::{Case, Mode, Payload};
use crate::client::Transport;
use crate::engine::naming::coin::new_names;
use crate::engine::naming::place::{Named, named, object_mut, without};
use crate::engine::sending::path_of;
use crate::engine::walk::Walk;
use crate::exchange::Method;
use crate::plan::{Resource, fold, in_order};
use crate::schema::Direction;
use crate::spec::Operation;
use serde_json::Value;

/// Numbers below it are too likely somebody's.
const COMMON: f64 = 1_000_000.0;

/// How far apart the numbers of names in one body are.
pub(in crate::engine) const APART: u64 = 331;

/// What a body does with the name of a thing.
pub(in crate::engine) enum Naming {
    /// It has none, or one that harms nobody.
    Harmless,
    /// It is about the name itself, and the name may be somebody's.
    Foreign,
    /// The case with a name that is nobody's else.
    Renamed(Box<Case>),
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether a case may be sent: not one whose very point is a name that may be somebody else's.
    pub(in crate::engine) fn names_nobody_else(&self, index: usize, case: &Case) -> bool {
        !matches!(self.naming(index, case, 0, 0), Naming::Foreign)
    }

    /// What the body of a case does, and the case that does no harm. `night_of` and `number` make a new name.
    pub(in crate::engine) fn naming(&self, index: usize, case: &Case, night_of: u32, number: u64) -> Naming {
        let operation = &self.night.api.operations[index];
        let given = self.night.options.given.of(operation);
        if !given.bodies.is_empty() {
            return Naming::Harmless;
        }
        let mut now: Option<Box<Case>> = None;
        for resource in self.resources_named_by(index) {
            let mut any = false;
            let also = self.state.called.get(&(None, resource.item.clone()));
            for (place, found) in (0..).zip(named(case, resource, also.map(String::as_str))) {
                if given.has(&found.name) {
                    continue;
                }
                any = true;
                let so_far = now.as_deref().unwrap_or(case);
                let number = number.wrapping_add(place * APART);
                match self.named_well(operation, so_far, &found, resource, (night_of, number)) {
                    Naming::Harmless => {}
                    Naming::Foreign => return Naming::Foreign,
                    Naming::Renamed(case) => now = Some(case),
                }
            }
            if any {
                break;
            }
        }
        let so_far = now.as_deref().unwrap_or(case);
        match self.minding_strangers(index, so_far, night_of, number) {
            Naming::Harmless => now.map_or(Naming::Harmless, Naming::Renamed),
            other => other,
        }
    }

    /// The kinds of things that the body of an operation names: those that it creates, or the one at its path.
    pub(in crate::engine) fn resources_named_by(&self, index: usize) -> impl Iterator<Item = &Resource> {
        let operation = &self.night.api.operations[index];
        let (created, here) = (operation.method == Method::Post, operation.path.shape());
        let is_named = move |resource: &&Resource| {
            if created { resource.create == Some(index) } else { resource.item == here }
        };
        self.night.plan.resources.iter().filter(is_named)
    }

    fn named_well(
        &self,
        operation: &Operation,
        case: &Case,
        found: &Named,
        resource: &Resource,
        (night_of, number): (u32, u64),
    ) -> Naming {
        let about = case.reason.part == format!("body {}", found.above.push(&found.name).as_str());
        if operation.method == Method::Post {
            return match about {
                false => self.created_anew(operation, case, found, resource, night_of, number),
                true if self.may_be_somebodys(resource, case, &found.value) => Naming::Foreign,
                true => Naming::Harmless,
            };
        }
        let path = in_order(&operation.path, &path_of(case)).and_then(|mut values| values.pop());
        // The path may have another of the thing's names.
        let own = path.map(|own| {
            let mut names = self.state.pool.names_of(&resource.item, &own).iter();
            names.find(|(known, _)| *known == fold(&found.name)).map_or(own, |(_, value)| value.clone())
        });
        let Some(own) = own.filter(|own| *own != found.value) else { return Naming::Harmless };
        match about {
            true if case.mode == Mode::Negative && !self.may_be_somebodys(resource, case, &found.value) => {
                Naming::Harmless
            }
            true => Naming::Foreign,
            false => self.with_name(operation, case, found, &[own]),
        }
    }

    /// The case with a name for what it creates that this run has not sent before, where its body has one.
    pub(in crate::engine) fn renamed(&mut self, index: usize, case: Case) -> Case {
        if matches!(self.naming(index, &case, 0, 0), Naming::Harmless) {
            return case;
        }
        let (night_of, number) = self.next_name();
        match self.naming(index, &case, night_of, number) {
            Naming::Renamed(case) => *case,
            Naming::Harmless | Naming::Foreign => case,
        }
    }

    fn created_anew(
        &self,
        operation: &Operation,
        case: &Case,
        found: &Named,
        resource: &Resource,
        night_of: u32,
        number: u64,
    ) -> Naming {
        let candidates = new_names(&found.value, night_of, number);
        match self.with_name(operation, case, found, &candidates) {
            Naming::Harmless if self.may_be_somebodys(resource, case, &found.value) => {
                Naming::Renamed(Box::new(without(case, found)))
            }
            other => other,
        }
    }

    /// The case with the first of these names that breaks nothing; without a name if none fits and it may be left out.
    fn with_name(&self, operation: &Operation, case: &Case, found: &Named, names: &[Value]) -> Naming {
        let before = self.faults_of_body(operation, case);
        let renamed = names.iter().map(|name| {
            let mut case = case.clone();
            if let Some(slot) = object_mut(&mut case, &found.above) {
                slot.insert(found.name.clone(), name.clone());
            }
            case
        });
        let all = renamed.chain([without(case, found)]);
        let fits = |case: &Case| self.faults_of_body(operation, case) == before;
        all.into_iter().find(fits).map_or(Naming::Harmless, |case| Naming::Renamed(Box::new(case)))
    }

    /// How many rules of the document a body breaks.
    pub(in crate::engine) fn faults_of_body(&self, operation: &Operation, case: &Case) -> Option<usize> {
        let body = case.body.as_ref()?;
        let Payload::Json(value) = &body.payload else { return None };
        let schema = operation.body_content(&body.media_type)?.schema.as_ref()?;
        self.night.validators.validate(schema, Direction::Request, value).ok().map(|errors| errors.len())
    }

    /// Whether a name is that of something that the run did not create, or is so common that it may be.
    pub(super) fn may_be_somebodys(&self, resource: &Resource, case: &Case, name: &Value) -> bool {
        let bindings = self.state.pool.bindings(&resource.item);
        let same = |other: &Value| plain(other) == plain(name);
        if let Some(known) = bindings.iter().find(|binding| binding.values.last().is_some_and(same)) {
            return !known.own;
        }
        let numbered = bindings.iter().any(|b| b.values.last().is_some_and(Value::is_number));
        let likely = name.is_number() || numbered || case.mode == Mode::Positive;
        likely && is_common(name)
    }
}

/// A name as it stands in a path.
pub(in crate::engine) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a name is so small a number that it may be anybody's. A server that reads types leniently takes `"5"`, `5.0`
/// and `true` for numbers.
pub(in crate::engine) fn is_common(name: &Value) -> bool {
    let number = plain(name).trim().parse::<f64>().ok().or(name.as_bool().map(f64::from));
    number.is_some_and(|number| number.abs() < COMMON)
}
