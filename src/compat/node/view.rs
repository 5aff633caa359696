//! A schema position as a conjunction of places in the document.

use crate::schema::Pointer;

/// One place whose keywords hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Part {
    /// Where, references already followed where that loses nothing.
    pub(crate) pointer: Pointer,
    /// Whether the keywords hold without `anyOf` and `oneOf`, because one alternative was taken.
    pub(crate) bare: bool,
}

/// Several places that all hold for the same value; none means that anything goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct View(Vec<Part>);

impl View {
    /// A view of one place.
    pub(crate) fn one(pointer: Pointer) -> Self {
        Self(vec![Part { pointer, bare: false }])
    }

    /// The places.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// This view and another one, both holding.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut parts = self.0.clone();
        parts.extend(other.0.iter().filter(|part| !self.0.contains(part)).cloned());
        Self(parts)
    }

    /// This view without its own alternatives.
    pub(crate) fn bare(&self) -> Self {
        Self(self.0.iter().map(|part| Part { pointer: part.pointer.clone(), bare: true }).collect())
    }

    /// The name, if the view is one named component schema.
    pub(crate) fn component(&self) -> Option<String> {
        let [part] = self.0.as_slice() else { return None };
        match part.pointer.tokens().as_slice() {
            [first, name] if first == "definitions" => Some(name.clone()),
            [first, second, name] if first == "components" && second == "schemas" => Some(name.clone()),
            _ => None,
        }
    }
}
