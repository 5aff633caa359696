//! The class of a case: exactly which rules of the document it breaks, none for a positive one.
//!
//! A smaller case counts only if it breaks the same rules in the same parts, on paper and on the wire.

use crate::case::{
    BodyValue, Case, Mode, ParameterValue, Payload, Phase, Shape, parameter_text, readings, reread_parameter,
};
use crate::exchange::Method;
use crate::schema::{Direction, Pointer, Validators};
use crate::shrink::edit::Part;
use crate::spec::{Content, Location, Operation, Parameter};
use serde_json::Value;
use std::collections::BTreeMap;

/// Only the form of a request matters here, not where it goes.
const ANYWHERE: &str = "http://127.0.0.1";

/// A broken rule: the part of the request, the keyword's place in the document, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    part: String,
    schema: Pointer,
    what: String,
}

/// The class of one case, and what of it must stay as it is.
pub(super) struct Class<'a> {
    operation: &'a Operation,
    validators: &'a Validators,
    faults: BTreeMap<Fault, usize>,
    frozen: Frozen,
    /// Whether the request may change something on the server, so that it must not come to name something else.
    changes_state: bool,
}

/// The parts of which only the generator knows what is wrong with them.
enum Frozen {
    Nothing,
    Named(String),
    Everything,
}

impl<'a> Class<'a> {
    /// The class of `case`.
    pub(super) fn of(case: &Case, operation: &'a Operation, validators: &'a Validators) -> Self {
        let faults = Faults::of(case, operation, validators);
        // A negative case whose fault no validator sees: keep the part as it is.
        let blind = case.mode == Mode::Negative
            && case.phase != Phase::Access
            && !faults.iter().any(|(f, _)| f.is_broken());
        let frozen = match (blind, case.reason.part.as_str()) {
            (false, _) => Frozen::Nothing,
            (true, "") => Frozen::Everything,
            (true, part) => Frozen::Named(part.to_owned()),
        };
        let changes_state = !operation.method.is_safe() || case.phase == Phase::Sequence;
        Self { operation, validators, faults, frozen, changes_state }
    }

    /// Whether `case` is of this class and can be sent.
    pub(super) fn holds(&self, case: &Case) -> bool {
        let faults = Faults::of(case, self.operation, self.validators);
        faults.len() == self.faults.len()
            && faults.iter().zip(&self.faults).all(|((a, n), (b, m))| a == b && n <= m)
            && case.render(self.operation, ANYWHERE).is_ok()
    }

    /// Whether a part must stay as it is.
    ///
    /// A request that changes something keeps what it addresses: a shrunk `DELETE` must not hit a stranger's
    /// resource, nor every resource because a filter went missing.
    pub(super) fn is_frozen(&self, case: &Case, part: Part) -> bool {
        let (name, addresses) = match part {
            Part::Body => ("body".to_owned(), self.operation.method == Method::Delete),
            Part::Parameter(index) => {
                let parameter = &case.parameters[index];
                let addresses =
                    matches!(parameter.location, Location::Path | Location::Query | Location::Querystring);
                (name(parameter), addresses)
            }
        };
        let frozen = match &self.frozen {
            Frozen::Nothing => false,
            Frozen::Everything => true,
            Frozen::Named(part) => part == &name || (name == "body" && part.starts_with("body")),
        };
        let broken = self.faults.keys().any(|fault| fault.part == name && fault.is_broken());
        frozen || (self.changes_state && addresses && !broken)
    }

    /// Whether a property of a body names a resource that must stay the one it is.
    pub(super) fn is_frozen_property(&self, name: &str) -> bool {
        const ENDINGS: &[&str] = &["_id", "_ids", "Id", "Ids", "ID", "_key", "_uuid"];
        self.changes_state
            && (name == "id" || name == "uuid" || ENDINGS.iter().any(|ending| name.ends_with(ending)))
    }
}

impl Fault {
    /// Whether it breaks a rule; other entries only tell cases apart.
    fn is_broken(&self) -> bool {
        self.what != EMPTY
    }
}

/// An empty text in a parameter is its own kind: servers take it for a missing one.
const EMPTY: &str = "empty";

/// Collects the faults of one case.
struct Faults<'a> {
    validators: &'a Validators,
    found: BTreeMap<Fault, usize>,
}

impl Faults<'_> {
    fn of(case: &Case, operation: &Operation, validators: &Validators) -> BTreeMap<Fault, usize> {
        let mut faults = Faults { validators, found: BTreeMap::new() };
        for chosen in &case.parameters {
            faults.parameter(chosen, operation.parameter(chosen.location, &chosen.name));
        }
        for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
            let is_there = |p: &ParameterValue| p.location == parameter.location && p.name == parameter.name;
            if !case.parameters.iter().any(is_there) {
                let part = format!("{} parameter {}", parameter.location, parameter.name);
                faults.add(&part, &parameter.pointer, "missing");
            }
        }
        match (&case.body, &operation.body) {
            (None, Some(body)) if body.required => faults.add("body", &body.pointer, "missing"),
            (None, _) => {}
            (Some(value), _) => faults.body(value, operation.body_content(&value.media_type)),
        }
        faults.found
    }

    fn add(&mut self, part: &str, schema: &Pointer, what: &str) {
        let fault = Fault { part: part.to_owned(), schema: schema.clone(), what: what.to_owned() };
        *self.found.entry(fault).or_default() += 1;
    }

    fn parameter(&mut self, chosen: &ParameterValue, declared: Option<&Parameter>) {
        let part = name(chosen);
        let value = match &chosen.payload {
            Payload::Raw(raw) => {
                return self.add(&part, &Pointer::root(), &format!("raw {:?}", raw.bytes()));
            }
            Payload::Json(value) => value,
        };
        if value.as_str() == Some("") {
            self.add(&part, &Pointer::root(), EMPTY);
        }
        let Some(declared) = declared else {
            return self.add(&part, &Pointer::root(), "undocumented");
        };
        let Some(schema) = &declared.schema else { return };
        if self.schema(&part, schema, value) && !self.refused_on_the_wire(declared, schema, value) {
            self.add(&part, schema, "valid on the wire");
        }
    }

    fn body(&mut self, body: &BodyValue, content: Option<&Content>) {
        match (&body.payload, content) {
            (Payload::Raw(raw), _) => {
                self.add("body", &Pointer::root(), &format!("raw {} {:?}", body.media_type, raw.bytes()));
            }
            (Payload::Json(_), None) => {
                self.add("body", &Pointer::root(), &format!("undocumented {}", body.media_type));
            }
            (Payload::Json(value), Some(content)) => {
                if let Some(schema) = &content.schema {
                    self.schema("body", schema, value);
                }
            }
        }
    }

    /// Adds what `value` breaks; whether it breaks anything.
    fn schema(&mut self, part: &str, schema: &Pointer, value: &Value) -> bool {
        // A schema that does not compile judges nothing, for the first case and for every smaller one.
        let errors = self.validators.validate(schema, Direction::Request, value).unwrap_or_default();
        for error in &errors {
            // Which property is missing matters; elsewhere the words quote the value.
            let what = if error.keyword == "required" { &error.message } else { &error.keyword };
            self.add(part, &error.schema, what);
        }
        !errors.is_empty()
    }

    /// Whether a broken parameter is still broken for a server that reads its text.
    fn refused_on_the_wire(&self, parameter: &Parameter, schema: &Pointer, value: &Value) -> bool {
        let Ok(Some(text)) = parameter_text(parameter, value) else { return false };
        let shapes = [Shape::Primitive, Shape::Array, Shape::Object];
        let read = shapes.into_iter().filter_map(|shape| reread_parameter(parameter, &text, shape));
        !read
            .flat_map(meanings)
            .any(|meaning| self.validators.is_valid(schema, Direction::Request, &meaning).unwrap_or(false))
    }
}

/// What a value of strings may mean: one leaf in every reading; several all as texts, or all as typed as can be.
fn meanings(value: Value) -> Vec<Value> {
    let typed =
        |leaf: &Value| leaf.as_str().and_then(|text| readings(text).pop()).unwrap_or_else(|| leaf.clone());
    match &value {
        Value::String(text) => readings(text),
        Value::Array(items) => vec![items.iter().map(typed).collect(), value],
        Value::Object(members) => {
            vec![
                Value::Object(members.iter().map(|(name, leaf)| (name.clone(), typed(leaf))).collect()),
                value,
            ]
        }
        other => vec![other.clone()],
    }
}

fn name(parameter: &ParameterValue) -> String {
    format!("{} parameter {}", parameter.location, parameter.name)
}
