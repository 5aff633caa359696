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
use crate::plan::{Resource, fold, identity_names, in_order};
use crate::schema::{Direction, Pointer};
use crate::spec::Operation;
use serde_json::{Map, Value, json};

/// Numbers below it are too likely somebody's.
const COMMON: f64 = 1_000_000.0;

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
        for resource in resources {
            let Some(found) = named(case, resource) else { continue };
            let given = self.night.options.given.of(operation);
            if given.has(&found.name) || !given.bodies.is_empty() {
                continue;
            }
            let about = case.reason.part == format!("body {}", found.above.push(&found.name).as_str());
            if created {
                if about {
                    return if self.may_be_somebodys(resource, case, &found.value) {
                        Naming::Foreign
                    } else {
                        Naming::Harmless
                    };
                }
                return self.created_anew(operation, case, &found, resource, night_of, number);
            }
            let path = in_order(&operation.path, &path_of(case)).and_then(|mut values| values.pop());
            let Some(own) = path.filter(|own| *own != found.value) else { continue };
            if about && case.mode == Mode::Negative && !self.may_be_somebodys(resource, case, &found.value) {
                return Naming::Harmless;
            }
            if about {
                return Naming::Foreign;
            }
            return self.with_name(operation, case, &found, &[own]);
        }
        Naming::Harmless
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
    fn faults_of_body(&self, operation: &Operation, case: &Case) -> Option<usize> {
        let body = case.body.as_ref()?;
        let Payload::Json(value) = &body.payload else { return None };
        let schema = body_schema(operation, &body.media_type)?;
        self.night.validators.validate(schema, Direction::Request, value).ok().map(|errors| errors.len())
    }

    /// Whether a name is that of something that the run did not create, or is so common that it may be.
    fn may_be_somebodys(&self, resource: &Resource, case: &Case, name: &Value) -> bool {
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

/// The name that a body gives to what it is about: at its top, or in the only object that it wraps.
fn named(case: &Case, resource: &Resource) -> Option<Named> {
    let Payload::Json(Value::Object(body)) = &case.body.as_ref()?.payload else { return None };
    let names = identity_names(resource, true);
    let within = |map: &Map<String, Value>, above: Pointer| {
        let found = names.iter().find_map(|wanted| map.iter().find(|(name, _)| fold(name) == *wanted));
        let (name, value) = found.filter(|(_, value)| !value.is_null())?;
        Some(Named { above, name: name.clone(), value: value.clone() })
    };
    let wrapped = || {
        let mut inner = body.iter().filter_map(|(name, value)| Some((name, value.as_object()?)));
        let (name, only) = inner.next().filter(|_| body.len() == 1)?;
        within(only, Pointer::root().push(name))
    };
    within(body, Pointer::root()).or_else(wrapped)
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
fn new_names(like: &Value, night_of: u32, number: u64) -> Vec<Value> {
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
