//! A corner of the document that could not be taken as it stands.

use crate::schema::Pointer;
use serde::{Deserialize, Serialize};

/// Something in the document is wrong; the rest of it still counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The id of the document rule that it breaks, e.g. `duplicate-operation-id`; empty in logs of old runs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What became of the corner.
    pub kind: IssueKind,
    /// Where in the document.
    pub pointer: Pointer,
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// How to fix it, a lower-case fragment.
    pub hint: Option<String>,
    /// Line in the file, from 1, where known.
    pub line: Option<usize>,
    /// Column in the line, from 1, in characters, where known.
    pub column: Option<usize>,
}

/// How much an [`Issue`] costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueKind {
    /// A whole operation was set aside.
    OperationSkipped,
    /// A part of an operation (a parameter, a body, a response) was set aside.
    PartSkipped,
    /// Nothing was set aside, but the document means something doubtful.
    Doubtful,
    /// Nothing is wrong, but it is worth knowing.
    Noted,
}
