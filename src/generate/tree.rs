//! A generated value that knows how to become simpler, by structure.
//!
//! Simplification removes optional parts first, then simplifies what is left. It knows nothing of schemas:
//! [`SchemaTree`](crate::generate::SchemaTree) holds it to validity.

use crate::generate::grid::Grid;
use proptest::strategy::ValueTree;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A value with its simpler forms.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// Cannot become simpler.
    Fixed(Value),
    /// Can be replaced by one simpler value.
    Swap { full: Value, simple: Arc<Value>, swapped: bool, tried: bool },
    /// A truth value; true is simpler.
    Flag { value: bool, was: bool, tried: bool },
    /// A member of a list; earlier is simpler.
    Member { values: Arc<Vec<Value>>, index: usize, previous: Option<usize>, tried: bool },
    /// A number: searched by halves towards `target`.
    Number { grid: Grid, target: i64, down: bool, near: u64, at: u64, far: u64 },
    /// A free text.
    Text { chars: Vec<char>, least: usize, undo: Option<Vec<char>>, step: Step },
    /// An array or an object.
    Group { object: bool, parts: Vec<Part>, least: usize, at: usize, inside: bool, undo: Option<usize> },
}

/// Where the simplification of a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// Cutting so many characters off the end.
    Cut(usize),
    /// Making the character at this place plain.
    Plain(usize),
}

/// An item or a property.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The property's name; none in arrays.
    pub(super) name: Option<Arc<str>>,
    /// Whether it may not be removed.
    pub(super) required: bool,
    /// Whether it is there.
    pub(super) kept: bool,
    /// Its value.
    pub(super) tree: Tree,
}

impl Tree {
    /// A number at `unit` of `grid`.
    pub(super) fn number(grid: Grid, unit: i64) -> Self {
        let target = grid.simplest();
        let far = unit.abs_diff(target);
        if far == 0 {
            return Self::Fixed(grid.value(unit));
        }
        Self::Number { grid, target, down: unit < target, near: 0, at: far, far }
    }
}

impl ValueTree for Tree {
    type Value = Value;

    fn current(&self) -> Value {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Swap { full, simple, swapped, .. } => if *swapped { &**simple } else { full }.clone(),
            Self::Flag { value, .. } => Value::Bool(*value),
            Self::Member { values, index, .. } => values.get(*index).cloned().unwrap_or(Value::Null),
            Self::Number { grid, target, down, at, .. } => grid.value(if *down {
                target.saturating_sub_unsigned(*at)
            } else {
                target.saturating_add_unsigned(*at)
            }),
            Self::Text { chars, .. } => Value::String(chars.iter().collect()),
            Self::Group { object, parts, .. } => {
                let kept = parts.iter().filter(|part| part.kept);
                if *object {
                    let mut map = Map::with_capacity(parts.len());
                    let text = |part: &Part| part.name.as_deref().unwrap_or_default().to_owned();
                    map.extend(kept.map(|part| (text(part), part.tree.current())));
                    Value::Object(map)
                } else {
                    Value::Array(kept.map(|part| part.tree.current()).collect())
                }
            }
        }
    }

    fn simplify(&mut self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Swap { swapped, tried, full, simple } => {
                if *tried || *full == **simple {
                    return false;
                }
                *swapped = true;
                *tried = true;
                true
            }
            Self::Flag { value, tried, .. } => {
                let simpler = !*tried && !*value;
                *tried = true;
                *value |= simpler;
                simpler
            }
            Self::Member { index, previous, tried, .. } => {
                if *tried || *index == 0 {
                    return false;
                }
                *previous = Some(*index);
                *index = 0;
                *tried = true;
                true
            }
            Self::Number { near, at, far, .. } => {
                *far = *at;
                let middle = *near + (*far - *near) / 2;
                let moved = middle != *at;
                *at = middle;
                moved
            }
            Self::Text { chars, least, undo, step } => loop {
                match *step {
                    Step::Cut(0) => *step = Step::Plain(0),
                    Step::Cut(size) => {
                        let cut = size.min(chars.len().saturating_sub(*least));
                        *step = Step::Cut(if cut < size { cut.min(size / 2) } else { size / 2 });
                        if cut > 0 {
                            *undo = Some(chars.clone());
                            chars.truncate(chars.len() - cut);
                            return true;
                        }
                    }
                    Step::Plain(place) => {
                        if place >= chars.len() {
                            return false;
                        }
                        *step = Step::Plain(place + 1);
                        if chars[place] != 'a' {
                            *undo = Some(chars.clone());
                            chars[place] = 'a';
                            return true;
                        }
                    }
                }
            },
            Self::Group { parts, least, at, inside, undo, .. } => {
                *undo = None;
                while !*inside {
                    let kept = parts.iter().filter(|part| part.kept).count();
                    if *at >= parts.len() || kept <= *least {
                        *inside = true;
                        *at = 0;
                        break;
                    }
                    let place = *at;
                    *at += 1;
                    if parts[place].kept && !parts[place].required {
                        parts[place].kept = false;
                        *undo = Some(place);
                        return true;
                    }
                }
                while *at < parts.len() {
                    if parts[*at].kept && parts[*at].tree.simplify() {
                        return true;
                    }
                    *at += 1;
                }
                false
            }
        }
    }

    fn complicate(&mut self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Swap { swapped, .. } => std::mem::take(swapped),
            Self::Flag { value, was, .. } => std::mem::replace(value, *was) != *was,
            Self::Member { index, previous, .. } => match previous.take() {
                Some(earlier) => {
                    *index = earlier;
                    true
                }
                None => false,
            },
            Self::Number { near, at, far, .. } => {
                if *at >= *far {
                    return false;
                }
                *near = *at + 1;
                *at = *near + (*far - *near) / 2;
                true
            }
            Self::Text { chars, undo, .. } => match undo.take() {
                Some(before) => {
                    *chars = before;
                    true
                }
                None => false,
            },
            Self::Group { parts, at, undo, .. } => match undo.take() {
                Some(place) => {
                    parts[place].kept = true;
                    true
                }
                None => parts.get_mut(*at).is_some_and(|part| part.kept && part.tree.complicate()),
            },
        }
    }
}
