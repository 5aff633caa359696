//! From an operation to its cases.

use crate::case::{BodyValue, Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
use crate::exchange::Method;
use crate::generate::build::prune;
use crate::generate::media;
use crate::generate::ranges::Kept;
use crate::generate::shape::Shape;
use crate::generate::shapes::Shapes;
use crate::generate::variant::{Path, Workbench, spread};
use crate::generate::wire::{self, Way};
use crate::generate::wishes::candidates;
use crate::generate::{GenerateError, GenerateOptions, SchemaStrategy};
use crate::plan::{Known, Seed};
use crate::schema::{Direction, Pointer, Validators};
use crate::spec::{Api, Content, Location, Operation, Parameter, RequestBody};
use indexmap::{IndexMap, IndexSet};
use serde_json::{Value, json};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Makes the cases of an API's operations: a pure value, shared between workers.
///
/// ```
/// use specwarden::generate::Generator;
/// fn shared<T: Send + Sync>() {}
/// shared::<Generator>();
/// ```
pub struct Generator {
    pub(super) shapes: Arc<Shapes>,
    pub(super) validators: Arc<Validators>,
    pub(super) options: GenerateOptions,
}

impl Generator {
    /// A generator with default options. `validators` must be those of the same document.
    pub fn new(api: &Api, validators: Arc<Validators>) -> Self {
        Self::with_options(api, validators, GenerateOptions::default())
    }

    /// A generator with these options.
    pub fn with_options(api: &Api, validators: Arc<Validators>, options: GenerateOptions) -> Self {
        Self { shapes: Arc::new(Shapes::new(&api.document)), validators, options }
    }

    /// The strategy of the schema at `schema`, for single values and for `proptest!`.
    pub fn strategy(&self, schema: &Pointer) -> SchemaStrategy {
        SchemaStrategy {
            shapes: Arc::clone(&self.shapes),
            validators: Arc::clone(&self.validators),
            pointer: schema.clone(),
            depth: self.options.depth,
            tries: self.options.tries,
            shape: OnceLock::new(),
        }
    }

    /// The simplest valid case: the document's examples first, only what is required, small values.
    pub fn reach(&self, operation: &Operation, known: &Known) -> Result<Case, GenerateError> {
        let mut parameters = Vec::new();
        for parameter in operation.parameters.iter().filter(|p| is_ours(p)) {
            let wanted = || known.wish(&parameter.name).is_some_and(|wish| wish.required);
            if parameter.required || parameter.location == Location::Path || wanted() {
                parameters.push(sent(parameter, self.plain_value(operation, parameter, known)?));
            }
        }
        let body = self.plain_body(operation, known)?;
        let reason = Reason {
            pointer: operation.pointer.clone(),
            keyword: String::new(),
            how: "the simplest valid request".into(),
            part: String::new(),
        };
        let mut case = Case {
            operation: operation.key.clone(),
            mode: Mode::Positive,
            phase: Phase::Reach,
            index: 0,
            reason,
            parameters,
            body,
            credential: Credential::Main,
        };
        self.order_parameters(operation, known, &mut case, None);
        Ok(case)
    }

    /// Cases made of the document's examples, each example once and only valid ones.
    pub fn examples(&self, operation: &Operation, known: &Known) -> Vec<Case> {
        let Ok(base) = self.reach(operation, known) else { return Vec::new() };
        let reason = |pointer: &Pointer, number: usize, part: String| Reason {
            pointer: pointer.clone(),
            keyword: "example".into(),
            how: format!("example {}", number + 1),
            part,
        };
        let mut cases = self.given(operation, known, &base);
        for parameter in operation.parameters.iter().filter(|p| is_ours(p) && !is_fixed(p, known)) {
            let shape = self.shape(parameter.schema.as_ref());
            let samples = shape.iter().flat_map(|shape| shape.samples.iter());
            let template = template_way(&base, parameter);
            for (number, example) in parameter.examples.iter().chain(samples).enumerate() {
                let travels = wire::way(parameter, example).serves(template);
                if travels && self.is_valid(parameter.schema.as_ref(), example) {
                    let why = reason(&parameter.pointer, number, part_of(parameter));
                    cases.push(with_parameter(&base, operation, parameter, example.clone(), why));
                }
            }
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            let shape = self.shape(content.schema.as_ref());
            let samples = shape.iter().flat_map(|shape| shape.samples.iter());
            for (number, example) in content.examples.iter().chain(samples).enumerate() {
                let example =
                    shape.as_ref().map_or_else(|| example.clone(), |s| prune(&self.shapes, s, example, 8));
                if self.is_valid(content.schema.as_ref(), &example) {
                    let why = reason(&content.pointer, number, "body".into());
                    cases.push(with_body(&base, Some(body_of(content, example)), why));
                }
            }
        }
        finish(cases, Phase::Examples, Mode::Positive, self.options.max_examples)
    }

    /// The value that a parameter has in a template: known, example, or the simplest.
    pub(super) fn plain_value(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        known: &Known,
    ) -> Result<Value, GenerateError> {
        if parameter.location == Location::Path
            && let Some(value) = known.path.get(&parameter.name)
        {
            return Ok(value.clone());
        }
        if let (true, Some(text)) = (parameter.is_spelled_out(), parameter.examples.first()) {
            return Ok(text.clone());
        }
        let schema = parameter.schema.as_ref();
        let offered: Vec<Value> = self.offered(parameter, known).collect();
        let sure = |value: &Value| wire::way(parameter, value) == Way::Sure;
        if let Some(value) = offered.iter().find(|value| sure(value)) {
            return Ok(value.clone());
        }
        let Some(shape) = self.shape(schema) else { return Ok(json!("sample")) };
        let made = self.workbench(known).example(&shape).filter(|value| self.is_valid(schema, value));
        if let Some(value) = made.as_ref().filter(|value| sure(value)) {
            return Ok(value.clone());
        }
        // The simplest value does not travel (an empty array, a text with a slash): look at those near the limits.
        let near = self.workbench(known).variants(&shape, &Path::root(&shape.key));
        let near = near.into_iter().map(|variant| variant.value).filter(|value| self.is_valid(schema, value));
        let near: Vec<Value> = near.collect();
        if let Some(value) = near.iter().find(|value| sure(value)) {
            return Ok(value.clone());
        }
        let doubtful = |value: &&Value| wire::way(parameter, value) != Way::Barred;
        if let Some(value) = offered.iter().chain(&made).chain(&near).find(doubtful) {
            return Ok(value.clone());
        }
        let seed = Seed(0).derive(&operation.key).derive(&parameter.name);
        self.random_value(operation, parameter, known, seed)
    }

    /// Values that a parameter may well have, the best first: given ones, those that refusals asked for, those that
    /// answers showed, examples. Each is valid.
    fn offered<'k>(&'k self, parameter: &'k Parameter, known: &'k Known) -> impl Iterator<Item = Value> + 'k {
        let schema = parameter.schema.as_ref();
        let shape = self.shape(schema);
        let wished = known.wish(&parameter.name).zip(shape).map(|(wish, shape)| candidates(wish, &shape));
        let seen =
            if parameter.location == Location::Query { known.seen(&parameter.name) } else { Vec::new() };
        let given = known.given.values(&parameter.name).flat_map(alone_or_listed);
        let seen = seen.into_iter().flat_map(alone_or_listed);
        given
            .chain(wished.into_iter().flatten())
            .chain(seen)
            .chain(parameter.examples.iter().cloned())
            .filter(move |value| self.is_valid(schema, value))
    }

    /// The body of a template, where the operation sends one.
    pub(super) fn plain_body(
        &self,
        operation: &Operation,
        known: &Known,
    ) -> Result<Option<BodyValue>, GenerateError> {
        let Some(body) = &operation.body else { return Ok(None) };
        match media::best(&body.contents).filter(|_| sends_body(operation, body)) {
            Some(content) => Ok(Some(body_of(content, self.content_value(content, known)?))),
            None => Ok(None),
        }
    }

    /// The value of a body: the document's example, or the simplest.
    pub(super) fn content_value(&self, content: &Content, known: &Known) -> Result<Value, GenerateError> {
        let schema = content.schema.as_ref();
        if let Some(body) = known.bodies().find(|body| self.is_valid(schema, body)) {
            return Ok(body.clone());
        }
        let Some(shape) = self.shape(schema) else {
            let example = content.examples.first().cloned();
            let json = media::kind(&content.media_type) == media::Kind::Json;
            return Ok(example.unwrap_or_else(|| if json { json!({}) } else { json!("sample") }));
        };
        let pruned = content.examples.iter().map(|example| prune(&self.shapes, &shape, example, 8));
        if let Some(example) = pruned.into_iter().find(|example| self.is_valid(schema, example)) {
            return Ok(example);
        }
        let bench = self.workbench(known);
        let made = bench.example(&shape).filter(|value| self.is_valid(schema, value));
        let made = made.or_else(|| bench.template(&shape).filter(|value| self.is_valid(schema, value)));
        if let Some(value) = made {
            return Ok(self.in_order(schema, value, Kept::given(known)));
        }
        self.draw(&shape.pointer(), known, Seed(0).derive(&content.pointer))
    }

    pub(super) fn workbench<'a>(&'a self, known: &'a Known) -> Workbench<'a> {
        Workbench { shapes: &self.shapes, validators: &self.validators, known, options: &self.options }
    }

    pub(super) fn shape(&self, schema: Option<&Pointer>) -> Option<Arc<Shape>> {
        schema.map(|pointer| self.shapes.at(pointer))
    }

    /// Whether a value is valid in a request; a schema that does not compile judges nothing.
    pub(super) fn is_valid(&self, schema: Option<&Pointer>, value: &Value) -> bool {
        schema.is_none_or(|pointer| {
            self.validators.is_valid(pointer, Direction::Request, value).unwrap_or(true)
        })
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Whether the document, and not HTTP itself, rules the parameter (OpenAPI 3.0.3 §4.7.12.1).
pub(super) fn is_ours(parameter: &Parameter) -> bool {
    let reserved = ["accept", "content-type", "authorization"];
    !(parameter.location == Location::Header
        && reserved.iter().any(|name| parameter.name.eq_ignore_ascii_case(name)))
}

/// Whether a parameter must not be varied: one in the path that names something that exists, or one that the
/// operation's address spells out.
pub(super) fn is_fixed(parameter: &Parameter, known: &Known) -> bool {
    parameter.is_spelled_out()
        || parameter.location == Location::Path && known.path.contains_key(&parameter.name)
}

/// A value that was seen alone, and the list of it alone: `owner_ids` holds what `owner_id` does.
pub(super) fn alone_or_listed(value: &Value) -> impl Iterator<Item = Value> + use<> {
    let listed = (!value.is_array() && !value.is_object()).then(|| json!([value]));
    std::iter::once(value.clone()).chain(listed)
}

/// How surely the value of a parameter in a template arrives; of one that the template leaves out, as a sure one does.
pub(super) fn template_way(base: &Case, parameter: &Parameter) -> Way {
    base.parameter(parameter.location, &parameter.name).map_or(Way::Sure, |value| wire::way(parameter, value))
}

/// The parameter in words, as [`Reason::part`] wants it.
pub(super) fn part_of(parameter: &Parameter) -> String {
    format!("{} parameter {}", parameter.location, parameter.name)
}

/// Whether the simplest request has a body: `required` defaults to false and is often forgotten, so what changes state
/// is sent with its body.
pub(super) fn sends_body(operation: &Operation, body: &RequestBody) -> bool {
    body.required || !(operation.method.is_safe() || operation.method == Method::Delete)
}

pub(super) fn sent(parameter: &Parameter, value: Value) -> ParameterValue {
    ParameterValue {
        name: parameter.name.clone(),
        location: parameter.location,
        payload: Payload::Json(value),
    }
}

pub(super) fn body_of(content: &Content, value: Value) -> BodyValue {
    BodyValue { media_type: media::concrete(&content.media_type), payload: Payload::Json(value) }
}

/// `base` with one parameter set, in the document's order.
pub(super) fn with_parameter(
    base: &Case,
    operation: &Operation,
    parameter: &Parameter,
    value: Value,
    reason: Reason,
) -> Case {
    let mut case = without_parameter(base, parameter, reason);
    case.parameters.push(sent(parameter, value));
    let place = |p: &ParameterValue| {
        operation.parameters.iter().position(|known| known.location == p.location && known.name == p.name)
    };
    case.parameters.sort_by_key(place);
    case
}

/// `base` without one parameter.
pub(super) fn without_parameter(base: &Case, parameter: &Parameter, reason: Reason) -> Case {
    let mut case = Case { reason, ..base.clone() };
    case.parameters.retain(|p| p.location != parameter.location || p.name != parameter.name);
    case
}

/// `base` with another body.
pub(super) fn with_body(base: &Case, body: Option<BodyValue>, reason: Reason) -> Case {
    Case { reason, body, ..base.clone() }
}

/// Drops what looks the same on the wire, keeps a fair share of `max`, and numbers the rest.
pub(super) fn finish(cases: Vec<Case>, phase: Phase, mode: Mode, max: usize) -> Vec<Case> {
    let mut seen = IndexSet::new();
    let unique: Vec<Case> = cases.into_iter().filter(|case| seen.insert(wire_form(case))).collect();
    let mut rounds: IndexMap<(Pointer, (String, String), String), usize> = IndexMap::new();
    let mut ranked: Vec<(usize, usize, Case)> = Vec::with_capacity(unique.len());
    for (place, case) in unique.into_iter().enumerate() {
        let reason = &case.reason;
        let rule = (reason.pointer.clone(), rule_of(reason), reason.part.clone());
        let round = rounds.entry(rule).or_default();
        ranked.push((*round, place, case));
        *round += 1;
    }
    // Every rule once before any rule twice; inside a body, every place once before any place twice.
    ranked.sort_by_key(|(round, place, _)| (*round, *place));
    let slot = |(_, _, case): &(usize, usize, Case)| {
        let reason = &case.reason;
        let inside = reason.part.starts_with("body /");
        (reason.part.clone(), (!inside).then(|| (reason.pointer.clone(), rule_of(reason))))
    };
    let mut kept = spread(ranked, max, slot);
    kept.sort_by_key(|(_, place, _)| *place);
    let mut kept: Vec<Case> = kept.into_iter().map(|(_, _, case)| case).collect();
    for (case, index) in kept.iter_mut().zip(0..) {
        case.phase = phase;
        case.mode = mode;
        case.index = index;
    }
    kept
}

/// The keyword; with the words for `required`, which names several properties in one place.
fn rule_of(reason: &Reason) -> (String, String) {
    let names = if reason.keyword == "required" { reason.how.clone() } else { String::new() };
    (reason.keyword.clone(), names)
}

/// What distinguishes requests of one operation.
fn wire_form(case: &Case) -> String {
    let payload = |payload: &Payload| match payload {
        Payload::Json(value) => wire::text(value).unwrap_or_else(|| value.to_string()),
        Payload::Raw(body) => format!("raw {:?}", body.0),
    };
    let parameters: Vec<(Location, &str, String)> =
        case.parameters.iter().map(|p| (p.location, p.name.as_str(), payload(&p.payload))).collect();
    let body = case.body.as_ref().map(|body| match &body.payload {
        Payload::Json(value) => (&body.media_type, value.to_string()),
        raw @ Payload::Raw(_) => (&body.media_type, payload(raw)),
    });
    format!("{parameters:?} {body:?}")
}
