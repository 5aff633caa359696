//! Tonight's answer against the accepted one.

use crate::snapshot::Snapshot;
use similar::{ChangeTag, TextDiff};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// How two snapshots differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// A unified diff, accepted against new, without colour.
    pub diff: String,
    /// Lines only in the new one.
    pub added: usize,
    /// Lines only in the accepted one.
    pub removed: usize,
}

/// Compares contents as `insta` does: line ends folded, the end trimmed; metadata does not count.
pub fn compare(accepted: &Snapshot, new: &Snapshot) -> Option<Difference> {
    let (accepted, new) = (folded(&accepted.contents), folded(&new.contents));
    if accepted == new {
        return None;
    }
    let diff = TextDiff::from_lines(&accepted, &new);
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    Some(Difference {
        added: count(ChangeTag::Insert),
        removed: count(ChangeTag::Delete),
        diff: diff.unified_diff().context_radius(CONTEXT).header("accepted", "new").to_string(),
    })
}

/// With a line end after the last line, so that a diff does not speak of its absence.
fn folded(text: &str) -> String {
    format!("{}\n", text.trim_end().replace("\r\n", "\n"))
}
