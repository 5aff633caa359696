//! What a rule gets to see: an old and a new operation, or an old and a new schema node.

use crate::compat::anchor::{Anchor, Base};
use crate::compat::change::Change;
use crate::compat::node::{Kinds, Node};
use crate::finding::Rule;
use crate::schema::{Direction, Pointer};
use crate::spec::{Api, Location, Operation, Parameter, ResponseSpec};

/// The same operation in both documents.
#[derive(Clone, Copy)]
pub(crate) struct OperationPair<'a> {
    pub(crate) old_api: &'a Api,
    pub(crate) new_api: &'a Api,
    pub(crate) old: &'a Operation,
    pub(crate) new: &'a Operation,
}

/// The same parameter in both documents.
#[derive(Clone, Copy)]
pub(crate) struct ParameterPair<'a> {
    pub(crate) old: &'a Parameter,
    pub(crate) new: &'a Parameter,
    /// From 1, for path parameters.
    pub(crate) position: Option<usize>,
}

impl<'a> OperationPair<'a> {
    /// Parameters that are in both: path ones by position, headers without regard to letter case.
    pub(crate) fn parameters(&self) -> Vec<ParameterPair<'a>> {
        let mut pairs = Vec::new();
        for old in self.old.parameters.iter().filter(|p| speaks(p)) {
            let position = position(self.old, old);
            let new = match position {
                Some(index) => self
                    .new
                    .path
                    .names()
                    .nth(index - 1)
                    .and_then(|name| self.new.parameter(Location::Path, name)),
                None => self.new.parameters.iter().find(|new| same(old, new)),
            };
            pairs.extend(new.map(|new| ParameterPair { old, new, position }));
        }
        pairs
    }

    /// Parameters outside the path that only the old document has.
    pub(crate) fn removed_parameters(&self) -> impl Iterator<Item = &'a Parameter> {
        only(self.old, self.new)
    }

    /// Parameters outside the path that only the new document has.
    pub(crate) fn added_parameters(&self) -> impl Iterator<Item = &'a Parameter> {
        only(self.new, self.old)
    }

    /// Each old response with the new one that speaks of the same statuses.
    pub(crate) fn responses(&self) -> Vec<(&'a ResponseSpec, Option<&'a ResponseSpec>)> {
        self.old.responses.iter().map(|old| (old, counterpart(old, self.new))).collect()
    }

    /// The pointer as the cause of changes, if it stands outside the new operation itself.
    pub(crate) fn outside(&self, pointer: &Pointer) -> Option<String> {
        outside(self.new_api, self.new, pointer)
    }

    /// The same for the old document.
    pub(crate) fn outside_old(&self, pointer: &Pointer) -> Option<String> {
        outside(self.old_api, self.old, pointer)
    }
}

fn outside(api: &Api, operation: &Operation, pointer: &Pointer) -> Option<String> {
    let (resolved, _) = api.document.resolve(pointer)?;
    let own = format!("{}/", operation.pointer.as_str());
    (!resolved.as_str().starts_with(&own)).then(|| resolved.as_str().to_owned())
}

/// The anchor of a parameter.
pub(crate) fn parameter_anchor(parameter: &Parameter, position: Option<usize>) -> Anchor {
    Anchor::new(Base::Parameter { location: parameter.location, name: parameter.name.clone(), position })
}

fn position(operation: &Operation, parameter: &Parameter) -> Option<usize> {
    (parameter.location == Location::Path)
        .then(|| operation.path.names().position(|name| name == parameter.name))
        .flatten()
        .map(|index| index + 1)
}

fn only<'a>(these: &'a Operation, others: &'a Operation) -> impl Iterator<Item = &'a Parameter> {
    these
        .parameters
        .iter()
        .filter(|p| p.location != Location::Path && speaks(p))
        .filter(|p| !others.parameters.iter().any(|other| same(p, other)))
}

fn same(a: &Parameter, b: &Parameter) -> bool {
    a.location == b.location
        && (a.name == b.name || a.location == Location::Header && a.name.eq_ignore_ascii_case(&b.name))
}

/// Header parameters with these names are ignored (OpenAPI 3.0.3 §4.7.12.1).
fn speaks(parameter: &Parameter) -> bool {
    parameter.location != Location::Header
        || !["accept", "content-type", "authorization"]
            .contains(&parameter.name.to_ascii_lowercase().as_str())
}

fn counterpart<'a>(old: &ResponseSpec, new: &'a Operation) -> Option<&'a ResponseSpec> {
    use crate::spec::StatusPattern::{Code, Default, Range};
    let exact = |status| new.responses.iter().find(|response| response.status == status);
    match old.status {
        Code(code) => new.response(code),
        // A range may have been split into single codes: the first of its class stands for it.
        Range(digit) => exact(Range(digit))
            .or_else(|| {
                new.responses
                    .iter()
                    .find(|r| matches!(r.status, Code(code) if code / 100 == u16::from(digit)))
            })
            .or_else(|| exact(Default)),
        Default => exact(Default),
    }
}

/// How values travel: it decides whether `5` and `"5"` differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wire {
    /// As JSON: kinds differ.
    Json,
    /// As text (parameters, headers, forms, XML): scalars are text.
    Text,
}

/// The same schema position in both documents.
pub(crate) struct SchemaPair<'a> {
    pub(crate) direction: Direction,
    pub(crate) wire: Wire,
    pub(crate) old: &'a Node,
    pub(crate) new: &'a Node,
    pub(crate) anchor: &'a Anchor,
    /// Alternatives that the other side does not have.
    pub(crate) strays: &'a [Stray],
    /// Whether alternatives decide here, so that the node's own keywords must not be judged alone.
    pub(crate) only_strays: bool,
}

/// An alternative without a counterpart.
#[derive(Debug, Clone)]
pub(crate) struct Stray {
    /// Its name or index.
    pub(crate) name: String,
    /// Where it stands, in the document that has it.
    pub(crate) pointer: Option<Pointer>,
    /// Whether it is certain that nothing on the other side holds its values.
    pub(crate) certain: bool,
    /// The kinds of its values.
    pub(crate) kinds: Kinds,
}

impl SchemaPair<'_> {
    /// The side whose values must all be in [`Self::to`]: what clients may send, or what servers may answer.
    pub(crate) fn from(&self) -> &Node {
        match self.direction {
            Direction::Request => self.old,
            Direction::Response => self.new,
        }
    }

    /// The side that must hold all values of [`Self::from`].
    pub(crate) fn to(&self) -> &Node {
        match self.direction {
            Direction::Request => self.new,
            Direction::Response => self.old,
        }
    }

    /// Whether the pair is of requests.
    pub(crate) fn is_request(&self) -> bool {
        self.direction == Direction::Request
    }

    /// A change of `keyword` at this node.
    pub(crate) fn change(&self, rule: &'static Rule, keyword: &str, predicate: impl Into<String>) -> Change {
        Change::new(rule, self.anchor.clone(), keyword, predicate)
            .at(self.old.pointer_of(keyword), self.new.pointer_of(keyword))
    }
}
