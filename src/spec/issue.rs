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
    /// Where in the document; in one of several files, where that stands in the whole.
    pub pointer: Pointer,
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// How to fix it, a lower-case fragment.
    pub hint: Option<String>,
    /// The file, if it is not the document's root: its path or URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_pointer: Option<Pointer>,
    /// Line in the file, from 1, where known.
    pub line: Option<usize>,
    /// Column in the line, from 1, in characters, where known.
    pub column: Option<usize>,
}

impl Issue {
    /// Where it is, in the file that people look into.
    pub fn place(&self) -> &Pointer {
        self.file_pointer.as_ref().unwrap_or(&self.pointer)
    }
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
