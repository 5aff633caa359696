//! Two nodes that both hold, as one.

use crate::compat::node::{Additional, Bounds, Kinds, Limit, Node, View};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

impl Node {
    /// The node that allows what both allow.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.pointer = self.pointer.or(other.pointer);
        self.kinds = self.kinds.and(other.kinds);
        self.members = match (self.members, other.members) {
            (Some(ours), Some(theirs)) => {
                Some(ours.into_iter().filter(|value| theirs.iter().any(|t| t.equals(value))).collect())
            }
            (ours, theirs) => ours.or(theirs),
        };
        self.bounds = both(self.bounds, other.bounds);
        self.patterns.extend(other.patterns);
        self.format = self.format.or(other.format);
        self.items = self.items.and(&other.items);
        for (index, view) in other.prefix.into_iter().enumerate() {
            match self.prefix.get_mut(index) {
                Some(ours) => *ours = ours.and(&view),
                None => self.prefix.push(view),
            }
        }
        union(&mut self.properties, other.properties);
        union(&mut self.pattern_properties, other.pattern_properties);
        self.required.extend(other.required);
        self.additional = match (self.additional, other.additional) {
            (Additional::Closed, _) | (_, Additional::Closed) => Additional::Closed,
            (Additional::Schema(ours), Additional::Schema(theirs)) => Additional::Schema(ours.and(&theirs)),
            (Additional::Schema(view), _) | (_, Additional::Schema(view)) => Additional::Schema(view),
            (Additional::Open, _) | (_, Additional::Open) => Additional::Open,
            (Additional::Unsaid, Additional::Unsaid) => Additional::Unsaid,
        };
        match (&self.branches, other.branches) {
            (Some(_), Some(second)) => {
                // Two independent choices: the second is only compared for equality.
                let places: Vec<Value> = second.iter().map(|view| Value::from(format!("{view:?}"))).collect();
                self.opaque.insert("a second choice of alternatives".into(), Value::Array(places));
            }
            (None, theirs) => self.branches = theirs,
            (Some(_), None) => {}
        }
        for (keyword, value) in other.opaque {
            self.opaque.entry(keyword).or_insert(value);
        }
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        for (keyword, pointer) in other.origins {
            self.origins.entry(keyword).or_insert(pointer);
        }
        self
    }

    /// The node that allows `null` besides.
    pub(crate) fn or_null(mut self) -> Self {
        self.kinds = self.kinds.or(Kinds::NULL);
        if let Some(members) = &mut self.members
            && !members.iter().any(|member| member.value.is_null())
        {
            members.push(Value::Null.into());
        }
        self
    }
}

fn union(ours: &mut BTreeMap<String, View>, theirs: BTreeMap<String, View>) {
    for (name, view) in theirs {
        ours.entry(name).and_modify(|known| *known = known.and(&view)).or_insert(view);
    }
}

fn both(a: Bounds, b: Bounds) -> Bounds {
    Bounds {
        minimum: tighter(a.minimum, b.minimum, Ordering::Greater),
        maximum: tighter(a.maximum, b.maximum, Ordering::Less),
        // Two steps at once are rare; the larger one stands for both.
        multiple_of: match (a.multiple_of, b.multiple_of) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        },
        min_length: a.min_length.max(b.min_length),
        max_length: least(a.max_length, b.max_length),
        min_items: a.min_items.max(b.min_items),
        max_items: least(a.max_items, b.max_items),
        unique_items: a.unique_items || b.unique_items,
        min_properties: a.min_properties.max(b.min_properties),
        max_properties: least(a.max_properties, b.max_properties),
    }
}

/// The tighter limit: the one that is `wins` than the other.
fn tighter(a: Option<Limit>, b: Option<Limit>, wins: Ordering) -> Option<Limit> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let order = a.exact.cmp(&b.exact);
            Some(if order == wins || order.is_eq() && a.exclusive { a } else { b })
        }
        (a, b) => a.or(b),
    }
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
