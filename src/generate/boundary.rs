//! Valid values at and just inside every limit, one change each.
//!
//! What is made here is likely valid, not surely: the caller validates every value.

use crate::generate::draw::Draw;
use crate::generate::format;
use crate::generate::shape::{At, Bound, Rest, Shape, Types};
use crate::generate::text;
use crate::generate::variant::{Path, Variant, Workbench, spread};
use crate::plan::Seed;
use crate::schema::Pointer;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;

/// How many items stand for many.
const MANY: usize = 3;
/// Text beyond ASCII: accents, other scripts, a character outside the basic plane.
const FOREIGN: &str = "Ünïcode Жук 漢字 🙂 sample";

impl Workbench<'_> {
    /// Every variant of `shape`, down to the depth that the options allow.
    pub(super) fn variants(&self, shape: &Shape, path: &Path<'_>) -> Vec<Variant> {
        let mut out = Vec::new();
        if shape.never {
            return out;
        }
        if let Some(values) = &shape.values {
            let keyword = values.pointer.last().unwrap_or_default();
            out.extend(values.value.iter().map(|value| {
                Variant::new(
                    value.clone(),
                    values.pointer.clone(),
                    &keyword,
                    format!("the allowed value {value}"),
                )
            }));
            return out;
        }
        if let Some(choice) = shape.choices.first() {
            for (index, branch) in choice.branches.iter().enumerate() {
                let branch = self.shapes.child(branch);
                let Some(path) = path.aside(&branch.key, choice.branches.len()) else { continue };
                let how = format!("alternative {} of {}", index + 1, choice.branches.len());
                let template = self.template(&branch);
                out.extend(
                    template.map(|value| Variant::new(value, choice.pointer.clone(), choice.keyword, how)),
                );
                out.extend(self.variants(&branch, &path));
            }
            return spread(out, path.share, |variant| variant.pointer.clone());
        }
        let types = shape.likely();
        let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
        if types.has(Types::NULL) {
            out.push(Variant::new(Value::Null, at.clone(), "type", "null, which is allowed"));
        }
        if types.has(Types::BOOLEAN) && types != Types::ALL {
            out.push(Variant::new(true.into(), at.clone(), "type", "true"));
            out.push(Variant::new(false.into(), at.clone(), "type", "false"));
        }
        if types.has(Types::INTEGER) {
            numbers(shape, !types.has(Types::FRACTION), &mut out);
        }
        if types.has(Types::STRING) {
            self.texts(shape, &mut out);
        }
        if types.has(Types::ARRAY) {
            self.arrays(shape, path, &mut out);
        }
        if types.has(Types::OBJECT) {
            self.objects(shape, path, &mut out);
        }
        out
    }

    fn texts(&self, shape: &Shape, out: &mut Vec<Variant>) {
        let (low, high) = text::lengths(shape);
        let formed = text::has_form(shape);
        for (size, pointer, keyword, how) in
            sizes(shape.min_length.as_ref(), shape.max_length.as_ref(), ("minLength", "maxLength"))
        {
            let text = if size > self.options.longest_text {
                None
            } else if formed {
                exactly(shape, size)
            } else {
                Some(text::plain(size))
            };
            out.extend(text.map(|text| Variant::new(text.into(), pointer, keyword, how)));
        }
        if let Some(at) = &shape.format {
            for unusual in format::unusual(&at.value) {
                let how = format!("an unusual {}", at.value);
                out.push(Variant::new((*unusual).into(), at.pointer.clone(), "format", how));
            }
        }
        if let Some(pattern) = shape.patterns.first() {
            let (shortest, longest) = pattern.value.lengths();
            let longest = longest.unwrap_or(shortest + 12).min(high.unwrap_or(usize::MAX));
            for (size, how) in [(shortest.max(low), "a short match"), (longest.max(low), "a long match")] {
                let text = exactly(shape, size.min(self.options.longest_text));
                out.extend(text.map(|t| Variant::new(t.into(), pattern.pointer.clone(), "pattern", how)));
            }
        }
        if !formed {
            let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
            if shape.min_length.is_none() && shape.format.is_none() {
                out.push(Variant::new(
                    "".into(),
                    at.clone(),
                    "type",
                    "an empty text, no least length being given",
                ));
            }
            let most = high.unwrap_or(usize::MAX).min(FOREIGN.chars().count());
            if low <= self.options.longest_text && most > 0 {
                let text: String =
                    FOREIGN.chars().chain(std::iter::repeat('é')).take(low.max(most)).collect();
                out.push(Variant::new(text.into(), at, "type", "text beyond ASCII"));
            }
        }
    }

    fn arrays(&self, shape: &Shape, path: &Path<'_>, out: &mut Vec<Variant>) {
        let low = shape.min_items.as_ref().map_or(0, |at| at.value);
        let high = shape.max_items.as_ref().map_or(usize::MAX, |at| at.value);
        let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
        let mut counts = sizes(shape.min_items.as_ref(), shape.max_items.as_ref(), ("minItems", "maxItems"));
        for (count, how) in [(0, "an empty array"), (1, "one item"), (MANY, "several items")] {
            if (low..=high).contains(&count) && counts.iter().all(|(known, ..)| *known != count) {
                counts.push((count, at.clone(), "type", how));
            }
        }
        for (count, pointer, keyword, how) in counts {
            if count <= self.options.longest_array
                && let Some(items) = self.array(shape, count)
            {
                out.push(Variant::new(Value::Array(items), pointer, keyword, how));
            }
        }
        let described = (shape.prefix.len() + 1).min(8);
        for index in 0..described {
            let Some(item) = self.item(shape, index).filter(|_| index < high) else { continue };
            let Some(path) = path.down(&item.key, described).filter(|p| p.depth <= self.options.reach) else {
                continue;
            };
            let Some(template) = self.array(shape, low.max(index + 1)) else { continue };
            let inner = spread(self.variants(&item, &path), path.share, |variant| variant.pointer.clone());
            out.extend(inner.into_iter().map(|variant| variant.in_item(&template, index)));
        }
    }

    fn objects(&self, shape: &Shape, path: &Path<'_>, out: &mut Vec<Variant>) {
        let Some(template) = self.template(shape) else { return };
        let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
        let optional = shape.properties.values().any(|property| !property.required);
        if optional {
            out.push(Variant::new(template.clone(), at.clone(), "required", "required properties only"));
            // Deep inside, everything at once is left to the levels above: it costs as much as the whole again.
            let depth = if path.depth == 0 { self.options.depth } else { 1 };
            let all = if path.share < 8 { None } else { self.whole(shape, depth) };
            out.extend(all.map(|value| Variant::new(value, at.clone(), "properties", "all properties")));
        }
        for (place, (name, property)) in shape.properties.iter().enumerate() {
            if !path.visits(place, shape.properties.len()) {
                continue;
            }
            let child = self.shapes.child(&property.child);
            if !property.required
                && let Some(value) = self.template(&child)
            {
                let how = format!("with the optional property {name}");
                let variant = Variant::new(value, child.pointer(), "properties", how);
                out.push(variant.in_property(&template, name));
            }
            let Some(path) =
                path.down(&child.key, shape.properties.len()).filter(|p| p.depth <= self.options.reach)
            else {
                continue;
            };
            let inner = spread(self.variants(&child, &path), path.share, |variant| variant.pointer.clone());
            out.extend(inner.into_iter().map(|variant| variant.in_property(&template, name)));
        }
        if let Rest::Of(child, pointer) = &shape.additional {
            let child = self.shapes.child(child);
            if let Some(value) = self.template(&child) {
                let variant = Variant::new(
                    value,
                    pointer.clone(),
                    "additionalProperties",
                    "with one additional property",
                );
                out.push(variant.in_property(&template, "key1"));
            }
            if let Some(path) =
                path.down(&child.key, shape.properties.len()).filter(|p| p.depth <= self.options.reach)
            {
                let inner =
                    spread(self.variants(&child, &path), path.share, |variant| variant.pointer.clone());
                out.extend(inner.into_iter().map(|variant| variant.in_property(&template, "key1")));
            }
        }
        for (count, pointer, keyword, how) in sizes(
            shape.min_properties.as_ref(),
            shape.max_properties.as_ref(),
            ("minProperties", "maxProperties"),
        ) {
            if count <= self.options.longest_array
                && let Some(value) = self.object(shape, count)
            {
                out.push(Variant::new(value, pointer, keyword, how));
            }
        }
    }
}

fn numbers(shape: &Shape, integers: bool, out: &mut Vec<Variant>) {
    let Some(grid) = shape.grid(integers) else { return };
    let keyword = |bound: &Bound| bound.pointer.last().unwrap_or_default();
    // Beyond the grid: limits that 64 bits hold without a sign alone.
    let beyond = shape.maximum.as_ref().filter(|bound| shape.multiple_of.is_none() && !bound.exclusive);
    if let Some((bound, large)) = beyond.and_then(|bound| Some((bound, bound.large?))) {
        for (value, how) in [(large - 1, "just below the greatest allowed"), (large, "the greatest allowed")]
        {
            out.push(Variant::new(value.into(), bound.pointer.clone(), &keyword(bound), how));
        }
    }
    if shape.types == Types::ALL && shape.type_at.is_none() {
        // What has no type at all is a number to many a server: a limit, a status, an id.
        for (number, how) in
            [(0, "zero, no type being given"), (-1, "a negative number, no type being given")]
        {
            out.push(Variant::new(number.into(), shape.pointer(), "type", how));
        }
    }
    let mut push = |unit: i64, pointer: &Pointer, keyword: &str, how: &str| {
        if (grid.low..=grid.high).contains(&unit) {
            out.push(Variant::new(grid.value(unit), pointer.clone(), keyword, how));
        }
    };
    if let Some(bound) = shape.minimum.as_ref().filter(|bound| grid.reaches(bound.value)) {
        push(grid.low, &bound.pointer, &keyword(bound), "the least allowed");
        push(grid.low.saturating_add(1), &bound.pointer, &keyword(bound), "just above the least allowed");
    }
    if let Some(bound) = shape.maximum.as_ref().filter(|bound| grid.reaches(bound.value)) {
        push(grid.high.saturating_sub(1), &bound.pointer, &keyword(bound), "just below the greatest allowed");
        push(grid.high, &bound.pointer, &keyword(bound), "the greatest allowed");
    }
    if let Some(at) = shape.format.as_ref().filter(|at| matches!(at.value.as_str(), "int32" | "int64")) {
        if shape.minimum.is_none() {
            push(grid.low, &at.pointer, "format", "the least that the format holds");
        }
        if shape.maximum.is_none() {
            push(grid.high, &at.pointer, "format", "the greatest that the format holds");
        }
    }
    if integers && shape.minimum.is_none() && shape.multiple_of.is_none() {
        // Where nothing is said, zero and below are what code forgets.
        let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
        push(0, &at, "type", "zero, no least being given");
        push(-1, &at, "type", "a negative number, no least being given");
    }
    if let Some(at) = &shape.multiple_of {
        push(grid.simplest(), &at.pointer, "multipleOf", "a multiple");
        push(grid.simplest().saturating_add(1), &at.pointer, "multipleOf", "the next multiple");
    } else if !integers {
        let at = shape.type_at.clone().unwrap_or_else(|| shape.pointer());
        push(grid.simplest().saturating_add(1), &at, "type", "a fraction");
    }
}

/// Both limits of a size and the sizes just inside.
fn sizes(
    low: Option<&At<usize>>,
    high: Option<&At<usize>>,
    (least, most): (&'static str, &'static str),
) -> Vec<(usize, Pointer, &'static str, &'static str)> {
    let mut out: Vec<(usize, Pointer, &str, &str)> = Vec::new();
    let mut push = |size: usize, pointer: &Pointer, keyword: &'static str, how: &'static str| {
        let inside = low.is_none_or(|at| size >= at.value) && high.is_none_or(|at| size <= at.value);
        if inside && out.iter().all(|(known, ..)| *known != size) {
            out.push((size, pointer.clone(), keyword, how));
        }
    };
    if let Some(at) = low {
        push(at.value, &at.pointer, least, "the least allowed");
        push(at.value.saturating_add(1), &at.pointer, least, "just above the least allowed");
    }
    if let Some(at) = high {
        push(at.value, &at.pointer, most, "the most allowed");
        push(at.value.saturating_sub(1), &at.pointer, most, "just below the most allowed");
    }
    out
}

/// A text of pattern or format with exactly `size` code points.
pub(super) fn exactly(shape: &Shape, size: usize) -> Option<String> {
    let simple = text::formed(shape, Some(size), &mut Draw::Simplest);
    simple.or_else(|| {
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(4).derive(shape.pointer()).bytes());
        text::formed(shape, Some(size), &mut Draw::Random(&mut rng))
    })
}
