//! Values as refusals said that the server wants them.
//!
//! They are candidates: whoever takes one asks the document first whether it allows it.

use crate::generate::draw::Draw;
use crate::generate::format;
use crate::generate::pattern::Pattern;
use crate::generate::shape::{Shape, Types};
use crate::generate::text;
use crate::plan::{Lessons, Wish};
use serde_json::{Value, json};

/// Values for `shape` that the wish takes, the plainest first. Empty if it says nothing about the value.
pub(super) fn candidates(wish: &Wish, shape: &Shape) -> Vec<Value> {
    let mut values: Vec<Value> = wish.one_of.iter().flat_map(|text| Lessons::readings(text)).collect();
    let types = shape.likely();
    if types.has(Types::STRING) {
        values.extend(wish.format.as_deref().and_then(format::plain).map(Value::from));
        let (low, high) = text::lengths(shape);
        let least = wish.min_length.unwrap_or(0).max(low);
        let most = wish.max_length.into_iter().chain(high).min();
        if most.is_none_or(|most| least <= most) {
            if let Some(pattern) = wish.pattern.as_deref().and_then(Pattern::read) {
                values.extend(pattern.produce(least, most, &mut Draw::Simplest).map(Value::from));
            }
            if wish.min_length.is_some() || wish.max_length.is_some() {
                let size = 6.max(least).min(most.unwrap_or(usize::MAX));
                values.push(text::plain(size).into());
            }
        }
    }
    if types.has(Types::INTEGER) || types.has(Types::FRACTION) {
        let step = if wish.exclusive { 1.0 } else { 0.0 };
        let bounds = [wish.minimum.map(|least| least + step), wish.maximum.map(|most| most - step)];
        for bound in bounds.into_iter().flatten() {
            let fits = wish.minimum.is_none_or(|least| bound >= least)
                && wish.maximum.is_none_or(|most| bound <= most);
            if fits && bound.fract() == 0.0 && bound.abs() < 9e15 {
                values.push(json!(bound as i64));
            } else if fits {
                values.push(json!(bound));
            }
        }
    }
    values
}
