//! What a comparison is asked for.

use crate::finding::Severity;
use std::collections::{BTreeMap, BTreeSet};

/// Options of [`compare`](crate::compat::compare()). The default runs every rule at its own severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompatOptions {
    /// Ids of rules that do not run.
    pub disabled: BTreeSet<String>,
    /// Severities by rule id, in place of what the rule says.
    pub severities: BTreeMap<String, Severity>,
}
