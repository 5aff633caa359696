//! Names that a body gives to what it is about: never those of somebody else's things.
//!
//! Many services take a `POST` with the id of something that exists for a change of it (an upsert), and many take the id
//! in the body of a `PUT` for the one that counts. An id that an answer showed, that the document's example has, or that
//! is a small number, may be anybody's. So what a body creates gets a name that nobody has, and what it changes has the
//! name that the path has. What the user gave is sent as it was given.

use crate::case::{Case, Mode, Payload};
use crate::client::Transport;
use crate::engine::sending::path_of;
use crate::engine::walk::Walk;
use crate::exchange::{MediaType, Method};
use crate::plan::{Resource, fold, identity_names, in_order, singular};
use crate::schema::{Direction, Pointer};
use crate::spec::Operation;
use serde_json::{Map, Value, json};

/// Numbers below it are too likely somebody's.
pub(super) const COMMON: f64 = 1_000_000.0;

/// How deep a body may wrap what it is about.
const WRAPPED: usize = 4;
/// How many items of a list get names of their own.
const MANY: usize = 20;
/// How far apart the numbers of names in one body are.
const APART: u64 = 331;
/// What often holds the thing itself, whatever stands beside it.
const WRAPPERS: &[&str] =
    &["data", "attributes", "item", "items", "entity", "resource", "payload", "body", "input"];

/// What a body does with the name of a thing.
pub(super) enum Naming {
    /// It has none, or one that harms nobody.
    Harmless,
    /// It is about the name itself, and the name may be somebody's.
    Foreign,
    /// The case with a name that is nobody's else.
    Renamed(Box<Case>),
}

/// Where a case says which thing it is about.
struct Named {
    /// The object that holds the name.
    above: Pointer,
    /// The property.
    name: String,
    value: Value,
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether a case may be sent: not one whose very point is a name that may be somebody else's.
    pub(super) fn names_nobody_else(&self, index: usize, case: &Case) -> bool {
        !matches!(self.naming(index, case, 0, 0), Naming::Foreign)
    }

    /// What the body of a case does, and the case that does no harm. `night_of` and `number` make a new name.
    pub(super) fn naming(&self, index: usize, case: &Case, night_of: u32, number: u64) -> Naming {
        let operation = &self.night.api.operations[index];
        let created = operation.method == Method::Post;
        let resources = self.night.plan.resources.iter().filter(|resource| {
            if created { resource.create == Some(index) } else { resource.item == operation.path.shape() }
        });
        let given = self.night.options.given.of(operation);
        if !given.bodies.is_empty() {
            return Naming::Harmless;
        }
        let mut now: Option<Box<Case>> = None;
        for resource in resources {
            let mut any = false;
            for (place, found) in (0..).zip(named(case, resource)) {
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
        let Some(own) = path.filter(|own| *own != found.value) else { return Naming::Harmless };
        match about {
            true if case.mode == Mode::Negative && !self.may_be_somebodys(resource, case, &found.value) => {
                Naming::Harmless
            }
            true => Naming::Foreign,
            false => self.with_name(operation, case, found, &[own]),
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
    pub(super) fn faults_of_body(&self, operation: &Operation, case: &Case) -> Option<usize> {
        let body = case.body.as_ref()?;
        let Payload::Json(value) = &body.payload else { return None };
        let schema = body_schema(operation, &body.media_type)?;
        self.night.validators.validate(schema, Direction::Request, value).ok().map(|errors| errors.len())
    }

    /// Whether a name is that of something that the run did not create, or is so common that it may be.
    pub(super) fn may_be_somebodys(&self, resource: &Resource, case: &Case, name: &Value) -> bool {
        let bindings = self.state.pool.bindings(&resource.item);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let same = |other: &Value| text(other) == text(name);
        if let Some(known) = bindings.iter().find(|binding| binding.values.last().is_some_and(same)) {
            return !known.own;
        }
        // A server that reads types leniently takes `"5"`, `5.0` and `true` for numbers.
        let number = text(name).trim().parse::<f64>().ok().or(name.as_bool().map(f64::from));
        let numbered = bindings.iter().any(|b| b.values.last().is_some_and(Value::is_number));
        let likely = name.is_number() || numbered || case.mode == Mode::Positive;
        likely && number.is_some_and(|number| number.abs() < COMMON)
    }
}

/// What the document says of a body that is sent as this media type.
pub(super) fn body_schema<'o>(operation: &'o Operation, media_type: &str) -> Option<&'o Pointer> {
    let contents = &operation.body.as_ref()?.contents;
    let sent = MediaType::parse(media_type);
    let covers = |documented: &str| {
        MediaType::parse(documented)
            .zip(sent.as_ref())
            .is_some_and(|(documented, sent)| documented.covers(sent))
    };
    let content = contents.iter().find(|c| c.media_type == media_type || covers(&c.media_type))?;
    content.schema.as_ref()
}

/// The names that a body gives to what it is about: at its top, in what it wraps, in each item of a list.
fn named(case: &Case, resource: &Resource) -> Vec<Named> {
    let mut found = Vec::new();
    if let Some(Payload::Json(body)) = case.body.as_ref().map(|body| &body.payload) {
        let names = identity_names(resource, true);
        gather(body, &Pointer::root(), WRAPPED, &names, resource, &mut found);
    }
    found
}

fn gather(
    body: &Value,
    above: &Pointer,
    depth: usize,
    names: &[String],
    resource: &Resource,
    found: &mut Vec<Named>,
) {
    match body {
        Value::Array(items) if depth > 0 => {
            for (place, item) in items.iter().enumerate().take(MANY) {
                gather(item, &above.push(place.to_string()), depth - 1, names, resource, found);
            }
        }
        Value::Object(map) => {
            let named = names.iter().find_map(|wanted| map.iter().find(|(name, _)| fold(name) == *wanted));
            let wrapped = || resource_in(map, resource).count() > 0;
            if let Some((name, value)) = named.filter(|(_, v)| !(v.is_null() || v.is_object() && wrapped())) {
                found.push(Named { above: above.clone(), name: name.clone(), value: value.clone() });
                return;
            }
            for (name, inner) in resource_in(map, resource).filter(|_| depth > 0) {
                gather(inner, &above.push(name), depth - 1, names, resource, found);
            }
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What an object wraps: its only member, or those that are called like a wrapper or like the thing.
fn resource_in<'v>(
    map: &'v Map<String, Value>,
    resource: &'v Resource,
) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let kind = fold(&resource.collection);
    map.iter().filter(move |(name, value)| {
        let name = fold(name);
        let wraps =
            map.len() == 1 || WRAPPERS.contains(&name.as_str()) || name == kind || name == singular(&kind);
        wraps && (value.is_object() || value.is_array())
    })
}

fn object_mut<'c>(case: &'c mut Case, at: &Pointer) -> Option<&'c mut Map<String, Value>> {
    let Payload::Json(body) = &mut case.body.as_mut()?.payload else { return None };
    body.pointer_mut(at.as_str())?.as_object_mut()
}

fn without(case: &Case, found: &Named) -> Case {
    let mut case = case.clone();
    if let Some(map) = object_mut(&mut case, &found.above) {
        map.shift_remove(&found.name);
    }
    case
}

/// Names of the same type that nobody has, the plainest first.
pub(super) fn new_names(like: &Value, night_of: u32, number: u64) -> Vec<Value> {
    match like {
        Value::Number(_) => {
            // Ten digits that begin with 1 fit into 32 bits.
            let of_night = u64::from(night_of).wrapping_mul(2_654_435_761) % 1_000_000;
            vec![json!(1_000_000_000 + of_night * 1000 + number % 1000)]
        }
        Value::String(_) => {
            let plain = format!("sw{night_of:x}{number:x}");
            let uuid = format!("{night_of:08x}-0000-4000-8000-{number:012x}");
            let is_uuid = |text: &str| text.len() == 36 && text.bytes().filter(|b| *b == b'-').count() == 4;
            let first = if like.as_str().is_some_and(is_uuid) { uuid.clone() } else { plain.clone() };
            let digits = format!("1{night_of:010}{number:06}");
            [first, plain.clone(), plain.to_uppercase(), digits, uuid].into_iter().map(Value::from).collect()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}
