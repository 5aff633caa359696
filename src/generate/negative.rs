//! Cases that break one rule of the document each, and that no server could rightly accept.
//!
//! A case is made only if the validator agrees, for the recorded reason and for no other part of the value. What
//! becomes valid when its text is read leniently is not made; nor are unknown parameters, which nobody must refuse.

use crate::case::{Case, Mode, Phase};
use crate::generate::Generator;
use crate::generate::generator::{
    body_of, finish, is_ours, part_of, template_way, with_body, with_parameter, without_parameter,
};
use crate::generate::media::{self, Kind};
use crate::generate::positive::{body_part, why};
use crate::generate::ranges::{Kept, ordered};
use crate::generate::shape::{Shape, Types};
use crate::generate::variant::{Path, Variant, spread};
use crate::generate::wire::{self, Reader};
use crate::plan::Known;
use crate::schema::{Direction, Pointer};
use crate::spec::{Content, Location, Operation, Parameter};
use serde_json::Value;

impl Generator {
    /// Every constraint broken, one per case, each proven to be broken.
    pub fn negative(&self, operation: &Operation, known: &Known) -> Vec<Case> {
        let Ok(base) = self.reach(operation, known) else { return Vec::new() };
        let mut cases = Vec::new();
        for parameter in operation.parameters.iter().filter(|p| is_ours(p) && !p.is_spelled_out()) {
            if parameter.required && parameter.location != Location::Path {
                let how = format!("without the required {}", part_of(parameter));
                let reason = why(&parameter.pointer, "required", &how, &part_of(parameter));
                cases.push(without_parameter(&base, parameter, reason));
            }
            self.broken_parameter(operation, parameter, known, &base, &mut cases);
        }
        self.broken_body(operation, known, &base, &mut cases);
        finish(cases, Phase::Negative, Mode::Negative, self.options.max_negative)
    }

    fn broken_parameter(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        known: &Known,
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let (Some(pointer), Some(shape)) = (&parameter.schema, self.shape(parameter.schema.as_ref())) else {
            return;
        };
        // Who reads a doubtful text otherwise than it was meant is not to blame.
        if wire::undefined(parameter, &shape).is_some() {
            return;
        }
        let template = template_way(base, parameter);
        let mut breaks =
            self.workbench(known).breaks(&shape, &Path::root(&shape.key).wanting(self.options.max_negative));
        let typed = parameter.keeps_types();
        let scalar = !shape.likely().has(Types::STRING.with(Types::ARRAY).with(Types::OBJECT));
        let empty = parameter.location == Location::Query && !parameter.allow_empty && !typed && scalar;
        if empty && let Some(at) = &shape.type_at {
            let how = "an empty value (lenient coercion)";
            breaks.push(Variant::new("".into(), at.clone(), "type", how));
        }
        let reader = Reader { shapes: &self.shapes, validators: &self.validators };
        for broken in
            spread(breaks, self.options.max_negative * 2, |v| (v.pointer.clone(), v.keyword.clone()))
        {
            let structured = broken.value.is_array() || broken.value.is_object();
            let blank = broken.value.as_str() == Some("") && empty;
            let arrives = typed || blank || wire::way(parameter, &broken.value).serves(template);
            // Structure where the schema wants none has no wire form of its own, and a list may be read as its only item.
            let foreign = structured && !typed && !shape.likely().admits(&broken.value);
            let lenient = match parameter.location {
                _ if typed => false,
                Location::Querystring => reader.readable_form(&shape, parameter, &broken.value),
                _ => reader.readable(&shape, &broken.value),
            };
            // Whatever is written into a text is a text: it breaks the format, if that, which has a case of its own.
            let told_wrongly = !typed
                && broken.keyword == "type"
                && shape.likely().has(Types::STRING)
                && parameter.location != Location::Querystring;
            if arrives && !foreign && !lenient && !told_wrongly && self.fails_as_told(pointer, &broken) {
                let reason = why(&broken.pointer, &broken.keyword, &broken.how, &part_of(parameter));
                cases.push(with_parameter(base, operation, parameter, broken.value, reason));
            }
        }
        self.undecodable(operation, parameter, &shape, base, cases);
    }

    fn broken_body(&self, operation: &Operation, known: &Known, base: &Case, cases: &mut Vec<Case>) {
        let Some(body) = &operation.body else { return };
        if body.required {
            let reason = why(&body.pointer, "required", "without the required body", "body");
            cases.push(with_body(base, None, reason));
        }
        self.malformed_bodies(operation, base, cases);
        let Some(content) = media::best(&body.contents) else { return };
        let kind = media::kind(&content.media_type);
        if let Some(pointer) = &content.schema {
            self.broken_values(content, pointer, kind, known, base, cases);
        }
    }

    fn broken_values(
        &self,
        content: &Content,
        pointer: &Pointer,
        kind: Kind,
        known: &Known,
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let shape = self.shapes.at(pointer);
        let breaks =
            self.workbench(known).breaks(&shape, &Path::root(&shape.key).wanting(self.options.max_negative));
        if kind == Kind::Json {
            self.repeated_name(content, &breaks, base, cases);
        }
        for broken in
            spread(breaks, self.options.max_negative * 3, |v| (v.pointer.clone(), v.keyword.clone()))
        {
            let kept = Kept { place: Some(broken.instance.as_str()), known };
            // Two broken rules, one of them unwritten, would prove nothing.
            let value = ordered(&broken.value, kept, |_| true).unwrap_or_else(|| broken.value.clone());
            let broken = Variant { value, ..broken };
            let given = known.bodies().find(|body| self.is_valid(Some(pointer), body));
            let upon =
                given.and_then(|given| broken.onto(given)).map(|value| Variant { value, ..broken.clone() });
            let broken = upon.filter(|upon| self.fails_as_told(pointer, upon)).unwrap_or(broken);
            if self.survives(kind, &shape, &broken) && self.fails_as_told(pointer, &broken) {
                let part = body_part(&broken.instance);
                let reason = why(&broken.pointer, &broken.keyword, &broken.how, &part);
                cases.push(with_body(base, Some(body_of(content, broken.value)), reason));
            }
        }
    }

    /// Whether the break is still one when the body is written in this kind of media type.
    fn survives(&self, kind: Kind, shape: &Shape, broken: &Variant) -> bool {
        let reader = Reader { shapes: &self.shapes, validators: &self.validators };
        let flat = |value: &Value| match value {
            Value::Object(map) => {
                !map.is_empty()
                    && map.values().all(|v| wire::text(v).is_some_and(|t| !t.is_empty()) && !v.is_null())
            }
            _ => false,
        };
        match kind {
            Kind::Json => true,
            Kind::Form | Kind::Multipart => flat(&broken.value) && !reader.readable(shape, &broken.value),
            Kind::Text => {
                broken.value.as_str().is_some_and(|text| !text.is_empty())
                    && !reader.readable(shape, &broken.value)
            }
            // How XML and bytes are read is beyond what a schema says.
            Kind::Bytes | Kind::Xml | Kind::Other => false,
        }
    }

    /// Whether the validator refuses the value for the recorded keyword, at the recorded place and nowhere else.
    pub(super) fn fails_as_told(&self, pointer: &Pointer, broken: &Variant) -> bool {
        let Ok(errors) = self.validators.validate(pointer, Direction::Request, &broken.value) else {
            return false;
        };
        let told =
            errors.iter().any(|error| error.keyword == broken.keyword || error.schema == broken.pointer);
        told && errors.iter().all(|error| error.instance == broken.instance)
    }
}
