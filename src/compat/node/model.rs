//! The normal form itself.

use crate::compat::node::{Kinds, Member, View};
use crate::schema::{Decimal, Pointer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One schema node, normalised; children are still views.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where its first part stands; `None` where nothing is written.
    pub(crate) pointer: Option<Pointer>,
    /// What kinds of values it allows.
    pub(crate) kinds: Kinds,
    /// The allowed values, if they are listed.
    pub(crate) members: Option<Vec<Member>>,
    /// Sizes and ranges.
    pub(crate) bounds: Bounds,
    /// Patterns that all must match.
    pub(crate) patterns: BTreeSet<String>,
    /// The format.
    pub(crate) format: Option<String>,
    /// Array items; `prefix` comes first.
    pub(crate) items: View,
    /// Positional items.
    pub(crate) prefix: Vec<View>,
    /// Named properties.
    pub(crate) properties: BTreeMap<String, View>,
    /// Properties by pattern.
    pub(crate) pattern_properties: BTreeMap<String, View>,
    /// Names that must be there.
    pub(crate) required: BTreeSet<String>,
    /// What other names may hold.
    pub(crate) additional: Additional,
    /// Alternatives of which one must hold; none if there is no choice.
    pub(crate) branches: Option<Vec<View>>,
    /// Keywords that are only compared for equality.
    pub(crate) opaque: BTreeMap<String, Value>,
    /// `readOnly`.
    pub(crate) read_only: bool,
    /// `writeOnly`.
    pub(crate) write_only: bool,
    /// Which part carries a keyword.
    pub(crate) origins: BTreeMap<&'static str, Pointer>,
}

/// Sizes and ranges; what says nothing (`minLength: 0`) is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) minimum: Option<Limit>,
    pub(crate) maximum: Option<Limit>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) unique_items: bool,
    pub(crate) min_properties: Option<u64>,
    pub(crate) max_properties: Option<u64>,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    /// The nearest double.
    pub(crate) value: f64,
    /// As it is written.
    pub(crate) exact: Decimal,
    pub(crate) exclusive: bool,
}

/// What properties without a name of their own may hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Additional {
    /// Nothing is said: anything.
    Unsaid,
    /// `true` or `{}`: anything, on purpose.
    Open,
    /// `false`: there are none.
    Closed,
    /// Values of this view.
    Schema(View),
}

impl Node {
    /// The node that allows anything.
    pub(crate) fn anything() -> Self {
        Self {
            pointer: None,
            kinds: Kinds::ALL,
            members: None,
            bounds: Bounds::default(),
            patterns: BTreeSet::new(),
            format: None,
            items: View::default(),
            prefix: Vec::new(),
            properties: BTreeMap::new(),
            pattern_properties: BTreeMap::new(),
            required: BTreeSet::new(),
            additional: Additional::Unsaid,
            branches: None,
            opaque: BTreeMap::new(),
            read_only: false,
            write_only: false,
            origins: BTreeMap::new(),
        }
    }

    /// The kinds that occur in values, listed values counted.
    pub(crate) fn effective_kinds(&self) -> Kinds {
        match &self.members {
            Some(members) => members
                .iter()
                .fold(Kinds::NONE, |all, member| all.or(Kinds::of(&member.value)))
                .and(self.kinds),
            None => self.kinds,
        }
    }

    /// Whether `null` is allowed.
    pub(crate) fn allows_null(&self) -> bool {
        self.effective_kinds().meets(Kinds::NULL)
    }

    /// Where `keyword` stands, or the node itself.
    pub(crate) fn pointer_of(&self, keyword: &str) -> Option<Pointer> {
        match self.origins.get(keyword) {
            Some(part) => Some(part.push(keyword)),
            None => self.pointer.clone(),
        }
    }

    /// Whether nothing but kinds is said.
    pub(crate) fn is_plain(&self) -> bool {
        self.members.is_none()
            && self.bounds == Bounds::default()
            && self.patterns.is_empty()
            && self.format.is_none()
            && self.is_leaf()
    }

    /// Whether nothing is said of children, alternatives or anything opaque.
    pub(crate) fn is_leaf(&self) -> bool {
        self.items.parts().is_empty()
            && self.prefix.is_empty()
            && self.properties.is_empty()
            && self.pattern_properties.is_empty()
            && self.required.is_empty()
            && self.additional == Additional::Unsaid
            && self.branches.is_none()
            && self.opaque.is_empty()
    }
}
