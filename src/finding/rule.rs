//! What every rule says of itself.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A rule's constant part. Its page is the module doc of the file in which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case fact: id = file = fixture = docs anchor, forever.
    pub id: &'static str,
    /// One line for people.
    pub title: &'static str,
    /// How grave, unless configured otherwise.
    pub severity: Severity,
    /// Where it belongs.
    pub family: Family,
    /// The version of Specwarden that first had it.
    pub since: &'static str,
    /// The clause it stands on: RFC section, OpenAPI clause; empty if none.
    pub reference: &'static str,
    /// The community's fault code (WFC catalogue), if there is one.
    pub fault_code: Option<u16>,
    /// Whether it runs without being asked for.
    pub default_on: bool,
}

/// How grave a finding is. Errors fail a run; warnings and notes do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Doubtful.
    Warning,
    /// The contract is broken.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Groups of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// One answer against its document.
    Response,
    /// How input is accepted or refused.
    Input,
    /// Several calls that belong together.
    Behaviour,
    /// Who may do what.
    Access,
    /// How long it takes.
    Latency,
    /// What changed against the accepted answers.
    Snapshot,
    /// What changed between two documents.
    Breaking,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Response => "response",
            Self::Input => "input",
            Self::Behaviour => "behaviour",
            Self::Access => "access",
            Self::Latency => "latency",
            Self::Snapshot => "snapshot",
            Self::Breaking => "breaking",
        })
    }
}
