//! The small changes that shrinking tries, the boldest first.

use crate::case::{Case, Payload};
use crate::schema::Pointer;
use crate::shrink::class::Class;
use crate::shrink::measure::Measure;
use crate::shrink::simpler::simpler;
use serde_json::Value;

/// How much is asked beforehand about what may go, in nodes looked at: children of giants are not asked one by one.
const MOST_ASKED: u64 = 20_000;

/// Where in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The parameter at this index.
    Parameter(usize),
    /// The body.
    Body,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// Leave these parameters out; indexes ascend.
    DropParameters(Vec<usize>),
    /// Leave the body out.
    DropBody,
    /// Take these children out of the list or object at the pointer; indexes ascend.
    Remove(Part, Pointer, Vec<usize>),
    /// Put this value at the pointer.
    Set(Part, Pointer, Value),
}

impl Edit {
    /// `case` after the change; a change that no longer fits it changes less, or nothing.
    pub(super) fn apply(&self, case: &Case) -> Case {
        let mut case = case.clone();
        match self {
            Self::DropParameters(indexes) => {
                let count = case.parameters.len();
                for index in indexes.iter().rev().filter(|index| **index < count) {
                    case.parameters.remove(*index);
                }
            }
            Self::DropBody => case.body = None,
            Self::Remove(part, pointer, indexes) => {
                match value_mut(&mut case, *part).and_then(|value| value.pointer_mut(pointer.as_str())) {
                    Some(Value::Array(items)) => {
                        let count = items.len();
                        for index in indexes.iter().rev().filter(|index| **index < count) {
                            items.remove(*index);
                        }
                    }
                    Some(Value::Object(members)) => {
                        let names: Vec<String> = members.keys().cloned().collect();
                        for name in indexes.iter().filter_map(|index| names.get(*index)) {
                            members.shift_remove(name);
                        }
                    }
                    _ => {}
                }
            }
            Self::Set(part, pointer, new) => {
                if let Some(place) = value_mut(&mut case, *part).and_then(|v| v.pointer_mut(pointer.as_str()))
                {
                    *place = new.clone();
                }
            }
        }
        case
    }

    /// Whether places after it move.
    pub(super) fn removes(&self) -> bool {
        !matches!(self, Self::Set(..))
    }
}

/// Every change worth trying on `case`. What may not be touched is left out; what leaves the class is not.
pub(super) fn edits(case: &Case, class: &Class<'_>) -> Vec<Edit> {
    let mut list = List { case, class, asks: MOST_ASKED / Measure::of(case).weight(), edits: Vec::new() };
    let body = (case.body.is_some() && !class.is_frozen(case, Part::Body)).then_some(Part::Body);
    list.edits.extend(body.map(|_| Edit::DropBody));
    let free: Vec<usize> =
        (0..case.parameters.len()).filter(|index| !class.is_frozen(case, Part::Parameter(*index))).collect();
    let may_go = list.may_go(&free, |index| Edit::DropParameters(vec![index]));
    list.edits.extend(chunks(&may_go).map(Edit::DropParameters));
    for part in body.into_iter().chain(free.into_iter().map(Part::Parameter)) {
        if let Some(value) = value(case, part) {
            list.inside(part, &Pointer::root(), value);
        }
    }
    list.edits
}

struct List<'c> {
    case: &'c Case,
    class: &'c Class<'c>,
    /// Questions that are left.
    asks: u64,
    edits: Vec<Edit>,
}

impl List<'_> {
    /// Those of `free` that can go one by one, so that a required one does not spoil a whole chunk.
    fn may_go(&mut self, free: &[usize], edit: impl Fn(usize) -> Edit) -> Vec<usize> {
        let count = free.len() as u64;
        if count > self.asks {
            return free.to_vec();
        }
        self.asks -= count;
        free.iter().copied().filter(|index| self.class.holds(&edit(*index).apply(self.case))).collect()
    }

    fn inside(&mut self, part: Part, at: &Pointer, node: &Value) {
        let children: Vec<(String, &Value)> = match node {
            Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
            Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
            leaf => {
                self.edits.extend(simpler(leaf).into_iter().map(|value| Edit::Set(part, at.clone(), value)));
                return;
            }
        };
        let is_free = |i: &usize| node.is_array() || !self.class.is_frozen_property(&children[*i].0);
        let free: Vec<usize> = (0..children.len()).filter(is_free).collect();
        let may_go = self.may_go(&free, |index| Edit::Remove(part, at.clone(), vec![index]));
        self.edits.extend(chunks(&may_go).map(|indexes| Edit::Remove(part, at.clone(), indexes)));
        for index in free {
            let (token, child) = &children[index];
            self.inside(part, &at.push(token), child);
        }
    }
}

/// All, each half, each quarter … each one.
fn chunks(indexes: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let mut out = Vec::new();
    let mut size = indexes.len();
    while size > 0 {
        out.extend(indexes.chunks(size).map(<[usize]>::to_vec));
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    out.into_iter()
}

/// The value of a part, if it is one and not raw bytes.
pub(super) fn value(case: &Case, part: Part) -> Option<&Value> {
    let payload = match part {
        Part::Parameter(index) => &case.parameters.get(index)?.payload,
        Part::Body => &case.body.as_ref()?.payload,
    };
    match payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}

fn value_mut(case: &mut Case, part: Part) -> Option<&mut Value> {
    let payload = match part {
        Part::Parameter(index) => &mut case.parameters.get_mut(index)?.payload,
        Part::Body => &mut case.body.as_mut()?.payload,
    };
    match payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}
