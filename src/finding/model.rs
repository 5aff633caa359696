//! Findings.

use crate::case::Case;
use crate::exchange::Exchange;
use crate::finding::{Family, Fingerprint, Known, Rule, Severity};
use crate::schema::Pointer;
use crate::spec::OperationKey;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing that is wrong with the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's family.
    pub family: Family,
    /// How grave.
    pub severity: Severity,
    /// The operation; `None` if it is about the whole API.
    pub operation: Option<OperationKey>,
    /// What makes it the same finding tomorrow.
    pub fingerprint: Fingerprint,
    /// One line: what is wrong.
    pub title: String,
    /// The details in words, several lines if need be.
    pub detail: String,
    /// Where in document and answer. The first is the one that the fingerprint stands on.
    pub places: Vec<Place>,
    /// How sure.
    pub classification: Classification,
    /// The case that shows it, shrunk.
    pub case: Option<Case>,
    /// The exchanges that show it, in order; the last is the one that proves it.
    pub evidence: Vec<Exchange>,
    /// A shell command that shows it again, the key as `$SPECWARDEN_API_KEY`; empty if none can.
    pub reproduce: String,
    /// What the baseline says of it. Never stored: each telling asks the baseline of its own day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
}

impl Finding {
    /// A finding of `rule` at `site`, not yet confirmed and without evidence.
    pub fn new(rule: &Rule, operation: Option<&OperationKey>, site: &Site, title: impl Into<String>) -> Self {
        let key = operation.map_or("", OperationKey::as_str);
        Self {
            rule: rule.id.to_owned(),
            family: rule.family,
            severity: rule.severity,
            operation: operation.cloned(),
            fingerprint: Fingerprint::of(&[rule.id, key, site.as_str()]),
            title: title.into(),
            detail: String::new(),
            places: Vec::new(),
            classification: Classification::Unconfirmed,
            case: None,
            evidence: Vec::new(),
            reproduce: String::new(),
            known: None,
        }
    }

    /// Whether an entry of the baseline covers it that still holds. Such a finding is told and fails nothing.
    pub fn is_known(&self) -> bool {
        self.known.as_ref().is_some_and(|known| !known.expired)
    }

    /// The same finding with details in words.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same finding with one more place.
    pub fn place(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }
}

/// The part of a finding's identity beside rule and operation: a status, a schema pointer, a parameter.
///
/// Keep it small and free of values, seeds and wording: equal sites are the same finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(String);

impl Site {
    /// A site of these parts.
    pub fn new(parts: &[&str]) -> Self {
        Self(parts.join("\u{1f}"))
    }

    /// The joined parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// In the API document.
    pub document: Option<Pointer>,
    /// In the answer's body (or the request's, for input rules).
    pub instance: Option<Pointer>,
    /// In words, if neither says it: `header Location`.
    pub label: String,
}

/// How sure a finding is, learned by sending again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Classification {
    /// Not sent again (nothing to send, or not allowed to).
    Unconfirmed,
    /// Shown again every time.
    Persistent,
    /// Shown `shown` times of `sent`, the first sight included.
    Intermittent {
        /// How often it showed.
        shown: u32,
        /// How often it was sent.
        sent: u32,
    },
    /// Shown once, and in none of the repeats, each of which met other state.
    StateDependent,
    /// Likely the surroundings: 502, 503, 504, resets.
    Environment,
    /// The target limits the rate; nothing can be said.
    RateLimited,
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unconfirmed => f.write_str("unconfirmed"),
            Self::Persistent => f.write_str("persistent"),
            Self::Intermittent { shown, sent } => write!(f, "intermittent ({shown} of {sent})"),
            Self::StateDependent => f.write_str("state-dependent"),
            Self::Environment => f.write_str("environment"),
            Self::RateLimited => f.write_str("rate-limited"),
        }
    }
}
