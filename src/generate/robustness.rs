//! Cases that are strange, and that the document allows or does not speak of: ranges the wrong way round, a match of a
//! pattern with something beside it, headers that do not say what a body is or take any answer, odd texts.
//!
//! A server may accept or refuse them. Nothing here may be taken for a promise of the document.

use crate::case::{Case, Mode, Phase};
use crate::exchange::Method;
use crate::generate::content_type::{accept_anything, odd_content_types};
use crate::generate::generator::{body_of, finish, is_fixed, is_ours, part_of, with_body, with_parameter};
use crate::generate::hard_text::{NAME, Wanted};
use crate::generate::media::{self, Kind};
use crate::generate::odd_text::OddText;
use crate::generate::positive::{body_part, why};
use crate::generate::ranges::turned;
use crate::generate::shape::{Rest, Shape, Types};
use crate::generate::text;
use crate::generate::variant::{Path, TURNED, Variant, Workbench, spread};
use crate::generate::wire::{self, Way};
use crate::generate::{Generator, format};
use crate::plan::{Known, ranges};
use crate::spec::{Content, Location, Operation, Parameter};
use serde_json::json;

/// The name of an entry where any name will do.
const ENTRY: &str = "sample";

impl Generator {
    /// Ranges turned round, texts beside a match of a pattern, odd content types, and a text of each wanted family
    /// wherever a text is free.
    pub fn robustness(&self, operation: &Operation, known: &Known) -> Vec<Case> {
        let Ok(base) = self.reach(operation, known) else { return Vec::new() };
        let mut cases = Vec::new();
        // Each deletion costs a resource, and says little about texts.
        if operation.method == Method::Delete {
            odd_content_types(operation, &base, &mut cases);
            return finish(cases, Phase::Robustness, Mode::Robustness, 1);
        }
        self.turned_parameters(operation, known, &base, &mut cases);
        for parameter in operation.parameters.iter().filter(|p| is_ours(p) && !is_fixed(p, known)) {
            // A path that leads elsewhere must not be changed by what changes things.
            if parameter.location != Location::Path || operation.method.is_safe() {
                self.odd_parameter(operation, parameter, known, &base, &mut cases);
            }
        }
        self.odd_body(operation, known, &base, &mut cases);
        self.hard_texts(operation, known, &base, &mut cases);
        accept_anything(operation, &base, &mut cases);
        odd_content_types(operation, &base, &mut cases);
        finish(cases, Phase::Robustness, Mode::Robustness, self.options.max_robustness)
    }

    fn turned_parameters(&self, operation: &Operation, known: &Known, base: &Case, cases: &mut Vec<Case>) {
        let ours: Vec<&Parameter> = operation
            .parameters
            .iter()
            .filter(|p| is_ours(p) && p.location != Location::Path && !p.is_spelled_out())
            .collect();
        let names: Vec<&str> = ours.iter().map(|parameter| parameter.name.as_str()).collect();
        for range in ranges(&names) {
            let (lower, upper) = (ours[range.lower], ours[range.upper]);
            let value = |parameter| self.plain_value(operation, parameter, known).ok();
            let both = value(lower).zip(value(upper));
            let Some((high, low)) = both.and_then(|(low, high)| turned(range, low, high)) else { continue };
            let fits = |parameter: &Parameter, value| {
                self.is_valid(parameter.schema.as_ref(), value) && wire::way(parameter, value) == Way::Sure
            };
            if fits(lower, &high) && fits(upper, &low) {
                let how = format!("{} above {}", lower.name, upper.name);
                let reason = why(&lower.pointer, TURNED, &how, &part_of(lower));
                let case = with_parameter(base, operation, upper, low, reason.clone());
                cases.push(with_parameter(&case, operation, lower, high, reason));
            }
        }
    }

    fn odd_parameter(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        known: &Known,
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let Some(shape) = self.shape(parameter.schema.as_ref()) else { return };
        let wanted = Wanted::families(&self.options);
        for variant in self.workbench(known).odd_texts(&shape, &Path::root(&shape.key), &wanted) {
            self.push_parameter(operation, parameter, base, variant, cases);
        }
    }

    pub(super) fn push_parameter(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        base: &Case,
        variant: Variant,
        cases: &mut Vec<Case>,
    ) {
        if self.is_valid(parameter.schema.as_ref(), &variant.value)
            && wire::odd_way(parameter, &variant.value) == Way::Sure
        {
            let reason = why(&variant.pointer, &variant.keyword, &variant.how, &part_of(parameter));
            cases.push(with_parameter(base, operation, parameter, variant.value, reason));
        }
    }

    fn odd_body(&self, operation: &Operation, known: &Known, base: &Case, cases: &mut Vec<Case>) {
        let Some(body) = &operation.body else { return };
        let Some(content) = media::best(&body.contents) else { return };
        let Some(shape) = self.shape(content.schema.as_ref()) else { return };
        let bench = self.workbench(known);
        let root = Path::root(&shape.key);
        let mut variants = bench.turned_ranges(&shape, &root);
        // Outside JSON a control character or a blank may be lost on its way.
        if media::kind(&content.media_type) == Kind::Json {
            variants.extend(bench.odd_texts(&shape, &root, &Wanted::families(&self.options)));
        }
        for variant in variants {
            self.push_body(content, known, base, variant, cases);
        }
    }

    pub(super) fn push_body(
        &self,
        content: &Content,
        known: &Known,
        base: &Case,
        variant: Variant,
        cases: &mut Vec<Case>,
    ) {
        let part = body_part(&variant.instance);
        let reason = why(&variant.pointer, &variant.keyword, &variant.how, &part);
        let best = self.upon_given(content, known, &variant);
        let value =
            best.or_else(|| self.is_valid(content.schema.as_ref(), &variant.value).then_some(variant.value));
        if let Some(value) = value {
            cases.push(with_body(base, Some(body_of(content, value)), reason));
        }
    }
}

impl Workbench<'_> {
    /// A text of every wanted family in every place of `shape` that takes free texts, and one beside each pattern's match
    /// where a pattern has no anchors.
    pub(super) fn odd_texts(&self, shape: &Shape, path: &Path<'_>, wanted: &Wanted) -> Vec<Variant> {
        let mut out = Vec::new();
        if shape.never || shape.values.is_some() || path.depth > self.options.reach {
            return out;
        }
        if let Some(branch) = shape.choices.first().and_then(|choice| choice.branches.first()) {
            let branch = self.shapes.child(branch);
            return path
                .aside(&branch.key, 1)
                .map(|path| self.odd_texts(&branch, &path, wanted))
                .unwrap_or_default();
        }
        let types = shape.likely();
        if types.has(Types::STRING) && (types != Types::ALL || wanted.untyped) {
            for (name, texts) in &wanted.texts {
                self.texts_of(shape, name, texts, &mut out);
            }
            if let ([pattern], true) = (shape.patterns.as_slice(), wanted.beside_a_match) {
                let beside = pattern.value.beside_a_match().into_iter();
                out.extend(
                    beside.map(|(t, how)| Variant::new(t.into(), pattern.pointer.clone(), "pattern", how)),
                );
            }
        }
        out.extend(self.within_items(shape, path, |item, below| self.odd_texts(item, below, wanted)));
        if shape.properties.is_empty() {
            self.odd_entries(shape, path, wanted, &mut out);
            return out;
        }
        let Some(template) = self.template(shape) else { return out };
        for (place, (name, property)) in shape.properties.iter().enumerate() {
            if !path.visits(place, shape.properties.len()) {
                continue;
            }
            let child = self.shapes.child(&property.child);
            let Some(below) = path.down(&child.key, shape.properties.len()) else { continue };
            let inner =
                spread(self.odd_texts(&child, &below, wanted), below.share.max(8), |v| v.keyword.clone());
            out.extend(inner.into_iter().map(|variant| variant.in_property(&template, name)));
        }
        out
    }

    /// The same for an object whose names are free: a text as the value of an entry, and as its name.
    fn odd_entries(&self, shape: &Shape, path: &Path<'_>, wanted: &Wanted, out: &mut Vec<Variant>) {
        let Rest::Of(child, _) = &shape.additional else { return };
        let child = self.shapes.child(child);
        let Some(below) = path.down(&child.key, 1) else { return };
        let texts = self.odd_texts(&child, &below, wanted);
        out.extend(texts.into_iter().map(|variant| variant.in_property(&json!({}), ENTRY)));
        let Some(value) = self.example(&child).filter(|_| wanted.names) else { return };
        for (family, texts) in &wanted.texts {
            for (odd, how) in *texts {
                let how = format!("{NAME} {how}");
                let entry = json!({ *odd: value.clone() });
                out.push(Variant::new(entry, shape.pointer(), family, how));
            }
        }
    }

    fn texts_of(&self, shape: &Shape, name: &str, texts: &[OddText], out: &mut Vec<Variant>) {
        // A text of a known format is not free; of patterns the validator decides.
        if shape.format.as_ref().is_some_and(|at| format::plain(&at.value).is_some()) {
            return;
        }
        let (low, high) = text::lengths(shape);
        let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
        for (odd, how) in texts {
            let count = odd.chars().count();
            if high.is_none_or(|high| count <= high) && low <= self.options.longest_text {
                let filler = odd.chars().last().unwrap_or('a');
                let text: String =
                    odd.chars().chain(std::iter::repeat_n(filler, low.saturating_sub(count))).collect();
                out.push(Variant::new(text.into(), at.clone(), name, *how));
            }
        }
    }
}
