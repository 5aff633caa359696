//! Valid cases beyond the simplest: at every limit, and at random.

use crate::case::{BodyValue, Case, Credential, Mode, ParameterValue, Phase, Reason, RenderError};
use crate::generate::generator::{
    alone_or_listed, body_of, finish, is_fixed, is_ours, part_of, sends_body, sent, with_body, with_parameter,
};
use crate::generate::media;
use crate::generate::ranges::Kept;
use crate::generate::strategy::Check;
use crate::generate::variant::{Path, Variant, spread};
use crate::generate::wire::{self, Way};
use crate::generate::wishes::candidates;
use crate::generate::{GenerateError, Generator};
use crate::plan::{Known, Seed};
use crate::schema::Pointer;
use crate::spec::{Content, Location, Operation, Parameter};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;

/// How often a value that cannot travel is drawn again.
const TRIES: u32 = 24;
/// After so many, one that travels doubtfully will do.
const ENOUGH: u32 = 4;

impl Generator {
    /// Every constraint at and just inside its limits: valid, exhaustive up to the bound, never random.
    ///
    /// One thing differs per case from the simplest valid request. Path parameters in `known` stay as they are.
    pub fn boundary(&self, operation: &Operation, known: &Known) -> Vec<Case> {
        let Ok(base) = self.reach(operation, known) else { return Vec::new() };
        let mut cases = vec![Case {
            reason: why(&operation.pointer, "required", "required parts only", ""),
            ..base.clone()
        }];
        let ours: Vec<&Parameter> = operation.parameters.iter().filter(|p| is_ours(p)).collect();
        let optional: Vec<&Parameter> =
            ours.iter().copied().filter(|p| !p.required && p.location != Location::Path).collect();
        let mut all = base.clone();
        for parameter in &optional {
            if let Ok(value) = self.plain_value(operation, parameter, known) {
                let how = "with this optional parameter";
                let reason = why(&parameter.pointer, "required", how, &part_of(parameter));
                let mut case = with_parameter(&base, operation, parameter, value.clone(), reason.clone());
                self.order_parameters(operation, known, &mut case, None);
                cases.push(case);
                all = with_parameter(&all, operation, parameter, value, reason);
            }
        }
        if optional.len() > 1 {
            all.reason = why(&operation.pointer, "required", "with every optional parameter", "");
            self.order_parameters(operation, known, &mut all, None);
            cases.push(all);
        }
        for parameter in ours.into_iter().filter(|p| !is_fixed(p, known)) {
            self.parameter_variants(operation, parameter, known, &base, &mut cases);
        }
        self.body_variants(operation, known, &base, &mut cases);
        finish(cases, Phase::Boundary, Mode::Positive, self.options.max_boundary)
    }

    fn parameter_variants(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        known: &Known,
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let Some(shape) = self.shape(parameter.schema.as_ref()) else { return };
        let variants = self
            .workbench(known)
            .variants(&shape, &Path::root(&shape.key).wanting(self.options.max_boundary));
        let template = match base.parameter(parameter.location, &parameter.name) {
            Some(value) => wire::way(parameter, value),
            None => wire::undefined(parameter, &shape).map_or(Way::Sure, Way::Doubtful),
        };
        for variant in
            spread(variants, self.options.max_boundary * 2, |v| (v.pointer.clone(), v.keyword.clone()))
        {
            if wire::way(parameter, &variant.value).serves(template)
                && self.is_valid(parameter.schema.as_ref(), &variant.value)
            {
                let reason = Reason {
                    pointer: variant.pointer,
                    keyword: variant.keyword,
                    how: variant.how,
                    part: part_of(parameter),
                };
                let mut case = with_parameter(base, operation, parameter, variant.value, reason);
                self.order_parameters(operation, known, &mut case, Some(parameter));
                cases.push(case);
            }
        }
    }

    fn body_variants(&self, operation: &Operation, known: &Known, base: &Case, cases: &mut Vec<Case>) {
        let Some(body) = &operation.body else { return };
        if !body.required {
            let other = if base.body.is_some() { None } else { self.first_body(operation, known) };
            let how = if other.is_some() { "with the optional body" } else { "without the optional body" };
            if other.is_some() || base.body.is_some() {
                cases.push(with_body(base, other, why(&body.pointer, "required", how, "body")));
            }
        }
        let best = media::best(&body.contents);
        for content in &body.contents {
            if best.is_some_and(|best| std::ptr::eq(best, content)) {
                continue;
            }
            if let Ok(value) = self.content_value(content, known) {
                let reason = why(&content.pointer, "content", &format!("as {}", content.media_type), "body");
                cases.push(with_body(base, Some(body_of(content, value)), reason));
            }
        }
        let Some(content) = best else { return };
        let Some(shape) = self.shape(content.schema.as_ref()) else { return };
        let variants = self
            .workbench(known)
            .variants(&shape, &Path::root(&shape.key).wanting(self.options.max_boundary));
        let kind = media::kind(&content.media_type);
        for variant in
            spread(variants, self.options.max_boundary * 3, |v| (v.pointer.clone(), v.keyword.clone()))
        {
            // Null, and text that is empty, are not told apart from absence in a form.
            let vague = kind != media::Kind::Json && holds_nothing(&variant.value);
            if !vague && self.is_valid(content.schema.as_ref(), &variant.value) {
                let part = body_part(&variant.instance);
                let reason = why(&variant.pointer, &variant.keyword, &variant.how, &part);
                let kept = Kept { place: Some(variant.instance.as_str()), known };
                let value = self.upon_given(content, known, &variant);
                let value = value.unwrap_or_else(|| variant.value.clone());
                let body = body_of(content, self.in_order(content.schema.as_ref(), value, kept));
                if is_written(operation, base, &body) {
                    cases.push(with_body(base, Some(body), reason));
                }
            }
        }
    }

    /// The change made to the body that the user gave, if that is valid, too.
    pub(super) fn upon_given(&self, content: &Content, known: &Known, variant: &Variant) -> Option<Value> {
        let schema = content.schema.as_ref();
        let given = known.bodies().find(|body| self.is_valid(schema, body))?;
        variant.onto(given).filter(|value| self.is_valid(schema, value))
    }

    fn first_body(&self, operation: &Operation, known: &Known) -> Option<BodyValue> {
        let content = media::best(&operation.body.as_ref()?.contents)?;
        self.content_value(content, known).ok().map(|value| body_of(content, value))
    }

    /// Random valid case number `index` under the run's `seed`.
    ///
    /// The same seed, operation and index make the same case, whatever else the document holds.
    pub fn random(
        &self,
        operation: &Operation,
        known: &Known,
        seed: Seed,
        index: u32,
    ) -> Result<Case, GenerateError> {
        let seed = seed.derive(&operation.key).derive(Phase::Random).derive(index);
        let mut parameters: Vec<ParameterValue> = Vec::with_capacity(operation.parameters.len());
        for parameter in operation.parameters.iter().filter(|p| is_ours(p)) {
            let wanted = known.wish(&parameter.name).is_some_and(|wish| wish.required);
            let always = parameter.required || parameter.location == Location::Path || wanted;
            if is_fixed(parameter, known) {
                if always {
                    parameters.push(sent(parameter, self.plain_value(operation, parameter, known)?));
                }
                continue;
            }
            let seed = seed.derive(parameter.location).derive(&parameter.name);
            // Headers ask for something beside the matter (a version, a condition), and one made-up value refused spoils
            // the whole request.
            let beside = matches!(parameter.location, Location::Header | Location::Cookie);
            let chance = seed.derive("present").0 % 8;
            if !always && (chance.is_multiple_of(2) || (beside && chance > 1)) {
                continue;
            }
            match self.random_value(operation, parameter, known, seed) {
                Ok(value) => parameters.push(sent(parameter, value)),
                // The simplest value is valid too.
                Err(error) if always => match self.plain_value(operation, parameter, known) {
                    Ok(value) => parameters.push(sent(parameter, value)),
                    Err(_) => return Err(error),
                },
                Err(_) => {}
            }
        }
        let mut case = Case {
            operation: operation.key.clone(),
            mode: Mode::Positive,
            phase: Phase::Random,
            index,
            reason: why(&operation.pointer, "", "a random valid request", ""),
            parameters,
            body: None,
            credential: Credential::Main,
        };
        self.order_parameters(operation, known, &mut case, None);
        let Some(body) = &operation.body else { return Ok(case) };
        let seed = seed.derive("body");
        let left_out = !body.required && seed.derive("present").0.is_multiple_of(8);
        let wished = seed.derive("media").0;
        let content = if wished.is_multiple_of(8) {
            body.contents.get((wished / 8) as usize % body.contents.len().max(1))
        } else {
            media::best(&body.contents)
        };
        case.body = match content.filter(|_| !left_out && sends_body(operation, body)) {
            None => None,
            Some(content) => Some(self.random_body(operation, content, &case, known, seed)?),
        };
        Ok(case)
    }

    /// A random body that its media type can say.
    fn random_body(
        &self,
        operation: &Operation,
        content: &Content,
        case: &Case,
        known: &Known,
        seed: Seed,
    ) -> Result<BodyValue, GenerateError> {
        let Some(pointer) = &content.schema else {
            return Ok(body_of(content, self.content_value(content, known)?));
        };
        if seed.derive("given").0.is_multiple_of(2) && !known.given.bodies.is_empty() {
            return Ok(body_of(content, self.content_value(content, known)?));
        }
        let mut body = body_of(content, self.draw(pointer, known, seed)?);
        for attempt in 1..TRIES {
            if is_written(operation, case, &body) {
                return Ok(body);
            }
            body = body_of(content, self.draw(pointer, known, seed.derive(attempt))?);
        }
        Err(GenerateError::Untransportable { operation: operation.key.clone(), part: "body".into() })
    }

    /// A random value that arrives where the parameter stands.
    pub(super) fn random_value(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        known: &Known,
        seed: Seed,
    ) -> Result<Value, GenerateError> {
        let untransportable =
            || GenerateError::Untransportable { operation: operation.key.clone(), part: part_of(parameter) };
        let Some(pointer) = &parameter.schema else { return Ok("sample".into()) };
        let arrives =
            |value: &Value| wire::way(parameter, value) == Way::Sure && self.is_valid(Some(pointer), value);
        if let Some(value) = self.chosen(parameter, known, seed).filter(arrives) {
            return Ok(value);
        }
        let mut doubtful = None;
        for attempt in 0..TRIES {
            let value = self.draw(pointer, known, seed.derive(attempt))?;
            match wire::way(parameter, &value) {
                Way::Sure => return Ok(value),
                Way::Doubtful(_) if attempt + 1 >= ENOUGH => return Ok(value),
                Way::Doubtful(_) => doubtful = doubtful.or(Some(value)),
                Way::Barred => {}
            }
        }
        doubtful.ok_or_else(untransportable)
    }

    /// Something that is known of a parameter, by chance: always what is fixed or asked for, mostly what is given, half
    /// the time what was seen.
    fn chosen(&self, parameter: &Parameter, known: &Known, seed: Seed) -> Option<Value> {
        let name = &parameter.name;
        if let Some(fixed) = known.given.fixed.get(name) {
            return Some(fixed.clone());
        }
        let one_of = |values: Vec<Value>| {
            let place = seed.derive("which").0 % (values.len() as u64).max(1);
            values.into_iter().nth(place as usize)
        };
        let given: Vec<Value> = known.given.values(name).flat_map(alone_or_listed).collect();
        if !given.is_empty() && !seed.derive("given").0.is_multiple_of(4) {
            let fits = |value: &Value| self.is_valid(parameter.schema.as_ref(), value);
            return one_of(given.into_iter().filter(fits).collect());
        }
        if let Some((wish, shape)) = known.wish(name).zip(self.shape(parameter.schema.as_ref())) {
            return one_of(candidates(wish, &shape));
        }
        let seen = parameter.location == Location::Query && seed.derive("known").0.is_multiple_of(2);
        one_of(if seen { known.seen(name).into_iter().cloned().collect() } else { Vec::new() })
    }

    /// A random valid value of the schema at `pointer`.
    pub(super) fn draw(&self, pointer: &Pointer, known: &Known, seed: Seed) -> Result<Value, GenerateError> {
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed.bytes());
        let value = self.strategy(pointer).draw(Some(known), &mut rng, Check::Always)?.current();
        Ok(self.in_order(Some(pointer), value, Kept::given(known)))
    }

    /// One case for each value that the user gave, only valid ones.
    pub(super) fn given(&self, operation: &Operation, known: &Known, base: &Case) -> Vec<Case> {
        let mut cases = Vec::new();
        if known.given.is_empty() {
            return cases;
        }
        let reason = |pointer: &Pointer, number: usize, part: &str| {
            why(pointer, "example", &format!("configured value {}", number + 1), part)
        };
        for parameter in operation.parameters.iter().filter(|p| is_ours(p) && !is_fixed(p, known)) {
            for (number, value) in known.given.values(&parameter.name).enumerate() {
                if self.is_valid(parameter.schema.as_ref(), value) && wire::way(parameter, value) == Way::Sure
                {
                    let why = reason(&parameter.pointer, number, &part_of(parameter));
                    cases.push(with_parameter(base, operation, parameter, value.clone(), why));
                }
            }
        }
        let content = operation.body.as_ref().and_then(|body| media::best(&body.contents));
        for (number, value) in known.given.bodies.iter().enumerate() {
            if let Some(content) = content.filter(|content| self.is_valid(content.schema.as_ref(), value)) {
                let why = reason(&content.pointer, number, "body");
                cases.push(with_body(base, Some(body_of(content, value.clone())), why));
            }
        }
        cases
    }
}

pub(super) fn why(pointer: &Pointer, keyword: &str, how: &str, part: &str) -> Reason {
    Reason { pointer: pointer.clone(), keyword: keyword.into(), how: how.into(), part: part.into() }
}

/// Whether the body's media type can say its value: XML has no control characters, an event no empty data.
pub(super) fn is_written(operation: &Operation, case: &Case, body: &BodyValue) -> bool {
    match media::kind(&body.media_type) {
        media::Kind::Json | media::Kind::Form | media::Kind::Multipart => true,
        media::Kind::Text | media::Kind::Bytes | media::Kind::Xml | media::Kind::Other => {
            let case = with_body(case, Some(body.clone()), case.reason.clone());
            !matches!(case.render(operation, "http://localhost"), Err(RenderError::Body { .. }))
        }
    }
}

/// The place in a body in words, as [`Reason::part`] wants it.
pub(super) fn body_part(instance: &Pointer) -> String {
    if instance.as_str().is_empty() { "body".into() } else { format!("body {}", instance.as_str()) }
}

/// Whether a form would lose something of the value.
fn holds_nothing(value: &Value) -> bool {
    let lost = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    match value {
        Value::Object(map) => map.values().any(lost),
        other => lost(other),
    }
}
