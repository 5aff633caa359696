//! What every document rule says of itself.

use crate::finding::Severity;
use crate::schema::Pointer;
use crate::spec::{Issue, IssueKind};

/// A document rule's constant part. Its page is the module doc of its file, or a file under `pages/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LintRule {
    /// Kebab-case fact: id = file = docs anchor, forever.
    pub id: &'static str,
    /// One line for people.
    pub title: &'static str,
    /// How grave at worst: an error sets something aside, a warning is doubtful, a note is worth knowing.
    pub severity: Severity,
    /// The version of Specwarden that first had it.
    pub since: &'static str,
    /// The clause it stands on; empty if none.
    pub reference: &'static str,
}

impl LintRule {
    /// A rule about meaning, which sets nothing aside.
    pub(crate) const fn warning(id: &'static str, title: &'static str, reference: &'static str) -> Self {
        Self { id, title, severity: Severity::Warning, since: "0.1.0", reference }
    }

    /// A rule that tells what is worth knowing.
    pub(crate) const fn note(id: &'static str, title: &'static str, reference: &'static str) -> Self {
        Self { id, title, severity: Severity::Note, since: "0.1.0", reference }
    }

    /// A rule of reading that may set a part or an operation aside.
    pub(crate) const fn error(id: &'static str, title: &'static str, reference: &'static str) -> Self {
        Self { id, title, severity: Severity::Error, since: "0.1.0", reference }
    }

    /// An issue of this rule at `at`.
    pub(crate) fn at(&self, at: &Pointer, message: impl Into<String>, hint: impl Into<String>) -> Issue {
        let kind = match self.severity {
            Severity::Note => IssueKind::Noted,
            Severity::Warning => IssueKind::Doubtful,
            Severity::Error => IssueKind::PartSkipped,
        };
        Issue {
            rule: self.id.to_owned(),
            kind,
            pointer: at.clone(),
            message: message.into(),
            hint: Some(hint.into()),
            file: None,
            file_pointer: None,
            line: None,
            column: None,
        }
    }
}

/// How grave an issue is: what sets something aside is an error.
///
/// ```
/// use specwarden::finding::Severity;
/// use specwarden::spec::IssueKind;
/// assert_eq!(specwarden::lint::severity(IssueKind::PartSkipped), Severity::Error);
/// assert_eq!(specwarden::lint::severity(IssueKind::Noted), Severity::Note);
/// ```
pub fn severity(kind: IssueKind) -> Severity {
    match kind {
        IssueKind::OperationSkipped | IssueKind::PartSkipped => Severity::Error,
        IssueKind::Doubtful => Severity::Warning,
        IssueKind::Noted => Severity::Note,
    }
}
