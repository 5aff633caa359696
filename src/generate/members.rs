//! Objects by construction: which properties, then their values.

use crate::generate::build::{Builder, FUEL, Fill};
use crate::generate::draw::Draw;
use crate::generate::generator::alone_or_listed;
use crate::generate::shape::{Child, Key, Property, Rest, Shape};
use crate::generate::tree::{Part, Tree};
use crate::generate::wishes::candidates;
use crate::plan::{Known, Seed};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use std::sync::Arc;

/// How many names are tried for one more property.
const MOST_NAMES: usize = 16;

impl Builder<'_> {
    /// An object within the schema's limits.
    pub(super) fn object(&mut self, shape: &Shape, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        let least = shape.min_properties.as_ref().map_or(0, |at| at.value);
        let most = shape.max_properties.as_ref().map_or(usize::MAX, |at| at.value);
        self.object_of(shape, least, most, depth, draw)
    }

    /// An object of `least` to `most` properties.
    pub(super) fn object_of(
        &mut self,
        shape: &Shape,
        least: usize,
        most: usize,
        depth: u32,
        draw: &mut Draw<'_>,
    ) -> Option<Tree> {
        if least > FUEL as usize {
            return None;
        }
        let chosen = self.chosen(shape, least, most, depth, draw);
        let mut parts: Vec<Part> = Vec::with_capacity(chosen.len() + 2);
        for ((name, property), wanted) in shape.properties.iter().zip(&chosen) {
            if !wanted {
                continue;
            }
            let required = property.required || property.child.key.literal.is_some();
            match self.property(name, property, depth, draw) {
                Some(tree) => {
                    let name = Some(Arc::clone(&property.name));
                    parts.push(Part { name, required, kept: true, tree });
                }
                None if property.required => return None,
                None => {}
            }
        }
        if parts.len() > most {
            return None;
        }
        let extra = match &shape.additional {
            Rest::Of(..) if depth > 0 && self.fill == Fill::All => 1,
            Rest::Of(..) if depth > 0 && self.fill == Fill::Some => draw.length(0, 2),
            Rest::Of(..) | Rest::Any | Rest::Nothing(_) => 0,
        };
        let wanted = least.saturating_sub(parts.len()).max(extra.min(most.saturating_sub(parts.len())));
        for index in 0..wanted {
            match self.extra(shape, index, &parts, depth, draw) {
                Some((name, tree)) => {
                    let name = Some(Arc::from(name));
                    parts.push(Part { name, required: false, kept: true, tree });
                }
                _ if parts.len() >= least => break,
                _ => return None,
            }
        }
        Some(Tree::Group { object: true, parts, least, at: 0, inside: false, undo: None })
    }

    /// Which of the described properties are built, in their order.
    fn chosen(
        &mut self,
        shape: &Shape,
        least: usize,
        most: usize,
        depth: u32,
        draw: &mut Draw<'_>,
    ) -> Vec<bool> {
        let known = self.known.filter(|known| !known.lessons.is_empty());
        let wanted = |name: &str| known.and_then(|known| known.wish(name)).is_some_and(|wish| wish.required);
        let needed = |(name, property): (&String, &Property)| {
            property.required || property.child.key.literal.is_some() || wanted(name)
        };
        let mut chosen: Vec<bool> = shape.properties.iter().map(needed).collect();
        let mut count = chosen.iter().filter(|chosen| **chosen).count();
        for (place, here) in chosen.iter_mut().enumerate() {
            let wanted = depth > 0
                && match self.fill {
                    Fill::Required => false,
                    Fill::All => true,
                    Fill::Some => draw.one_in(2),
                };
            if !*here
                && (count < least || (wanted && count < most))
                && (shape.names.is_none() || self.permits(shape, &shape.properties[place].name))
            {
                *here = true;
                count += 1;
            }
        }
        if shape.together.is_empty() {
            return chosen;
        }
        let mut todo: Vec<usize> = (0..chosen.len()).filter(|at| chosen[*at]).collect();
        while let Some(at) = todo.pop() {
            let partners = shape.properties.get_index(at).and_then(|(name, _)| shape.together.get(name));
            for partner in partners.into_iter().flatten() {
                if let Some(partner) = shape.properties.get_index_of(partner)
                    && !std::mem::replace(&mut chosen[partner], true)
                {
                    todo.push(partner);
                }
            }
        }
        chosen
    }

    /// A property's value: one that is known under its name, or a built one.
    fn property(&mut self, name: &str, property: &Property, depth: u32, draw: &mut Draw<'_>) -> Option<Tree> {
        if let Some(known) = self.known.filter(|_| property.child.key.literal.is_none())
            && let Some(value) = self.known_value(known, name, property, draw)
        {
            return Some(Tree::Fixed(value));
        }
        self.build(&self.shapes.child(&property.child), depth.saturating_sub(1), draw)
    }

    /// What is known of a property: always what is fixed or asked for, mostly what is given, half the time what was
    /// seen under its name, seldom what was seen anywhere in its format. Simplest choices take the best there is.
    fn known_value(
        &self,
        known: &Known,
        name: &str,
        property: &Property,
        draw: &mut Draw<'_>,
    ) -> Option<Value> {
        let fits = |value: &Value| self.valid(&property.child.key, value);
        let first = |values: Vec<Value>, draw: &mut Draw<'_>| {
            let start = draw.below(values.len());
            let mut turned = values[start..].iter().chain(&values[..start]);
            turned.find(|value| fits(value)).cloned()
        };
        let simplest = draw.is_simplest();
        if let Some(fixed) = known.given.fixed.get(name).filter(|value| fits(value)) {
            return Some(fixed.clone());
        }
        let given: Vec<Value> = known.given.values(name).flat_map(alone_or_listed).collect();
        if !given.is_empty() && (simplest || !draw.one_in(4)) {
            let found = first(given, draw);
            if found.is_some() {
                return found;
            }
        }
        if let Some(wish) = known.wish(name).filter(|wish| wish.is_about_value()) {
            let found = first(candidates(wish, &self.shapes.child(&property.child)), draw);
            if found.is_some() {
                return found;
            }
        }
        let seen = known.seen(name);
        if !seen.is_empty() && (simplest || draw.one_in(2)) {
            return first(seen.into_iter().flat_map(alone_or_listed).collect(), draw);
        }
        if known.formats.is_empty() || !draw.one_in(4) {
            return None;
        }
        let shape = self.shapes.child(&property.child);
        let seen = shape.format.as_ref().map_or(&[][..], |at| known.of_format(&at.value));
        first(seen.to_vec(), draw)
    }

    /// A property that is not described by name, and is not among `parts`.
    fn extra(
        &mut self,
        shape: &Shape,
        index: usize,
        parts: &[Part],
        depth: u32,
        draw: &mut Draw<'_>,
    ) -> Option<(String, Tree)> {
        let mut rng = None;
        for attempt in 0..MOST_NAMES {
            let name = if index == 0 && attempt == 0 {
                self.extra_name(shape, index, attempt, draw)
            } else {
                let seeded = || TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(2).derive(index).bytes());
                let rng = rng.get_or_insert_with(seeded);
                self.extra_name(shape, index, attempt, &mut Draw::Random(rng))
            };
            let Some(name) = name else { continue };
            let taken = !is_new(shape, parts, &name);
            // Some patterns make one name only, to which more may be added.
            let name = if taken { format!("{name}{}", index + attempt) } else { name };
            if taken && !is_new(shape, parts, &name) {
                continue;
            }
            let Some(child) = self.extra_child(shape, &name) else { continue };
            let tree = match child {
                Extra::Of(child) => self.build(&child, depth.saturating_sub(1), draw),
                Extra::Any => Some(Tree::Fixed(Value::from("sample"))),
            };
            if let Some(tree) = tree {
                return Some((name, tree));
            }
        }
        None
    }

    /// A name for such a property: in turn one of a pattern, one that names must be like, or any.
    fn extra_name(
        &mut self,
        shape: &Shape,
        index: usize,
        attempt: usize,
        draw: &mut Draw<'_>,
    ) -> Option<String> {
        let patterns = shape.by_pattern.len();
        let closed = matches!(shape.additional, Rest::Nothing(_));
        let described = matches!(shape.additional, Rest::Of(..));
        let by_pattern = |turn: usize, draw: &mut Draw<'_>| {
            let (pattern, _) = shape.by_pattern.get(turn.checked_rem(patterns)?)?;
            pattern.produce(1, None, draw)
        };
        match &shape.names {
            Some(names) if attempt.is_multiple_of(2) || patterns == 0 => {
                let names = self.shapes.child(names);
                self.build(&names, 0, draw)?.current().as_str().map(str::to_owned)
            }
            Some(_) => by_pattern(attempt / 2, draw),
            None if patterns > 0 && closed => by_pattern(index + attempt, draw),
            None if patterns > 0 && !described && attempt.is_multiple_of(2) => by_pattern(attempt / 2, draw),
            None if patterns > 0 && attempt % 2 == 1 && described => by_pattern(attempt / 2, draw),
            None if closed => None,
            None => Some(format!("key{}", index + attempt + 1)),
        }
    }

    /// What such a property must be; `None` if it must not be.
    fn extra_child(&self, shape: &Shape, name: &str) -> Option<Extra> {
        if !self.permits(shape, name) {
            return None;
        }
        let matching: Vec<_> = shape.by_pattern.iter().filter(|(pattern, _)| pattern.matches(name)).collect();
        match (matching.as_slice(), &shape.additional) {
            ([], Rest::Nothing(_)) => None,
            ([], Rest::Of(child, _)) => Some(Extra::Of(self.shapes.child(child))),
            ([(_, child)], _) => Some(Extra::Of(self.shapes.child(child))),
            ([], Rest::Any) => Some(Extra::Any),
            (several, _) => {
                let schemas = several.iter().flat_map(|(_, child)| child.key.schemas.iter().cloned());
                let key = Key { schemas: schemas.collect(), ..Key::default() };
                Some(Extra::Of(self.shapes.child(&Child::new(key))))
            }
        }
    }

    /// Whether a property may have this name.
    fn permits(&self, shape: &Shape, name: &str) -> bool {
        shape.names.as_ref().is_none_or(|names| self.valid(&names.key, &Value::from(name)))
    }
}

/// What a property that is not described by name must be.
enum Extra {
    Any,
    Of(Arc<Shape>),
}

/// Whether a property of this name is neither described nor there yet.
fn is_new(shape: &Shape, parts: &[Part], name: &str) -> bool {
    !shape.properties.contains_key(name)
        && !shape.hidden.contains(name)
        && parts.iter().all(|part| part.name.as_deref() != Some(name))
}
