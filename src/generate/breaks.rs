//! Values that break one rule each.
//!
//! What is made here is likely invalid, not surely: the caller asks the validator, and drops what is valid or
//! fails for another reason than the recorded one.

use crate::generate::boundary::exactly;
use crate::generate::draw::Draw;
use crate::generate::format;
use crate::generate::shape::{Choice, Rest, Shape, Types};
use crate::generate::text;
use crate::generate::variant::{Path, Variant, Workbench, spread};
use crate::schema::Pointer;
use serde_json::{Value, json};

/// Marks what a server that reads types leniently may accept without being wrong by much.
const LENIENT: &str = "(lenient coercion)";

impl Workbench<'_> {
    /// Every break of `shape`, down to the depth that the options allow.
    pub(super) fn breaks(&self, shape: &Shape, path: &Path<'_>) -> Vec<Variant> {
        let mut out = Vec::new();
        if shape.never || shape.key.null {
            return out;
        }
        if let Some(choice) = shape.choices.first() {
            types(shape, &mut out);
            for (index, branch) in choice.branches.iter().enumerate() {
                let branch = self.shapes.child(branch);
                let Some(path) = path.aside(&branch.key, choice.branches.len()) else { continue };
                for broken in self.breaks(&branch, &path) {
                    // A failed alternative is reported as a failure of the whole choice; what
                    // stands beside the choice speaks for itself.
                    out.push(if choice.is_transparent() || beside(shape, choice, &broken.pointer) {
                        broken
                    } else {
                        let how = format!("{}, made from alternative {}", broken.how, index + 1);
                        Variant::new(broken.value, choice.pointer.clone(), choice.keyword, how)
                    });
                }
            }
            return spread(out, path.share, |variant| variant.how.clone());
        }
        types(shape, &mut out);
        if let Some(values) = &shape.values {
            let keyword = values.pointer.last().unwrap_or_default();
            outside(shape, &values.value, |value, how| {
                out.push(Variant::new(value, values.pointer.clone(), &keyword, how));
            });
            return out;
        }
        let likely = shape.likely();
        if likely.has(Types::INTEGER) {
            numbers(shape, !likely.has(Types::FRACTION), &mut out);
        }
        if likely.has(Types::STRING) {
            self.broken_texts(shape, &mut out);
        }
        if likely.has(Types::ARRAY) {
            self.broken_arrays(shape, path, &mut out);
        }
        if likely.has(Types::OBJECT) {
            self.broken_objects(shape, path, &mut out);
        }
        for not in &shape.not {
            let forbidden = self.shapes.child(not);
            let base = self.template(shape);
            if let Some(value) = self.template(&forbidden) {
                let value = overlay(base, value);
                out.push(Variant::new(value, forbidden.pointer(), "not", "a value that `not` forbids"));
            }
        }
        out
    }

    fn broken_texts(&self, shape: &Shape, out: &mut Vec<Variant>) {
        let longest = self.options.longest_text;
        let sized = |size: usize| {
            let formed = if text::has_form(shape) { exactly(shape, size) } else { None };
            Value::from(formed.unwrap_or_else(|| text::plain(size)))
        };
        if let Some(at) = shape.min_length.as_ref().filter(|at| at.value > 0 && at.value <= longest) {
            out.push(Variant::new(
                sized(at.value - 1),
                at.pointer.clone(),
                "minLength",
                "one character too short",
            ));
        }
        if let Some(at) = shape.max_length.as_ref().filter(|at| at.value < longest) {
            out.push(Variant::new(
                sized(at.value + 1),
                at.pointer.clone(),
                "maxLength",
                "one character too long",
            ));
        }
        let (low, high) = text::lengths(shape);
        for at in &shape.patterns {
            let fits = |text: &String| {
                let count = text.chars().count();
                count >= low && high.is_none_or(|high| count <= high) && !at.value.matches(text)
            };
            let plain = self.template(shape);
            let near = plain.as_ref().and_then(Value::as_str).unwrap_or("a");
            let size = near.chars().count();
            let filled = size.max(low).clamp(1, longest);
            let candidates = [
                format!("{near}!"),
                format!("!{near}"),
                near.chars().take(size.saturating_sub(1)).chain(['!']).collect(),
                "!".repeat(filled),
                "a".repeat(filled),
                "0".repeat(filled),
                "~".repeat(high.unwrap_or(64).min(64)),
                String::new(),
                " ".repeat(filled),
                "\n".repeat(filled),
                format!("{near}\n"),
                "\u{85}".repeat(filled),
                "\0".repeat(filled),
            ];
            if let Some(text) = candidates.into_iter().find(fits) {
                out.push(Variant::new(
                    text.into(),
                    at.pointer.clone(),
                    "pattern",
                    "a text that does not match",
                ));
            }
        }
        if let Some(at) = &shape.format {
            for (text, how) in format::misses(&at.value) {
                out.push(Variant::new((*text).into(), at.pointer.clone(), "format", *how));
            }
        }
    }

    fn broken_arrays(&self, shape: &Shape, path: &Path<'_>, out: &mut Vec<Variant>) {
        let low = shape.min_items.as_ref().map_or(0, |at| at.value);
        let longest = self.options.longest_array;
        if let Some(at) = shape.min_items.as_ref().filter(|at| at.value > 0 && at.value <= longest)
            && let Some(items) = self.array(shape, at.value - 1)
        {
            out.push(Variant::new(items.into(), at.pointer.clone(), "minItems", "one item too few"));
        }
        if let Some(at) = shape.max_items.as_ref().filter(|at| at.value < longest)
            && let Some(items) = self.array(shape, at.value + 1)
        {
            out.push(Variant::new(items.into(), at.pointer.clone(), "maxItems", "one item too many"));
        }
        if let Some(pointer) = &shape.unique
            && let Some(mut items) = self.array(shape, low.max(2))
            && items.len() >= 2
        {
            items[1] = items[0].clone();
            out.push(Variant::new(items.into(), pointer.clone(), "uniqueItems", "the same item twice"));
        }
        for contained in shape.contains.iter().filter(|contained| contained.least > 0) {
            let (wanted, at) = (&contained.child, &contained.pointer);
            let none = Value::Array(Vec::new());
            out.push(Variant::new(
                none,
                at.clone(),
                "contains",
                "an array without any of the items it must contain",
            ));
            let wanted = self.shapes.child(wanted);
            let others =
                path.down(&wanted.key, 1).map(|path| self.breaks(&wanted, &path)).unwrap_or_default();
            out.extend(others.into_iter().take(4).map(|other| {
                let items = Value::Array(vec![other.value; low.clamp(1, longest)]);
                Variant::new(items, at.clone(), "contains", "an array of other items than it must contain")
            }));
        }
        let described = (shape.prefix.len() + 1).min(8);
        for index in 0..described {
            let Some(item) = self.item(shape, index) else { continue };
            let Some(path) = path.down(&item.key, described).filter(|p| p.depth <= self.options.reach) else {
                continue;
            };
            let Some(template) = self.array(shape, low.max(index + 1)) else { continue };
            let inner = spread(self.breaks(&item, &path), path.share, |variant| variant.pointer.clone());
            out.extend(inner.into_iter().map(|variant| variant.in_item(&template, index)));
        }
        if let Rest::Nothing(pointer) = &shape.items
            && let Some(mut items) = self.array(shape, shape.prefix.len())
        {
            items.push(json!("sample"));
            let keyword = pointer.last().unwrap_or_default();
            out.push(Variant::new(items.into(), pointer.clone(), &keyword, "an item more than described"));
        }
    }

    fn broken_objects(&self, shape: &Shape, path: &Path<'_>, out: &mut Vec<Variant>) {
        let Some(Value::Object(template)) = self.template(shape) else { return };
        for (name, pointer) in &shape.required {
            let mut value = template.clone();
            if value.shift_remove(name).is_some() {
                let how = format!("without the required property {name}");
                out.push(Variant::new(value.into(), pointer.clone(), "required", how));
            }
        }
        let whole = Value::Object(template.clone());
        for (place, (name, property)) in shape.properties.iter().enumerate() {
            if !path.visits(place, shape.properties.len()) {
                continue;
            }
            let child = self.shapes.child(&property.child);
            let Some(path) =
                path.down(&child.key, shape.properties.len()).filter(|p| p.depth <= self.options.reach)
            else {
                continue;
            };
            let inner = spread(self.breaks(&child, &path), path.share, |variant| variant.pointer.clone());
            out.extend(inner.into_iter().map(|mut variant| {
                if variant.value.is_null() && !property.required {
                    // Many servers read a null as the absence of what is optional anyway.
                    variant.how = format!("{} {LENIENT}", variant.how);
                }
                variant.in_property(&whole, name)
            }));
        }
        match &shape.additional {
            Rest::Nothing(pointer) => {
                let keyword = pointer.last().unwrap_or_default();
                let mut value = template.clone();
                value.insert("specwardenUnknown".into(), json!("sample"));
                out.push(Variant::new(
                    value.into(),
                    pointer.clone(),
                    &keyword,
                    "with a property that is not allowed",
                ));
            }
            Rest::Of(child, _) => {
                let child = self.shapes.child(child);
                if let Some(path) =
                    path.down(&child.key, shape.properties.len()).filter(|p| p.depth <= self.options.reach)
                {
                    let inner =
                        spread(self.breaks(&child, &path), path.share, |variant| variant.pointer.clone());
                    out.extend(inner.into_iter().map(|variant| variant.in_property(&whole, "key1")));
                }
            }
            Rest::Any => {}
        }
        for (pattern, child) in &shape.by_pattern {
            let child = self.shapes.child(child);
            let Some(name) = pattern.produce(1, None, &mut Draw::Simplest) else {
                continue;
            };
            let Some(path) =
                path.down(&child.key, shape.properties.len()).filter(|p| p.depth <= self.options.reach)
            else {
                continue;
            };
            let inner = spread(self.breaks(&child, &path), path.share, |variant| variant.pointer.clone());
            out.extend(inner.into_iter().map(|variant| variant.in_property(&whole, &name)));
        }
        for (name, partners) in &shape.together {
            let Some(property) = shape.properties.get(name) else { continue };
            let Some(lonely) = self.template(&self.shapes.child(&property.child)) else { continue };
            for partner in partners.iter().filter(|partner| !shape.required.contains_key(*partner)) {
                let mut value = template.clone();
                value.insert(name.clone(), lonely.clone());
                for other in partners.iter().filter(|other| *other != partner) {
                    let shape =
                        shape.properties.get(other).map(|property| self.shapes.child(&property.child));
                    let made = shape.map_or_else(|| Some(json!("sample")), |shape| self.template(&shape));
                    value.extend(made.map(|made| (other.clone(), made)));
                }
                value.shift_remove(partner);
                let how = format!("with {name} but without {partner}, which must come with it");
                let keyword = shape.together_keyword;
                out.push(Variant::new(value.into(), shape.pointer().push(keyword), keyword, how));
            }
        }
        if let Some(names) = &shape.names {
            let names = self.shapes.child(names);
            let breaks = path.down(&names.key, 1).map(|path| self.breaks(&names, &path)).unwrap_or_default();
            for broken in breaks {
                let Value::String(name) = broken.value else { continue };
                let mut value = template.clone();
                value.insert(name, json!("sample"));
                let how = format!("with a property name that is {}", broken.how);
                out.push(Variant::new(value.into(), broken.pointer, "propertyNames", how));
            }
        }
        if let Some(at) = shape.min_properties.as_ref().filter(|at| at.value > 0) {
            let mut value = template.clone();
            let spare: Vec<String> =
                value.keys().filter(|k| !shape.required.contains_key(*k)).cloned().collect();
            for name in spare {
                if value.len() >= at.value {
                    value.shift_remove(&name);
                }
            }
            out.push(Variant::new(value.into(), at.pointer.clone(), "minProperties", "one property too few"));
        }
        if let Some(at) = shape.max_properties.as_ref().filter(|at| at.value < self.options.longest_array)
            && let Some(value) = self.object(shape, at.value + 1)
        {
            out.push(Variant::new(value, at.pointer.clone(), "maxProperties", "one property too many"));
        }
    }
}

/// Whether a keyword stands beside the choice and not in one of its alternatives.
fn beside(shape: &Shape, choice: &Choice, pointer: &Pointer) -> bool {
    let below =
        |at: &Pointer| pointer.as_str().strip_prefix(at.as_str()).is_some_and(|rest| rest.starts_with('/'));
    !below(&choice.pointer) && shape.key.schemas.iter().any(below)
}

/// A value of every JSON type that is not allowed: the plainest breaks first, what may be coerced last.
fn types(shape: &Shape, out: &mut Vec<Variant>) {
    let Some(pointer) = &shape.type_at else { return };
    let allowed = shape.types;
    let numeric = allowed.has(Types::INTEGER);
    let text = allowed.has(Types::STRING);
    let flag = allowed.has(Types::BOOLEAN);
    let number = "a number, which is not an allowed type";
    let boolean = "a boolean, which is not an allowed type";
    let array = "an array, which is not an allowed type";
    let candidates = [
        (true, json!("sample"), "a text, which is not an allowed type", false),
        (text, json!({}), "an object, which is not an allowed type", false),
        // Decoders that refuse every text let null through, to whoever follows the pointer.
        (true, Value::Null, "null, which is not allowed", false),
        // Who expects one container and is given the other often falls over it.
        (!numeric && !text, json!([]), array, false),
        (!numeric && !text, json!({}), "an object, which is not an allowed type", false),
        (numeric, json!(1.5), "a fraction instead of an integer", false),
        (!numeric && !text, json!(42), number, false),
        (!numeric && !text, json!(true), boolean, false),
        (numeric || text, json!([]), array, false),
        (numeric && !text, json!({}), "an object, which is not an allowed type", false),
        (numeric && !text, json!("5"), "a number written as text", true),
        (flag && !text, json!("true"), "a boolean written as text", true),
        (!numeric && text, json!(42), number, true),
        (numeric || text, json!(true), boolean, true),
    ];
    for (wanted, value, how, lenient) in candidates {
        if wanted && !allowed.admits(&value) {
            let how = if lenient { format!("{how} {LENIENT}") } else { how.to_owned() };
            out.push(Variant::new(value, pointer.clone(), "type", how));
        }
    }
}

/// Values of the allowed types that are not listed.
fn outside(shape: &Shape, values: &[Value], mut push: impl FnMut(Value, String)) {
    if shape.types.has(Types::STRING) {
        let listed = values.iter().find_map(Value::as_str).unwrap_or("");
        let unlisted = format!("{listed}-unlisted");
        push(unlisted.trim_start_matches('-').into(), "a text that is not listed".into());
    }
    if shape.type_at.is_some() && shape.types.has(Types::INTEGER) {
        let most = values.iter().filter_map(Value::as_i64).max().unwrap_or(0);
        push(most.saturating_add(1).into(), "a number that is not listed".into());
    }
    if shape.types == Types::BOOLEAN {
        push(true.into(), "a boolean that is not listed".into());
        push(false.into(), "a boolean that is not listed".into());
    }
}

fn numbers(shape: &Shape, integers: bool, out: &mut Vec<Variant>) {
    let Some(grid) = shape.grid(integers) else { return };
    let mut push = |value: Value, pointer: &Pointer, how: &str| {
        let keyword = pointer.last().unwrap_or_default();
        out.push(Variant::new(value, pointer.clone(), &keyword, how));
    };
    if let Some(bound) = &shape.minimum
        && let Some(unit) = grid.low.checked_sub(1)
        && grid.reaches(bound.value)
    {
        push(grid.value(unit), &bound.pointer, "just below the least allowed");
    }
    if let Some(bound) = &shape.maximum
        && let Some(unit) = grid.high.checked_add(1)
        && grid.reaches(bound.value)
    {
        push(grid.value(unit), &bound.pointer, "just above the greatest allowed");
    }
    for (bound, how) in
        [(&shape.minimum, "far below the least allowed"), (&shape.maximum, "far above the greatest allowed")]
    {
        if let Some(bound) =
            bound.as_ref().filter(|bound| !grid.reaches(bound.value) && bound.value.abs() < 1e300)
        {
            push(json!(bound.value * 2.0), &bound.pointer, how);
        }
    }
    if let Some(at) = &shape.multiple_of {
        let base = grid.simplest().clamp(grid.low, grid.high.saturating_sub(1).max(grid.low));
        let value = if integers {
            grid.value(base).as_i64().and_then(|n| n.checked_add(1)).map_or(Value::Null, Value::from)
        } else {
            json!(f64::midpoint(grid.number(base), grid.number(base.saturating_add(1))))
        };
        push(value, &at.pointer, "between two multiples");
    }
}

/// `over` laid on `base` where both are objects; otherwise `over`.
fn overlay(base: Option<Value>, over: Value) -> Value {
    match (base, over) {
        (Some(Value::Object(mut base)), Value::Object(over)) => {
            base.extend(over);
            Value::Object(base)
        }
        (_, over) => over,
    }
}
