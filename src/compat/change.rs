//! One change that a rule has judged, before changes with one cause are gathered.

use crate::compat::anchor::Anchor;
use crate::finding::{Rule, Severity};
use crate::schema::Pointer;

/// A judged change.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The rule that judged it.
    pub(crate) rule: &'static Rule,
    /// How grave this one is.
    pub(crate) severity: Severity,
    /// Where in the contract.
    pub(crate) anchor: Anchor,
    /// The keyword or name that changed: with the anchor, what makes it the same change tomorrow.
    pub(crate) key: String,
    /// What is said of the anchor's subject: ``no longer accepts `info` ``.
    pub(crate) predicate: String,
    /// What was promised before.
    pub(crate) before: String,
    /// What is promised now.
    pub(crate) after: String,
    /// Something that was fine before and is not any more.
    pub(crate) witness: Option<String>,
    /// Where in the old document.
    pub(crate) old: Option<Pointer>,
    /// Where in the new document.
    pub(crate) new: Option<Pointer>,
    /// What it has in common with changes of other operations, if it is not theirs alone.
    pub(crate) cause: Option<String>,
}

impl Change {
    /// A change of `rule`'s own severity at `anchor`.
    pub(crate) fn new(
        rule: &'static Rule,
        anchor: Anchor,
        key: impl Into<String>,
        predicate: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity: rule.severity,
            anchor,
            key: key.into(),
            predicate: predicate.into(),
            before: String::new(),
            after: String::new(),
            witness: None,
            old: None,
            new: None,
            cause: None,
        }
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// What was promised before, and what is now.
    pub(crate) fn values(mut self, before: impl Into<String>, after: impl Into<String>) -> Self {
        self.before = before.into();
        self.after = after.into();
        self
    }

    pub(crate) fn witness(mut self, witness: Option<String>) -> Self {
        self.witness = witness;
        self
    }

    /// Where in the old and in the new document.
    pub(crate) fn at(mut self, old: Option<Pointer>, new: Option<Pointer>) -> Self {
        self.old = old;
        self.new = new;
        self
    }

    pub(crate) fn cause(mut self, cause: Option<String>) -> Self {
        self.cause = cause;
        self
    }
}
