//! Ranges in valid cases are held in order; turned round on purpose, they are cases of their own.
//!
//! Which values are the two ends of a range is a guess by names. A guess may make a case better or more, and must never
//! make a valid one invalid: callers validate what is given back.

use crate::case::{Case, Payload};
use crate::generate::Generator;
use crate::generate::shape::Shape;
use crate::generate::variant::{Path, TURNED, Variant, Workbench};
use crate::generate::wire::{self, Way};
use crate::plan::{Known, Range, is_bound, moved, order, ranges};
use crate::schema::Pointer;
use crate::spec::{Location, Operation, Parameter};
use serde_json::Value;
use std::cmp::Ordering;

/// What must stay as it is: the place that a case is about, and what the user gave.
#[derive(Clone, Copy)]
pub(super) struct Kept<'k> {
    /// The place, as a pointer into the value; `None` if the case is about no place.
    pub(super) place: Option<&'k str>,
    pub(super) known: &'k Known,
}

impl<'k> Kept<'k> {
    /// Only what the user gave.
    pub(super) fn given(known: &'k Known) -> Self {
        Self { place: None, known }
    }

    fn below(self, token: &str) -> Self {
        let rest = self.place.and_then(|place| place.strip_prefix('/'));
        let own =
            rest.filter(|rest| rest.split('/').next() == Some(&*token.replace('~', "~0").replace('/', "~1")));
        let place = own.map(|rest| rest.find('/').map_or("", |at| &rest[at..]));
        Self { place, ..self }
    }

    fn has(self, name: &str) -> bool {
        self.below(name).place.is_some() || self.known.given.has(name)
    }
}

/// The value with the ranges in it in order, as far as `accepts` takes each step; `None` if nothing is to be done.
pub(super) fn ordered(value: &Value, kept: Kept<'_>, accepts: impl Fn(&Value) -> bool) -> Option<Value> {
    let mut found = Vec::new();
    gather(value, kept, &mut String::new(), &mut found);
    let mut changed: Option<Value> = None;
    for Disorder { object, lower, upper, steps } in found {
        for (low, high) in steps {
            let mut better = changed.as_ref().unwrap_or(value).clone();
            let Some(Value::Object(map)) = better.pointer_mut(&object) else { break };
            map.insert(lower.clone(), low);
            map.insert(upper.clone(), high);
            if accepts(&better) {
                changed = Some(better);
                break;
            }
        }
    }
    changed
}

/// A range out of order: the object that holds it, its names, and what may be put there instead, the best first.
struct Disorder {
    object: String,
    lower: String,
    upper: String,
    steps: Vec<(Value, Value)>,
}

fn gather(value: &Value, kept: Kept<'_>, at: &mut String, found: &mut Vec<Disorder>) {
    let before = at.len();
    let mut below = |token: &str, child: &Value| {
        if child.is_object() || child.is_array() {
            at.push('/');
            at.push_str(&escaped(token));
            gather(child, kept.below(token), at, found);
            at.truncate(before);
        }
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| below(&index.to_string(), item));
        }
        Value::Object(map) => {
            map.iter().for_each(|(name, child)| below(name, child));
            let bounds: Vec<&str> =
                map.iter().filter(|(_, value)| is_bound(value)).map(|(name, _)| name.as_str()).collect();
            if bounds.len() < 2 {
                return;
            }
            for range in ranges(&bounds) {
                let (lower, upper) = (bounds[range.lower], bounds[range.upper]);
                let steps = settled(&map[lower], &map[upper], kept.has(lower), kept.has(upper));
                if !steps.is_empty() {
                    let (lower, upper) = (lower.to_owned(), upper.to_owned());
                    found.push(Disorder { object: at.clone(), lower, upper, steps });
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Two bounds in order, the best way first; empty if they are. Of two equal moments the upper becomes later: many
/// servers refuse a range without an inside.
fn settled(lower: &Value, upper: &Value, keep_lower: bool, keep_upper: bool) -> Vec<(Value, Value)> {
    let mut steps = Vec::new();
    let numbers = lower.is_number();
    match order(lower, upper) {
        None | Some(Ordering::Less) => return steps,
        Some(Ordering::Equal) if numbers => return steps,
        Some(Ordering::Equal) => {}
        Some(Ordering::Greater) if keep_lower || keep_upper => {}
        Some(Ordering::Greater) => steps.push((upper.clone(), lower.clone())),
    }
    // A number may be its own bound; a moment should not.
    if !keep_upper {
        let high = if numbers { Some(lower.clone()) } else { moved(lower, 1) };
        steps.extend(high.map(|high| (lower.clone(), high)));
    }
    if !keep_lower {
        let low = if numbers { Some(upper.clone()) } else { moved(upper, -1) };
        steps.extend(low.map(|low| (low, upper.clone())));
    }
    steps
}

impl Generator {
    /// The value with its ranges in order, as far as it stays valid.
    pub(super) fn in_order(&self, schema: Option<&Pointer>, value: Value, kept: Kept<'_>) -> Value {
        ordered(&value, kept, |better| self.is_valid(schema, better)).unwrap_or(value)
    }

    /// Brings the ranges among a case's parameters into order; `about` is the parameter that the case is about.
    pub(super) fn order_parameters(
        &self,
        operation: &Operation,
        known: &Known,
        case: &mut Case,
        about: Option<&Parameter>,
    ) {
        let places: Vec<usize> = (0..case.parameters.len())
            .filter(|at| {
                let sent = &case.parameters[*at];
                sent.location != Location::Path
                    && matches!(&sent.payload, Payload::Json(value) if is_bound(value))
            })
            .collect();
        if places.len() < 2 {
            return;
        }
        let names: Vec<String> = places.iter().map(|at| case.parameters[*at].name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for range in ranges(&names) {
            let (lower, upper) = (places[range.lower], places[range.upper]);
            let fits = |at: usize, value: &Value| {
                let sent = &case.parameters[at];
                operation.parameter(sent.location, &sent.name).is_some_and(|parameter| {
                    self.is_valid(parameter.schema.as_ref(), value)
                        && wire::way(parameter, value) == Way::Sure
                })
            };
            let keeps = |at: usize| {
                let sent = &case.parameters[at];
                known.given.has(&sent.name)
                    || about.is_some_and(|about| about.location == sent.location && about.name == sent.name)
            };
            let (Payload::Json(low), Payload::Json(high)) =
                (&case.parameters[lower].payload, &case.parameters[upper].payload)
            else {
                continue;
            };
            let steps = settled(low, high, keeps(lower), keeps(upper));
            let better = steps.into_iter().find(|(low, high)| fits(lower, low) && fits(upper, high));
            if let Some((low, high)) = better {
                case.parameters[lower].payload = Payload::Json(low);
                case.parameters[upper].payload = Payload::Json(high);
            }
        }
    }
}

/// Two values of a range turned round: the lower one lies above the upper one. `None` if that would be no nonsense.
pub(super) fn turned(range: Range, lower: Value, upper: Value) -> Option<(Value, Value)> {
    let (low, high) = match order(&lower, &upper)? {
        Ordering::Less => (lower, upper),
        Ordering::Greater => (upper, lower),
        Ordering::Equal => {
            let high = moved(&upper, 1)?;
            (lower, high)
        }
    };
    range.is_sure(&low, &high).then_some((high, low))
}

impl Workbench<'_> {
    /// What `inner` makes of the items of arrays of `shape`, each in an array as short as may be.
    pub(super) fn within_items(
        &self,
        shape: &Shape,
        path: &Path<'_>,
        inner: impl Fn(&Shape, &Path<'_>) -> Vec<Variant>,
    ) -> Vec<Variant> {
        let index = shape.prefix.len();
        let Some(item) = self.item(shape, index) else { return Vec::new() };
        let Some(below) = path.down(&item.key, 1) else { return Vec::new() };
        let inner = inner(&item, &below);
        let least = shape.min_items.as_ref().map_or(1, |at| at.value.max(1));
        if inner.is_empty() {
            return inner;
        }
        let Some(template) = self.array(shape, least.max(index + 1)) else { return Vec::new() };
        inner.into_iter().map(|variant| variant.in_item(&template, index)).collect()
    }

    /// Every range in objects of `shape` turned round, one per variant.
    pub(super) fn turned_ranges(&self, shape: &Shape, path: &Path<'_>) -> Vec<Variant> {
        let mut out = Vec::new();
        if shape.never || shape.values.is_some() || path.depth > self.options.reach {
            return out;
        }
        if let Some(branch) = shape.choices.first().and_then(|choice| choice.branches.first()) {
            let branch = self.shapes.child(branch);
            return path
                .aside(&branch.key, 1)
                .map(|path| self.turned_ranges(&branch, &path))
                .unwrap_or_default();
        }
        out.extend(self.within_items(shape, path, |item, below| self.turned_ranges(item, below)));
        if shape.properties.is_empty() {
            return out;
        }
        let Some(template) = self.template(shape) else { return out };
        let names: Vec<&str> = shape.properties.keys().map(String::as_str).collect();
        let value = |name: &str| {
            let built = || self.template(&self.shapes.child(&shape.properties.get(name)?.child));
            template.get(name).cloned().or_else(built)
        };
        for range in ranges(&names) {
            let (lower, upper) = (names[range.lower], names[range.upper]);
            let both = value(lower).zip(value(upper));
            let Some((high, low)) = both.and_then(|(low, high)| turned(range, low, high)) else { continue };
            let place =
                shape.properties.get(lower).map(|property| self.shapes.child(&property.child).pointer());
            let how = format!("{lower} above {upper}");
            let variant = Variant::new(high, place.unwrap_or_default(), TURNED, how);
            let mut whole = template.clone();
            whole[upper] = low;
            out.push(variant.in_property(&whole, lower));
        }
        for (name, property) in &shape.properties {
            let child = self.shapes.child(&property.child);
            let Some(below) = path.down(&child.key, shape.properties.len()) else { continue };
            let inner = self.turned_ranges(&child, &below);
            out.extend(inner.into_iter().map(|variant| variant.in_property(&template, name)));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(place: Option<&str>, value: Value, expected: Value) {
        let known = Known::default();
        let kept = Kept { place, known: &known };
        assert_eq!(ordered(&value, kept, |_| true).unwrap_or(value), expected);
    }

    #[test]
    fn ranges_are_brought_into_order_wherever_they_stand() {
        check(None, json!({"min": 5, "max": 2, "size": 1}), json!({"min": 2, "max": 5, "size": 1}));
        check(None, json!({"min": 2, "max": 2}), json!({"min": 2, "max": 2}));
        check(
            None,
            json!({"slots": [{"start_date": "2024-01-15", "end_date": "2024-01-15"}]}),
            json!({"slots": [{"start_date": "2024-01-15", "end_date": "2024-01-16"}]}),
        );
        check(
            None,
            json!({"from": "2024-02-01", "to": "2024-01-01"}),
            json!({"from": "2024-01-01", "to": "2024-02-01"}),
        );
    }

    #[test]
    fn what_a_case_is_about_stays() {
        check(Some("/min"), json!({"min": 5, "max": 2}), json!({"min": 5, "max": 5}));
        check(
            Some("/a/until"),
            json!({"a": {"since": "2024-05-01", "until": "1970-01-01"}}),
            json!({"a": {"since": "1969-12-31", "until": "1970-01-01"}}),
        );
        let dates = json!({"since": "9999-12-31", "until": "2024-01-01"});
        check(Some("/since"), dates.clone(), dates);
    }

    #[test]
    fn what_the_user_gave_stays() {
        let given = crate::plan::Given {
            fixed: [("min".to_owned(), json!(5))].into_iter().collect(),
            ..crate::plan::Given::default()
        };
        let known = Known { given: std::sync::Arc::new(given), ..Known::default() };
        let value = json!({"min": 5, "max": 2});
        assert_eq!(ordered(&value, Kept::given(&known), |_| true), Some(json!({"min": 5, "max": 5})));
        let fits = |value: &Value| value["max"] != json!(5);
        assert_eq!(ordered(&value, Kept::given(&known), fits), None, "what would be invalid is left");
    }
}
